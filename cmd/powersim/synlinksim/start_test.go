package synlinksim_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"

	"power_exporter/cmd/powersim/simtest"
	"power_exporter/cmd/powersim/synlinksim"
)

func TestTLS(t *testing.T) {
	own, trust := simtest.Certificate(t)
	options := onlyTicks()
	options.Certificate = own
	pdu, url := recorded(t, options, "single8")
	if !strings.HasPrefix(url, "https://127.0.0.1:") {
		t.Errorf("url %s", url)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: trust}}
	resp, err := client.Post(url+"/login", "application/json", strings.NewReader(`{"username":"admin","password":"admin"}`)) //nolint:noctx // it is on loopback
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	conn, _, err := websocket.Dial(t.Context(), "wss"+strings.TrimPrefix(url, "https")+"/ws", &websocket.DialOptions{HTTPClient: client}) //nolint:bodyclose // Dial says not to
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.CloseNow() }() // the PDU may be first
	if err := conn.Write(t.Context(), websocket.MessageText, []byte(`{"cookie":"SPID=`+resp.Header.Get("Token")+`"}`)); err != nil {
		t.Fatal(err)
	}
	wait(t, pdu, func(s synlinksim.Stats) bool { return s.Streams == 1 })
	pdu.Tick()
	if _, message, err := read(t, conn); err != nil || message == "" {
		t.Error(err)
	}
	pdu.SetFault("/api/device", synlinksim.Fault{Reset: true})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/api/device", nil)
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := client.Do(r); err == nil {
		resp.Body.Close()
		t.Error("it was answered")
	}
}
