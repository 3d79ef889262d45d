package synlink_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"power_exporter/receiver/synlink"
)

// TestRefusals is what is not taken, with the answer. Nothing of it is kept.
func TestRefusals(t *testing.T) {
	t.Parallel()
	const (
		unauthorized = "unknown company or token"
		noSerial     = "malformed push: the member enclosureSerialNumber is missing, which says what unit it is"
		bare         = `{"eventCode": 15, "enclosureSerialNumber": "1000016"}`
	)
	for name, test := range map[string]struct {
		target, body string
		status       int
		message      string
	}{
		"wrong token":          {"/webhook/synlink?token=token-of-btS", bare, 401, unauthorized},
		"part of a token":      {"/webhook/synlink?token=token-of-bt", bare, 401, unauthorized},
		"no token":             {"/webhook/synlink", bare, 401, unauthorized},
		"empty token":          {"/webhook/synlink?token=", bare, 401, unauthorized},
		"two tokens":           {"/webhook/synlink?token=token-of-bts&token=hunter2", bare, 401, unauthorized},
		"the same token twice": {"/webhook/synlink?token=token-of-bts&token=token-of-bts", bare, 401, unauthorized},
		"another parameter":    {"/webhook/synlink?Token=token-of-bts", bare, 401, unauthorized},
		"another path":         {"/webhook/synlink/?token=token-of-bts", bare, 404, "not found"},
		"path of others":       {"/api/setUpsData?token=token-of-bts", bare, 404, "not found"},

		"no serial number":        {target, `{"eventCode": 15, "inlets": [{"id": "I1-1000016", "inletCurrentRms": 1}]}`, 400, noSerial},
		"empty serial number":     {target, `{"eventCode": 15, "enclosureSerialNumber": " "}`, 400, noSerial},
		"serial number is a list": {target, `{"eventCode": 15, "enclosureSerialNumber": ["1000016"]}`, 400, noSerial},
		"serial number is null":   {target, `{"eventCode": 15, "enclosureSerialNumber": null}`, 400, noSerial},
		"long serial number":      {target, `{"enclosureSerialNumber": "` + strings.Repeat("1", 129) + `"}`, 400, "malformed push: the device id has 129 bytes, more than 128"},
		"a line in it":            {target, `{"enclosureSerialNumber": "1\n2"}`, 400, "malformed push: the device id is no text in UTF-8"},
		"of no unit":              {target, `{"inlets": []}`, 400, "malformed push: the body is no web hook of a SynLink: it has neither enclosureSerialNumber nor eventCode"},
		"empty object":            {target, `{}`, 400, "malformed push: the body is no web hook of a SynLink: it has neither enclosureSerialNumber nor eventCode"},
		"null":                    {target, `null`, 400, "malformed push: the body is null where a JSON object was expected"},
		"a list":                  {target, `[` + bare + `]`, 400, "malformed push: the body is a list where a JSON object was expected"},
		"empty body":              {target, ``, 400, "malformed push: the body is empty: a JSON object was expected"},
		"comments":                {target, `{"eventCode": 15 // code` + "\n}", 400, "malformed push: the body is no JSON from byte 18 of 26 on"},
		"a form":                  {target, `eventCode=15`, 400, "malformed push: the body is no JSON from byte 1 of 12 on"},

		"too many outlets": {
			target, `{"enclosureSerialNumber": "1000016", "outlets": [` + strings.Repeat(`{"id":1},`, 1024) + `{"id":1}]}`, 413,
			`mapping the state of device "1000016": push too large: it has 1025 inlets, banks, outlets and the like, more than 1024`,
		},
		"too many lines": {
			target, `{"enclosureSerialNumber": "1000016", "inlets": [{"id": 1, "inletLines": [` + strings.Repeat(`{"id":1},`, 1024) + `{"id":1}]}]}`, 413,
			`mapping the state of device "1000016": push too large: it has 1026 inlets, banks, outlets and the like, more than 1024`,
		},
		"too many inputs": {
			target, `{"enclosureSerialNumber": "1000016", "sensors": [{"digitalInputs": [` + strings.Repeat(`{"index":1},`, 1024) + `{"index":1}], "outputRelays": {"index": 1}}]}`, 413,
			`mapping the state of device "1000016": push too large: it has 1027 inlets, banks, outlets and the like, more than 1024`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, t.TempDir(), synlink.Options{})
			defer s.Close()
			s.Refuse(test.target, test.body, test.status, test.message)
		})
	}
}

// TestTooMuchState is a unit that says more than the store keeps.
func TestTooMuchState(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), synlink.Options{})
	defer s.Close()
	status, answer := s.Post(target, `{"enclosureSerialNumber": "1000016", "banks": [{"id": 1, "bankName": "`+strings.Repeat("x", 300_000)+`"}]}`)
	if status != 413 || !strings.HasPrefix(answer, `{"message":"push too large: the state of a device has `) || s.Store.Len() != 0 {
		t.Errorf("it was answered with %d %s, and there are %d devices", status, answer, s.Store.Len())
	}
}

// TestTokens is where a token may be.
func TestTokens(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		header, query, sender string // "" is nobody
	}{
		"in the URL":                    {"", "?token=token-of-bts", "bts"},
		"in the URL, escaped":           {"", "?token=token%2Dof-bts&x=y", "bts"},
		"in the header":                 {"Bearer token-of-bts", "", "bts"},
		"in any case":                   {"bearer  token-of-bts ", "", "bts"},
		"the header counts":             {"Bearer hunter2", "?token=token-of-bts", "other"},
		"a wrong header":                {"Bearer x", "?token=token-of-bts", ""},
		"an empty header":               {"Bearer", "?token=token-of-bts", ""},
		"a header for somebody else":    {"Basic dXNlcjpwYXNz", "?token=token-of-bts", "bts"},
		"a token as another credential": {"Basic token-of-bts", "", ""},
		"without its scheme":            {"token-of-bts", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, t.TempDir(), synlink.Options{})
			defer s.Close()
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/webhook/synlink"+test.query, strings.NewReader(`{"enclosureSerialNumber": 1}`))
			if test.header != "" {
				r.Header.Set("Authorization", test.header)
			}
			want := http.StatusOK
			if test.sender == "" {
				want = http.StatusUnauthorized
			}
			if status, answer := s.Do(r); status != want {
				t.Errorf("it was answered with %d %s", status, answer)
			}
			sender := ""
			for _, status := range s.Store.Statuses() {
				sender = status.Sender
			}
			if sender != test.sender {
				t.Errorf("the sender is %q, want %q", sender, test.sender)
			}
		})
	}
}

// TestARefusalChangesNothing shows that what is known of a unit stays.
func TestARefusalChangesNothing(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir(), synlink.Options{})
	defer s.Close()
	s.push(`{"enclosureSerialNumber": 1, "eventCode": 15, "sensors": [{"sensorId": "A", "sensorTempInC": 21}]}`)
	was, _ := s.Store.Device("1")
	for _, body := range []string{
		`{`, `{"eventCode": 15}`,
		`{"enclosureSerialNumber": 1, "eventCode": 15, "sensors": [{"sensorId": "A", "sensorTempInC": 22}], "outlets": [` + strings.Repeat(`{"id":1},`, 1024) + `{"id":1}]}`,
		`{"enclosureSerialNumber": 1, "eventCode": 15, "sensors": [], "outlets": [{"id": "` + strings.Repeat(`x`, 300_000) + `"}]}`,
	} {
		if status, _ := s.Post(target, body); status < 400 || status > 413 {
			t.Errorf("%.100s was answered with %d", body, status)
		}
	}
	if is, _ := s.Store.Device("1"); is.LastSeen != was.LastSeen {
		t.Errorf("it was last seen %s, want %s", is.LastSeen, was.LastSeen)
	}
	s.Expect("celsius", `power_sensor_temperature_celsius{device="1",name="",sensor="A"} 21`)
	s.Expect("events_total", `power_events_total{code="15",device="1",event="Inlet Max Current Threshold"} 1`)
}
