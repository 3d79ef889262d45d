package soak

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"power_exporter/cmd/powersim/synlinksim"
	"power_exporter/e2e/program"
	"power_exporter/e2e/secrets"
)

// hook is a SynLink PDU that posts events. It repeats none.
type hook struct {
	l      *load
	client *http.Client
	random *rand.Rand
	serial string
	token  string
	model  synlinksim.Model

	events   map[string]int // taken, by code, also if the PDU never heard of it
	statuses map[int]int    // 0 is no answer
}

// newHook prepares a PDU.
func newHook(l *load, client *http.Client, i int, token string) *hook {
	models := []string{"single8", "rack36", "dual", "iohub"}
	return &hook{
		l: l, client: client, random: l.random(100 + uint64(i)), serial: fmt.Sprintf("hook-%04d", i), token: token,
		model: synlinksim.MustRecorded(models[i%len(models)]), events: map[string]int{}, statuses: map[int]int{},
	}
}

// run posts until loading ends.
func (h *hook) run(ctx, loading context.Context) {
	every(loading, h.l.period/2, func() {
		switch h.random.IntN(10) {
		case 0:
			h.refused(ctx, h.token, `{"eventCode": 15}`, http.StatusBadRequest)
		case 1:
			h.refused(ctx, h.token, `{"enclosureSerialNumber": "`+h.serial+`", "eventCode": 15`, http.StatusBadRequest)
		case 2:
			h.refused(ctx, h.token, `{"enclosureSerialNumber": "`+h.serial+`", "x": "`+strings.Repeat("x", 2<<20)+`"}`, http.StatusRequestEntityTooLarge)
		case 3:
			h.refused(ctx, secrets.Marker, h.body(15), http.StatusUnauthorized)
		default:
			h.event(ctx)
		}
	})
}

// body is a post of an event with some objects.
func (h *hook) body(code int) string {
	var parts strings.Builder
	for _, name := range []string{"inlets", "banks", "outlets", "sensors"} {
		if reply, ok := h.model.Replies[name]; ok && h.random.IntN(2) == 0 {
			fmt.Fprintf(&parts, ", %q: %s", name, reply)
		}
	}
	return fmt.Sprintf(`{"enclosureSerialNumber": %q, "eventCode": %d, "eventName": "mine", "valueExceedingThreshold": %d%s}`, h.serial, code, h.random.IntN(100), &parts)
}

// event posts an event, and counts it if it was taken. Whether it was is known
// here even if the answer was lost.
func (h *hook) event(ctx context.Context) {
	code := 15 + h.random.IntN(4)
	status, err := h.post(ctx, h.token, h.body(code))
	if lost, ok := errors.AsType[lostError](err); ok {
		status = int(lost)
	}
	switch {
	case status == http.StatusOK:
		h.events[strconv.Itoa(code)]++
	case errors.Is(err, errCut):
	default:
		h.l.problems.add("an event is not taken", "%s: status %d, %v", h.serial, status, err)
	}
}

// refused posts what must be refused. After many of these there is no other
// reason than that there were many.
func (h *hook) refused(ctx context.Context, token, body string, wanted int) {
	status, err := h.post(ctx, token, body)
	if err == nil && status != wanted && status != http.StatusTooManyRequests {
		h.l.problems.add("a wrong post is not refused as it should be", "%s: status %d, want %d", h.serial, status, wanted)
	}
}

// post posts a body and gives the status.
func (h *hook) post(ctx context.Context, token, body string) (status int, err error) {
	address := h.l.push + "/webhook/synlink"
	if h.random.IntN(2) == 0 {
		address += "?token=" + url.QueryEscape(token)
		token = ""
	}
	ctx, cancel := context.WithTimeout(ctx, program.Patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := h.client.Do(request)
	if err != nil {
		h.statuses[0]++
		return 0, err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	h.statuses[response.StatusCode]++
	return response.StatusCode, err
}
