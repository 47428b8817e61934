# Everything starts here: `make demo` shows the application, `make test` checks it, `make help` lists the rest.
# Nothing but Python, make and git need be on the machine.

MAKEFLAGS += --no-print-directory
PORT ?= 8000
export PORT

PYTHON := .venv/bin/python
SOURCES := config design partnerships diagnostics scoring decisions docker manage.py
# The first Python that is new enough, under the names it goes by.
FIND_PYTHON = for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$python"; exit; }; done

# For every platform at once, and without naming where the packages were found.
PIN = .venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command 'make requirements'
# What a deployment sets, for the checks of its settings; the database and the broker are the embedded ones.
DEPLOYED = DEBUG=false HTTPS=true ALLOWED_HOSTS=triage.example.org CSRF_TRUSTED_ORIGINS=https://triage.example.org

# The type checker reads the settings and connects to nothing.
TYPED = SECRET_KEY=unused SURVEY_KEYS=/unused DATABASE_URL=postgresql://localhost/unused REDIS_URL=redis://localhost

.DEFAULT_GOAL := help
.PHONY: help setup demo reset test test-tools test-browser check check-style check-types check-templates check-security \
	check-imports check-migrations check-deployment bench bench-full requirements

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 24

setup: ## everything the other commands need (they run it themselves)
	@python=$$($(FIND_PYTHON)); \
	if [ -z "$$python" ]; then \
		echo "Python 3.11 or later is needed: install it (on Debian and Ubuntu: apt-get install python3 python3-venv), then run make again." >&2; \
		exit 1; \
	fi; \
	"$$python" config/set_up.py

demo: setup ## the demonstration on http://127.0.0.1:8000 (another port: make demo PORT=8001)
	@exec $(PYTHON) -m config.demo

reset: ## stop the demonstration and delete its data
	@if [ -x $(PYTHON) ]; then exec $(PYTHON) -m config.demo --reset; else rm -rf .local; fi

test: setup check test-tools ## every check and every test
	@exec $(PYTHON) -m pytest -n 2 $(PYTEST_ARGUMENTS)

test-tools: test-browser
	@$(PYTHON) -m tests.integration.config.compose --install
	@$(PYTHON) -m tests.integration.config.pgbouncer --install

test-browser:
	@$(PYTHON) -m tests.e2e.chromium --install

check: check-style check-types check-templates check-security check-imports check-migrations check-deployment ## the checks that run no test

check-style: setup
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .

check-types: setup
	$(TYPED) $(PYTHON) -m mypy .

check-templates: setup
	$(PYTHON) -m djlint --quiet --check --lint templates

check-security: setup
	$(PYTHON) -m bandit --quiet --severity-level medium --recursive --configfile pyproject.toml $(SOURCES) \
		2>.local/bandit.log || { cat .local/bandit.log; exit 1; }

check-imports: setup
	.venv/bin/lint-imports --no-cache

check-migrations: setup
	$(PYTHON) manage.py makemigrations --check --dry-run

check-deployment: setup
	$(DEPLOYED) $(PYTHON) manage.py check --deploy --fail-level WARNING

bench: setup test-browser ## the figures of the README, in under a quarter of an hour
	@exec $(PYTHON) -m tests.benchmarks

bench-full: setup test-browser ## every benchmark
	@exec $(PYTHON) -m tests.benchmarks --full

requirements: setup ## pin the newest versions that pyproject.toml allows
	$(PIN) pyproject.toml -o requirements/base.txt
	$(PIN) pyproject.toml --extra dev -c requirements/base.txt -o requirements/dev.txt
	$(PIN) --group pyproject.toml:node -o requirements/node.txt
