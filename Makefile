# Waymark: `make run` and `make test` need Python 3.11+ with venv, and make. Nothing else.
PYTHON ?= python3
PY := .venv/bin/python
# Some containers set it, and then every process of the tests would compile the whole house again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check proof faults bench format migrations lock

run: .venv/.run
	@exec $(PY) manage.py serve --demo

test: .venv/.test
	$(PY) -m pytest -n 3 --dist loadfile -m "not fault and not proof"
	$(PY) -m tests.on_postgres -n 2 --dist loadfile

# A production setting is checked, so it needs production values; none of them is a secret.
DEPLOY := SECRET_KEY=checked-by-make-and-used-nowhere-else-0123456789-abcdefghij SITE_URL=https://waymark.example ALLOWED_HOSTS=waymark.example REDIS_URL=redis://127.0.0.1:6379/0 WAYMARK_MODE=

check: .venv/.test
	$(PY) -m ruff format --check -q .
	$(PY) -m ruff check -q .
	$(PY) -m bandit -q -ll -r config content journeys learners
	WAYMARK_MODE=test $(PY) -m mypy .
	.venv/bin/lint-imports
	WAYMARK_MODE=test $(PY) manage.py makemigrations --check --dry-run
	$(PY) -m djlint --quiet --check --lint .
	$(DEPLOY) $(PY) manage.py check --deploy --fail-level WARNING

proof: .venv/.test
	$(PY) -m pytest -n 2 -m proof

READ := $(patsubst %,tests/browser/test_%.py,pages pages_staff draft_history import api_docs)

# One after the other: each starts several servers of its own. Then every page at every size and in both schemes, where
# `make test` reads each fully at one size and in one scheme.
faults: .venv/.test
	$(PY) -m pytest -s -m fault
	EVERY_PASS=1 $(PY) -m pytest -n 2 --dist loadfile $(READ)

# Ratios to floors of the same run; BENCH_JSON=path keeps them. Names choose programs: make bench ONLY="summary planning".
bench: .venv/.test
	@$(PY) -W ignore -m tests.benchmarks $(ONLY)

format: .venv/.test
	@$(PY) -m ruff check -q --fix . ; $(PY) -m ruff format -q . ; $(PY) -m djlint --quiet --reformat .

migrations: .venv/.run
	@$(PY) manage.py makemigrations

lock:
	@command -v uv >/dev/null || { echo "make lock needs uv (pip install uv)"; exit 1; }
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml --extra production --group dev -o requirements-dev.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate pyproject.toml --extra production -c requirements-dev.txt -o requirements-production.txt

# One .venv serves both commands; the second installs only what the first did not need.
.venv/.run: requirements.txt
	@$(call install,requirements.txt)
	@touch $@

.venv/.test: requirements-dev.txt
	@$(call install,requirements-dev.txt)
	@touch .venv/.run $@

define install
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Waymark needs Python 3.11 or newer. Name one: make run PYTHON=python3.12"; exit 1; }; \
echo "Installing $(1) into .venv …"; \
if command -v uv >/dev/null; then test -x $(PY) || uv venv -q -p $(PYTHON) .venv; uv pip install -q --compile-bytecode -p $(PY) --require-hashes -r $(1); \
else test -x $(PY) || $(PYTHON) -m venv .venv || { echo "Python's venv module is missing. On Debian: apt install python3-venv"; exit 1; }; $(PY) -m pip install -q --disable-pip-version-check --require-hashes -r $(1); fi
endef
