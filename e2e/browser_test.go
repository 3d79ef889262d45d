package e2e

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/audits"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	browserpage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"power_exporter/e2e/program"
)

// tab is a tab of a headless browser, and what the browser had to say.
type tab struct {
	ctx context.Context

	mu         sync.Mutex
	complaints []string // console, log and audits
	requests   []string // URLs
}

// startBrowser opens a tab of a browser of its own.
func startBrowser(t *testing.T) *tab {
	t.Helper()
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(tool(t, "chromium")), chromedp.UserDataDir(filepath.Join(room(t), "profile")))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // root cannot have one
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*program.Patience)
	t.Cleanup(cancel)
	ctx, closeAll := chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(closeAll)
	ctx, closeTab := chromedp.NewContext(ctx)
	t.Cleanup(closeTab)
	b := &tab{ctx: ctx}
	b.do(t, chromedp.Navigate("about:blank"))
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, audits.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	return b
}

// listen takes down what the browser says.
func (b *tab) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		b.complaints = append(b.complaints, fmt.Sprintf("console: %s %v", e.Type, e.Args))
	case *runtime.EventExceptionThrown:
		b.complaints = append(b.complaints, "exception: "+e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		b.complaints = append(b.complaints, "log: "+e.Entry.Text+" "+e.Entry.URL)
	case *audits.EventIssueAdded:
		b.complaints = append(b.complaints, "issue: "+string(e.Issue.Code))
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	}
}

// do does things one after the other.
func (b *tab) do(t *testing.T, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// follow does something and waits for the page that it leads to.
func (b *tab) follow(t *testing.T, step chromedp.Action[chromedp.Void]) {
	t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.WaitEvent(browserpage.LoadEventFired, nil, step)); err != nil {
		t.Fatal(err)
	}
}

// value is that of an expression on the page.
func value[T any](t *testing.T, b *tab, expression string) T {
	t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// rows are what the rows of a section are called, in order.
func (b *tab) rows(t *testing.T, section string) []string {
	t.Helper()
	return value[[]string](t, b, `[...document.querySelectorAll("#`+section+` th[scope=row]")].map(h => h.firstChild.data)`)
}

// show sets the size of the window and the colour scheme.
func (b *tab) show(t *testing.T, width int64, scheme string) {
	t.Helper()
	var options []chromedp.EmulateViewportOption
	if width < 600 {
		options = append(options, chromedp.EmulateMobile)
	}
	b.do(t, chromedp.EmulateViewport(width, 900, options...))
	feature := &emulation.MediaFeature{Name: "prefers-color-scheme", Value: scheme}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{feature}}); err != nil {
		t.Fatal(err)
	}
}

// isQuiet fails the test if the browser found fault with a page, or was made to
// ask for more than the pages themselves.
func (b *tab) isQuiet(t *testing.T, root string) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, complaint := range b.complaints {
		t.Errorf("the browser complains: %s", complaint)
	}
	for _, request := range b.requests {
		if request != root+"/" && !strings.HasPrefix(request, root+"/?") && !strings.HasPrefix(request, root+"/#") {
			t.Errorf("the page has the browser ask for %s", request)
		}
	}
	if len(b.requests) < 10 {
		t.Errorf("only %d requests were seen: %q", len(b.requests), b.requests)
	}
}
