package powersentrix

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"power_exporter/collector"
	"power_exporter/internal/powersentrix"
	"power_exporter/internal/rest"
	"power_exporter/power"
)

// function is what /api_actions is asked to do. 3, 4 and 5 act on the UPS and
// have no name here.
type function string

const (
	identity function = "1"
	fullData function = "2"
)

// direct reads one UPS.
type direct struct {
	client  *rest.Client
	key     string
	auth    string // what the configuration calls the key
	host    string
	mapping powersentrix.Options

	ident powersentrix.Ident // what lasts of the last answer to fn=1
	known *power.Device      // who the UPS was when it last answered; nil before
}

func newDirect(o Options, client *rest.Client) *direct {
	return &direct{client: client, key: o.APIKey, auth: o.AuthName, host: o.Base.Hostname(), mapping: o.mapping()}
}

// read asks for everything, in which the identity is. Only a UPS that leaves it
// out is asked for that too, in each reading, since processor load, memory and
// uptimes are in it.
func (d *direct) read(ctx context.Context) ([]power.Device, error) {
	var s powersentrix.State
	if err := d.ask(ctx, fullData, func(body []byte) error { return d.measure(&s, body) }); err != nil {
		err = fmt.Errorf("reading the UPS: %w", err)
		if d.known == nil {
			return nil, err
		}
		return []power.Device{*d.known}, err
	}
	var err error
	if s.Config.Ident == (powersentrix.Ident{}) {
		err = d.identify(ctx, &s)
	}
	device := s.Device(d.id(&s), d.mapping)
	device.ID = cmp.Or(device.ID, d.host)
	down := device.Down()
	d.known = &down
	return []power.Device{device}, err
}

// id is by what name the UPS goes: its cmm, or its id of before, as long as it is
// the same UPS. It is empty if none is known.
func (d *direct) id(s *powersentrix.State) string {
	cmm, serial := s.Config.Settings.RemoteServer.UPSID.String(), s.Config.Ident.Serial.String()
	if cmm == "" && d.known != nil && (serial == "" || serial == d.known.Serial) {
		return d.known.ID
	}
	return cmm
}

// measure takes the full data.
func (d *direct) measure(s *powersentrix.State, body []byte) error {
	if err := s.MergeData(body); err != nil {
		return err
	}
	if device := s.Device("", d.mapping); !measured(&device) {
		return errUnmeasured
	}
	return nil
}

// identify asks a UPS who it is. One that has no such function, or no identity,
// is none the worse for it.
func (d *direct) identify(ctx context.Context, s *powersentrix.State) error {
	err := d.ask(ctx, identity, func(body []byte) error {
		err := s.MergeNew(body, "")
		if err == nil && s.Config.Ident == (powersentrix.Ident{}) {
			err = fmt.Errorf("%w that can be understood", powersentrix.ErrNothing)
		}
		return err
	})
	if err == nil {
		told := s.Config.Ident
		d.ident = powersentrix.Ident{
			Serial: told.Serial, Type: told.Type, ComFirmware: told.ComFirmware, MainFirmware: told.MainFirmware,
		}
		return nil
	}
	s.Config.Ident = d.ident
	if status := rest.Status(err); status == http.StatusBadRequest || status == http.StatusNotFound || errors.Is(err, powersentrix.ErrNothing) {
		collector.Logger(ctx).Debug("the UPS does not say who it is", "err", err)
		return nil
	}
	return fmt.Errorf("reading the identity of the UPS: %w", err)
}

// ask asks for one function, and lets take read the answer.
func (d *direct) ask(ctx context.Context, f function, take func(body []byte) error) error {
	request := d.request(f)
	request.Read = take
	_, err := d.client.Get(ctx, request)
	return d.explain(f, err)
}

// request is that for one function.
func (d *direct) request(f function) rest.Request {
	return rest.Request{
		Name:   "GET /api_actions fn=" + string(f),
		Path:   "/api_actions",
		Query:  url.Values{"apiKey": {d.key}, "fn": {string(f)}},
		Hidden: []string{"apiKey"},
	}
}

// explain adds to the error of a function what a person can do about it. A UPS is
// asked for its identity only with a key that it has accepted.
func (d *direct) explain(f function, err error) error {
	switch status := rest.Status(err); {
	case status == http.StatusUnauthorized && f == fullData:
		return fmt.Errorf("%w: %w: look at the API key of auth %q", err, collector.ErrRefused, d.auth)
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return fmt.Errorf("%w: may the user of the API key of auth %q read this?", err, d.auth)
	case status == http.StatusNotFound:
		return fmt.Errorf("%w: is this a PowerSentrix UPS? The portal is read with mode: portal", err)
	case errors.Is(err, powersentrix.ErrNothing):
		return fmt.Errorf("%w: is this a PowerSentrix UPS, and the API key of auth %q right?", err, d.auth)
	}
	return rest.TooOften(err)
}
