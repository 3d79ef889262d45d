package powersentrix_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"power_exporter/receiver"
	"power_exporter/receiver/powersentrix"
)

// clients is how many UPSes push at the same time.
const clients = 256

// most is as many UPSes as the store is filled with. A hundred thousand take
// minutes.
var most = flag.Int("most", 10_000, "how many UPSes BenchmarkPush has at most")

// BenchmarkPush pushes readings of so many UPSes, each of which the store knows
// already, from the request to the disk and back. Heap and disk are those of one
// UPS.
func BenchmarkPush(b *testing.B) {
	for _, devices := range []int{1000, 10_000, 100_000} {
		if devices > *most {
			continue
		}
		folder := b.TempDir()
		var f *fleet
		b.Run(fmt.Sprintf("devices=%d", devices), func(b *testing.B) {
			if f == nil {
				f = fill(b, folder, devices)
			}
			b.SetParallelism(clients / runtime.GOMAXPROCS(0))
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					f.push(b)
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "pushes/s")
			b.ReportMetric(f.heap, "heap-B/device")
			b.ReportMetric(f.disk, "disk-B/device")
		})
		if f != nil {
			f.site.Stop()
		}
	}
}

// fleet is UPSes that push in turn.
type fleet struct {
	site       *site
	targets    []string
	body       string
	next       atomic.Int64
	heap, disk float64 // bytes of one UPS
}

// push pushes the readings of the UPS whose turn it is.
func (f *fleet) push(b *testing.B) {
	b.Helper()
	i := int(f.next.Add(1)) % len(f.targets)
	if status, answer := f.site.Post(f.targets[i], f.body); status != http.StatusOK {
		b.Errorf("it was answered with %d %s", status, answer)
	}
}

// fill lets each UPS push once.
func fill(b *testing.B, folder string, devices int) *fleet {
	b.Helper()
	f := &fleet{targets: make([]string, devices), body: file(b, "cases/document/2-data.json")}
	for i := range f.targets {
		f.targets[i] = target("setUpsData", acme, fmt.Sprintf("ups-%06d", i))
	}
	before := heap()
	f.site = open(b, folder, powersentrix.Options{MaxDevices: devices})
	var all sync.WaitGroup
	for client := range clients {
		all.Go(func() {
			for range (client+1)*devices/clients - client*devices/clients {
				f.push(b)
			}
		})
	}
	all.Wait()
	f.heap = (heap() - before) / float64(devices)
	stored, err := os.Stat(filepath.Join(folder, receiver.FileName))
	if err != nil {
		b.Fatal(err)
	}
	f.disk = float64(stored.Size()) / float64(devices)
	return f
}

// heap is how many bytes are in use.
func heap() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}
