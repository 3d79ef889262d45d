package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"golang.org/x/sync/errgroup"

	"power_exporter/bench/pdu"
)

// atATime is how many requests a PDU is asked at a time.
const atATime = 2

// scrape asks an exporter for one probe as Prometheus does, and returns the text.
func (p *process) scrape(ctx context.Context, parameters url.Values) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/probe?"+parameters.Encode(), nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "text/plain;version=0.0.4")
	request.Header.Set("Accept-Encoding", "gzip")
	request.Header.Set("X-Prometheus-Scrape-Timeout-Seconds", "10")
	answer, err := p.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body := io.Reader(answer.Body)
	if answer.Header.Get("Content-Encoding") == "gzip" {
		if body, err = gzip.NewReader(body); err != nil {
			return nil, err
		}
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("probe %v: %s: %s", parameters, answer.Status, text)
	}
	return text, nil
}

// probe probes a target by the exporter.
func (p *process) probe(ctx context.Context, target string) ([]byte, error) {
	text, err := p.scrape(ctx, url.Values{"target": {target}})
	if err == nil && !bytes.Contains(text, []byte("\nprobe_success 1\n")) {
		err = errors.New("the probe has failed")
	}
	return text, err
}

// probeAll probes a PDU by json_exporter: once for each endpoint, so many at a
// time as the PDU is to be asked.
func (p *process) probeAll(ctx context.Context, base *url.URL) ([]byte, error) {
	endpoints := pdu.Endpoints()
	texts := make([][]byte, len(endpoints))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for i, endpoint := range endpoints {
		group.Go(func() (err error) {
			target := base.JoinPath("api", endpoint)
			texts[i], err = p.scrape(ctx, url.Values{"module": {endpoint}, "target": {target.String()}})
			return err
		})
	}
	err := group.Wait()
	return bytes.Join(texts, nil), err
}
