// Package validate holds what people deploy to the code that will read it: that
// of Kubernetes, kustomize, Prometheus Operator, Compose and Alertmanager.
//
// It is a module of its own, because that code is large and the exporter needs
// none of it. The parts of these files that are the exporter's own are checked
// by the tests of the folder above.
package validate
