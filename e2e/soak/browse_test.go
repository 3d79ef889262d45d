package soak

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"net/url"
	"time"
)

// browse asks for all that people and Prometheus ask for beside the scrapes,
// until loading ends.
func (l *load) browse(ctx, loading context.Context, r *rand.Rand) {
	var asked []*device
	for _, d := range l.devices {
		if !d.alone {
			asked = append(asked, d)
		}
	}
	every(loading, 150*time.Millisecond, func() {
		target := "/probe?target=" + url.QueryEscape(asked[r.IntN(len(asked))].name)
		pages := []func(){
			func() { l.get(ctx, "/", nil, http.StatusOK) },
			func() { l.get(ctx, "/config", nil, http.StatusOK) },
			func() { l.get(ctx, "/-/ready", nil, http.StatusOK) },
			func() { l.discover(ctx, "/sd") },
			func() { l.discover(ctx, "/sd?devices=true") },
			func() { l.discover(ctx, "/sd?devices=true&shard=1/3") },
			func() { l.discover(ctx, "/sd?match=site%3Dsoak") },
			func() { l.get(ctx, target+"&debug=true", nil, http.StatusOK, http.StatusBadRequest) },
			func() { l.get(ctx, target, nil, http.StatusOK, http.StatusBadRequest) },
			func() { l.get(ctx, target+"&device=epdu", nil, http.StatusOK, http.StatusBadRequest) },
			func() { l.leave(ctx, target, r) },
			func() { l.leave(ctx, "/sd?devices=true", r) },
			func() { l.get(ctx, "/probe?module=push&target=load-00001", nil, http.StatusOK) },
			func() { l.get(ctx, "/probe?module=nut&target=127.0.0.1:1", nil, http.StatusOK) },
			func() { l.get(ctx, "/probe?module=ems&auth=user&target=127.0.0.1:1", nil, http.StatusForbidden) },
			func() { l.get(ctx, "/probe?target=nobody&upps=1", nil, http.StatusBadRequest) },
			func() { l.get(ctx, "/nothing", nil, http.StatusNotFound) },
		}
		pages[r.IntN(len(pages))]()
		l.counts.browse()
	})
}

// discover asks for targets, and reads the list.
func (l *load) discover(ctx context.Context, path string) {
	p, ok := l.get(ctx, path, nil, http.StatusOK)
	if !ok {
		return
	}
	var groups []struct {
		Targets []string          `json:"targets"`
		Labels  map[string]string `json:"labels"`
	}
	if err := json.Unmarshal([]byte(p.body), &groups); err != nil {
		l.problems.add("a list of targets cannot be read", "%s: %v", path, err)
	}
	for _, g := range groups {
		if len(g.Targets) != 1 || g.Labels["__param_target"] == "" {
			l.problems.add("a list of targets has one that cannot be probed", "%s: %+v", path, g)
		}
	}
}

// leave asks for a page and does not wait for it.
func (l *load) leave(ctx context.Context, path string, r *rand.Rand) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(r.IntN(50))*time.Millisecond)
	defer cancel()
	_, _ = l.fetch(ctx, http.MethodGet, path, nil) // whatever comes of it
}
