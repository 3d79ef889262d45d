package receiver

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"power_exporter/power"
)

// benchState is a UPS with twelve outputs, much like one of PowerSentrix.
type benchState struct {
	Serial   string `json:"sn"`
	Model    string `json:"type"`
	Firmware string `json:"comFirmware"`
	Outputs  []struct {
		Name string `json:"description"`
	} `json:"outputs"`
	Voltages []power.Number `json:"voltages"`
	Currents []power.Number `json:"currents"`
	On       []int          `json:"on"`
	Supplies []struct {
		Main    power.Number   `json:"main"`
		Load    power.Number   `json:"load"`
		Battery power.Number   `json:"batt"`
		Cells   []power.Number `json:"cell"`
	} `json:"ps"`
	Board power.Number `json:"board"`
	MCU   power.Number `json:"mcu"`
}

const benchBody = `{"sn":"PSX-2024-%06d","type":"PWX-12-4422","comFirmware":"v3.2.1","outputs":[` +
	`{"description":"Router"},{"description":"Switch"},{"description":"Camera 1"},{"description":"Camera 2"},{"description":"Radio 1"},{"description":"Radio 2"},` +
	`{"description":"Radio 3"},{"description":"Radio 4"},{"description":"Light"},{"description":"Fan"},{"description":""},{"description":""}],` +
	`"voltages":[4810,4805,2410,2408,1205,1202,502,501,0,0,0,0],"currents":[150,320,200,0,0,0,0,0,0,0,0,0],"on":[1,1,1,0,1,1,0,0,0,0,0,0],` +
	`"ps":[{"main":5410,"load":4810,"batt":5220,"cell":[1305,1308,1302,1305]},{"main":5410,"load":4810,"batt":5220,"cell":[1305,1308,1302,1305]}],"board":42,"mcu":51}`

func mapBench(state []byte) (power.Device, error) {
	var s benchState
	if err := json.Unmarshal(state, &s); err != nil {
		return power.Device{}, err
	}
	d := power.Device{Vendor: "Bench", Kind: power.KindUPS, Serial: s.Serial, Model: s.Model, Firmware: s.Firmware}
	d.Outlets = make([]power.Outlet, len(s.Outputs))
	for i, o := range s.Outputs {
		d.Outlets[i] = power.Outlet{
			ID: strconv.Itoa(i), Name: o.Name, On: power.Boolean(s.On[i] == 1),
			Electrical: power.Electrical{Voltage: power.Centivolts(s.Voltages[i]), Current: power.Milliamperes(s.Currents[i])},
		}
	}
	for i, p := range s.Supplies {
		id := strconv.Itoa(i)
		d.Inlets = append(d.Inlets, power.Inlet{ID: id, Electrical: power.Electrical{Voltage: power.Centivolts(p.Main)}})
		d.Outputs = append(d.Outputs, power.Output{ID: id, Electrical: power.Electrical{Voltage: power.Centivolts(p.Load)}})
		b := power.Battery{ID: id, Voltage: power.Centivolts(p.Battery)}
		for j, cell := range p.Cells {
			b.Cells = append(b.Cells, power.Cell{ID: strconv.Itoa(j), Voltage: power.Centivolts(cell)})
		}
		d.Batteries = append(d.Batteries, b)
	}
	d.Sensors = []power.Sensor{{ID: "board", Temperature: power.Celsius(s.Board)}, {ID: "mcu", Temperature: power.Celsius(s.MCU)}}
	return d, nil
}

func benchOptions() Options {
	return Options{Kinds: map[string]Kind{"bench": {Map: mapBench, MaxDevices: 1 << 20}}, TotalDevices: 1 << 20, Logger: quiet()}
}

func benchKey(i int) Key {
	return Key{Kind: "bench", Sender: "acme", Device: fmt.Sprintf("%08x", uint32(i)*2654435761)}
}

func benchPush(i int) func(*Entry, time.Time) error {
	return func(e *Entry, now time.Time) error {
		e.State = fmt.Appendf(nil, benchBody, i)
		e.Measured = now
		e.Events.Count(Origin{Ord: now.UnixMilli(), Time: now}, EventRecord{Code: "I/E01", Text: "Output 1 turned ON", At: now})
		return nil
	}
}

// benchFolder is a folder with a store of n devices.
func benchFolder(b *testing.B, n int) string {
	b.Helper()
	folder := b.TempDir()
	d, err := openDisk(filepath.Join(folder, FileName))
	if err != nil {
		b.Fatal(err)
	}
	var batch []write
	for i := range n {
		key, e := benchKey(i), &Entry{Received: time.Now()}
		if err := benchPush(i)(e, e.Received); err != nil {
			b.Fatal(err)
		}
		record, err := encodeRecord(key.Device, e)
		if err != nil {
			b.Fatal(err)
		}
		if batch = append(batch, write{key: key.bytes(), record: record}); len(batch) == 1000 || i == n-1 {
			if err := d.commit(batch); err != nil {
				b.Fatal(err)
			}
			batch = nil
		}
	}
	if err := d.close(); err != nil {
		b.Fatal(err)
	}
	return folder
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkOpen opens a store, and reports what a device takes of memory and of
// the disk.
func BenchmarkOpen(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("devices=%d", n), func(b *testing.B) {
			folder := benchFolder(b, n)
			var memory, onDisk float64
			for b.Loop() {
				b.StopTimer()
				before := heap()
				b.StartTimer()
				s, err := Open(folder, benchOptions())
				b.StopTimer()
				if err != nil || s.Len() != n {
					b.Fatalf("%d devices, %v", s.Len(), err)
				}
				memory = float64(heap()-before) / float64(n)
				onDisk = float64(s.storage.(*disk).size.Load()) / float64(n)
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
			}
			b.ReportMetric(memory, "B/device")
			b.ReportMetric(onDisk, "diskB/device")
		})
	}
}

// BenchmarkUpdate stores pushes of 10,000 devices, each synced to disk.
func BenchmarkUpdate(b *testing.B) {
	for _, concurrency := range []int{1, 16, 256} {
		b.Run(fmt.Sprintf("concurrency=%d", concurrency), func(b *testing.B) {
			const devices = 10_000
			folder := benchFolder(b, devices)
			s, err := Open(folder, benchOptions())
			if err != nil {
				b.Fatal(err)
			}
			counted := &counting{storage: s.storage}
			s.storage = counted
			var next atomic.Int64
			b.SetParallelism((concurrency + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0))
			b.ResetTimer()
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					i := int(next.Add(1)) % devices
					if err := s.Update(context.Background(), benchKey(i), benchPush(i)); err != nil {
						b.Error(err)
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pushes/s")
			b.ReportMetric(float64(counted.commits)/float64(b.N), "commits/push")
			b.StopTimer()
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// counting counts the commits of a storage.
type counting struct {
	storage
	commits int
}

func (c *counting) commit(batch []write) error {
	c.commits++
	return c.storage.commit(batch)
}

// BenchmarkDevices is what every scrape of /metrics asks for, and for how long
// pushes wait meanwhile.
func BenchmarkDevices(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("devices=%d", n), func(b *testing.B) {
			s, err := Open(benchFolder(b, n), benchOptions())
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if len(s.Devices()) != n {
					b.Fatal("devices are missing")
				}
			}
			const lists = 10
			start := time.Now()
			for range lists {
				s.all()
			}
			b.ReportMetric(float64(time.Since(start))/lists, "locked-ns/op")
			b.StopTimer()
			if err := s.Close(); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// BenchmarkHandler is a push without the network and the disk.
func BenchmarkHandler(b *testing.B) {
	s := openOn(b, newMemory(), benchOptions())
	e := fakeEndpoint(b, s)
	e.Accept = func(ctx context.Context, p Push) ([]byte, error) {
		return []byte("{}"), s.Update(ctx, Key{Kind: "bench", Sender: p.Sender, Device: p.Query.Get("cmm")}, func(e *Entry, now time.Time) error {
			e.State, e.Measured = p.Body, now
			return nil
		})
	}
	f := newFixture(b, e)
	body := fmt.Sprintf(benchBody, 1)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/api/setUpsData?companyId=s3cret&cmm="+strconv.Itoa(i%10_000), strings.NewReader(body))
		w := httptest.NewRecorder()
		if f.ServeHTTP(w, r); w.Code != http.StatusOK {
			b.Fatalf("got %d %s", w.Code, w.Body)
		}
		if i%10_000 == 0 {
			f.observed.take()
		}
	}
}
