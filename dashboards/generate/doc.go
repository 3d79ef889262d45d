// Command generate writes the dashboards as JSON into the folder above. The
// tables of panels are in the files named after the dashboards; promql.go has
// the expressions that several of them use.
//
// It is a module of its own: only who changes the dashboards needs Grafana's
// libraries.
package main
