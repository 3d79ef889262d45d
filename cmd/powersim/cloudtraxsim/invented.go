package cloudtraxsim

import (
	"fmt"
	"math"
	"strconv"
)

// The ids of the invented networks.
const (
	OfficeID int64 = 23456
	LargeID  int64 = 34567
)

// firmwareVersion is the document's.
const firmwareVersion = "6.4.6-c3b6f768496b73473b45a06b478bf2e75c6cdd5e"

// load is what an outlet of an invented strip feeds.
type load struct {
	label  string
	watts  float64
	factor float64 // power factor, 0 where nothing is drawn
}

// Office is network OfficeID with four strips of six outlets: 101 and 102 are
// up, an outlet of 101 is disabled; 103 is down, with zeros everywhere; 104 was
// added and never checked in, so that it waits for its pairing. What the outlets
// draw fits together.
func Office() Network {
	reception := upStrip(101, OfficeID, "Reception", "10.20.0.31", "2026-02-11T08:41:27.318Z", 118, 1893604, []load{
		{"Switch", 18.2, 0.62},
		{"Access point", 9.6, 0.55},
		{"Printer", 34, 0.71},
		{"Monitor ", 25.5, 0.71},
		{"5", 0, 0},
		{"6", 0, 0},
	})
	reception.Ports[5].Enable = false
	closet := upStrip(102, OfficeID, "Server closet", "10.20.0.32", "2026-02-11T08:39:52.07Z", 121, 734215, []load{
		{"NAS", 62.5, 0.93},
		{"Router", 14.1, 0.58},
		{"Firewall", 21.7, 0.66},
		{"Phone system", 41.3, 0.88},
		{"Camera recorder", 118.4, 0.95},
		{"6", 0, 0},
	})
	closet.Role = "gateway"
	meeting := downStrip(103, OfficeID, "Meeting room")
	meeting.IP = new("")
	meeting.FirmwareVersion = firmwareVersion
	meeting.LastCheckin = "2026-02-03T17:02:44.9Z"
	spare := downStrip(104, OfficeID, "Spare")
	spare.NeedPairing = true
	spare.EnablePairing = true
	return newNetwork(OfficeID, reception, closet, meeting, spare)
}

// Large is network LargeID with so many strips of six outlets, for load. Each
// tenth is down.
func Large(strips int) Network {
	network := newNetwork(LargeID)
	for i := range strips {
		id, name := int64(100001+i), fmt.Sprintf("Strip %04d", i+1)
		if i%10 == 9 {
			network.Strips = append(network.Strips, downStrip(id, LargeID, name))
			continue
		}
		loads := make([]load, 6)
		for p := range loads {
			loads[p] = load{label: fmt.Sprintf("Desk %d", 6*i+p+1)}
			if p < 4 {
				loads[p].watts = float64(8 + (37*i+53*p)%140)
				loads[p].factor = 0.5 + float64((i+2*p)%10)/20
			}
		}
		ip := fmt.Sprintf("10.30.%d.%d", i/250, i%250+1)
		seen := fmt.Sprintf("2026-02-11T08:%02d:%02d.5Z", 35+i%5, i%60)
		network.Strips = append(network.Strips, upStrip(id, LargeID, name, ip, seen, float64(114+i%9), int64(86400+977*i), loads))
	}
	return network
}

// upStrip is a strip that checked in, and what it feeds.
func upStrip(id, network int64, name, ip, lastCheckin string, volts float64, uptime int64, loads []load) Strip {
	s := bareStrip(id, network, name)
	s.FirmwareVersion = firmwareVersion
	s.IP = new(ip)
	s.LastCheckin = lastCheckin
	s.CloudStatus = "up"
	s.MeshIP = fmt.Sprintf("5.%d.%d.%d", id>>16&255, id>>8&255, id&255)
	s.SurgeProtectionActive = true
	s.Voltage = volts
	s.Frequency = 60
	s.Uptime = uptime
	for i, l := range loads {
		p := Port{ID: i + 1, Label: l.label, Enable: true}
		p.draw(volts, l.watts, l.factor)
		s.Ports = append(s.Ports, p)
	}
	s.count()
	return s
}

// downStrip is a strip that never checked in.
func downStrip(id, network int64, name string) Strip {
	s := bareStrip(id, network, name)
	s.CloudStatus = "down"
	for i := range 6 {
		s.Ports = append(s.Ports, Port{ID: i + 1, Label: strconv.Itoa(i + 1), Enable: true})
	}
	return s
}

// bareStrip is what is the same of every strip.
func bareStrip(id, network int64, name string) Strip {
	return Strip{
		ID:                                id,
		NetworkID:                         network,
		MAC:                               fmt.Sprintf("ac:86:74:%02x:%02x:%02x", id>>16&255, id>>8&255, id&255),
		Name:                              name,
		Model:                             "MP60",
		Created:                           "2025-11-20T15:04:05Z",
		ConnectionCheckTimeBetweenRetries: 60,
		LastModified:                      "2025-12-01T09:30:00Z",
		Role:                              "repeater",
		Schedule:                          []Schedule{},
		ConnectionChecks:                  []ConnectionCheck{},
	}
}

// draw gives a port its readings, rounded as the document's are: amperes, watts
// and the like to tenths, the factor to hundredths.
func (p *Port) draw(volts, watts, factor float64) {
	if watts == 0 || factor == 0 {
		p.Current, p.ApparentPower, p.ActivePower, p.ReactivePower, p.PowerFactor = 0, 0, 0, 0, 0
		return
	}
	apparent := watts / factor
	p.Current = round(apparent/volts, 1)
	p.ApparentPower = round(apparent, 1)
	p.ActivePower = round(watts, 1)
	p.ReactivePower = round(math.Sqrt(apparent*apparent-watts*watts), 1)
	p.PowerFactor = round(factor, 2)
}

// count brings the number of ports that draw anything up to date.
func (s *Strip) count() {
	s.ActivePorts = 0
	for _, p := range s.Ports {
		if p.ApparentPower > 0 {
			s.ActivePorts++
		}
	}
}

// round is a number with so many decimals.
func round(value float64, decimals int) float64 {
	unit := math.Pow10(decimals)
	return math.Round(value*unit) / unit
}
