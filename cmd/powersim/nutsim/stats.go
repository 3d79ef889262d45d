package nutsim

import (
	"maps"
	"strings"
)

// Stats counts what the server has seen since it was made.
type Stats struct {
	Connections int            // accepted in all
	Open        int            // open now, those beyond MaxClients included
	MaxOpen     int            // the most that were open at the same time
	Commands    map[string]int // lines by verb in upper case; GET and LIST also with their subject, as "LIST VAR"
	Unknown     int            // lines that are no command
	Refused     int            // lines with SET (TRACKING, too), INSTCMD, FSD, MASTER or PRIMARY: what a reader never sends
	Errors      map[string]int // ERR answers by code
	BytesIn     int64          // commands; inside TLS, what was decrypted
	BytesOut    int64          // answers; inside TLS, what was encrypted
}

// Unshare gives a copy maps of its own.
func (st *Stats) Unshare() {
	st.Commands = maps.Clone(st.Commands)
	st.Errors = maps.Clone(st.Errors)
}

// Stats is a copy of the counts so far.
func (s *Server) Stats() Stats { return s.counts.Snapshot() }

// count notes a line; its verb is a command or not.
func count(st *Stats, verb string, args []string, known bool) {
	if !known {
		st.Unknown++
		return
	}
	st.Commands[verb]++
	switch verb {
	case "GET", "LIST":
		if len(args) > 0 {
			st.Commands[verb+" "+strings.ToUpper(args[0])]++
		}
	case "SET", "INSTCMD", "FSD", "MASTER", "PRIMARY":
		st.Refused++
	}
}
