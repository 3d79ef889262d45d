package emssim_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"power_exporter/cmd/powersim/emssim"
	"power_exporter/cmd/powersim/simtest"
)

// Each file of a model is what is answered, but for the spaces.
func TestFilesAreAnswered(t *testing.T) {
	t.Parallel()
	for _, name := range emssim.Models() {
		m := emssim.MustRecorded(name)
		m.Fresh = false
		_, get := session(t, emssim.Options{}, m)
		for _, reply := range []string{"sn", "mac", "devices", "loads", "signals", "realtime"} {
			text, err := os.ReadFile(filepath.Join("models", name, reply+".json"))
			if err != nil {
				t.Fatal(err)
			}
			var want bytes.Buffer
			if err := json.Compact(&want, text); err != nil {
				t.Fatalf("%s of %s: %v", reply, name, err)
			}
			if a := get("/v1/" + reply); a.Body != want.String() {
				t.Errorf("%s of %s: %s, want %s", reply, name, a.Body, want.String())
			}
		}
	}
}

func TestModels(t *testing.T) {
	t.Parallel()
	if got := emssim.Models(); !slices.Equal(got, []string{"manual", "site"}) {
		t.Error(got)
	}
	if _, err := emssim.Recorded("nothing"); err == nil || err.Error() != `no model "nothing", there are manual, site` {
		t.Error(err)
	}
	defer func() {
		if recover() == nil {
			t.Error("a model that is not there")
		}
	}()
	emssim.MustRecorded("nothing")
}

// What is on the site fits together, and has what a reader must cope with.
func TestSite(t *testing.T) {
	t.Parallel()
	now := simtest.NewClock(time.Unix(1800000000, 0))
	ems := emssim.New(emssim.Options{Now: now.Now}, emssim.MustRecorded("site"))
	defer ems.Close()
	checkModel(t, ems.Model())
	m := ems.Model()
	known := map[int]bool{}
	for _, q := range emssim.Quantities() {
		known[q.SI] = true
	}
	main, disabled := 0, []int{}
	for _, l := range m.Loads {
		if !l.Enable {
			disabled = append(disabled, l.UID)
		}
		if l.MeterBus != nil && l.MeterBus.Main || l.P1 != nil && l.P1.Main {
			main++
		}
	}
	if main != 2 || !slices.Equal(disabled, []int{4}) {
		t.Errorf("%d main loads, loads %v are disabled", main, disabled)
	}
	off, unknown := []int{}, []int{}
	for _, s := range m.Signals {
		if !s.Enable {
			off = append(off, s.UID)
		}
		if !known[s.SI] {
			unknown = append(unknown, s.UID)
		}
	}
	if !slices.Equal(off, []int{221}) || !slices.Equal(unknown, []int{220, 221}) {
		t.Errorf("signals %v are disabled, %v are of an unknown si", off, unknown)
	}
	for _, v := range m.Realtime {
		age := time.Duration(now.Now().UnixMilli()-v.T) * time.Millisecond
		want := time.Duration(0)
		switch v.UID {
		case 110:
			want = 3 * time.Hour
		case 221:
			want = 30 * 24 * time.Hour
		}
		if age != want {
			t.Errorf("value %d is %v old, want %v", v.UID, age, want)
		}
		if (v.V == nil) != (v.UID == 401) || v.V != nil && (*v.V < 0) != (v.UID == 306) {
			t.Errorf("value %d: %v", v.UID, v.V)
		}
	}
}

// checkModel says where a model does not fit together.
func checkModel(t *testing.T, m emssim.Model) {
	t.Helper()
	uids := map[int]bool{}
	take := func(uid int) {
		if uids[uid] {
			t.Errorf("uid %d is there twice", uid)
		}
		uids[uid] = true
	}
	devices, loads, signals := map[int]bool{}, map[int]int{}, map[int]int{}
	for _, d := range m.Devices {
		take(d.UID)
		devices[d.UID] = true
	}
	for _, l := range m.Loads {
		take(l.UID)
		loads[l.UID] = l.DID
		blocks := 0
		for _, there := range []bool{l.MeterBus != nil, l.TCP != nil, l.RTU != nil, l.Virtual != nil, l.P1 != nil} {
			if there {
				blocks++
			}
		}
		if !devices[l.DID] || blocks != 1 {
			t.Errorf("load %d is of device %d and has %d protocols", l.UID, l.DID, blocks)
		}
	}
	for _, s := range m.Signals {
		take(s.UID)
		signals[s.UID] = s.SI
		if did, ok := loads[s.LID]; !ok || did != s.DID {
			t.Errorf("signal %d is of load %d, device %d", s.UID, s.LID, s.DID)
		}
	}
	for _, v := range m.Realtime {
		if si, ok := signals[v.UID]; !ok || si != v.SI {
			t.Errorf("value %d of si %d has a signal of si %d", v.UID, v.SI, si)
		}
	}
}

func TestLarge(t *testing.T) {
	t.Parallel()
	meter := len(emssim.Quantities())
	for _, n := range []int{-1, 0, 1, meter, meter + 1, 1500} {
		m := emssim.Large(n)
		checkModel(t, m)
		want := max(0, n)
		if meters := (want + meter - 1) / meter; len(m.Signals) != want || len(m.Realtime) != want || len(m.Devices) != meters || len(m.Loads) != meters || !m.Fresh {
			t.Errorf("%d: %d signals, %d values, %d devices, %d loads", n, len(m.Signals), len(m.Realtime), len(m.Devices), len(m.Loads))
		}
	}
	_, get := session(t, emssim.Options{}, emssim.Large(3*meter))
	if got := uidsIn(t, "loads", get("/v1/loads?protocol=rtu").Body); !slices.Equal(got, []string{"19"}) {
		t.Error(got)
	}
}

// A model that is enlarged keeps what it had.
func TestEnlarge(t *testing.T) {
	t.Parallel()
	site := emssim.MustRecorded("site")
	m := site.Enlarge(100)
	checkModel(t, m)
	if len(m.Signals) != len(site.Signals)+100 || m.Devices[4].UID != 403 || m.Devices[4].Label != "EM0001" || m.Realtime[len(m.Realtime)-1].T != site.Realtime[0].T {
		t.Errorf("%d signals, %+v", len(m.Signals), m.Devices)
	}
	*m.Realtime[0].V = 0
	if *site.Realtime[0].V != 230.4 {
		t.Error("they share a value")
	}
}

// The invented codes are those of the document where it has any.
func TestQuantities(t *testing.T) {
	t.Parallel()
	seen := map[int]bool{}
	for _, q := range emssim.Quantities() {
		if q.SI < 1 || seen[q.SI] || q.Name == "" {
			t.Errorf("%+v", q)
		}
		seen[q.SI] = true
	}
	if q := emssim.Quantities(); q[0] != (emssim.Quantity{SI: 29, Name: "voltage", Line: "L1", Unit: "V"}) || q[1] != (emssim.Quantity{SI: 30, Name: "current", Line: "L1", Unit: "A"}) {
		t.Errorf("%+v", q[:2])
	}
}
