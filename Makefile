# The tasks of the project. They need Python 3.11 or newer and make; everything else is installed into .venv, by hash.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
UV_VERSION := 0.13.9

# The tests start Python hundreds of times: with nothing compiled each would compile awsit and its libraries again.
unexport PYTHONDONTWRITEBYTECODE

CODE := src tests scripts benchmarks examples
TEMPLATES := infra/template.yaml examples/orders/template.yaml examples/notes/template.yaml examples/pipeline/template.yaml ci/pipeline.yaml ci/github/oidc_role.yaml
WORKFLOWS := $(wildcard .github/workflows/*.yml) ci/github/workflow.yml src/awsit/cli/drafts/files/e2e.yml
PAGES := docs/run/ci.md docs/run/parallel.md
MACHINES := $(wildcard infra/*.asl.json)
CHECKS := lint types layers templates workflows docs-check
# statelint reads the state machines without the template: this stands for the ARNs that the template substitutes. It knows
# the language, and not what Step Functions adds to it: the type of the file that a distributed map reads.
ANY_ARN := arn:aws:lambda:eu-west-1:123456789012:function:any

# The first Python of this machine that is new enough; override with `make PYTHON=/path/to/python`.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$p && break; done)

AUDIT := build/audit
SITE := build/site-tools
SBOM := build/sbom
# It warns that the function's bill names no package of its own, which it has not.
CYCLONEDX := $(AUDIT)/bin/python -W ignore -m cyclonedx_py
TRUTH := build/truth
TRUTH_PYTHON ?= $(shell python3.13 -c '' >/dev/null 2>&1 && echo python3.13)

.DEFAULT_GOAL := help
.PHONY: help install demo test nightly attack torture truth accept check checks format lint types layers templates workflows docs docs-check site audit sbom bench lock clean

help: ## Show the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

install: $(READY) ## Install awsit and its tools into .venv

$(READY): requirements/dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "awsit needs Python 3.11 or newer; none was found. Try: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Installing into $(VENV) (the first time takes about a minute)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-input --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY) ## Deploy to an emulated AWS on this machine, run two scenarios, remove everything
	@$(BIN)/python scripts/demo.py

test: $(READY) ## Run every test, end-to-end tests on the emulator included; say at the end what was not tested
	@scripts/install_programs.sh
	@$(BIN)/python -m pytest -n 2 --dist loadfile

nightly: $(READY) ## Run the property tests on 20,000 files and on examples of their own, all of GitHub's document, a suite of 1,000, a load in the account, taps beside 10,000 events, CI's jobs on new machines
	@MUTATED_FILES=20000 $(BIN)/python -m pytest -n 2 tests/properties
	@$(BIN)/python -m pytest -n 2 -m hypothesis --hypothesis-profile=random
	@EVERY_OPERATION=1 $(BIN)/python -m pytest -n 2 tests/authorities/openapi
	@$(BIN)/python -m pytest tests/e2e/suites/of_a_thousand.py tests/e2e/suites/load_at_its_moments.py tests/e2e/taps/ten_thousand_events.py
	@$(BIN)/python -m pytest tests/e2e/ci/on_new_machines.py

attack: $(READY) ## Give awsit a thousand hostile inputs, class by class; print what held and what fell
	@$(BIN)/python -m tests.attack $(ATTACK)

torture: $(READY) ## Inject faults, kills and stops for half an hour; print what was left behind, lost or harmed
	@$(BIN)/python -m tests.torture

truth: $(READY) ## Run the state machine on an interpreter that was checked against AWS, where a Python 3.13 is found
	@if [ -z "$(TRUTH_PYTHON)" ]; then \
		echo "Nothing was tried: the interpreter needs Python 3.13, and none was found. Try: make truth TRUTH_PYTHON=/path/to/python3.13"; \
	else \
		test -f $(TRUTH)/.ready -a $(TRUTH)/.ready -nt requirements/truth.txt || { \
			echo "Installing into $(TRUTH) (about a minute, 600 MB)" && $(TRUTH_PYTHON) -m venv --clear $(TRUTH) && \
			$(TRUTH)/bin/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes \
				-r requirements/truth.txt && touch $(TRUTH)/.ready; } && \
		TRUTH_PYTHON=$(CURDIR)/$(TRUTH)/bin/python $(BIN)/python -m pytest -n 2 --dist loadfile tests/truth tests/conformance/test_engines.py \
			tests/conformance/test_language.py tests/conformance/test_suites.py tests/e2e/main_job && \
		TRUTH_PYTHON=$(CURDIR)/$(TRUTH)/bin/python $(BIN)/python -m pytest tests/e2e/suites \
			-k 'run_by_the_account or did_not_pass or tells_of_it_later' && \
		TRUTH_PYTHON=$(CURDIR)/$(TRUTH)/bin/python $(BIN)/python -m pytest tests/torture/test_trials.py -k 'nothing_is_left or no_run'; \
	fi

accept: $(READY) ## Try awsit in your AWS account: deploy to a fresh stack, run, stop, compare, remove all; asks first
	@$(BIN)/python -m tests.accept $(ACCEPT)

check: checks test ## Run all that CI runs: the one command before a commit

checks: $(READY) ## Run every check but the tests; at the end, name those that failed
	@failed=; for check in $(CHECKS); do \
		echo "make $$check"; $(MAKE) --no-print-directory $$check || failed="$$failed $$check"; done; \
	test -z "$$failed" || { echo "These checks failed:$$failed" >&2; exit 1; }

format: $(READY) ## Format the code
	@$(BIN)/ruff format $(CODE)
	@$(BIN)/ruff check --fix $(CODE)

lint: $(READY) ## Check the format and lint, changing nothing
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/ruff check $(CODE)

types: $(READY) ## Type-check the package
	@$(BIN)/mypy

layers: $(READY) ## Check that imports point down only
	@$(BIN)/lint-imports

templates: $(READY) ## Lint the CloudFormation templates and the state machines
	@$(BIN)/cfn-lint $(TEMPLATES)
	@for machine in $(MACHINES); do \
		$(BIN)/statelint "$$(sed -e 's|$${[A-Za-z]*}|$(ANY_ARN)|g' -e '/"InputType": "JSON"/d' $$machine)" || { echo "in $$machine" >&2; exit 1; }; done

workflows: $(READY) ## Lint the workflows, the action, GitLab's jobs, their shell code, and what they let others do
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-workflows $(WORKFLOWS)
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.github-actions action.yml
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci ci/gitlab.yml
	@$(BIN)/zizmor --offline --quiet --config .github/zizmor.yml $(WORKFLOWS) action.yml
	@$(BIN)/python scripts/check_shell.py .ci/run scripts/install_programs.sh action.yml ci/gitlab.yml ci/buildspec.yml ci/pipeline.yaml $(WORKFLOWS) $(PAGES)

docs: $(READY) ## Write the reference pages and the JSON Schema from the code
	@PYTHONPATH=. $(BIN)/python scripts/generate_docs.py

docs-check: $(READY) ## Fail when a generated page is stale
	@PYTHONPATH=. $(BIN)/python scripts/generate_docs.py --check

$(SITE)/.ready: requirements/site.txt
	@echo "Installing into $(SITE)"
	@$(PYTHON) -m venv --clear $(SITE)
	@$(SITE)/bin/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r requirements/site.txt
	@touch $@

site: $(SITE)/.ready ## Build the documentation as a site into build/site; a link or anchor that leads nowhere is an error
	@NO_MKDOCS_2_WARNING=1 $(SITE)/bin/mkdocs build --strict
	@echo build/site/index.html

$(AUDIT)/.ready: requirements/audit.txt
	@echo "Installing into $(AUDIT)"
	@$(PYTHON) -m venv --clear $(AUDIT)
	@$(AUDIT)/bin/python -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r requirements/audit.txt
	@touch $@

audit: $(AUDIT)/.ready ## Look up the locked packages among known vulnerabilities; say so where that cannot be done
	@$(AUDIT)/bin/python scripts/audit_dependencies.py

sbom: $(AUDIT)/.ready ## Write the bills of materials (CycloneDX) of the package and of the function to build/sbom
	@mkdir -p $(SBOM)
	@$(AUDIT)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--extra sandbox --constraints requirements/dev.txt pyproject.toml -o $(SBOM)/awsit.txt
	@$(CYCLONEDX) requirements --output-reproducible --pyproject pyproject.toml -o $(SBOM)/awsit.cdx.json $(SBOM)/awsit.txt
	@$(CYCLONEDX) requirements --output-reproducible -o $(SBOM)/function.cdx.json infra/function-requirements.txt
	@echo "$(SBOM)/awsit.cdx.json $(SBOM)/function.cdx.json"

bench: $(READY) ## Measure start-up, validation, suites against other programs, cost per step, state transitions and compact runs
	@$(BIN)/python benchmarks/startup.py
	@$(BIN)/python benchmarks/validate.py
	@$(BIN)/python benchmarks/peers.py --keep
	@$(BIN)/python benchmarks/transitions.py
	@$(BIN)/python benchmarks/step_overhead.py
	@$(BIN)/python benchmarks/compact.py

lock: ## Resolve the dependencies of pyproject.toml again, with hashes
	@$(PYTHON) -m venv build/lock
	@build/lock/bin/python -m pip install -qq --disable-pip-version-check uv==$(UV_VERSION)
	@build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--upgrade --extra sandbox --extra function --group dev pyproject.toml -o requirements/dev.txt
	@build/lock/bin/uv pip compile --quiet --universal --python-version 3.13 --generate-hashes --no-header --no-annotate \
		--upgrade --constraints requirements/dev.txt infra/function-requirements.in -o infra/function-requirements.txt
	@build/lock/bin/uv pip compile --quiet --python-version 3.13 --python-platform linux --generate-hashes --no-header --no-annotate \
		--upgrade requirements/truth.in -o requirements/truth.txt
	@build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--upgrade requirements/audit.in -o requirements/audit.txt
	@build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--upgrade requirements/site.in -o requirements/site.txt

clean: ## Remove what was made here, the virtual environment included
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
