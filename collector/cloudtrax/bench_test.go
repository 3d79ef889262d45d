package cloudtrax

import (
	"io"
	"slices"
	"testing"
	"time"

	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/exposition"
	"power_exporter/power"
)

// many is how many strips a large network has, of which a tenth is down.
const many = 40

// answers are what the service answers of a large network: the list, and the
// objects of the strips that are up.
func answers(b *testing.B) (list []byte, objects map[string][]byte) {
	b.Helper()
	_, address := cloudtraxsim.Start(b, cloudtraxsim.Options{}, cloudtraxsim.Large(many))
	c := open(b, options(b, address, large))
	get := func(path string) (answer []byte) {
		if _, err := c.client.get(b.Context(), path, func(body []byte) error {
			answer = slices.Clone(body)
			return nil
		}); err != nil {
			b.Fatal(err)
		}
		return answer
	}
	list, objects = get("/powerstrip/network/"+large+"/list"), map[string][]byte{}
	for _, s := range listed(b, list) {
		if s.up() {
			objects[s.ID.String()] = get(objectPath(s.ID.String()))
		}
	}
	return list, objects
}

// listed is what a list says.
func listed(b *testing.B, body []byte) []strip {
	b.Helper()
	strips, err := decodeList(body)
	if err != nil || len(strips) != many {
		b.Fatalf("%d strips, %v", len(strips), err)
	}
	return strips
}

// decoded is what the answers say.
func decoded(b *testing.B, list []byte, objects map[string][]byte) (strips []strip, own map[string]*strip) {
	b.Helper()
	own = map[string]*strip{}
	for id, body := range objects {
		s, err := decodeObject(body, id)
		if err != nil {
			b.Fatal(err)
		}
		own[id] = &s
	}
	return listed(b, list), own
}

// mapped is the devices of what the answers say.
func mapped(strips []strip, own map[string]*strip) []power.Device {
	devices := make([]power.Device, len(strips))
	for i := range strips {
		devices[i] = device(&strips[i], own[strips[i].ID.String()])
	}
	return devices
}

// BenchmarkDecode decodes all answers of a large network.
func BenchmarkDecode(b *testing.B) {
	list, objects := answers(b)
	bytes := len(list)
	for _, body := range objects {
		bytes += len(body)
	}
	b.SetBytes(int64(bytes))
	b.ReportAllocs()
	for b.Loop() {
		decoded(b, list, objects)
	}
}

// BenchmarkMap maps what was decoded.
func BenchmarkMap(b *testing.B) {
	list, objects := answers(b)
	strips, own := decoded(b, list, objects)
	b.ReportAllocs()
	for b.Loop() {
		mapped(strips, own)
	}
}

// BenchmarkEncode writes the devices as text.
func BenchmarkEncode(b *testing.B) {
	list, objects := answers(b)
	devices := mapped(decoded(b, list, objects))
	b.ReportAllocs()
	for b.Loop() {
		if err := exposition.WriteText(io.Discard, devices, exposition.Probe{}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkReading reads 40 strips, of which 36 are up, from a service that is 50
// ms away: with new connections, and with those of the reading before.
func BenchmarkReading(b *testing.B) {
	for _, name := range []string{"cold", "warm"} {
		b.Run(name, func(b *testing.B) {
			cloud, address := cloudtraxsim.Start(b, cloudtraxsim.Options{Latency: 50 * time.Millisecond}, cloudtraxsim.Large(many))
			c := open(b, options(b, address, large))
			read := func() {
				if devices, err := collect(b, c); err != nil || len(devices) != many {
					b.Fatalf("%d devices, %v", len(devices), err)
				}
			}
			if name == "warm" {
				read()
			}
			before := cloud.Stats()
			for b.Loop() {
				if name == "cold" {
					_ = c.Close()
				}
				read()
			}
			after := cloud.Stats()
			b.ReportMetric(float64(after.Answers[200]-before.Answers[200])/float64(b.N), "requests/op")
			b.ReportMetric(float64(after.BytesOut-before.BytesOut)/float64(b.N), "body-bytes/op")
		})
	}
}
