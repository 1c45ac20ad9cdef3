# Each target is a script; the scripts say what they do and why. Everything downloaded goes to ~/.cache/keeper.
.PHONY: help run run-full test check statements screenshots bench bench-quick fmt
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
run: ## Keeper with demo data on http://127.0.0.1:8080, embedded database in ./data
	@scripts/run
run-full: ## the same with OpenBao, AWS (moto) and SAML (SimpleSAMLphp) beside it, data in ./data/full
	@scripts/run full
test: ## all checks and all tests on SQLite, PostgreSQL and MariaDB, OpenBao, moto, SAML and a browser
	@scripts/test
check: ## format, lints and the tests that need no server: before a commit
	@scripts/check
statements: ## writes the statements of this version into migrations/releases, for the tests of zero downtime
	@scripts/statements
screenshots: ## pictures of every page into docs/screenshots, and of every state beside them
	@scripts/screenshots
bench: ## how long lists and searches take on the three engines; SIZES="1000 100000 1000000" ENGINES="sqlite postgres mysql"
	@SIZES="$(SIZES)" ENGINES="$(ENGINES)" scripts/bench
bench-quick: ## the same with 1,000 and 20,000 secrets
	@SIZES="1000 20000" ENGINES="$(ENGINES)" scripts/bench
fmt: ## formats the code
	@cargo fmt
