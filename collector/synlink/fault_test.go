package synlink

import (
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/power"
)

// fault is how an endpoint misbehaves, and what is said of it.
type fault struct {
	name  string
	fault synlinksim.Fault
	want  string // after "reading <endpoint>: "; $ is the request, # half of the answer's length; empty is no error
}

// faults are those that cost an endpoint all that it would have told.
var faults = []fault{
	{"401", synlinksim.Fault{Status: 401}, `$: 401 Unauthorized: the token of auth "pdu" was refused, or its user lacks the permission`},
	{"403", synlinksim.Fault{Status: 403}, `$: 403 Forbidden: the user of auth "pdu" lacks the permission: give it in the PDU, or leave the endpoint out`},
	{"404", synlinksim.Fault{Status: 404}, ""},
	{"429", synlinksim.Fault{Status: 429}, "$: 429 Too Many Requests: it is asked too often; scrape it less often, or set the module's cache_ttl"},
	{"500", synlinksim.Fault{Status: 500}, "$: 500 Internal Server Error"},
	{"503 with a page", synlinksim.Fault{Status: 503, Body: []byte(synlinksim.HTMLPage)}, "$: 503 Service Unavailable"},
	{"half a body", synlinksim.Fault{Half: true}, "$: the answer broke off after # bytes: unexpected EOF"},
	{"slow", synlinksim.Fault{Delay: time.Minute}, "$: no whole answer within the time of the probe: context deadline exceeded"},
	{"huge", synlinksim.Fault{Size: 17 << 20}, "$: the answer is larger than 16 MiB"},
	{"a web page", synlinksim.Fault{Body: []byte(synlinksim.HTMLPage), ContentType: "text/html"}, "$: the answer is a web page and not JSON: does the address lead to the device itself?"},
	{"empty", synlinksim.Fault{Body: []byte{}}, "$: the answer is empty: JSON was expected"},
	{"cut off", synlinksim.Fault{Body: []byte(`[{"id":`)}, "$: the answer ends in the middle of its JSON, after 7 bytes"},
	{"garbage", synlinksim.Fault{Body: []byte("\x00\xff\xfe")}, "$: the answer is no JSON: it breaks off at byte 1 of 3"},
	{"hangs up", synlinksim.Fault{Reset: true}, "$: the server closed the connection"},
	{"elsewhere", synlinksim.Fault{Location: "http://other.example.net/x?y"}, "$: 302 Found to http://other.example.net, which is not followed: if that is the device, use it as the address"},
}

// TestFaults lets each endpoint misbehave in each way: that endpoint's part is
// missing, the sentence says why, and all others are whole.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, tt := range faults {
		for _, endpoint := range endpoints {
			t.Run(tt.name+" "+endpoint, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					pdu, n := playInBubble(t, synlinksim.Options{}, "rack36")
					pdu.SetFault("/api/"+endpoint, tt.fault)
					c := open(t, n.options())
					devices, err := collect(t, c)
					wantDevices(t, devices, told(t, pdu, endpoint))
					text := strings.NewReplacer(
						"$", "GET http://pdu.example.net/api/"+endpoint, "#", strconv.Itoa(len(pdu.Reply(endpoint))/2),
					).Replace(tt.want)
					if text != "" {
						text = "reading " + endpoint + ": " + text
					}
					wantError(t, err, text)

					pdu.SetFault("/api/"+endpoint, synlinksim.Fault{})
					wantDevices(t, []power.Device{read(t, c)}, told(t, pdu))
				})
			})
		}
	}
}

// TestWrongTypes lets each endpoint answer with values of types that they never
// have. Nothing is read from those but flags, which PDUs do write as text, and
// all other endpoints are whole.
func TestWrongTypes(t *testing.T) {
	t.Parallel()
	flag := power.Boolean
	for endpoint, tt := range map[string]struct {
		err  string
		left func(d, before *power.Device) // of what the endpoint told
	}{
		"device":  {err: "reading device: $: the answer is JSON of another kind: it has nothing in it of what a device has"},
		"sensors": {err: "reading sensors: $: the answer is JSON of another kind: it has nothing in it of what a sensor has"},
		"inlets": {left: func(d, before *power.Device) {
			in := before.Inlets[0]
			d.Inlets = []power.Inlet{{ID: "1", Lines: make([]power.Line, 3), Plug: in.Plug, Phase: in.Phase, LineConfiguration: in.LineConfiguration}}
		}},
		"banks": {left: func(d, _ *power.Device) {
			d.Circuits = []power.Circuit{{ID: "1", BreakerClosed: flag(true)}, {ID: "2", BreakerClosed: flag(true)}, {ID: "3", BreakerClosed: flag(true)}}
		}},
		"outlets": {left: func(d, before *power.Device) {
			ofGroups := d.Outlets
			d.Outlets = nil
			for i, o := range before.Outlets {
				d.Outlets = append(d.Outlets, power.Outlet{ID: strconv.Itoa(i + 1), VoltagePresent: o.VoltagePresent})
			}
			d.Outlets = append(d.Outlets, ofGroups...)
		}},
		"groups": {left: func(d, _ *power.Device) {
			d.Groups = []power.OutletGroup{{ID: "1"}, {ID: "2"}}
		}},
		"events": {left: func(d, _ *power.Device) {
			d.Alarms = []power.Alarm{{ID: "1", Active: flag(false)}, {ID: "2", Active: flag(false)}, {ID: "3", Active: flag(true)}}
		}},
		"conf":        {left: func(_, _ *power.Device) {}},
		"diagnostics": {left: func(_, _ *power.Device) {}},
	} {
		t.Run(endpoint, func(t *testing.T) {
			t.Parallel()
			pdu, base := play(t, synlinksim.Options{}, "rack36")
			pdu.SetFault("/api/"+endpoint, synlinksim.Fault{WrongTypes: true})
			devices, err := collect(t, open(t, options(base)))
			wantError(t, err, strings.ReplaceAll(tt.err, "$", "GET "+base.String()+"/api/"+endpoint))
			want, before := told(t, pdu, endpoint), told(t, pdu)
			if tt.left != nil {
				tt.left(&want, &before)
			}
			wantDevices(t, devices, want)
		})
	}
}

// TestFaultsEverywhere lets all endpoints misbehave in each way, of a PDU that
// was read before, and of one that was not.
func TestFaultsEverywhere(t *testing.T) {
	t.Parallel()
	for _, tt := range faults {
		if tt.fault.Size > 0 {
			continue // it takes long, and is no other than the rest
		}
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				pdu, n := playInBubble(t, synlinksim.Options{}, "single8")
				known, unknown := open(t, n.options()), open(t, n.options())
				down := read(t, known)
				down = down.Down()
				asked := endpoints
				for _, endpoint := range endpoints {
					pdu.SetFault("/api/"+endpoint, tt.fault)
				}
				var text []string
				switch tt.name {
				case "404":
					text, asked = []string{"none of the endpoints is there: GET http://pdu.example.net/api/device: 404 Not Found: is this a SynLink PDU?"}, nil
				case "slow":
					text, asked = []string{"", "", "not asked any more: banks, outlets, sensors, groups, events, conf, diagnostics"}, endpoints[:2]
				default:
					text = make([]string, len(endpoints))
				}
				for i, endpoint := range asked {
					text[i] = "reading " + endpoint + ": " + strings.NewReplacer(
						"$", "GET http://pdu.example.net/api/"+endpoint, "#", strconv.Itoa(len(pdu.Reply(endpoint))/2),
					).Replace(tt.want)
				}
				devices, err := collect(t, known)
				wantError(t, err, strings.Join(text, "\n"))
				wantDevices(t, devices, down)
				devices, err = collect(t, unknown)
				wantError(t, err, strings.Join(text, "\n"))
				if len(devices) > 0 {
					t.Errorf("devices are %+v", devices)
				}
			})
		})
	}
}
