# What one does with this checkout; `make` alone lists it. Needs Python 3.11 or newer, pip, and nothing else:
# whatever else is used is installed into .venv, locked with hashes (docs/decisions/0001-environment.md).

PYTHON ?= python3
ARGS ?=
FROM ?=

VENV := .venv
PARTS := server/static/vendor/parts.json
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes
COMPILE := pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal --python-version 3.11

.DEFAULT_GOAL := help
.PHONY: help venv serve browser-parts test long browser iris harvest attack crash mutate lint types docs bench lock sbom sources check-data check-tables texts wheel clean

help: ## list what can be made (PYTHON=python3.12 chooses the Python, ARGS="..." is passed on)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

venv: $(VENV)/.runtime ## make the environment; afterwards .venv/bin/twinld works from any folder

serve: $(VENV)/.runtime ## build the release from data/ and serve it; the address is printed
	@$(MAKE) --no-print-directory browser-parts || echo "the browser parts were not made; the pages work without them"
	@$(VENV)/bin/twinld build
	@exec $(VENV)/bin/twinld serve $(ARGS)

browser-parts: ## make the query editor and the land of the maps with npm, where Node is; pages work without them
	@if command -v node >/dev/null && command -v npm >/dev/null; then $(MAKE) --no-print-directory $(PARTS); \
	  else echo "there is no Node with npm, so queries have a plain form and maps no land"; fi

test: $(VENV)/.dev ## run every test; ARGS="-k dates" runs some
	$(RUN) -m tests $(ARGS)

long: $(VENV)/.dev ## run the tests that take minutes: all sources in every order and without some, a base enriched as a whole
	$(RUN) -m pytest -m long $(ARGS)

browser: $(VENV)/.dev browser-parts ## open every kind of page in Chromium: console, foreign requests, accessibility, keyboard
	TEST_BROWSER=all $(RUN) -m pytest tests/browser $(ARGS)

iris: $(VENV)/.dev ## ask for every IRI of the release, in every dump: does it lead to a page and to data?
	TEST_IRIS=all $(RUN) -m pytest tests/server/test_release.py -k iri $(ARGS)

harvest: $(VENV)/.dev .venv-ckan/.made ## harvest a server with CKAN's own parser, and check what other portals and crawlers read
	$(RUN) -m pytest tests/harvest $(ARGS)

attack: $(VENV)/.dev ## send every hostile request to a server of the release, with a well-behaved client beside: minutes
	$(VENV)/bin/twinld build
	$(RUN) -m tests.attack $(ARGS)

crash: $(VENV)/.dev ## kill a thousand builds at random moments and look for a half release: an hour; ARGS=50 for fifty
	$(RUN) -m tests.crash $(ARGS)

mutate: $(VENV)/.dev ## break every shape and rule in every small way: does an example notice? Minutes; ARGS="A01 X03" takes some
	$(RUN) -m tests.mutate $(ARGS)

lint: $(VENV)/.dev ## look for faults and foreign layout in the Python code
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .

types: $(VENV)/.dev ## check the types
	$(RUN) -m mypy

docs: $(VENV)/.dev ## check that the documentation is whole, links resolve and examples run
	$(RUN) -m pytest tests/docs $(ARGS)

bench: $(VENV)/.dev ## measure, against peers in the same run
	$(RUN) -m tests.bench $(ARGS)

lock: ## choose versions anew and write both lock files; ARGS=--upgrade takes the newest
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && \
	$(PYTHON) -m venv "$$folder" && \
	"$$folder/bin/python" -m pip install --quiet --disable-pip-version-check uv && \
	"$$folder/bin/uv" $(COMPILE) $(ARGS) pyproject.toml --output-file requirements.lock && \
	"$$folder/bin/uv" $(COMPILE) $(ARGS) --group dev --constraint requirements.lock pyproject.toml \
	  --output-file requirements-dev.lock

sbom: $(VENV)/.runtime ## write dist/twinld.cdx.json: what is installed, with versions, licences and hashes
	@mkdir -p dist
	@$(RUN) deploy/sbom.py > dist/twinld.cdx.json && echo dist/twinld.cdx.json

sources: $(VENV)/.runtime ## write data/sources/ anew from the files in a folder: make sources FROM=folder
	@test -n "$(FROM)" || { echo "say where the files are: make sources FROM=folder" >&2; exit 2; }
	$(RUN) -m twinld.ingest.takeover "$(FROM)"

check-data: $(VENV)/.runtime ## check data/curated, build the release and print what the checks found in data/
	@$(VENV)/bin/twinld validate data/curated
	@$(VENV)/bin/twinld build $(ARGS)
	@cat build/current/reports/findings.txt

check-tables: $(VENV)/.runtime ## check the tables of the release with frictionless, in an environment of its own
	@$(VENV)/bin/twinld build
	@test -x build/.frictionless/bin/frictionless || { $(PYTHON) -m venv build/.frictionless && \
	  build/.frictionless/bin/python -m pip install --quiet --disable-pip-version-check 'frictionless>=5.18'; }
	@cd build/current/dumps && ../../../.frictionless/bin/frictionless validate datapackage.json

texts: $(VENV)/.dev ## bring the catalogues of the pages up to date with code and templates; ARGS=fr begins one in French
	$(RUN) -m tests.texts $(ARGS)

wheel: $(VENV)/.dev ## write dist/*.whl, with the browser parts where they can be made
	@$(MAKE) --no-print-directory browser-parts || echo "the wheel is made without browser parts"
	$(RUN) -m hatchling build --target wheel

clean: ## remove whatever was made here: .venv, releases in build/, dist/, caches
	rm -rf $(VENV) .venv-ckan node_modules server/static/vendor build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find twinld server tests -name __pycache__ -type d -prune -exec rm -rf {} +

# ----------------------------------------------------------------------------------------- the environment
# Two stamps: .runtime (what twinld needs) and .dev (what its developers need besides). A stamp is older than
# its lock when the environment has to be brought up to date.

define LINK
import os, pathlib, sysconfig
site = sysconfig.get_path("purelib")
pathlib.Path(site, "_twinld.pth").write_text(os.path.relpath(os.getcwd(), site) + "\n")
command = pathlib.Path(sysconfig.get_path("scripts"), "twinld")
command.unlink(missing_ok=True)
command.write_text("""#!/bin/sh
'''exec' "$$(dirname "$$(readlink -f "$$0")")/python" "$$0" "$$@"
'''
import sys

from twinld.cli import main

sys.exit(main())
""")
command.chmod(0o755)
endef
export LINK

define TOO_OLD
import sys
if sys.version_info < (3, 11):
    sys.exit("twinld needs Python 3.11 or newer and $(PYTHON) is %d.%d; name another: make PYTHON=python3.12 ..." % sys.version_info[:2])
endef
export TOO_OLD

$(VENV)/.runtime: requirements.lock pyproject.toml
	@command -v "$(PYTHON)" >/dev/null || \
	  { echo "twinld needs Python 3.11 or newer and there is no $(PYTHON); name another: make PYTHON=python3.12 ..." >&2; exit 2; }
	@$(PYTHON) -c "$$TOO_OLD"
	@$(RUN) -c "$$TOO_OLD" 2>/dev/null && $(RUN) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@echo "installing requirements.lock into $(VENV)"
	@$(PIP) --requirement requirements.lock
	@$(RUN) -c "$$LINK"
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "installing requirements-dev.lock into $(VENV)"
	@$(PIP) --requirement requirements-dev.lock
	@touch $@

# What portals read with, in an environment of its own: CKAN pins other versions of what twinld uses.
.venv-ckan/.made: tests/harvest/requirements.txt
	@echo "installing tests/harvest/requirements.txt into .venv-ckan"
	@$(PYTHON) -m venv --clear .venv-ckan
	@.venv-ckan/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --requirement $<
	@touch $@

# What npm makes for the browser. The lock names no registry: npm asks the one that it is set to.
$(PARTS): node_modules/.made $(wildcard server/browser/*) server/static/geo.js server/static/told.js
	@node server/browser/build.mjs

node_modules/.made: package-lock.json
	@echo "installing package-lock.json into node_modules"
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
