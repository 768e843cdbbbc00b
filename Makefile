# Everything a person does here. `make help` lists it.
SHELL := /bin/sh
# The first that is 3.11, 3.12 or 3.13 and can make virtual environments.
PYTHON ?= python3 python3.13 python3.12 python3.11
SUITS := import ensurepip, venv, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
# Tests and checks must not depend on the settings of whoever runs them.
CLEAN_ENV := env -i PATH="$$PATH" HOME="$$HOME" LANG=C.UTF-8 \
	TEST_DATABASE_URL="$$TEST_DATABASE_URL" TEST_REDIS_URL="$$TEST_REDIS_URL"

.DEFAULT_GOAL := help
.PHONY: help run test e2e faults bench lint format migration migrate downgrade \
	dev-run dev-stop run-test-db stop-test-db lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "%-14s %s\n", $$1, $$2}' Makefile

# What venv writes last, so that an interrupted start is begun again.
$(BIN)/activate:
	@for python in $(PYTHON); do \
		if $$python -c '$(SUITS)' 2>/dev/null; then exec $$python -m venv --clear $(VENV); fi; \
	done; \
	echo 'This needs Python 3.11, 3.12 or 3.13 with its venv module. On Debian and Ubuntu:' >&2; \
	echo '  apt install python3 python3-venv' >&2; \
	exit 1

# The scripts of a copied or renamed clone still point to the old place.
ifneq ("$(shell cat $(VENV)/run.stamp 2>/dev/null)","$(CURDIR)")
$(shell rm -f $(VENV)/run.stamp)
endif

# The hash lock decides what is installed; afterwards nothing needs the network. It is
# complete, so pip has nothing to resolve: pip before 23.3, as in Debian 12, would ask for
# the newest `coverage[toml]` beside the `coverage` that the lock names, and refuse it.
$(VENV)/run.stamp: requirements-embedded.txt setup.cfg pyproject.toml | $(BIN)/activate
	@echo 'Installing what the service needs (first time only) ...' >&2
	@$(PIP) install --no-deps --require-hashes -r requirements-embedded.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@pwd >$@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.txt
	@echo 'Installing what tests and checks need (first time only) ...' >&2
	@$(PIP) install --no-deps --require-hashes -r requirements-dev.txt
	@touch $@

run: $(VENV)/run.stamp ## start everything on this machine; Ctrl-C stops it
	@exec $(BIN)/prilavok up

# Each process has servers of its own. More than there are cores makes tests wait that
# are about time; `make test TEST_PROCESSES=0` runs one test after the other.
TEST_PROCESSES ?= 2

test: $(VENV)/dev.stamp ## unit, integration and API tests with coverage
	@exec $(CLEAN_ENV) $(BIN)/python -m pytest --cov --cov-report=term \
		--numprocesses=$(TEST_PROCESSES) --dist=loadfile

faults: $(VENV)/dev.stamp ## kill, cut and slow down what the service depends on
	@exec $(CLEAN_ENV) $(BIN)/python -m pytest -m "slow or not slow" tests/faults \
		tests/integration/test_source_gathering.py \
		tests/integration/esp/test_real_mailman.py

bench: $(VENV)/dev.stamp ## our speed beside that of other stacks doing the same work
	@$(CLEAN_ENV) $(BIN)/python -m benchmarks.http
	@$(CLEAN_ENV) $(BIN)/python -m benchmarks.plays
	@$(CLEAN_ENV) $(BIN)/python -m benchmarks.sources
	@$(CLEAN_ENV) $(BIN)/python -m benchmarks.start
	@exec $(CLEAN_ENV) $(BIN)/python -m benchmarks.logs

e2e: $(VENV)/dev.stamp ## whole scenarios against instances they start themselves
	@exec $(CLEAN_ENV) $(BIN)/python -m pytest -m "not slow" tests/e2e \
		tests/api/test_schemathesis.py tests/faults/test_game.py

lint: $(VENV)/dev.stamp ## formatting, style, types, import contracts
	$(BIN)/black --check --quiet .
	$(BIN)/isort --check --quiet .
	$(CLEAN_ENV) $(BIN)/flake8
	$(CLEAN_ENV) $(BIN)/mypy src tests migrations benchmarks
	$(CLEAN_ENV) $(BIN)/lint-imports
	$(BIN)/pip --disable-pip-version-check check

format: $(VENV)/dev.stamp ## rewrite the code as lint wants it
	$(BIN)/isort --quiet .
	$(BIN)/black --quiet .

migration: $(VENV)/dev.stamp ## write a new revision of the database: m="what changes"
	@test -n "$(m)" || { echo 'Say what changes: make migration m="..."' >&2; exit 1; }
	$(BIN)/alembic revision --autogenerate -m "$(m)"

migrate: $(VENV)/run.stamp ## bring the database to the newest revision
	@exec $(BIN)/prilavok migrate

downgrade: $(VENV)/run.stamp ## bring the database one revision back, or to r=REVISION
	@exec $(BIN)/prilavok downgrade $(or $(r),-1)

routes: $(VENV)/run.stamp ## show the access matrix: who may call what
	@exec $(BIN)/prilavok routes

openapi: $(VENV)/run.stamp ## write the OpenAPI document on standard output
	@exec $(BIN)/prilavok openapi

dev-run: ## docker compose: build and start everything
	docker compose up --build --detach --wait web worker scheduler

dev-stop: ## docker compose: stop everything, keep the data
	docker compose down

run-test-db: ## docker compose: start stores for tests, and say how to use them
	docker compose --profile test up --detach test-db test-redis
	@echo 'export TEST_DATABASE_URL=postgresql://postgres:test@127.0.0.1:55432/postgres'
	@echo 'export TEST_REDIS_URL=redis://127.0.0.1:56379/0'

stop-test-db: ## docker compose: stop the stores for tests
	docker compose --profile test rm --stop --force --volumes test-db test-redis

clean: ## remove what was built or installed; data in ./var stay
	rm -rf $(VENV) build src/*.egg-info .mypy_cache .pytest_cache .hypothesis .coverage* htmlcov

COMPILE := $(BIN)/uv pip compile --quiet --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

# Mailman is for tests on Linux with Python 3.11 and 3.12: for 3.13 nothing fits it.
lock: $(VENV)/dev.stamp ## compile the hash locks from requirements*.in
	for name in requirements requirements-embedded requirements-greenlets requirements-dev; do \
		$(COMPILE) --universal $$name.in -o $$name.txt || exit 1; \
	done
	$(COMPILE) requirements-mailman.in -o requirements-mailman.txt
