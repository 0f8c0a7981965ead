# The commands of this project; `make` alone lists them.
# Needs python3 >= 3.11; PYTHON=… names another one.

PYTHON ?= python3
PORT ?= 8000
export PYTHON PORT CHINA_DIVISION MOST BEFORE JSON

.DEFAULT_GOAL := help
.PHONY: help demo test check bench lock bundle

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /make \1 — /p' $(MAKEFILE_LIST)

.venv/.requirements: requirements.txt
	@sh .ci/venv requirements.txt $@

.venv/.requirements-dev: requirements-dev.txt
	@sh .ci/venv requirements-dev.txt $@

demo: .venv/.requirements ## a county to try out, on this machine only
	@sh .ci/demo

test: .venv/.requirements-dev ## all tests that this machine can run
	@bash .ci/test

check: .venv/.requirements-dev ## style, types, direction of imports, dependencies, templates, migrations, deployment
	@bash .ci/check

bench: .venv/.requirements-dev ## every budget as a ratio to its floor, and the curve of scale; MOST=60000 for less
	@bash .ci/bench

lock: .venv/.requirements-dev ## pin what pyproject.toml asks for, with hashes
	@sh .ci/lock

bundle: .venv/.requirements ## wheels, source and installer for a closed network, in var/bundle
	@sh .ci/bundle
