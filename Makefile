# What a developer does with this tree. It needs Go, git and make; what else a
# target needs it installs, from Debian's packages or into .tools/.

GO       ?= go
FUZZTIME ?= 60s
COUNT    ?= 6
READINGS ?= 50
SOAK     ?= 5m

# The linker's settings are those of .promu.yml.
info    := github.com/prometheus/common/version
ldflags := -s -w \
  -X $(info).Version=$(shell cat VERSION) \
  -X $(info).Revision=$(shell git rev-parse HEAD 2>/dev/null) \
  -X $(info).Branch=$(shell git rev-parse --abbrev-ref HEAD 2>/dev/null) \
  -X $(info).BuildUser=$(shell id -un)@$(shell uname -n) \
  -X $(info).BuildDate=$(shell date -u +%Y%m%d-%H:%M:%S)

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "%-16s %s\n", $$1, $$2}'

.PHONY: build
build: ## Build power_exporter
	CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false -tags netgo -ldflags '$(ldflags)' -o power_exporter .

.PHONY: demo
demo: ## Run the exporter on simulated devices of all systems (DEMO_ONCE=1: show one probe and exit)
	@scripts/demo

.PHONY: test
test: ## Run all tests, the ones against a real upsd and Prometheus too
	@scripts/need gcc libc6-dev nut-server nut-client prometheus prometheus-alertmanager iproute2 chromium
	CGO_ENABLED=1 $(GO) test -race -shuffle=on ./...
	CGO_ENABLED=1 $(GO) -C dashboards/generate test -race -shuffle=on ./...

.PHONY: lint
lint: .tools/golangci-lint ## Check Go code, shell scripts and metrics
	@scripts/need shellcheck prometheus
	.tools/golangci-lint run --build-tags=wire,record
	cd dashboards/generate && ../../.tools/golangci-lint run
	shellcheck .ci/run scripts/* deploy/packages/build deploy/packages/check deploy/packages/postinstall deploy/packages/preremove deploy/packages/postremove
	@scripts/check-tree
	@scripts/check-metrics

.PHONY: fuzz
fuzz: ## Fuzz each target for FUZZTIME
	scripts/fuzz $(FUZZTIME)

.PHONY: bench
bench: .tools/benchstat ## Run the benchmarks COUNT times; the result is for benchstat
	@mkdir -p .build
	$(GO) test -run='^$$' -bench=. -benchmem -count=$(COUNT) $$(scripts/packages-with 'func Benchmark') >.build/bench.txt || { cat .build/bench.txt; exit 1; }
	.tools/benchstat .build/bench.txt

.PHONY: wire
wire: ## Test links with a known delay, and measure READINGS probes on them (root)
	@scripts/need iproute2 nut-server
	@mkdir -p .build
	$(GO) test -c -tags=wire -o .build/wire.test ./bench/wire
	$(GO) build -buildvcs=false -o .build/nutbench ./bench/nut
	$(GO) build -buildvcs=false -o .build/synlinkbench ./bench/synlink
	cd bench/wire && $(if $(filter 0,$(shell id -u)),,sudo) ../../.build/wire.test
	$(if $(filter 0,$(shell id -u)),,sudo) .build/nutbench -n $(READINGS)
	$(if $(filter 0,$(shell id -u)),,sudo) .build/synlinkbench -n $(READINGS)

.PHONY: sidebyside
sidebyside: build .tools/json_exporter ## Measure READINGS probes beside bare clients and json_exporter (root)
	@scripts/need iproute2 nut-server
	@mkdir -p .build
	$(GO) build -buildvcs=false -o .build/sidebyside ./bench/sidebyside
	$(if $(filter 0,$(shell id -u)),,sudo) .build/sidebyside -n $(READINGS)

.PHONY: fleet
fleet: build ## Hold the exporter to its budgets: time, CPU and memory with up to 10,000 targets, outlets and pushed devices
	$(GO) run ./bench/fleet -exporter ./power_exporter -check

.PHONY: soak
soak: ## Put an hour's load of 500 targets on the exporter in SOAK, with faults (SEED=n for the same ones again)
	@scripts/need gcc libc6-dev
	CGO_ENABLED=1 $(GO) test -count=1 -timeout=0 -run='^TestSoak$$' -v ./e2e/soak -args -soak=$(SOAK) -targets=500 -upses=200 -hooks=50 -grows=1.25 $(if $(SEED),-seed=$(SEED))

.PHONY: golden
golden: ## Rewrite the golden files; read the difference before you keep it
	$(GO) test $$(scripts/packages-with 'internal/golden|flag.Bool\("update"') -update

.PHONY: generate
generate: ## Write what is generated, such as METRICS.md
	$(GO) generate ./...

.PHONY: check-generated
check-generated: ## Check that what is generated is up to date
	@scripts/check-generated

.PHONY: check-imports
check-imports: .tools/golangci-lint ## Check that the linter refuses a forbidden import
	@scripts/check-imports

.PHONY: check-unit
check-unit: build ## Check the systemd unit and how exposed it is
	@scripts/need systemd procps
	@scripts/check-unit

.PHONY: image
image: ## Build a container image with docker, podman or buildah
	scripts/image

.PHONY: tarball
tarball: .tools/promu ## Build the release tarball of this platform
	scripts/promu build --prefix=.build/release
	scripts/promu tarball --prefix=.build/tarballs .build/release
	tar -tzf .build/tarballs/power_exporter-$(shell cat VERSION).$(shell $(GO) env GOOS)-$(shell $(GO) env GOARCH).tar.gz

.PHONY: packages
packages: .tools/nfpm .tools/promu ## Build a .deb and an .rpm of this platform, and look into them (root)
	deploy/packages/build
	deploy/packages/check

.PHONY: check-deploy
check-deploy: ## Hold compose, Kubernetes and Alertmanager files to the code that reads them
	cd deploy/validate && $(GO) test ./...

.PHONY: check-modules
check-modules: ## Look for newer patch releases and known weaknesses of what the exporter is built of
	scripts/check-modules

.PHONY: check-secrets
check-secrets: ## Run the tests, and look for their secrets in all that they print
	scripts/check-secrets

.PHONY: crossbuild
crossbuild: .tools/promu ## Build the release tarballs of all platforms of .promu.yml
	scripts/crossbuild

.PHONY: clean
clean: ## Remove what was built, but not the tools
	rm -rf .build power_exporter powersim

# Tools are built from their own module, at the versions that it pins.
.tools/golangci-lint: tool = github.com/golangci/golangci-lint/v2/cmd/golangci-lint
.tools/promu:         tool = github.com/prometheus/promu
.tools/benchstat:     tool = golang.org/x/perf/cmd/benchstat
# By itself, since it would raise what the others are built with.
.tools/nfpm: tools/nfpm/go.mod tools/nfpm/go.sum
	cd tools/nfpm && CGO_ENABLED=0 $(GO) build -buildvcs=false -o ../../$@ github.com/goreleaser/nfpm/v2/cmd/nfpm
.tools/json_exporter: tools/jsonexporter/go.mod tools/jsonexporter/go.sum
	cd tools/jsonexporter && CGO_ENABLED=0 $(GO) build -buildvcs=false -o ../../$@ github.com/prometheus-community/json_exporter
.tools/%: tools/go.mod tools/go.sum
	cd tools && CGO_ENABLED=0 $(GO) build -buildvcs=false -o ../$@ $(tool)
