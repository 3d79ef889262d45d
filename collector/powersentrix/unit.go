package powersentrix

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"power_exporter/internal/powersentrix"
	"power_exporter/power"
)

// unit is a UPS of the account, and what is remembered of it.
type unit struct {
	place   int // on the list, from 1
	item    powersentrix.Item
	summary powersentrix.BasicInfo // what lasts of the last one
	known   power.Device           // who it was when something of it was last read
	log     eventLog
}

// name is what the UPS is called in errors, if need be only the beginning.
func (u *unit) name() string {
	return fmt.Sprintf("%.60s",
		cmp.Or(u.item.CMM.String(), u.known.ID, u.item.Name.String(), u.item.ID.String(), fmt.Sprintf("number %d of the list", u.place)))
}

// down is the UPS when nothing of it can be read; false if not even its id is
// known.
func (u *unit) down() (power.Device, bool) {
	d := u.known
	if d.ID == "" {
		s := powersentrix.State{Basic: u.remembered()}
		d = s.Device(u.item.CMM.String(), powersentrix.Options{})
		d = d.Down()
	}
	d.Events = u.log.events()
	return d, d.ID != ""
}

// remembered is what is known of a UPS before its summary is read.
func (u *unit) remembered() powersentrix.BasicInfo {
	if u.summary != (powersentrix.BasicInfo{}) {
		return u.summary
	}
	return powersentrix.BasicInfo{CMM: u.item.CMM, Name: u.item.Name}
}

// id is by what name the UPS goes: its cmm, as anybody tells it now, or its id of
// before. It is empty if that was only the portal's own.
func (u *unit) id(s *powersentrix.State) string {
	before := u.known.ID
	if before == u.item.ID.String() {
		before = ""
	}
	return cmp.Or(u.item.CMM.String(), s.Basic.CMM.String(), s.Config.Settings.RemoteServer.UPSID.String(), before)
}

// ups reads one UPS. The summary comes first: it says whether the UPS is online,
// without which the readings that the portal has are old ones. While it cannot
// be read the last one stands in.
func (r *reading) ups(ctx context.Context, u *unit) (power.Device, []error) {
	d, _ := u.down()
	if u.item.ID.String() == "" {
		return d, []error{errors.New("the list has no id of it")}
	}
	s := powersentrix.State{Basic: u.remembered()}
	summaryErr := r.summarize(ctx, u, &s)
	var readErr, logErr error
	read := online(&s) && !hopeless(ctx, summaryErr)
	if read {
		readErr = r.measure(ctx, u, &s)
	}
	if r.log != "" && !hopeless(ctx, summaryErr, readErr) {
		logErr = r.events(ctx, u)
	}
	if summaryErr == nil || read && readErr == nil {
		d = s.Device(u.id(&s), r.mapping)
		d.ID = cmp.Or(d.ID, u.item.ID.String())
		u.known = d.Down()
	}
	d.Events = u.log.events()
	return d, slices.DeleteFunc([]error{summaryErr, readErr, logErr}, func(err error) bool { return err == nil })
}

// online reports whether the portal does not say that a UPS is offline.
func online(s *powersentrix.State) bool {
	d := s.Device("", powersentrix.Options{})
	return d.Up
}

// summarize reads the summary of a UPS, and keeps what lasts of it.
func (r *reading) summarize(ctx context.Context, u *unit, s *powersentrix.State) error {
	err := r.about(ctx, u, "/ups/getBasicInfo", func(body []byte) error {
		var read powersentrix.State
		if err := read.MergeBasic(body); err != nil {
			return err
		}
		if read.Basic == (powersentrix.BasicInfo{}) {
			return errors.New("nothing in the answer can be understood")
		}
		s.Basic = read.Basic
		return nil
	})
	if err != nil {
		return fmt.Errorf("summary: %w", err)
	}
	s.Basic.Name = cmp.Or(s.Basic.Name, u.item.Name)
	u.summary = s.Basic
	u.summary.ComUptime, u.summary.MainUptime = "", ""
	return nil
}

// measure reads all that a UPS reported last.
func (r *reading) measure(ctx context.Context, u *unit, s *powersentrix.State) error {
	err := r.about(ctx, u, "/ups/getUpsComplexObject", func(body []byte) error {
		object, err := powersentrix.ResponseObject(body)
		if err != nil {
			return err
		}
		read := *s
		if err := read.MergeData(object); err != nil {
			return err
		}
		if d := read.Device("", r.mapping); !measured(&d) {
			return errUnmeasured
		}
		*s = read
		return nil
	})
	if err != nil {
		return fmt.Errorf("readings: %w", err)
	}
	return nil
}

// about asks the portal something of one UPS.
func (r *reading) about(ctx context.Context, u *unit, path string, take func(body []byte) error) error {
	id := u.item.ID.String()
	return r.get(ctx, question{
		path: path, id: id, query: url.Values{"id": {id}}, missing: "the portal has listed this UPS, and does not know it",
	}, take)
}
