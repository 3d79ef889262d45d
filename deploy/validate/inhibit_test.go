package validate

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/prometheus/alertmanager/alert"
	"github.com/prometheus/alertmanager/config"
	"github.com/prometheus/alertmanager/eventrecorder"
	"github.com/prometheus/alertmanager/inhibit"
	"github.com/prometheus/alertmanager/provider"
	"github.com/prometheus/common/model"
)

// mutes asks Alertmanager's inhibitor whether one alert is not told while
// another fires.
func mutes(t *testing.T, c *config.Config, firing, target model.LabelSet) bool {
	t.Helper()
	now := time.Now()
	alerts := &firingAlerts{all: []*alert.Alert{{
		Alert: model.Alert{Labels: firing, StartsAt: now.Add(-time.Minute), EndsAt: now.Add(time.Hour)},
	}}}
	inhibitor := inhibit.NewInhibitor(alerts, c.InhibitRules, slog.New(slog.DiscardHandler), eventrecorder.NopRecorder())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		inhibitor.Run()
	}()
	inhibitor.WaitForLoading()
	muted := inhibitor.Mutes(t.Context(), target)
	inhibitor.Stop()
	<-ended
	return muted
}

// firingAlerts gives its alerts to who subscribes. It implements
// [provider.Alerts].
type firingAlerts struct{ all []*alert.Alert }

var errNotOffered = errors.New("not offered")

func (f *firingAlerts) SlurpAndSubscribe(string) ([]*alert.Alert, provider.AlertIterator) {
	return f.all, provider.NewAlertIterator(make(chan *provider.Alert), make(chan struct{}), nil)
}

func (f *firingAlerts) Subscribe(string) provider.AlertIterator {
	return provider.NewAlertIterator(make(chan *provider.Alert), make(chan struct{}), nil)
}

func (f *firingAlerts) GetPending() provider.AlertIterator { return f.Subscribe("") }

func (f *firingAlerts) Get(model.Fingerprint) (*alert.Alert, error) { return nil, errNotOffered }

func (f *firingAlerts) Put(context.Context, ...*alert.Alert) error { return errNotOffered }
