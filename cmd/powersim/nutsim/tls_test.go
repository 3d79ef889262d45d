package nutsim_test

import (
	"bytes"
	"crypto/tls"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"power_exporter/cmd/powersim/nutsim"
	"power_exporter/cmd/powersim/simtest"
)

// readLine reads one answer, and no byte beyond it.
func readLine(t *testing.T, r io.Reader) string {
	t.Helper()
	var line bytes.Buffer
	for b := make([]byte, 1); line.Len() == 0 || b[0] != '\n'; {
		if _, err := r.Read(b); err != nil {
			t.Fatalf("after %q: %v", line.String(), err)
		}
		line.WriteByte(b[0])
	}
	return line.String()
}

func TestStartTLS(t *testing.T) {
	cert, trust := simtest.Certificate(t)
	for _, tt := range []struct{ name, clear, secret, want string }{
		{
			name:   "a list",
			clear:  "STARTTLS\n",
			secret: "NETVER\nGET VAR desk ups.load\n",
			want:   "1.3\nVAR desk ups.load \"042.7\"\n",
		}, {
			name:   "arguments do not matter, a second time does",
			clear:  "starttls now\n",
			secret: "STARTTLS\n",
			want:   "ERR ALREADY-SSL-MODE\n",
		}, {
			name:   "what was said in clear is remembered",
			clear:  "USERNAME a\nSTARTTLS\n",
			secret: "USERNAME b\n",
			want:   "ERR ALREADY-SET-USERNAME\n",
		}, {
			// Whoever sits between can slip a command in; so it is with upsd.
			name:   "what was sent in clear too early is answered inside",
			clear:  "STARTTLS\nNETVER\nUSERNAME ",
			secret: "a\nUSERNAME b\n",
			want:   "1.3\nOK\nERR ALREADY-SET-USERNAME\n",
		},
	} {
		for _, small := range []bool{false, true} {
			t.Run(tt.name, func(t *testing.T) {
				server, address := nutsim.Start(t, nutsim.Options{Certificate: cert, SmallWrites: small}, twoUPSes()...)
				conn := dial(t, address)
				defer conn.Close()
				send(t, conn, tt.clear)
				for line := ""; line != "OK STARTTLS\n"; {
					line = readLine(t, conn)
				}
				secret := tls.Client(conn, trust)
				send(t, secret, tt.secret)
				if err := secret.CloseWrite(); err != nil {
					t.Fatal(err)
				}
				got, err := io.ReadAll(secret)
				if diff := cmp.Diff(tt.want, string(got)); diff != "" {
					t.Errorf("%v (-want +got):\n%s", err, diff)
				}
				if in := server.Stats().BytesIn; in != int64(len(tt.clear)+len(tt.secret)) {
					t.Errorf("%d bytes in", in)
				}
			})
		}
	}
}

func TestNoHandshake(t *testing.T) {
	cert, _ := simtest.Certificate(t)
	_, address := nutsim.Start(t, nutsim.Options{Certificate: cert}, twoUPSes()...)
	open := dial(t, address)
	defer open.Close()
	send(t, open, "STARTTLS\n")
	if line := readLine(t, open); line != "OK STARTTLS\n" {
		t.Fatal(line)
	}
	send(t, open, "GET VAR desk ups.load\n")
	rest, _ := io.ReadAll(open) // the error depends on who was first
	if bytes.Contains(rest, []byte("VAR")) {
		t.Errorf("answered in clear: %q", rest)
	}

	// One that says nothing more must not keep Close waiting.
	silent := dial(t, address)
	defer silent.Close()
	send(t, silent, "STARTTLS\n")
	if line := readLine(t, silent); line != "OK STARTTLS\n" {
		t.Fatal(line)
	}
}
