package main

import (
	"strings"
	"testing"
)

func TestStartOfNoExporter(t *testing.T) {
	t.Parallel()
	if _, err := start(t.Context(), "/does/not/exist"); err == nil || !strings.Contains(err.Error(), "starting exist") {
		t.Errorf("error is %v", err)
	}
	_, err := start(t.Context(), "ls")
	if err == nil || !strings.Contains(err.Error(), "ls does not listen: ") || !strings.Contains(err.Error(), "web.listen-address") {
		t.Errorf("error is %v", err)
	}
}
