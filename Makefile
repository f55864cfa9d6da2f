# One verb per task. `make help` lists them. Nothing but Python 3.11 and make is needed to begin.
PYTHON ?= python3
VENV := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help run test test-fast lint format types bench relevance docs check-deploy lock

help: ## List the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

run: ## Start the shop on this machine; RESET=1 starts over with an empty database, SEARCH=database leaves Elasticsearch out
	@$(PYTHON) scripts/run.py $(if $(RESET),--reset) $(if $(PORT),--port $(PORT)) $(if $(SEARCH),--search $(SEARCH))

test: ## Everything: lint, types, docs, check-deploy, tests, migrations, postgres, mutations, elasticsearch, contract, browser, deploy
	@$(PYTHON) scripts/test.py

test-fast: ## Lint, and the tests that need no server
	@$(PYTHON) scripts/test.py lint tests

lint: ## Style, templates, and the arrows between the rooms
	@$(PYTHON) scripts/test.py lint

types: ## mypy with django-stubs
	@$(PYTHON) scripts/test.py types

format: .venv/dev ## Format the Python
	@$(VENV)/ruff check --quiet --fix-only . && $(VENV)/ruff format .

bench: ## Measure the shop beside a stock Oscar: half an hour; ARGS=--quick takes five minutes
	@$(PYTHON) -m bench $(ARGS)

relevance: ## Judge the search results by people's ratings; fails under the floors of docs/relevance-floor.json
	@$(PYTHON) scripts/relevance.py $(ARGS)

docs: ## Build the documents into docs/_build without a warning
	@$(PYTHON) scripts/test.py docs && echo "docs/_build/html/index.html"

check-deploy: .venv/dev ## Django's deployment checks under the production settings
	@$(PYTHON) scripts/test.py check-deploy

lock: .venv/dev ## Pin requirements*.in; UPGRADE=1 takes the newest that fit
	@scripts/lock.sh $(if $(UPGRADE),--upgrade)

# Made anew when a pin changes.
.venv/dev: requirements.txt requirements-dev.txt
	@$(PYTHON) scripts/bootstrap.py --dev
