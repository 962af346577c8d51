# Two targets first: `make archive` (verify the shipped content, build the site), `make test`.
.DEFAULT_GOAL := archive
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# `make install UV=uv` takes a tenth of the time; pip is the default, because it knows a bureau's
# mirror from pip.conf and uv does not.
UV ?=
ifeq ($(UV),)
MAKE_VENV := test -x $(BIN)/pip || $(PYTHON) -m venv $(VENV)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
else
MAKE_VENV := test -x $(BIN)/python || $(PYTHON) -m venv --without-pip $(VENV)
PIP := $(UV) pip install --quiet --python $(BIN)/python
endif
# What only judges (a workflow, a hook, a poller) needs a quarter of it: `make install JUDGE=yes`.
JUDGE ?=
COMMA := ,
INSTALLED := $(VENV)/.$(if $(JUDGE),judge,installed)
DEMO := build/demo
HTML := build/html

.PHONY: archive test layouts engines month hostile lint bench bench-100000 peers fuzz mutants html java serve forge install dev browser demo messages pictures lock clean

archive: install
	$(BIN)/python -m demo.layout $(DEMO)
	$(BIN)/sanshen -C $(DEMO) verify
	$(BIN)/sanshen -C $(DEMO) audit
	$(BIN)/sanshen -C $(DEMO) build --output $(CURDIR)/build/site --log-key $(CURDIR)/tests/assets/keys/log
	@echo "built: build/site. Look at it with: make serve (its links lead to folders, so it needs a server)"

install: $(INSTALLED)

$(INSTALLED): requirements/run.txt requirements/build.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	$(MAKE_VENV)
	sed '$(if $(JUDGE),/^# Beyond judging/$(COMMA)$$d)' requirements/run.txt > $(VENV)/run.txt
	$(PIP) --require-hashes -r $(VENV)/run.txt -r requirements/build.txt
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

dev: $(VENV)/.dev

$(VENV)/.dev: requirements/dev.txt $(INSTALLED)
	$(MAKE_VENV)
	$(PIP) --require-hashes -r requirements/dev.txt
	touch $@

# A post's whole way on a running Gitea or Forgejo, or on one that is started on loopback from its
# program; it fails where none is given. SCENES names some; FORGE_MINUTES of clicks by chance.
forge: dev
	FORGE="$(FORGE)" FORGE_TOKEN="$(FORGE_TOKEN)" FORGE_CA="$(FORGE_CA)" FORGE_STATIC="$(FORGE_STATIC)" \
	  SCENES="$(SCENES)" FORGE_MINUTES="$(FORGE_MINUTES)" $(BIN)/python -m tests.forge

# From the system's package manager, what is missing of: a browser, a Chinese font for pages and forms, jq
# for workflow tests. Where it may fetch nothing, it says what to install.
browser:
	@NEEDED="$$(command -v chromium >/dev/null || echo chromium) $$(command -v jq >/dev/null || echo jq)"; \
	[ -n "$$(fc-list :lang=zh-cn 2>/dev/null)" ] || NEEDED="$$NEEDED fontconfig fonts-noto-cjk"; \
	if [ -n "$${NEEDED// /}" ]; then \
	  SUDO=; [ "$$(id -u)" = 0 ] || SUDO=sudo; \
	  if ! command -v apt-get >/dev/null || ! command -v $${SUDO:-env} >/dev/null; then \
	    echo "Install $$NEEDED with your package manager, then run make test again."; exit 1; fi; \
	  $$SUDO apt-get update -qq; \
	  $$SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$NEEDED >/dev/null; fi
	@# Where there is one without windows, tests take that: two thirds of the work of the other.
	@if ! command -v chromium-headless-shell >/dev/null && apt-cache show chromium-headless-shell >/dev/null 2>&1; then \
	  SUDO=; [ "$$(id -u)" = 0 ] || SUDO=sudo; \
	  $$SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium-headless-shell >/dev/null || true; fi

serve: install
	$(BIN)/python -m http.server --bind 127.0.0.1 --directory build/site

# All tests; of one part (a folder of tests/parts) with PART=desk: its own, the contracts and a smoke
# test of the kernel. Both end with what they took.
PART ?=
TESTS = $(if $(PART),tests/test_house.py tests/test_smoke.py tests/parts/$(PART))
test: dev browser
	$(BIN)/python -m tests.spent $(BIN)/lint-imports + $(BIN)/python -m pytest $(TESTS)

# Every page of the samples in every look and width, of which `make test` takes one a template.
layouts: dev browser
	SANSHEN_LAYOUTS=1 $(BIN)/python -m tests.spent $(BIN)/python -m pytest \
	  tests/browser/test_layout.py tests/browser/test_pages.py tests/browser/test_shown_page.py \
	  tests/browser/test_verifier.py tests/browser/authenticity/test_pictures.py

# The month of a bureau on pages alone, at a desktop and a phone: clicks, keys and seconds an act, as the
# Markdown of docs/measurements.md; MONTH=--few plays one act of each kind.
MONTH ?=
month: dev browser
	$(BIN)/python -m tests.month $(MONTH) --width 1440
	$(BIN)/python -m tests.month $(MONTH) --width 390

# A smoke test of the built site in Firefox and WebKit, the engines of phones without Chromium.
engines: archive dev
	@if ! command -v firefox-esr >/dev/null || ! command -v WebKitWebDriver >/dev/null || ! command -v xvfb-run >/dev/null; then \
	  if command -v apt-get >/dev/null; then \
	    SUDO=; [ "$$(id -u)" = 0 ] || SUDO=sudo; \
	    $$SUDO apt-get update -qq; \
	    $$SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends firefox-esr webkit2gtk-driver xvfb xauth >/dev/null; \
	  else echo "Install Firefox ESR, WebKitGTK's WebDriver and Xvfb with your package manager, then run make engines again."; exit 1; fi; fi
	$(BIN)/python -m tests.browser.engines build/site

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/actionlint
	$(BIN)/zizmor --offline --persona pedantic .github

# Every budget beside its peers, as the Markdown of docs/measurements.md: an hour, each row as it is
# measured, so `make -s bench | tee build/measurements.md`; the page's remarks are written by hand.
# A peer that cannot be had and a row that fails are named there.
bench: dev browser peers
	@failed=0; $(BIN)/python -m benchmarks --posts 1000 10000 || failed=1; \
	$(BIN)/python -m tests.worst && exit $$failed

# What follows docs/measurements.md: builds and a change in a large archive, beside hugo.
bench-100000: dev browser
	@$(BIN)/python -m benchmarks --lean --posts 10000 100000

# The one peer of the system's package manager; the others are installed by the benchmark itself.
peers:
	@if ! command -v gittuf >/dev/null && command -v apt-get >/dev/null; then \
	  SUDO=; [ "$$(id -u)" = 0 ] || SUDO=sudo; \
	  $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq gittuf >&2 || true; fi

# The hostile archives of docs/threats.md alone; JUDGE=other-command holds another implementation
# to them by its command line (tests/builders/judging.py).
JUDGE ?=
hostile: dev
	SANSHEN_CLICKED=1 SANSHEN_JUDGE="$(JUDGE)" $(BIN)/python -m pytest tests/hostile

INPUTS ?= 1000000
# Long runs: properties with new examples; every parser fed spoiled bytes; writers and builds
# killed at random moments.
fuzz: dev
	SANSHEN_LONG=1 $(BIN)/python -m pytest -m "hypothesis or random"
	$(BIN)/python -m tests.fuzz --inputs $(INPUTS)
	$(BIN)/python -m tests.sign.killed_writers --moments 200
	$(BIN)/python -m tests.site.killing 100 build/kills

# Which changes of the evidence code no test notices; docs/mutants.md explains the survivors.
mutants: dev
	$(BIN)/mutmut run
	$(BIN)/mutmut results

# Needs npm: the markup of every page by two validators, style sheets and drawings by the second;
# of the demo and of the hard cases of tests/browser/test_layout.py.
html: archive dev java
	npm install --silent --no-audit --no-fund --ignore-scripts --prefix $(HTML) html-validate@9.7.1 vnu-jar@26.9.27
	$(BIN)/python -m tests.browser.hard_site $(HTML)/hard
	$(HTML)/node_modules/.bin/html-validate --config tests/browser/htmlvalidate.json "build/site/**/*.html" "$(HTML)/hard/site/**/*.html"
	find build/site $(HTML)/hard/site \( -name '*.html' -o -name '*.css' -o -name '*.svg' \) -exec \
	  java -jar $(HTML)/node_modules/vnu-jar/build/dist/vnu.jar --Werror --also-check-css --also-check-svg \
	  --filterfile tests/browser/vnu-filter.txt {} +

# From the system's package manager: Java 17 or newer, for the second validator.
java:
	@if ! command -v java >/dev/null; then \
	  if command -v apt-get >/dev/null; then \
	    SUDO=; [ "$$(id -u)" = 0 ] || SUDO=sudo; \
	    $$SUDO apt-get update -qq; \
	    $$SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends default-jre-headless >/dev/null; \
	  else echo "Install Java 17 or newer with your package manager, then run make html again."; exit 1; fi; fi

# Maintainers: sign the demo again after its content changed.
demo: install
	$(BIN)/python -m demo.sign

# Maintainers: collect the sentences of the code and compile the catalogues.
messages: dev
	$(BIN)/python -m tools.messages

# The pictures of README and guides, photographed anew.
pictures: dev browser
	$(BIN)/python -m tools.pictures

# Maintainers: versions and hashes only; a lock file holds no address.
lock: dev
	$(BIN)/python -m tools.lock

clean:
	rm -rf build
