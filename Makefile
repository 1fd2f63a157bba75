# `make run` and `make test` are all a newcomer needs; both build what they lack.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: install run test lint bench door glance evening night idle venues fairness queues compare faults hold frames docs vendor clean browser proxies strace systemd

install: $(VENV)/.installed

$(VENV)/.installed: setup.cfg setup.py pyproject.toml
	@echo "== building $(VENV)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { apt-get update -qq && apt-get install -y -qq python3-venv; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	@echo "== installing what the tests need"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@

browser:
	@command -v chromium >/dev/null && command -v chromium-headless-shell >/dev/null || { echo "== installing chromium"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium chromium-headless-shell >/dev/null; }

# What the replay of power cuts is recorded with.
strace:
	@command -v strace >/dev/null || { echo "== installing strace"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends strace >/dev/null; }

proxies:
	@command -v nginx >/dev/null && command -v caddy >/dev/null || { echo "== installing nginx and caddy"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light caddy >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nginx-light >/dev/null; }

# Its analyser reads our units; it need not run.
systemd:
	@command -v systemd-analyze >/dev/null || { echo "== installing systemd"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends systemd >/dev/null; }

# Of Debian's package of Prometheus only the tool that tries its rules: the package is a service.
build/promtool:
	@mkdir -p $(@D)
	@if command -v promtool >/dev/null; then ln -sf "$$(command -v promtool)" $@; else \
	  echo "== fetching promtool"; apt-get update -qq; \
	  cd $(@D) && apt-get download -qq prometheus && dpkg-deb -x prometheus_*.deb prometheus-package \
	  && mv prometheus-package/usr/bin/promtool promtool && rm -r prometheus-package prometheus_*.deb; fi

build/clients/.installed: tests/clients/package.json tests/clients/package-lock.json
	@command -v npm >/dev/null || { echo "== installing nodejs and npm"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs npm >/dev/null; }
	@echo "== installing the clients from npm that the tests follow streams with"
	@mkdir -p $(@D) && cp $^ $(@D) && cd $(@D) && npm ci --silent --no-audit --no-fund
	@touch $@

run: install
	@$(BIN)/reservas init
	@$(BIN)/reservas demo
	@$(BIN)/reservas serve

lint: $(VENV)/.tested
	@echo "== ruff"; $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "== mypy"; $(BIN)/mypy

test: $(VENV)/.tested build/clients/.installed build/promtool browser proxies strace systemd lint
	@echo "== pytest"; $(BIN)/python -m pytest -m "not timed" -n 3 --maxschedchunk 1 --reruns 1
	@echo "== pytest, the rhythm of keys"; $(BIN)/python -m pytest -m timed -n 2 --maxschedchunk 1 --reruns 1 tests/browser
	@echo "== pytest, what else is timed: by itself"; $(BIN)/python -m pytest -m timed --reruns 1 --ignore tests/browser

$(VENV)/.benched: $(VENV)/.tested
	@echo "== installing what the benchmarks compare with"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	@command -v cc >/dev/null && command -v nginx >/dev/null && test -e /usr/lib/nginx/modules/ngx_nchan_module.so || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends gcc libc6-dev nginx-light libnginx-mod-nchan >/dev/null; }
	@touch $@

bench: $(VENV)/.benched
	@$(BIN)/python -m bench.realtime
	@$(BIN)/python -m bench.scans 3

door: $(VENV)/.benched
	@$(BIN)/python -m bench.door

glance: $(VENV)/.benched browser
	@$(BIN)/python -m bench.glance

evening: $(VENV)/.benched browser
	@$(BIN)/python -m bench.evening
	@$(BIN)/python -m bench.growth
	@$(BIN)/python -m bench.host_script

# How long a booking keeps others from writing in a full night.
night: $(VENV)/.benched
	@$(BIN)/python -m bench.night

idle: $(VENV)/.benched browser
	@$(BIN)/python -m bench.idle

venues: $(VENV)/.benched
	@$(BIN)/python -m bench.venues

fairness: $(VENV)/.benched
	@$(BIN)/python -m bench.fairness $(if $(REV),--against $(REV))

queues: $(VENV)/.benched
	@$(BIN)/python -m bench.queues

# make compare REV=HEAD~1: is a figure worse than that revision's?
compare: $(VENV)/.benched
	@$(BIN)/python -m bench.compare $(REV)

faults: $(VENV)/.benched
	@$(BIN)/python -m bench.faults

hold: $(VENV)/.benched
	@$(BIN)/python -m bench.hold

# What the page's decoder reads of hard frames, beside zxing-cpp.
frames: $(VENV)/.benched
	@command -v node >/dev/null || { echo "== installing nodejs"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends nodejs >/dev/null; }
	@$(BIN)/python -m bench.readers

docs: install
	@$(BIN)/python -m reservas.domain.reference > docs/events.md

# The page's libraries from npm, at the versions that tools/vendor.py lists.
vendor:
	@$(PYTHON) -m tools.vendor

clean:
	rm -rf $(VENV) *.egg-info .pytest_cache .mypy_cache .ruff_cache
