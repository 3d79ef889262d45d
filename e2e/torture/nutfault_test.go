package torture

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// errOver ends a conversation.
var errOver = errors.New("it is over")

// ending makes an answer of something after which the conversation is over.
func ending(f func(*session)) func(*session) error {
	return func(s *session) error {
		f(s)
		return errOver
	}
}

// saying answers with a text.
func saying(text string) func(*session) error {
	return func(s *session) error { return s.say(text) }
}

// changing answers with something else than what is right.
func changing(f func(string) string) func(*session) error {
	return func(s *session) error {
		text, err := s.right()
		if err != nil {
			return err
		}
		return s.say(f(text))
	}
}

// cut sends the part of the right answer before what is looked for and a few
// bytes of that, and ends the connection.
func cut(at string, more int, how func(*session)) func(*session) error {
	return func(s *session) error {
		text, err := s.right()
		if err != nil {
			return err
		}
		if i := strings.LastIndex(text, at); i >= 0 {
			text = text[:i+more]
		}
		if err := s.say(text); err != nil {
			return err
		}
		how(s)
		return errOver
	}
}

// torn and done end a conversation.
func tear(s *session) { reset(s.client) }
func done(s *session) { finish(s.client) }

// The lines at which a NUT server fails.
const (
	atList     = "LIST UPS"
	atVar      = "LIST VAR rack3ph"
	atPassword = "PASSWORD"
	atTLS      = "STARTTLS"
)

// nutStages is the names of the stages, by their lines.
var nutStages = map[string]string{atList: "list", atVar: "one UPS", atPassword: "log-in", atTLS: "STARTTLS"}

// nutFaults is the faults of a NUT server, after a connection was made.
func nutFaults(all *certificates) []nutFault {
	var faults []nutFault
	add := func(at string, f fault, answer func(*session) error) {
		faults = append(faults, nutFault{fault: f, stage: nutStages[at], at: at, answer: answer})
	}
	for _, at := range []string{atList, atVar} {
		begin, one := "UPS ", "UPS rack3ph "
		if at == atVar {
			begin, one = "VAR ", `VAR rack3ph ups.status "`
		}
		add(at, fault{name: "closed after the request", says: `closed|EOF`, means: "The server restarts, or throws the client out."}, ending(done))
		add(at, fault{name: "reset after the request", says: `connection reset`, means: "The same, with force."}, ending(tear))
		add(at, fault{name: "reset within a line", says: `connection reset`, means: "As *reset after the request*, in the middle of a word. What was not read to its end is not shown."}, cut(one, len(one)+1, tear))
		add(at, fault{name: "closed within a line", says: `closed|EOF`, means: "As *closed after the request*, in the middle of a word."}, cut(one, len(one)+1, done))
		add(at, fault{name: "reset within a list", says: `connection reset`, means: "As *reset after the request*, between two lines."}, cut("\n"+begin, 1, tear))
		add(at, fault{name: "closed within a list", says: `closed|EOF`, means: "As *closed after the request*, between two lines."}, cut("\n"+begin, 1, done))
		add(at, fault{name: "no answer", slow: true, says: `no answer in time`, means: "The server hangs, or has all its clients already (MAXCONN)."}, ending(func(s *session) { _, _ = io.Copy(io.Discard, s.client) }))
		add(at, fault{name: "slow answer", slow: true, says: `no answer in time`, means: "The server, or the way to it, is too slow for the time of the probe."}, func(s *session) error {
			text, err := s.right()
			if err != nil {
				return err
			}
			drip(s.client, text)
			return errOver
		})
		add(at, fault{name: "endless line", says: `longer than 64 KiB`, means: "Something is there that is no NUT server. No more than 64 KiB of a line are read."}, ending(func(s *session) { pour(s.client, strings.Repeat("more ", 1000)) }))
		add(at, fault{name: "endless list", says: `longer than 16 MiB`, means: "The same. No more than 16 MiB are read."}, ending(func(s *session) {
			text, _ := s.right() // what is missing is in the error
			first, _, _ := strings.Cut(text, "\n")
			_ = s.say(first + "\n") // likewise
			pour(s.client, strings.Repeat(strings.Replace(first, "BEGIN LIST ", "", 1)+" and \"more\"\n", 100))
		}))
		add(at, fault{name: "garbage", says: `.`, means: "Something is there that does not speak NUT's protocol."}, saying("\x00\x17\xfe\xff\x03 garbage\n"))
		add(at, fault{name: "a web server", says: `.`, means: "The port is that of a web server."}, ending(func(s *session) {
			_ = s.say("HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html><body>Bad Request</body></html>\r\n") // it may have left
			done(s)
		}))
		add(at, fault{name: "UTF-16", says: `.`, means: "The same, in a character set that NUT does not have."}, changing(utf16))
		add(at, fault{name: "empty lines", says: `.`, means: "The server says nothing, in many words."}, saying("\n\n\n"))
		add(at, fault{name: "OK instead of a list", says: `.`, means: "The server does not understand what it is asked, and does not say so."}, saying("OK\n"))
		add(at, fault{name: "UNKNOWN-COMMAND", says: `UNKNOWN-COMMAND`, means: "A server that speaks only a part of NUT's protocol."}, saying("ERR UNKNOWN-COMMAND\n"))
		add(at, fault{name: "ACCESS-DENIED", says: `ACCESS-DENIED`, means: "The server wants a log-in, or does not know this address."}, saying("ERR ACCESS-DENIED\n"))
		add(at, fault{name: "an error with the password", says: `ERR`, means: "An answer never brings a password into the log."}, saying(`ERR "no such user u/`+strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(secret)+"\"\n"))
	}
	add(atVar, fault{name: "DATA-STALE", fine: true, means: "The driver of one UPS has lost it. That is a device that is down, and no failed probe: the server has answered."}, saying("ERR DATA-STALE\n"))
	add(atVar, fault{name: "DRIVER-NOT-CONNECTED", fine: true, means: "The driver of one UPS does not run. That is a device that is down, too."}, saying("ERR DRIVER-NOT-CONNECTED\n"))
	add(atVar, fault{name: "UNKNOWN-UPS", says: `UNKNOWN-UPS`, means: "The UPS has gone between two requests."}, saying("ERR UNKNOWN-UPS\n"))
	add(atVar, fault{name: "names that are no UTF-8", fine: true, renames: true, means: "Names are in an older character set. What is no UTF-8 becomes �; the readings stay."}, changing(func(text string) string {
		return strings.NewReplacer(`device.model "`, "device.model \"\xfc", `ups.model "`, "ups.model \"\xfc").Replace(text)
	}))
	add(atList, fault{name: "no UPS", fine: true, means: "The server has no UPS. That is an answer; the devices are gone."}, saying("BEGIN LIST UPS\nEND LIST UPS\n"))
	add(atList, fault{name: "lines without sense in a list", fine: true, means: "Lines of the list that make no sense are left out, and counted in the debug log."}, changing(func(text string) string {
		return strings.Replace(text, "\n", "\nUPS\nUPS a b c d\nUPS \x00\n", 1)
	}))
	faults = append(faults, nutLogIn(all)...)
	return faults
}

// nutLogIn is the faults before a NUT server is asked anything.
func nutLogIn(all *certificates) []nutFault {
	var faults []nutFault
	add := func(at string, f fault, answer func(*session) error) {
		f.secure = at == atTLS
		faults = append(faults, nutFault{fault: f, stage: nutStages[at], at: at, answer: answer})
	}
	add(atPassword, fault{name: "ACCESS-DENIED", says: `ACCESS-DENIED`, means: "The server wants a log-in, or does not know this address."}, saying("ERR ACCESS-DENIED\n"))
	add(atPassword, fault{name: "INVALID-PASSWORD", says: `INVALID-PASSWORD`, means: "The user name or the password is wrong."}, saying("ERR INVALID-PASSWORD\n"))
	add(atPassword, fault{name: "closed after the request", says: `closed|EOF`, means: "The server restarts, or throws the client out."}, ending(done))
	add(atPassword, fault{name: "garbage", says: `.`, means: "Something is there that does not speak NUT's protocol."}, saying("\x00\x17\xfe\xff\x03 garbage\n"))
	add(atPassword, fault{name: "no answer", slow: true, says: `no answer in time`, means: "The server hangs, or has all its clients already (MAXCONN)."}, ending(func(s *session) { _, _ = io.Copy(io.Discard, s.client) }))
	add(atTLS, fault{name: "TLS refused", says: `FEATURE-NOT-CONFIGURED`, means: "The server has no certificate, and the module wants TLS. Nothing is sent in plain text."}, saying("ERR FEATURE-NOT-CONFIGURED\n"))
	add(atTLS, fault{name: "plain text where TLS is expected", says: `first record does not look like a TLS handshake`, means: "The server promises TLS and does not speak it."}, ending(func(s *session) {
		_ = s.say("OK STARTTLS\n") // it may have left
		_, _ = s.client.Read(make([]byte, 5))
		_ = s.say("ERR UNKNOWN-COMMAND\n") // it may have left
		done(s)
	}))
	add(atTLS, fault{name: "TLS handshake without an end", slow: true, says: `TLS handshake`, means: "The server hangs."}, ending(func(s *session) {
		_ = s.say("OK STARTTLS\n") // it may have left
		_, _ = io.Copy(io.Discard, s.client)
	}))
	add(atTLS, fault{name: "reset within the TLS handshake", says: `connection reset`, means: "One side only has TLS versions that the other refuses, or the server dies."}, ending(func(s *session) {
		_ = s.say("OK STARTTLS\n") // it may have left
		_, _ = s.client.Read(make([]byte, 5))
		reset(s.client)
	}))
	add(atTLS, fault{name: "certificate expired", says: `certificate has expired`, means: "The server's certificate is no longer valid, or the clock of the exporter's machine is wrong."}, func(s *session) error { return s.secure(all.expired) })
	add(atTLS, fault{name: "certificate for another name", says: `certificate`, means: "The certificate is not for the address by which the server is asked."}, func(s *session) error { return s.secure(all.wrongName) })
	add(atTLS, fault{name: "issuer unknown", says: `certificate signed by unknown authority`, means: "Nobody whom the exporter trusts has signed the certificate. Set `ca_file`."}, func(s *session) error { return s.secure(all.unknown) })
	return faults
}

// nutConnecting is the faults before a NUT server is asked anything at all.
func nutConnecting() []fault {
	var faults []fault
	for _, f := range connecting() {
		switch f.name {
		case "name unknown":
			f.address = func(*device) string { return nowhere }
		case "refused", "unanswered", "closed on accept", "reset on accept":
		default:
			continue
		}
		faults = append(faults, f)
	}
	return faults
}

// fails makes a NUT server fail as a device does.
func (u *upsd) fails(t *testing.T, f *fault) {
	t.Helper()
	f.begin(t, &device{port: u.port}, nil)
}
