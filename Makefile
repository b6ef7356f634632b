# The words of the house. What they do in detail is in deploy/setup/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-print-directory
BIN := .venv/bin

.PHONY: help setup demo test check serve bench accuracy proto lock goldens docs format clean

help: ## Say what each word does.
	@echo "make WORD, where WORD is one of:"
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  \1\t\2/p' Makefile | expand -t 12

setup: ## Install everything into .venv and .cache; a second run does nothing.
	@deploy/setup/setup.sh

demo: setup ## Start a sidecar, send it real requests of five customers, show what became of them, verify its log.
	@$(BIN)/python deploy/demo/run.py

serve: setup ## Run a sidecar with the demo's settings.
	@exec $(BIN)/sidecar serve --config deploy/demo/sidecar.yaml

test: setup ## Run every test: those of the policies, then those of the code.
	@echo "==> policies"
	@$(BIN)/sidecar policy test
	@echo "==> code"
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile

check: setup ## Check format, lint, types, imports, protos, policies, docs, the wheel; stop at the first fault.
	@deploy/setup/check.sh

bench: setup ## Measure what the sidecar adds, against stock Presidio, and its parts; ARGS=--write keeps the pages.
	@$(BIN)/python -m benchmarks $(ARGS)
	@$(BIN)/python -m benchmarks.detection $(ARGS)
	@$(BIN)/python -m benchmarks.bodies $(ARGS)
	@$(BIN)/python -m benchmarks.native_ner
	@$(BIN)/python -m benchmarks.restore $(ARGS)
	@$(BIN)/python -m benchmarks.policy $(ARGS)
	@$(BIN)/python -m benchmarks.replay

accuracy: setup ## Measure what is found and missed, against stock Presidio; SIDECAR_EVAL_DATA names a folder of more sets.
	@$(BIN)/python -m benchmarks.accuracy

proto: setup ## Generate sidecar/v1 from protos/.
	@deploy/setup/proto.sh

lock: setup ## Resolve the dependencies anew and lock them.
	@deploy/setup/lock.sh

goldens: setup ## Write the golden table of decisions anew, every line asked of the real policy, and derived fixtures; review the difference.
	@$(BIN)/python -m tests.catalog.fixtures
	@$(BIN)/python -m tests.golden.generate

docs: setup ## Write the generated pages under docs/.
	@$(BIN)/python docs/generate.py

format: setup ## Bring Python, protos and Rego into their form.
	@$(BIN)/ruff check --fix-only --quiet . || true
	@$(BIN)/ruff format --quiet .
	@$(BIN)/buf format --write protos
	@$(BIN)/opa fmt --write policies

clean: ## Remove what the other words made.
	@rm -rf .venv .cache build *.egg-info
