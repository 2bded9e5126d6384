# make run    makes .venv, installs, and runs the example year
# make test   the same set-up and everything that tests need, then lint, types and the whole suite
# make bench  the engine beside its peers, every row of BENCHMARKS.md, which it writes (about 50 minutes)
# make bench-quick  the same, few and short cases, to the screen only

# The newest Python from 3.11 on that has what PuLP 3 is pinned for, else the next: a plain `make PYTHON=…` overrides.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
  if $$p -c 'import sys, venv, ensurepip; raise SystemExit(sys.version_info < (3, 11))' 2>/dev/null; then echo $$p; exit; fi; \
  done)
BIN := .venv/bin
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

.PHONY: run test lint bench bench-quick clean

run: .venv/.run
	$(BIN)/allocator run scenarios/rizhao/baseline.yaml

test: lint
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

lint: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/.bench
	$(BIN)/python -m tests.bench

bench-quick: .venv/.bench
	$(BIN)/python -m tests.bench --quick

clean:
	rm -rf .venv .venv-pulp4 .bench .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11 或更新版本（含 venv）；Debian: apt install python3 python3-venv"; \
	  echo "Python 3.11 or newer with venv is needed; on Debian: apt install python3 python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.run: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e .
	@touch $@

.venv/.test: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@ .venv/.run

.venv/.bench: .venv/.test
	$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[bench]'
	@touch $@
