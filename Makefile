# make run: try it on the samples · make test: the whole suite · make check: lint, types, layers
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
           --no-annotate --no-emit-index-url --custom-compile-command "make lock"

.PHONY: run test test-slow check bench bench-media bench-decorated ceiling simulate torture sweep powercut farm crowd year lock samples clean

run: $(VENV)/ready
	@$(BIN)/storyrelay run -c config/storyrelay.yaml

# three at once on two cores: much of a test's time is waiting
test: $(VENV)/ready-dev
	@$(BIN)/python -m pytest -n 3 --dist worksteal -m "not slow"

# the long forms, about an hour: every step and 300 moments of death while publishing, thousands of simulated
# worlds, damaged media; a failure names the seed that plays it again
test-slow: $(VENV)/ready-dev
	@$(BIN)/python -m pytest -m slow

check: $(VENV)/ready-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest tests/architecture

# publishing in simulated worlds, 400 crashes a second and core; a failure names its seed
simulate: $(VENV)/ready-dev
	@PYTHONPATH=tests $(BIN)/python -m proof.simulate --worlds $(or $(WORLDS),2000) --seed $(or $(SEED),0)

# 10,000 deaths of real runs, at named steps and at any moment; some 25 minutes, a failure names its seed
torture: $(VENV)/ready-dev
	@PYTHONPATH=tests $(BIN)/python -m proof.torture --deaths $(or $(KILLS),10000) --seed $(or $(SEED),0)

# a run killed, its disk broken, its disk full, at each system call that may change anything; needs strace
sweep: $(VENV)/ready-dev
	@PYTHONPATH=tests $(BIN)/python -m proof.sweep --every $(or $(EVERY),1) $(if $(POINT),--point $(POINT))

# 1,000 deaths after which only what had reached the disk is left; needs root and loop devices
powercut: $(VENV)/ready-dev
	@PYTHONPATH=tests $(BIN)/python -m proof.powercut --deaths $(or $(CUTS),1000) --seed $(or $(SEED),0)

# the samples and 500 photos by two workers of a farm that die 20 times at random, beside a run here: the same bytes
farm: $(VENV)/ready-dev
	@PYTHONPATH=tests $(BIN)/python -m proof.farm --photos $(or $(PHOTOS),500) --kills $(or $(KILLS),20) \
		--seed $(or $(SEED),0)

# five runs at once, again and again, over 20,000 files of every kind and name; some five minutes
crowd: $(VENV)/ready-dev
	@PYTHONPATH=tests $(BIN)/python -m proof.crowd --files $(or $(FILES),20000) --seed $(or $(SEED),0)

# years of cron, run by run, against what an oracle says should go out; some 5 minutes each
year: $(VENV)/ready-dev
	@PYTHONPATH=tests $(BIN)/python -m proof.year --years $(or $(YEARS),6) --seed $(or $(SEED),0) --days $(or $(DAYS),365)

# ratios of our media engine to bare ffmpeg, moviepy, pyvips and others; QUICK=--quick for a first look
bench-media: $(VENV)/ready-dev
	@PYTHONPATH=tests $(BIN)/python -m benchmarks.media $(QUICK)

# starts, looks around and the ledger as files grow, beside find, git and Python, with a plot; a batch beside GNU
# parallel with bare ffmpeg and vips (apt-get install parallel libvips-tools), and by workers of a farm; some
# twenty minutes, ASSETS=1000 longer
bench: $(VENV)/ready-dev
	@PYTHONPATH=tests $(BIN)/python -m benchmarks.start
	@PYTHONPATH=tests $(BIN)/python -m benchmarks.start 100000 5
	@PYTHONPATH=tests $(BIN)/python -m benchmarks.scan 100000 5 bench.png
	@PYTHONPATH=tests $(BIN)/python -m benchmarks.batch $(or $(ASSETS),60)
	@PYTHONPATH=tests $(BIN)/python -m benchmarks.farm

# what words on a picture and films of several files cost, beside plain encodes and moviepy's own way
bench-decorated: $(VENV)/ready-dev
	@PYTHONPATH=tests $(BIN)/python -m benchmarks.overlay $(QUICK)
	@PYTHONPATH=tests $(BIN)/python -m benchmarks.compose

# what one coordinator costs with up to 1,000 accounts of 25 stories a day; some eight minutes of one core
ceiling: $(VENV)/ready-dev
	@PYTHONPATH=tests $(BIN)/python -m benchmarks.ceiling $(ACCOUNTS)

# moviepy is added here because its own cap on Pillow is out of date (see pyproject.toml); with the small extras
lock: $(VENV)/ready-dev
	@echo "moviepy==2.2.1" | $(COMPILE) $(UPGRADE) --extra faces --extra notify pyproject.toml - -o requirements.lock
	@$(COMPILE) $(UPGRADE) --group pyproject.toml:dev -c requirements.lock -o requirements-dev.lock

samples: $(VENV)/ready
	@$(BIN)/python samples/make_samples.py

clean:
	rm -rf $(VENV)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "storyrelay needs Python 3.11 or newer: make PYTHON=python3.11 run"; exit 2; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/ready: $(VENV)/bin/python requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (the first time this takes a minute) …" >&2
	@$(PIP) --no-deps --require-hashes -r requirements.lock
	@$(PIP) --no-deps -e .
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.lock
	@$(PIP) --no-deps --require-hashes -r requirements-dev.lock
	@touch $@
