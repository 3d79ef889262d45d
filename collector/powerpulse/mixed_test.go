package powerpulse

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/collector"
)

// TestIsMixed compares what an object says twice.
func TestIsMixed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, object string
		want         bool
	}{
		{"agrees", `{"model":"M","deviceDetails":{"serial":"A"},"upsDetails":{"serial":"A","model":"M"}}`, false},
		{"blanks", `{"model":" M","deviceDetails":{"serial":"A "},"upsDetails":{"serial":" A","model":"M "}}`, false},
		{"serial numbers", `{"model":"M","deviceDetails":{"serial":"A"},"upsDetails":{"serial":"B","model":"M"}}`, true},
		{"models", `{"model":"M","deviceDetails":{"serial":"A"},"upsDetails":{"serial":"A","model":"N"}}`, true},
		{"serial numbers that are numbers", `{"deviceDetails":{"serial":12},"upsDetails":{"serial":"13"}}`, true},
		{"the same in both spellings", `{"deviceDetails":{"serial":12},"upsDetails":{"serial":"12"}}`, false},
		{"one serial number unknown", `{"deviceDetails":{"serial":"Unknown"},"upsDetails":{"serial":"B"}}`, false},
		{"one serial number missing", `{"deviceDetails":{},"upsDetails":{"serial":"B"}}`, false},
		{"one serial number empty", `{"deviceDetails":{"serial":""},"upsDetails":{"serial":"B"}}`, false},
		{"one serial number null", `{"deviceDetails":{"serial":null},"upsDetails":{"serial":"B"}}`, false},
		{"one model unknown", `{"model":"Unknown","upsDetails":{"model":"N"}}`, false},
		{"one model missing", `{"upsDetails":{"model":"N"}}`, false},
		{"no details", `{"model":"M"}`, false},
	} {
		list, err := decode([]byte(`[` + strings.Replace(c.object, "{", `{"upsName":"x",`, 1) + `]`))
		if err != nil {
			t.Fatal(err)
		}
		if got := list[0].isMixed(); got != c.want {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}

// TestMixed reads five UPSes of one NUT server ten times: at each probe one of
// them is right, and no series has a value of another UPS. What the simulator
// knows to be right is what may be exported.
func TestMixed(t *testing.T) {
	t.Parallel()
	counted := 0
	c, server := start(t, powerpulsesim.Options{}, powerpulsesim.MustRecorded("mixed"), func(o *Options) { o.Mixed = func() { counted++ } })
	right, err := decode(server.Systems())
	if err != nil {
		t.Fatal(err)
	}
	ups, known := map[string]int{}, map[string]bool{}
	for probe := range 10 {
		devices := mustCollect(t, c)
		up := 0
		for i, d := range devices {
			truth := devicesOf(t, &right[i])
			if d.ID != truth.ID {
				t.Fatalf("device %s, want %s", d.ID, truth.ID)
			}
			if !d.Up {
				if fmt.Sprint(d) != fmt.Sprint(d.Down()) {
					t.Errorf("%s is down and has readings", d.ID)
				}
				if (d.Serial == truth.Serial) != known[d.ID] || d.Serial != "" && d.Serial != truth.Serial {
					t.Errorf("%s has the serial number %q; was it read before: %t", d.ID, d.Serial, known[d.ID])
				}
				continue
			}
			up++
			ups[d.ID]++
			known[d.ID] = true
			if fmt.Sprint(d) != fmt.Sprint(truth) {
				t.Errorf("%s is\n%v, want\n%v", d.ID, d, truth)
			}
		}
		if up != 1 || counted != 4*(probe+1) {
			t.Errorf("probe %d: %d devices are up, %d objects counted", probe, up, counted)
		}
	}
	for _, s := range right {
		if ups[s.deviceID()] != 2 {
			t.Errorf("%s was up %d times of 10", s.deviceID(), ups[s.deviceID()])
		}
	}
}

// mixedOnce is a UPS whose serial numbers are those given.
func mixedOnce(id int, server, device, ups string) string {
	return fmt.Sprintf(`{"id":%d,"upsName":"u%d","nutServerId":%s,"nickname":"Ups %d","batteryCharge":50,"deviceDetails":{"serial":%q},"upsDetails":{"serial":%q,"status":"OL"}}`, id, id, server, id, device, ups)
}

// TestMixedIsTold shows that the log says when the mixing of a server begins and
// when it has ended, and nothing in between.
func TestMixedIsTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var text strings.Builder
		m := newMixes(nil)
		probe := func(after time.Duration, objects string, want ...string) {
			t.Helper()
			<-time.After(after)
			list, err := decode([]byte("[" + objects + "]"))
			if err != nil {
				t.Fatal(err)
			}
			text.Reset()
			m.tell(logging(t, &text), list)
			got := strings.Count(text.String(), "\n")
			for _, w := range want {
				if !strings.Contains(text.String(), w) {
					t.Errorf("the log lacks %q:\n%s", w, text.String())
				}
			}
			if got != len(want) {
				t.Errorf("%d lines, want %d:\n%s", got, len(want), text.String())
			}
		}
		well := mixedOnce(1, "1", "A", "A")
		probe(0, well)
		probe(time.Minute, well+","+mixedOnce(2, "1", "B", "A"),
			`level=WARN msg="PowerPulse mixes the UPSes of a NUT server; while it does, they are down without readings; the collector nut reads that server directly, and rightly" nut_server=1 ups=u2@1`)
		probe(time.Minute, mixedOnce(1, "1", "A", "B")+","+mixedOnce(2, "1", "B", "A"))
		probe(time.Minute, well)
		probe(59*time.Minute-time.Second, well)
		probe(0, mixedOnce(3, "1", "C", "A")+","+mixedOnce(4, "2", "D", "E"), `nut_server=2 ups=u4@2`)
		probe(time.Hour-time.Second, well+","+mixedOnce(4, "2", "D", "E"))
		probe(time.Second, well, `level=INFO msg="PowerPulse has not mixed the UPSes of a NUT server for a while" nut_server=1 while=1h0m0s`)
		probe(time.Hour, well, `nut_server=2 while=1h0m0s`)
		probe(time.Hour, mixedOnce(3, "1", "C", "A"), `nut_server=1 ups=u3@1`)
	})
}

// logging is a context of a reading whose log is the text.
func logging(t *testing.T, text *strings.Builder) context.Context {
	t.Helper()
	got := make(chan context.Context, 1)
	pool := collector.NewPool(slog.New(slog.DiscardHandler), func() {})
	pool.Read(t.Context(), collector.Source{Key: "log", Device: "log", MaxConcurrency: 1, New: func(*collector.Gate) collector.Collector {
		return catch(func(ctx context.Context) { got <- context.WithoutCancel(ctx) })
	}}, time.Minute, slog.New(slog.NewTextHandler(text, nil)))
	return <-got
}
