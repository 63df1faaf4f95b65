# LObsTer. `make` alone prints the targets; long steps live in scripts/.
.DEFAULT_GOAL := help
.PHONY: help run demo test storm gate bench-collect bench-es bench-pdf data-national data-reimport crash chaos check fuzz fmt openapi clean-state

help: ## this list
	@echo "LObsTer, L’Observatoire territorial"
	@echo
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## install what is missing, build, serve, deliver one demonstration order, keep serving until Ctrl-C
	@scripts/run

demo: ## the same, then check the PDF and stop (exit 0 when everything held)
	@scripts/demo

test: ## every test, with a real PostgreSQL and a real Chromium
	@scripts/test

storm: ## two hundred orders while every vendor misbehaves; nothing lost, nothing twice
	@scripts/storm

crash: ## end the process before and after every boundary of an order, 294 times, and simulate 100,000 stories
	@scripts/crash

chaos: ## kill the process and stop PostgreSQL at once, twenty times each, under load; then audit
	@scripts/chaos

check: ## formatting, lints, house rules, OpenAPI and client unchanged, front end, documents
	@scripts/check

bench-es: ## the event store in ratios, into docs/benchmarks; twelve minutes alone on the machine (QUICK=1: three)
	@scripts/bench-es

bench-pdf: ## the press against a browser per document, into docs/benchmarks; six minutes alone on the machine (QUICK=1: two)
	@scripts/bench-pdf

data-national: ## all of France: generate, import, refresh; time, memory and disk into docs/benchmarks; half an hour, 10 GB
	@scripts/data-national

data-reimport: ## all sales of France imported anew while orders are served; facts and latencies into docs/benchmarks; half an hour, 12 GB
	@scripts/data-reimport

gate: ## twelve communes of every kind, both studies, printed and read by a strict program; sixty with a database of the country
	@scripts/gate

bench-collect: ## how long the figures of large cities take, into docs/benchmarks; needs a database with the country
	@scripts/bench-collect

fuzz: ## feed whatever reads bytes from outside with nonsense; needs nightly and cargo-fuzz, not a part of test
	@scripts/fuzz

fmt: ## format Rust and TypeScript
	@cargo fmt --all && npm --prefix frontend run --silent format

openapi: ## rewrite api/openapi.json and the TypeScript client from the code
	@scripts/openapi

clean-state: ## forget orders, stored reports and loaded data (.lobster); keeps builds
	@scripts/clean-state
