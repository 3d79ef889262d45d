package ems

import (
	"crypto/tls"
	"net/http"
	"net/url"
	"time"
)

// Options say which EMS is read, and how.
type Options struct {
	// Base is the address of the EMS, such as http://ems.example.net.
	Base *url.URL
	// TLS is for a base with https.
	TLS *tls.Config
	// Proxy is nil for none.
	Proxy func(*http.Request) (*url.URL, error)
	// FollowRedirects goes where the EMS points to, on the same host only.
	FollowRedirects bool

	// Username and Password are of an account with the API role; AuthName is what
	// the configuration calls them.
	Username, Password, AuthName string

	// Signals says what values are, by the si of their signals.
	Signals map[int]Signal
	// MetadataTTL is how long devices, loads and signals are remembered.
	MetadataTTL time.Duration
	// MaxAge is how far the time of a value may be from now; 0 is an hour.
	MaxAge time.Duration
	// PageSize is how many signals or values are asked for at a time; 0 is 1000.
	PageSize int
	// Protocol reads only loads of one protocol: rtu, tcp, meterBus, virtual or
	// P1; empty for all.
	Protocol string
	// UIDs reads only these devices; none for all.
	UIDs []int
	// Paths are where the objects are, by the names version, login, serial, mac,
	// devices, loads, signals and realtime. What it does not name is where the EMS
	// has it by default.
	Paths map[string]string
	// Natives exports the settings of loads, and r and s of values, as native
	// readings.
	Natives bool
}

// Signal says what the values of signals with one si are.
type Signal struct {
	Quantity Quantity
	// Line is L1, L2, L3, N, L1-N, L1-L2 and so on; empty for the whole load.
	Line string
	// Scale is how many base units one of the value is, such as 3.6e6 for kWh;
	// 0 is 1.
	Scale float64
}
