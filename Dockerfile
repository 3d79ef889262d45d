# The exporter alone: no shell, no package manager, no user but nobody.
#
#   make image

ARG GO_VERSION=1.26.11
FROM golang:${GO_VERSION}-bookworm AS build
# The folder of the store, so that a new volume there belongs to who writes it.
WORKDIR /var/lib/power_exporter
ARG VERSION=unknown REVISION=unknown BRANCH=unknown BUILD_DATE=unknown
WORKDIR /src
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -tags netgo -o /power_exporter -ldflags "-s -w \
  -X github.com/prometheus/common/version.Version=${VERSION} \
  -X github.com/prometheus/common/version.Revision=${REVISION} \
  -X github.com/prometheus/common/version.Branch=${BRANCH} \
  -X github.com/prometheus/common/version.BuildUser=image \
  -X github.com/prometheus/common/version.BuildDate=${BUILD_DATE}" .

FROM scratch
LABEL org.opencontainers.image.title="power_exporter" \
      org.opencontainers.image.description="Prometheus exporter for power equipment" \
      org.opencontainers.image.licenses="Apache-2.0"
# For tls_config without a ca_file of its own.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /power_exporter /bin/power_exporter
COPY LICENSE /
COPY --from=build --chown=65534:65534 /var/lib/power_exporter /var/lib/power_exporter
USER 65534:65534
EXPOSE 10493 10494
ENTRYPOINT ["/bin/power_exporter"]
