"""`python -m tests.texts`: every catalogue brought up to date; with the tag of a language, a new one for it too."""

from __future__ import annotations

import sys

from tests.texts.extract import extracted, path_of, updated, write
from twinld.texts import TRANSLATIONS


def main(tags: list[str]) -> int:
    """Write the catalogues, and say what is left to translate; 1 when anything is."""
    template, left = extracted(), 0
    for tag in sorted({*tags, *(path.parts[-3] for path in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))}):
        catalogue = updated(tag, template)
        write(catalogue, path_of(tag))
        open_ = [message for message in catalogue if message.id and (message.fuzzy or not _whole(message.string))]
        left += len(open_)
        print(f"{path_of(tag)}: {len(catalogue)} texts, {len(open_)} of them to translate")
    return int(left > 0)


def _whole(string: str | tuple[str, ...] | list[str]) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
