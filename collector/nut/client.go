package nut

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"power_exporter/collector"
)

// UPS is what the server says of one of its UPSes.
type UPS struct {
	Name        string
	Description string     // from its owner's ups.conf; "" if there is none
	Variables   []Variable // in any order; nil when Err is set
	Err         error      // why there are no variables
}

// Variable is one of NUT's variables, such as battery.charge, and its value.
type Variable struct{ Name, Value string }

// What a server may say is bounded in bytes by the connection, and here in what
// the bytes become. All are far beyond what there is.
const (
	maxUPSes     = 2000 // of a server
	maxVariables = 4000 // of a UPS; the largest PDUs have about 2,000
	maxRefusals  = 10   // that are told one by one
)

// client asks one server for its UPSes.
type client struct {
	address  string
	username string
	password string
	tls      *tls.Config // nil for plain text
	only     []string    // the UPSes to read; none for all
}

// read reads the wanted UPSes over one connection. Their names are taken from
// the configuration or else from the last reading, so that everything can be
// asked for at once: one round trip, and a second one only if the server has a
// UPS that is new. What could be read is returned even if err is not nil, in
// the server's order; complete says whether these are all UPSes there are.
// The server has forgotten the connection when gone is called, which may be
// after read has returned.
func (c *client) read(ctx context.Context, remembered []string, gone func()) (list []UPS, complete bool, err error) {
	conn, err := c.connect(ctx)
	if err != nil {
		gone()
		return nil, false, err
	}
	defer conn.hangUp(gone)
	if err := c.secure(ctx, conn); err != nil {
		return nil, false, err
	}

	conn.secret = c.password
	x := exchange{ctx: ctx, conn: conn, read: map[string]UPS{}}
	err = c.converse(&x, remembered)
	if conn.skipped > 0 {
		collector.Logger(ctx).Debug("lines of the answer make no sense and were left out", "lines", conn.skipped)
	}
	list, err = x.result(err)
	return list, x.complete, err
}

// converse asks for everything and reads the answers.
func (c *client) converse(x *exchange, remembered []string) error {
	if len(c.only) > 0 {
		err := x.ask(append(c.login(), x.describe(c.only)...), c.only)
		x.complete = len(x.listed) == len(c.only)
		return err
	}
	if err := x.ask(append(c.login(), request{name: "LIST UPS", line: "LIST UPS", answer: x.names}), remembered); err != nil {
		return err
	}
	if unread := x.unread(); len(unread) > 0 {
		return x.ask(nil, unread)
	}
	return nil
}

// connect dials.
func (c *client) connect(ctx context.Context) (*conn, error) {
	start := time.Now()
	conn, err := dial(ctx, c.address)
	collector.Record(ctx, collector.Request{Name: "connect", Duration: time.Since(start), Err: err})
	return conn, err
}

// secure starts TLS where it is wanted.
func (c *client) secure(ctx context.Context, conn *conn) error {
	if c.tls == nil {
		return nil
	}
	start := time.Now()
	err := conn.startTLS(ctx, c.tls)
	collector.Record(ctx, collector.Request{Name: "STARTTLS", Duration: time.Since(start), Err: err})
	if err != nil {
		return fmt.Errorf("STARTTLS: %w", err)
	}
	return nil
}

// login is the requests by which the client says who it is. Their answers are
// not waited for before the next request is made, so they cost no round trip.
func (c *client) login() []request {
	if c.username == "" {
		return nil
	}
	return []request{
		{name: "USERNAME", line: "USERNAME " + quote(c.username), answer: (*conn).ok},
		{name: "PASSWORD", line: "PASSWORD " + quote(c.password), answer: (*conn).ok},
	}
}

// request is a line to send and what reads its answer. An error of answer other
// than a [ServerError] means that the answers that follow cannot be read.
type request struct {
	name   string // as people see it, without secrets
	line   string
	ofOne  bool // it is about one UPS, and its refusal no reason to end
	answer func(*conn) error
}

// exchange is the conversation of one reading.
type exchange struct {
	ctx  context.Context
	conn *conn

	listed   []UPS          // the UPSes there are, without their variables
	complete bool           // whether listed is all of them
	read     map[string]UPS // those whose LIST VAR was answered
}

// ask makes the first requests and then LIST VAR for each of the names, all in
// one write, and reads the answers in order.
func (x *exchange) ask(first []request, names []string) error {
	requests := first
	for _, name := range names {
		requests = append(requests, request{name: "LIST VAR " + name, line: "LIST VAR " + quote(name), ofOne: true, answer: x.variables(name)})
	}
	wait := x.conn.send(requests)
	for _, r := range requests {
		start := time.Now()
		before := x.conn.limit.N + int64(x.conn.answers.Buffered())
		err := r.answer(x.conn)
		after := x.conn.limit.N + int64(x.conn.answers.Buffered())
		collector.Record(x.ctx, collector.Request{Name: r.name, Duration: time.Since(start), Bytes: before - after, Err: err})
		if _, refused := errors.AsType[*ServerError](err); refused && r.ofOne {
			continue
		}
		if err != nil {
			// The server may never read the rest of what is being written.
			_ = x.conn.SetWriteDeadline(time.Unix(1, 0))
			_ = wait()
			return fmt.Errorf("%s: %w", r.name, err)
		}
	}
	return wait()
}

// names reads the answer to LIST UPS.
func (x *exchange) names(c *conn) error {
	names := map[string]bool{}
	err := c.list([]string{"UPS"}, func(words []string) bool {
		if len(words) != 2 || names[words[0]] || len(names) == maxUPSes {
			return false
		}
		names[words[0]] = true
		x.listed = append(x.listed, UPS{Name: words[0], Description: description(words[1])})
		return true
	})
	x.complete = err == nil
	return err
}

// describe is the requests for the descriptions of UPSes that are not listed.
func (x *exchange) describe(names []string) []request {
	requests := make([]request, len(names))
	for i, name := range names {
		requests[i] = request{name: "GET UPSDESC " + name, line: "GET UPSDESC " + quote(name), ofOne: true, answer: func(c *conn) error {
			x.listed = append(x.listed, UPS{Name: name})
			words, err := c.line()
			if err != nil {
				return err
			}
			if len(words) != 3 || !hasPrefix(words, "UPSDESC", name) {
				return c.unexpected("UPSDESC "+name, words)
			}
			x.listed[len(x.listed)-1].Description = description(words[2])
			return nil
		}}
	}
	return requests
}

// variables is what reads the answer to LIST VAR of the named UPS.
func (x *exchange) variables(name string) func(*conn) error {
	return func(c *conn) error {
		variables, starting := []Variable{}, false
		err := c.list([]string{"VAR", name}, func(words []string) bool {
			if len(words) != 2 || len(variables) == maxVariables {
				return false
			}
			variables = append(variables, Variable{Name: words[0], Value: words[1]})
			starting = starting || words[0] == "ups.status" && words[1] == "WAIT"
			return true
		})
		switch refused, ok := errors.AsType[*ServerError](err); {
		case ok:
			x.read[name] = UPS{Err: refused}
		case err == nil && starting:
			x.read[name] = UPS{Err: errStarting}
		case err == nil:
			x.read[name] = UPS{Variables: variables}
		}
		return err
	}
}

// unread is the names that are listed and were not asked for.
func (x *exchange) unread() []string {
	var names []string
	for _, ups := range x.listed {
		if _, ok := x.read[ups.Name]; !ok {
			names = append(names, ups.Name)
		}
	}
	return names
}

// errNotReached is the error of a UPS that the server has listed and whose
// variables did not arrive before the exchange failed.
var errNotReached = errors.New("the exchange failed before its variables were read")

// result puts together what the server has listed and what was read, and adds
// to err what concerns single UPSes. A UPS that is down is no error.
func (x *exchange) result(err error) ([]UPS, error) {
	errs, more := []error{err}, 0
	for i := range x.listed {
		ups := &x.listed[i]
		read, ok := x.read[ups.Name]
		if !ok {
			ups.Err = errNotReached
			continue
		}
		ups.Variables, ups.Err = read.Variables, read.Err
		switch {
		case ups.Err == nil || down(ups.Err):
		case len(errs) <= maxRefusals:
			errs = append(errs, fmt.Errorf("LIST VAR %s: %w", ups.Name, ups.Err))
		default:
			more++
		}
	}
	if more > 0 {
		errs = append(errs, fmt.Errorf("and LIST VAR of %d more UPSes", more))
	}
	return x.listed, errors.Join(errs...)
}

// description is what a UPS's owner wrote about it. Where nobody wrote
// anything upsd says so in words of its own.
func description(text string) string {
	if text == "Description unavailable" || text == "Unavailable" {
		return ""
	}
	return text
}
