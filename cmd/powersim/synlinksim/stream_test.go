package synlinksim_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"power_exporter/cmd/powersim/synlinksim"
)

// onlyTicks is a PDU whose streams send when the test says.
func onlyTicks() synlinksim.Options { return synlinksim.Options{StreamPeriod: -1} }

// dial opens a websocket and says hello, if there is something to say.
func dial(t *testing.T, url, hello string) *websocket.Conn {
	t.Helper()
	conn, resp, err := websocket.Dial(t.Context(), url+"/ws", nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Body != nil {
		resp.Body.Close()
	}
	t.Cleanup(func() { _ = conn.CloseNow() }) // it may be closed
	conn.SetReadLimit(16 << 20)
	if hello != "" {
		if err := conn.Write(t.Context(), websocket.MessageText, []byte(hello)); err != nil {
			t.Fatal(err)
		}
	}
	return conn
}

// stream opens a websocket that gets frames.
func stream(t *testing.T, pdu *synlinksim.PDU, url string) *websocket.Conn {
	t.Helper()
	before := pdu.Stats().Streams
	conn := dial(t, url, `{"cookie":"SPID=`+logIn(t, url)+`"}`)
	wait(t, pdu, func(s synlinksim.Stats) bool { return s.Streams == before+1 })
	return conn
}

// read gives the next message.
func read(t *testing.T, conn *websocket.Conn) (websocket.MessageType, string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	kind, message, err := conn.Read(ctx)
	return kind, string(message), err
}

func TestStreamHello(t *testing.T) {
	for _, tt := range []struct {
		name, hello string
		ok          bool
	}{
		{"cookie", `{"cookie":"SPID=$"}`, true},
		{"bare token", `{"cookie":"$"}`, true},
		{"more members", `{"cookie":"SPID=$","client":"x"}`, true},
		{"as the document prints it", `{cookie: "$"}`, false},
		{"no JSON", `SPID=$`, false},
		{"token alone", `$`, false},
		{"wrong session", `{"cookie":"SPID=4jDv3lag56ADoih2bzd"}`, false},
		{"personal access token", `{"cookie":"` + synlinksim.AdminToken + `"}`, false},
		{"no cookie", `{}`, false},
		{"empty", `{"cookie":""}`, false},
		{"number", `{"cookie":1}`, false},
		{"list", `[]`, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			pdu, url := recorded(t, onlyTicks(), "single8")
			conn := dial(t, url, strings.ReplaceAll(tt.hello, "$", logIn(t, url)))
			if tt.ok {
				wait(t, pdu, func(s synlinksim.Stats) bool { return s.Streams == 1 })
				if n := pdu.Tick(); n != 1 {
					t.Errorf("%d frames", n)
				}
				if _, message, err := read(t, conn); err != nil || !json.Valid([]byte(message)) {
					t.Errorf("%v, %s", err, message)
				}
				return
			}
			if _, _, err := read(t, conn); websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
				t.Error(err)
			}
			wait(t, pdu, func(s synlinksim.Stats) bool { return s.BadSockets == 1 && s.OpenSockets == 0 && s.Streams == 0 })
		})
	}
}

// Nobody gets anything before the session was shown.
func TestStreamWaits(t *testing.T) {
	pdu, url := recorded(t, onlyTicks(), "single8")
	conn := dial(t, url, "")
	wait(t, pdu, func(s synlinksim.Stats) bool { return s.OpenSockets == 1 })
	if n := pdu.Tick(); n != 0 {
		t.Errorf("%d frames", n)
	}
	if err := conn.Close(websocket.StatusNormalClosure, ""); err != nil {
		t.Error(err)
	}
	wait(t, pdu, func(s synlinksim.Stats) bool { return s.OpenSockets == 0 })
}

// The document's sample comes out as it is printed.
func TestStreamSample(t *testing.T) {
	pdu, url := recorded(t, onlyTicks(), "manual")
	conn := stream(t, pdu, url)
	pdu.Tick()
	kind, message, err := read(t, conn)
	const want = `{"device":{"uptime":251362,"time":"2012-01-03T22:34Z"},"banks":[{"id":16777225,"currentRms":0.007400000002235174,"voltageRms":117.0999984741211,"lineFrequency":60.1879997253418,"powerFactor":-0.465087890625,"activePower":0.4000000059604645,"apparentPower":0.8600000143051147,"hasCircuitBreakerProtection":false,"circuitBreakerClosed":true,"energyAccumulation":0}],"inlets":[{"id":"I1-9826498","inletCurrentRms":0.007400000002235174,"inletVoltageRms":117.0999984741211,"inletLineFrequency":60.1879997253418,"inletPowerFactor":0.4651162922382355,"inletActivePower":0.4000000059604645,"inletApparentPower":0.8600000143051147,"inletEnergyAccumulation":0}],"outlets":[{"id":"1-16777225","currentRms":0.16098617017269135,"state":"ON","voltageDetection":true,"relayHealth":"OK"}],"sensors":[{"sensorPort":"B","sensorName":"Temperature & Humidity Sensor","sensorTempInC":18.23232650756836,"sensorTempInF":64.81819152832031,"sensorHumidity":59.186912536621094,"sensorType":"temp_hum"}]}`
	if err != nil || kind != websocket.MessageText || message != want {
		t.Errorf("%v %v %s", err, kind, message)
	}
}

// A frame has the members of the sample, and those that the tables add.
func TestFrames(t *testing.T) {
	for name, parts := range map[string][]string{
		"single8": {
			`{"device":{"uptime":19284619,"time":"2026-11-20T20:17Z"},"banks":[{"id":16777225,"currentRms":`,
			`"energyAccumulation":89.02999877929688}],"inlets":[{"id":"I1-1000016","inletCurrentRms":`,
			`"outlets":[{"id":"1-16777225","currentRms":0.1599999964237213,"state":"ON","voltageDetection":true,"relayHealth":"OK"},`,
			`"sensors":[{"sensorPort":"B","sensorName":`,
		},
		"wye":      {`"threePhaseBalance":"80%","inletLines":[{"currentRms":4,"id":"L1-1024122712","line":"L1"},`},
		"ats":      {`"atsInletId":"A","atsInletActive":true,"atsInletReady":true},{"id":"I2-9826498","inletEnergyAccumulation":42.209999084472656,"atsInletId":"B","atsInletActive":false,"atsInletReady":true}]`},
		"metered":  {`"outlets":[{"id":"1-33554441","currentRms":0.30000001192092896},`},
		"switched": {`"outlets":[{"id":"1-33554442","state":"ON","voltageDetection":true,"relayHealth":"OK"},`},
		"iohub":    {`"sensorType":"dio_hub","outputRelays":[{`, `"vdcOutputState":true,"userSwitchState":false}]}`},
	} {
		pdu, url := recorded(t, onlyTicks(), name)
		conn := stream(t, pdu, url)
		pdu.Tick()
		_, message, err := read(t, conn)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range parts {
			if !strings.Contains(message, part) {
				t.Errorf("%s: no %s in %s", name, part, message)
			}
		}
		if strings.Contains(message, `"sensors"`) == (name == "metered" || name == "switched") {
			t.Errorf("%s: %s", name, message)
		}
	}
}

// What a user may not see is not in the frame.
func TestStreamPermissions(t *testing.T) {
	options := onlyTicks()
	options.Users = []synlinksim.User{{Name: "admin", Password: "admin", Permissions: []string{"viewOutlets", "viewInletStats"}, Outlets: []string{"2-16777225"}}}
	pdu, url := recorded(t, options, "single8")
	conn := stream(t, pdu, url)
	pdu.Tick()
	_, message, err := read(t, conn)
	if err != nil || strings.Contains(message, "banks") || strings.Contains(message, "sensors") || !strings.Contains(message, "inlets") ||
		!strings.HasSuffix(message, `"outlets":[{"id":"2-16777225","currentRms":1.2039999961853027,"state":"ON","voltageDetection":true,"relayHealth":"OK"}]}`) {
		t.Errorf("%v %s", err, message)
	}
}

// The period is the real one's, in small.
func TestStreamPeriod(t *testing.T) {
	pdu, url := recorded(t, synlinksim.Options{StreamPeriod: time.Millisecond}, "single8")
	conn := stream(t, pdu, url)
	for range 5 {
		if _, _, err := read(t, conn); err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(`"nothing to you"`)); err != nil {
		t.Error(err)
	}
	// The frames that were under way are discarded by Close.
	if err := conn.Close(websocket.StatusNormalClosure, "enough"); err != nil {
		t.Error(err)
	}
	wait(t, pdu, func(s synlinksim.Stats) bool { return s.OpenSockets == 0 && s.Streams == 0 })
	if stats := pdu.Stats(); stats.Frames < 5 || stats.Answers[http.StatusSwitchingProtocols] != 1 || stats.MaxInFlight != 1 {
		t.Errorf("%+v", stats)
	}
}

func TestStreamFaults(t *testing.T) {
	pdu, url := recorded(t, onlyTicks(), "single8")
	conn := stream(t, pdu, url)
	next := func(fault synlinksim.StreamFault) (websocket.MessageType, string) {
		t.Helper()
		pdu.SetStreamFault(fault)
		pdu.Tick()
		kind, message, err := read(t, conn)
		if err != nil {
			t.Fatal(err)
		}
		return kind, message
	}
	frames := pdu.Stats().Frames
	pdu.SetStreamFault(synlinksim.StreamFault{Stall: true})
	if pdu.Tick(); pdu.Stats().Frames != frames {
		t.Error("a frame while it stalls")
	}
	_, frame := next(synlinksim.StreamFault{})
	if !strings.HasPrefix(frame, `{"device"`) {
		t.Error(frame)
	}
	if _, message := next(synlinksim.StreamFault{Garbage: []byte("]garbage[")}); message != "]garbage[" {
		t.Error(message)
	}
	if _, message := next(synlinksim.StreamFault{Size: 1 << 20}); len(message) != 1<<20 || !json.Valid([]byte(message)) {
		t.Errorf("%d bytes", len(message))
	}
	if kind, message := next(synlinksim.StreamFault{Binary: true}); kind != websocket.MessageBinary || message != frame {
		t.Errorf("%v %s", kind, message)
	}
	next(synlinksim.StreamFault{Flood: 100})
	for range 99 {
		if _, message, err := read(t, conn); err != nil || message != frame {
			t.Fatalf("%v %s", err, message)
		}
	}
	pdu.DropStreams()
	if _, _, err := read(t, conn); err == nil || websocket.CloseStatus(err) != -1 {
		t.Error(err)
	}
	wait(t, pdu, func(s synlinksim.Stats) bool { return s.OpenSockets == 0 && s.Frames == 104 })
}

// A stream ends with its session.
func TestStreamExpires(t *testing.T) {
	pdu, url := recorded(t, onlyTicks(), "single8")
	conn := stream(t, pdu, url)
	pdu.ExpireSessions()
	pdu.Tick()
	if _, _, err := read(t, conn); websocket.CloseStatus(err) != websocket.StatusPolicyViolation {
		t.Error(err)
	}
	wait(t, pdu, func(s synlinksim.Stats) bool { return s.OpenSockets == 0 && s.BadSockets == 0 })
}

// Faults of the path come before the websocket, and a plain GET is no
// handshake.
func TestNoStream(t *testing.T) {
	pdu, url := recorded(t, onlyTicks(), "single8")
	if a := get(t, url+"/ws"); a.Status != http.StatusUpgradeRequired {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	pdu.SetFault("/ws", synlinksim.Fault{Status: http.StatusNotFound})
	conn, resp, err := websocket.Dial(t.Context(), url+"/ws", nil) //nolint:bodyclose // Dial says not to
	if err == nil {
		_ = conn.CloseNow() // the test has failed
	}
	if resp == nil || resp.StatusCode != http.StatusNotFound {
		t.Errorf("%v, %v", resp, err)
	}
}

// Close ends streams whose client takes no notice.
func TestCloseWithStreams(t *testing.T) {
	pdu, url := recorded(t, onlyTicks(), "single8")
	quiet, silent := stream(t, pdu, url), dial(t, url, "")
	expired := stream(t, pdu, url)
	wait(t, pdu, func(s synlinksim.Stats) bool { return s.OpenSockets == 3 })
	pdu.ExpireSessions()
	pdu.Tick() // which waits for good-byes that nobody says
	begin := time.Now()
	if err := pdu.Close(); err != nil {
		t.Error(err)
	}
	if took := time.Since(begin); took > 3*time.Second {
		t.Errorf("it took %v", took)
	}
	for _, conn := range []*websocket.Conn{quiet, silent, expired} {
		if _, _, err := read(t, conn); err == nil {
			t.Error("a message after Close")
		}
	}
	if stats := pdu.Stats(); stats.OpenSockets != 0 || stats.Streams != 0 {
		t.Errorf("%+v", stats)
	}
}
