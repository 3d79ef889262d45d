package torture

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"power_exporter/internal/golden"
)

// matrix is every cell, the configuration that has a target for each, and what
// was seen.
type matrix struct {
	certificates *certificates
	auths        []string
	modules      []string
	targets      []string
	cells        []*cell

	mu   sync.Mutex
	seen map[*cell]outcome
}

const (
	// longTime is the time of a probe that is to fail for another reason.
	longTime = "5m"
	// shortTime is that of a probe whose time is to be over.
	shortTime = "3s"
	// trusting is the part of a module that says whom it trusts.
	trusting = ", tls_config: {ca_file: ca.pem}"
)

// TestFaults makes every fault happen to every collector, and compares what the
// exporter says with docs/faults.md.
func TestFaults(t *testing.T) { //nolint:tparallel // the group is there to be waited for
	t.Parallel()
	m := &matrix{certificates: newCertificates(t), seen: map[*cell]outcome{}}
	all := systems(t)
	for i := range all {
		m.add(t, &all[i])
	}
	m.addNUT(t)
	var pushes map[string]pushOutcome
	seen := &notes{}
	e := m.start(t)
	t.Run("all", func(t *testing.T) {
		t.Run("pushes", func(t *testing.T) {
			t.Parallel()
			pushes = torturePushes(t)
		})
		for name, torture := range map[string]func(*testing.T, *notes){
			"config": tortureConfig, "store": tortureStore, "full disk": tortureFullDisk, "read-only disk": tortureReadOnly,
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				torture(t, seen)
			})
		}
		t.Run("cells", func(t *testing.T) {
			t.Parallel()
			m.watch(t, e)
		})
	})
	own := e.own(t)
	if n := own.number(t, "power_exporter_panics_total"); n != 0 {
		t.Errorf("%g panics", n)
	}
	t.Logf("%d cells", len(m.cells))
	if !t.Failed() {
		golden.Text(t, "../../docs/faults.md", m.document(all, pushes, seen))
	}
}

// watch goes through all cells. Those that only wait come last, when the others do
// not keep them from ending in time.
func (m *matrix) watch(t *testing.T, e *exporter) {
	t.Helper()
	for _, slow := range []bool{false, true} {
		t.Run(fmt.Sprint("slow=", slow), func(t *testing.T) {
			for _, c := range m.cells {
				if (c.fault.slow || c.stream) != slow {
					continue
				}
				t.Run(c.String(), func(t *testing.T) {
					t.Parallel()
					o := c.watch(t, e)
					m.mu.Lock()
					defer m.mu.Unlock()
					m.seen[c] = o
				})
			}
		})
	}
}

// start starts an exporter with a target for each cell.
func (m *matrix) start(t *testing.T) *exporter {
	t.Helper()
	dir := room(t)
	write(t, dir, "secret", secret+"\n")
	write(t, dir, "ca.pem", m.certificates.authority)
	file := write(t, dir, "config.yml", `
auths:
  user: {username: u, password_file: secret}
  api: {api_key_file: secret}
`+strings.Join(m.auths, "")+"modules:\n"+strings.Join(m.modules, "")+"targets:\n"+strings.Join(m.targets, ""))
	return startExporter(t, false, nil, "--config.file="+file)
}

// add makes a device, a target and a cell of each fault of a system.
func (m *matrix) add(t *testing.T, s *system) {
	t.Helper()
	stream := strings.Contains(s.module, "stream: on")
	sim := s.sim("")
	for _, f := range connecting() {
		if stream && f.keep {
			continue
		}
		m.cell(t, s, sim, &stage{name: "connecting"}, &f, stream)
	}
	for i := range s.stages {
		st := &s.stages[i]
		sim := s.sim(st.name)
		faults := append(answering(), replying()...)
		if st.stream {
			faults = append(faults, streaming()...)
		}
		for _, f := range faults {
			if st.stream && f.whole || st.wide && strings.HasPrefix(f.name, "endless") {
				continue
			}
			f.fine = f.fine || slices.Contains(st.harmless, f.name) || slices.Contains(st.unnoticed, f.name)
			f.vague = slices.Contains(st.unclear, f.name)
			m.cell(t, s, sim, st, &f, stream)
		}
	}
}

// cell makes one.
func (m *matrix) cell(t *testing.T, s *system, sim http.Handler, st *stage, f *fault, stream bool) {
	t.Helper()
	c := &cell{target: fmt.Sprint("target-", len(m.cells)), system: s.name, stage: st.name, fault: f, stream: stream}
	good := &m.certificates.good
	if !f.secure {
		good = nil
	}
	d := newDevice(t, sim, good, f.keep)
	c.address = d.address
	c.begin = func(t *testing.T) {
		t.Helper()
		d.begin(f, st)
		if f.begin != nil {
			f.begin(t, d, m.certificates)
		}
		if !f.keep {
			d.hangUp()
		}
	}
	c.end = func(t *testing.T) {
		t.Helper()
		d.begin(nil, nil)
		d.well(t)
		d.show(good)
	}
	address, url := s.target(d), d.url
	if f.unknown {
		url, c.begin, c.end = f.address(d), func(*testing.T) {}, nil
		c.address = nowhere
		if address == d.url {
			address = url
		}
	}
	auth := s.auth
	if auth == ownKey {
		auth = fmt.Sprint("key-", len(m.cells))
		m.auths = append(m.auths, fmt.Sprintf("  %s: {key: %s, secret_file: secret}\n", auth, auth))
	}
	m.configure(c, strings.ReplaceAll(s.module, "$url", url)+trusting, address, auth)
}

// configure adds the module and the target of a cell.
func (m *matrix) configure(c *cell, module, address, auth string) {
	timeout := longTime
	if c.fault.slow {
		timeout = shortTime
	}
	m.modules = append(m.modules, fmt.Sprintf("  %s: {%s, timeout: %s}\n", c.target, module, timeout))
	m.targets = append(m.targets, fmt.Sprintf("  - {name: %s, address: %q, module: %s, auth: %s}\n", c.target, address, c.target, auth))
	m.cells = append(m.cells, c)
}

// addNUT makes a server, a target and a cell of each fault of a NUT server.
func (m *matrix) addNUT(t *testing.T) {
	t.Helper()
	for _, f := range nutConnecting() {
		m.nutCell(t, &nutFault{fault: f, stage: "connecting"})
	}
	for _, f := range nutFaults(m.certificates) {
		m.nutCell(t, &f)
	}
}

// nutCell makes one of a NUT server.
func (m *matrix) nutCell(t *testing.T, f *nutFault) {
	t.Helper()
	c := &cell{target: fmt.Sprint("target-", len(m.cells)), system: nutName, stage: f.stage, fault: &f.fault}
	u := newUPSD(t, m.certificates.good)
	c.address = u.address
	c.begin = func(t *testing.T) {
		t.Helper()
		u.begin(f)
		if f.begin != nil {
			u.fails(t, &f.fault)
		}
	}
	c.end = func(t *testing.T) {
		t.Helper()
		u.begin(nil)
		u.well(t)
	}
	address := u.address
	if f.unknown {
		address, c.begin, c.end = f.address(nil), func(*testing.T) {}, nil
		c.address = nowhere
	}
	module := "collector: nut"
	if f.secure {
		module = "collector: nut, nut: {starttls: on}" + trusting
	}
	m.configure(c, module, address, "user")
}
