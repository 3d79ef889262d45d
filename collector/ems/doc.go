// Package ems reads the meters behind a Carlo Gavazzi EMS by its REST API
// (Webapi 1.0.0).
//
// question.go says what is asked, client.go and login.go ask, replies.go and
// decode.go understand, reader.go and pages.go put the pages of a list together,
// site.go says which signal belongs to which load of which device, refresh.go and
// identity.go keep that up to date, and device.go maps the values to devices. The
// vendor does not publish what the codes of its signals (si) mean: the options say
// it, and what they do not name stays a number without a unit. What becomes of
// each field is in docs/ems.md.
package ems
