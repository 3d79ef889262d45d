package powersentrix

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"power_exporter/internal/powersentrix"
	"power_exporter/internal/rest"
	"power_exporter/internal/session"
	"power_exporter/power"
)

// maxUPSes is how many UPSes of an account are read.
const maxUPSes = 2000

// portal reads the UPSes of an account.
type portal struct {
	client   *rest.Client
	session  *session.Session[string] // of a token
	username string
	password string
	auth     string // what the configuration calls them
	base     string // before each path
	log      string // the path of the event log; empty for none
	atATime  int
	mapping  powersentrix.Options

	units []*unit // of the last list, in its order
}

func newPortal(o Options, client *rest.Client) *portal {
	p := &portal{
		client:   client,
		username: o.Username,
		password: o.Password,
		auth:     o.AuthName,
		base:     strings.TrimSuffix(o.BasePath, "/"),
		log:      o.LogPath,
		atATime:  cmp.Or(o.Concurrency, 2),
		mapping:  o.mapping(),
	}
	p.session = session.New(p.logIn)
	return p
}

// read asks which UPSes there are, and then for each of them.
func (p *portal) read(ctx context.Context) ([]power.Device, error) {
	r := &reading{portal: p, start: time.Now()}
	var items []powersentrix.Item
	err := r.get(ctx, question{path: "/ups/getUpsList", missing: elsewhere}, func(body []byte) (err error) {
		items, err = decodeList(body)
		return err
	})
	if err != nil {
		return p.lost(), fmt.Errorf("reading the list of UPSes: %w", err)
	}
	if len(items) > maxUPSes {
		err = fmt.Errorf("the account has %d UPSes: only %d are read", len(items), maxUPSes)
		items = items[:maxUPSes]
	}
	p.arrange(items)
	devices, unread := r.all(ctx)
	return devices, errors.Join(err, unread)
}

// decodeList reads the answer to getUpsList. A list may be empty, but it must not
// seem so because nobody understands it.
func decodeList(body []byte) ([]powersentrix.Item, error) {
	object, err := powersentrix.ResponseObject(body)
	if err != nil {
		return nil, err
	}
	items, err := powersentrix.DecodeList(object)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(items, func(i powersentrix.Item) bool { return i != powersentrix.Item{} }) {
		return items, nil
	}
	if string(object) != "null" && len(bytes.Trim(object, "[] \t\r\n")) > 0 {
		return nil, errors.New("nothing in the list can be understood as a UPS")
	}
	return nil, nil
}

// lost is all UPSes that are known, when the portal tells of none.
func (p *portal) lost() []power.Device {
	var devices []power.Device
	for _, u := range p.units {
		if d, known := u.down(); known {
			devices = append(devices, d)
		}
	}
	return devices
}

// arrange takes a new list, and keeps what is remembered of the UPSes that were
// in the last one.
func (p *portal) arrange(items []powersentrix.Item) {
	before := make(map[string]*unit, len(p.units))
	for _, u := range p.units {
		before[u.item.ID.String()] = u
	}
	p.units = nil
	listed := make(map[string]bool, len(items))
	for _, item := range items {
		id := item.ID.String()
		u, known := before[id]
		switch {
		case id != "" && listed[id]:
			continue
		case id == "" || !known:
			u = &unit{}
		}
		listed[id] = true
		u.place, u.item = len(p.units)+1, item
		p.units = append(p.units, u)
	}
}

// reading is one reading of the portal.
type reading struct {
	*portal

	start time.Time
}

// question is one request.
type question struct {
	path    string // below the base path
	id      string // of the UPS that it is about; empty for none
	query   url.Values
	missing string // what to look at if there is nothing at the path
}

// maxID is the longest id that is part of a request's name, which is a label.
const maxID = 64

// elsewhere is the advice where a path of the portal is not there.
const elsewhere = "if the portal has its API elsewhere, give that as base_path of the module"

// get asks the portal, and lets take read the answer.
func (r *reading) get(ctx context.Context, q question, take func(body []byte) error) error {
	request := rest.Request{Path: r.base + q.path, Query: q.query}
	path := "GET " + request.Path
	request.Name = path
	if q.id != "" && len(q.id) <= maxID {
		request.Name += " id=" + q.id
	}
	err := r.session.DoSince(ctx, r.start, path, func(ctx context.Context, token string) error {
		request.Header = http.Header{"Authorization": {"Bearer " + token}}
		request.Read = func(body []byte) error {
			err := take(body)
			if err != nil && (bytes.Contains(body, []byte(token)) || bytes.Contains(body, []byte(r.password))) {
				// The error may quote what the portal says instead of OK.
				return errors.New("the answer cannot be understood, and is not shown because it repeats a secret")
			}
			return err
		}
		_, err := r.client.Get(ctx, request)
		if rest.Status(err) == http.StatusUnauthorized {
			return fmt.Errorf("%w: %w", err, session.ErrExpired)
		}
		return err
	})
	return r.explain(err, q.missing)
}

// explain adds to the error of a request what a person can do about it.
func (p *portal) explain(err error, missing string) error {
	if _, failed := errors.AsType[*session.LogInError](err); failed {
		return err // the log-in said so
	}
	switch rest.Status(err) {
	case http.StatusUnauthorized:
		return fmt.Errorf("%w: may the account of auth %q read this?", err, p.auth)
	case http.StatusForbidden:
		return fmt.Errorf("%w: the account of auth %q may not read this", err, p.auth)
	case http.StatusNotFound:
		return fmt.Errorf("%w: %s", err, missing)
	}
	return rest.TooOften(err)
}
