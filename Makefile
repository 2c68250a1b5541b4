# `make run` serves, `make test` tests; both set up .venv first.
PYTHON ?= python3
BIN := .venv/bin
export IRONLEDGER_HOST ?= 127.0.0.1
export IRONLEDGER_PORT ?= 8765
export IRONLEDGER_DATA ?= ./data

.PHONY: run test check bench demo pages simulate fuzz crashes setup cover lock clean

run: setup
	$(BIN)/ironledger serve

test: setup
	$(BIN)/python -m pytest $(ARGS)

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Every path against the limit of this machine; ARGS=--json for tools, ARGS=--full for a million events.
bench: .venv/bench
	@$(BIN)/python -m benchmarks $(ARGS)

demo: setup
	$(BIN)/python tests/journeys/demo.py

# The pages of docs that show a terminal, with what their commands print now.
pages: setup
	$(BIN)/python tests/docs/write_pages.py

# A thousand seeds take about an hour on two cores; stopped, it goes on where it was.
simulate: setup
	$(BIN)/ironledger simulate --seeds 1000 --processes 2 --record simulation.ndjson $(ARGS)

cover: setup
	$(BIN)/python -m pytest --cov --cov-report=term-missing $(ARGS)

# The full numbers of docs/explanation/proof.md; make test plays a small part of them.
fuzz: setup
	$(BIN)/python tests/fuzz/run.py --codec 900000 --sync 90000 --importers 10000 $(ARGS)

crashes: setup
	$(BIN)/python tests/crashes/run.py --server 200 --client 200 $(ARGS)

setup: .venv/ready

# The lock carries hashes, so what is installed is what was tested; the project itself is linked, not copied.
# Told on standard error, and no command is echoed: standard output is that of what was asked for, such as JSON.
.venv/ready: pyproject.toml requirements.lock
	@echo "Setting up .venv with what requirements.lock names ..." >&2
	@$(PYTHON) -m venv .venv || (echo "No virtual environment could be made: on Debian, apt install python3-venv" >&2; exit 1)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# What the project is measured beside is none of its dependencies.
.venv/bench: .venv/ready benchmarks/requirements.lock
	@echo "Adding what benchmarks/requirements.lock names ..." >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements.lock
	@touch $@

# Resolves the newest versions that pyproject.toml admits, with the hashes of every file and no address.
lock:
	$(PYTHON) -m venv .venv/lock
	.venv/lock/bin/pip install --quiet pip-tools
	.venv/lock/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-annotate \
	  --all-build-deps --extra dev --output-file requirements.lock pyproject.toml
	.venv/lock/bin/pip-compile --quiet --generate-hashes --strip-extras --no-header \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-annotate \
	  --output-file benchmarks/requirements.lock benchmarks/requirements.in

clean:
	rm -rf .venv
