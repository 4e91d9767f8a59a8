# The doors of the house. `make help` lists them; everything they need is made on the way.
PORT ?= 8080
WORKERS ?= 1
PG ?= 18
T ?= tests
TIDELINE_FUZZ ?= 25
PYTHON ?= python3
BIN = .venv/bin
RUN = $(BIN)/python -m service
export PG
export TIDELINE_FUZZ

.PHONY: help setup up migrate apply test lint bench accuracy report routes docs check nightly clean
.DEFAULT_GOAL := help

help: ## list these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

setup: .venv/complete ## make the environment in .venv, exactly as locked

up: setup ## start everything and serve (PORT=8123 WORKERS=2 PG=16 ARGS="--home DIR")
	@$(RUN) up --port $(PORT) --workers $(WORKERS) --pg $(PG) --stop-with-parent $(shell echo $$PPID) $(ARGS)

migrate: setup ## apply the steps of db/ that the database lacks
	@$(RUN) migrate --pg $(PG)

apply: setup ## make functions and routes those of sql/
	@$(RUN) apply --pg $(PG)

routes: setup ## print every endpoint
	@$(RUN) routes --pg $(PG)

test: setup ## run the tests (T=tests/laws a part, PG=16 the other version)
	@$(BIN)/python -m pytest $(T)

lint: setup ## format, style, types, SQL safety
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/squawk 'db/*.sql'

bench: setup ## measure, within ten minutes
	@$(BIN)/python -m bench

accuracy: setup ## hold what the product foretells against a real bank (ARGS=FOLDER)
	@$(BIN)/python -m bench.accuracy $(ARGS)

report: setup ## tables and plots of the last measurement
	@$(BIN)/python -m bench.report

docs: setup ## write docs/api.md from the routes
	@$(BIN)/python -m service.openapi.handbook

check: lint ## lint, then the tests on PostgreSQL 16 and on 18
	@$(MAKE) --no-print-directory test PG=16 T="tests/sql tests/http tests/laws" TIDELINE_FUZZ=10 TIDELINE_RULE_SETS=1000
	@$(MAKE) --no-print-directory test PG=18 TIDELINE_FUZZ=50 TIDELINE_RULE_SETS=4000

nightly: check ## all of that in full figures, within three hours
	@$(MAKE) --no-print-directory test PG=18 TIDELINE_NIGHTLY=1 TIDELINE_FUZZ=1000 TIDELINE_RULE_SETS=10000
	@$(BIN)/python -m bench.mix --requests 100000

clean: ## remove the environment and all data that `make up` has kept
	@for home in .tideline bench/out/home*; do test ! -d $$home || $(RUN) forget --home $$home; done
	@rm -rf .venv .tideline bench/out .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info

.venv/complete: requirements.lock pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(0 if sys.version_info >= (3, 11) else 'Tideline needs Python 3.11 or newer; this is ' + sys.version.split()[0] + '. Name another one: make setup PYTHON=python3.12')"
	@echo "tideline: making the environment in .venv (once; about a minute)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
