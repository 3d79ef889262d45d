package emssim_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/emssim"
)

// uidsIn are the uids of a list, in the order of the text.
func uidsIn(t *testing.T, list, text string) []string {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	var uids []string
	for depth, key := 0, true; d.More() || depth > 0; {
		token, err := d.Token()
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		switch token {
		case json.Delim('{'):
			depth++
			key = true
			continue
		case json.Delim('}'):
			depth--
			key = true
			continue
		}
		if name, ok := token.(string); ok && key && depth == 2 {
			uids = append(uids, name)
		} else if ok && key && depth == 1 && name != list {
			t.Errorf("a list of %s", name)
		}
		key = !key
	}
	return uids
}

func TestFilters(t *testing.T) {
	t.Parallel()
	_, get := session(t, emssim.Options{}, emssim.MustRecorded("site"))
	for _, tt := range []struct{ list, query, want string }{
		{"devices", "", "1 59 70 80"},
		{"devices", "?uids=59,1", "1 59"},
		{"devices", "?uids=59,59,2", "59"},
		{"devices", "?uids=0", ""},
		{"devices", "?protocol=meterBus", "1"},
		{"devices", "?protocol=tcp", "59"},
		{"devices", "?protocol=P1", "70"},
		{"devices", "?protocol=virtual", "80"},
		{"devices", "?protocol=rtu", ""},
		{"devices", "?protocol=tcp&uids=1", ""},
		{"devices", "?protocol=tcp&uids=1,59", "59"},
		{"devices", "?limit=1&page=7", "1 59 70 80"},
		{"loads", "", "2 3 4 60 71 81"},
		{"loads", "?uids=81,2,1", "2 81"},
		{"loads", "?protocol=meterBus", "2 3 4"},
		{"loads", "?protocol=meterBus&uids=3,60", "3"},
		{"loads", "?protocol=P1", "71"},
		{"loads", "?protocol=rtu", ""},
		{"signals", "?limit=3", "100 101 102"},
		{"signals", "?limit=3&page=2", "103 104 105"},
		{"signals", "?uids=402,101,120,100&limit=2", "100 101"},
		{"signals", "?uids=402,101,120,100&limit=2&page=2", "120 402"},
		{"signals", "?uids=402,101,120,100&limit=2&page=3", ""},
		{"signals", "?protocol=nonsense&limit=1", "100"},
		{"signals", "?limit=9223372036854775807&page=9223372036854775807", ""},
		{"realtime", "?uids=112,120,200", "112 200"},
		{"realtime", "?limit=2&page=2", "102 103"},
	} {
		a := get("/v1/" + tt.list + tt.query)
		if got := strings.Join(uidsIn(t, tt.list, a.Body), " "); a.Status != http.StatusOK || got != tt.want {
			t.Errorf("%s%s: %d %q, want %q", tt.list, tt.query, a.Status, got, tt.want)
		}
	}
}

// Who reads page after page has each signal once, in order.
func TestPaging(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		signals, limit, max int
		pages               []int
	}{
		{1500, 0, 0, []int{1000, 500, 0}},
		{1000, 0, 0, []int{1000, 0}},
		{999, 0, 0, []int{999, 0}},
		{1500, 2000, 0, []int{1500, 0}},
		{7, 3, 0, []int{3, 3, 1, 0}},
		{6, 3, 0, []int{3, 3, 0}},
		{0, 0, 0, []int{0}},
		{250, 0, 100, []int{100, 100, 50, 0}},
		{250, 1000, 100, []int{100, 100, 50, 0}},
		{5, 2, 100, []int{2, 2, 1, 0}},
	} {
		t.Run(fmt.Sprintf("%d by %d at most %d", tt.signals, tt.limit, tt.max), func(t *testing.T) {
			t.Parallel()
			model := emssim.Large(tt.signals)
			_, get := session(t, emssim.Options{PageMax: tt.max}, model)
			for _, list := range []string{"signals", "realtime"} {
				var want, got []string
				for _, s := range model.Signals {
					want = append(want, strconv.Itoa(s.UID))
				}
				for page, n := range tt.pages {
					path := fmt.Sprintf("/v1/%s?page=%d", list, page+1)
					if tt.limit > 0 {
						path += fmt.Sprintf("&limit=%d", tt.limit)
					}
					uids := uidsIn(t, list, get(path).Body)
					if len(uids) != n {
						t.Errorf("%s: %d, want %d", path, len(uids), n)
					}
					got = append(got, uids...)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%s: %d of %d, or in another order", list, len(got), len(want))
				}
			}
		})
	}
}

// What is edited is answered, in the order of the uids.
func TestEdit(t *testing.T) {
	t.Parallel()
	ems, get := session(t, emssim.Options{}, emssim.MustRecorded("manual"))
	ems.Edit(func(m *emssim.Model) {
		m.Devices = append(m.Devices, emssim.Device{UID: 7, Label: `<"Größe">`})
		m.Loads = append(m.Loads, emssim.Load{UID: 1, DID: 7, RTU: &emssim.Block{Main: true}}, emssim.Load{UID: 9})
		m.Realtime[0].V = nil
		m.Signals = nil
	})
	for path, want := range map[string]string{
		"/v1/devices?uids=7":       `{"devices":{"7":{"uid":7,"label":"\u003c\"Größe\"\u003e","partNumber":"","system":""}}}`,
		"/v1/devices?protocol=rtu": `{"devices":{"7":{"uid":7,"label":"\u003c\"Größe\"\u003e","partNumber":"","system":""}}}`,
		"/v1/loads?uids=1,9":       `{"loads":{"1":{"uid":1,"label":"","enable":false,"index":0,"type":0,"did":7,"rtu":{"main":true,"system":0}},"9":{"uid":9,"label":"","enable":false,"index":0,"type":0,"did":0}}}`,
		"/v1/realtime/100":         `{"realtime":{"100":{"uid":100,"si":29,"v":null,"t":1752493029975,"r":0,"s":1}}}`,
		"/v1/signals":              `{"signals":{}}`,
	} {
		if a := get(path); a.Body != want {
			t.Errorf("%s: %s", path, a.Body)
		}
	}
	if got := strings.Join(uidsIn(t, "devices", get("/v1/devices").Body), " "); got != "1 7 59" {
		t.Error(got)
	}
	if m := ems.Model(); len(m.Devices) != 3 || m.Realtime[0].V != nil || m.Signals != nil {
		t.Errorf("%+v", m)
	}
}

// A model may be changed after it was handed over, and a copy, too.
func TestModelIsACopy(t *testing.T) {
	t.Parallel()
	m := emssim.MustRecorded("site")
	ems, get := session(t, emssim.Options{}, m)
	before := maps.Collect(func(yield func(string, string) bool) {
		for _, list := range []string{"devices", "loads", "realtime"} {
			if !yield(list, get("/v1/"+list).Body) {
				return
			}
		}
	})
	for _, copied := range []emssim.Model{m, ems.Model()} {
		copied.Devices[0].Label = "changed"
		copied.Loads[0].MeterBus.Main = false
		copied.Loads[3].TCP.Main = true
		copied.Loads[4].P1.Main = false
		copied.Loads[5].Virtual.Main = true
		*copied.Realtime[0].V = 1
		copied.Realtime[0].T = 1
	}
	for list, want := range before {
		if got := get("/v1/" + list).Body; got != want {
			t.Errorf("%s: %s, want %s", list, got, want)
		}
	}
}
