//go:build record

package nutsim_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestRecord writes the answers in testdata/transcripts anew, from a real
// upsd. It needs Debian's nut-server and takes a minute:
//
//	go test -tags record -run TestRecord ./cmd/powersim/nutsim
func TestRecord(t *testing.T) {
	address := startUpsd(t)
	files, err := filepath.Glob("testdata/transcripts/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		head := transcriptHead(t, file)
		all := readTranscript(t, file)
		for _, conversation := range all {
			conn := dial(t, address)
			for i := range conversation {
				record(t, conn, &conversation[i])
			}
			conn.Close()
		}
		writeTranscript(t, file, head, all)
	}
}

// record fills in the answer to one write: what comes until it is quiet.
func record(t *testing.T, conn net.Conn, e *exchange) {
	t.Helper()
	send(t, conn, e.write)
	e.answer, e.closed = "", false
	buffer := make([]byte, 1<<16)
	for {
		if err := conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond)); err != nil {
			t.Fatal(err)
		}
		n, err := conn.Read(buffer)
		e.answer += string(buffer[:n])
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return
		}
		if errors.Is(err, io.EOF) {
			e.closed = true
			return
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// transcriptHead is the comments that a transcript begins with.
func transcriptHead(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return regexp.MustCompile(`^(#.*\n)*`).FindString(string(text))
}

// writeTranscript is the opposite of readTranscript, below the comments that
// head the file.
func writeTranscript(t *testing.T, file, head string, all [][]exchange) {
	t.Helper()
	out := bytes.NewBufferString(head)
	w := bufio.NewWriter(out)
	for _, conversation := range all {
		fmt.Fprintln(w)
		for _, e := range conversation {
			fmt.Fprintf(w, "> %s\n", strconv.Quote(e.write))
			for line := range strings.Lines(e.answer) {
				if body, whole := strings.CutSuffix(line, "\n"); whole {
					fmt.Fprintf(w, "< %s\n", body)
				} else {
					fmt.Fprintf(w, "<- %s\n", line)
				}
			}
			if e.closed {
				fmt.Fprintln(w, "=")
			}
		}
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
