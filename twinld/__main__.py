"""`python -m twinld` is the command line."""

import sys

from twinld.cli import main

sys.exit(main())
