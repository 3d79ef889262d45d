package exposition

import (
	"fmt"
	"strconv"
	"time"

	"power_exporter/power"
)

// fleet is so many UPSes that push, in no order.
func fleet(n int) []power.Device {
	devices := make([]power.Device, n)
	for i := range devices {
		devices[i] = pushedUPS(i * 7919 % n) // a prime that divides no n
	}
	return devices
}

// pushedUPS is a DC UPS with twelve outlets, two supplies and eight cells: 63
// series.
func pushedUPS(n int) power.Device {
	id := fmt.Sprintf("psx-%06d", n)
	d := power.Device{
		ID: id, Vendor: "PowerSentrix", Model: "PWX-12-4422", Serial: id, Firmware: "3.2.1", Kind: power.KindUPS, Name: "Mast " + id, Up: true,
		LastSeen: power.Timestamp(time.Unix(1700000000, 123000000)), ReadingAge: power.Elapsed(time.Duration(n) * time.Millisecond),
		Uptimes: []power.Uptime{{Controller: "com", Uptime: power.Elapsed(time.Hour)}, {Controller: "main", Uptime: power.Elapsed(2 * time.Hour)}},
		Sensors: []power.Sensor{{ID: "board", Temperature: power.Celsius(power.Of(42))}, {ID: "mcu", Temperature: power.Celsius(power.Of(51))}},
	}
	for i := range 12 {
		d.Outlets = append(d.Outlets, power.Outlet{
			ID: strconv.Itoa(i + 1), Name: "Radio " + strconv.Itoa(i+1), On: power.Boolean(i%3 > 0),
			Electrical: power.Electrical{Voltage: power.Centivolts(power.Of(4700 + (n*31+i)%200)), Current: power.Milliamperes(power.Of((n*17 + i*101) % 1000))},
		})
	}
	for i := range 2 {
		id := strconv.Itoa(i + 1)
		b := power.Battery{ID: id, Voltage: power.Centivolts(power.Of(5220 + i))}
		for j := range 4 {
			b.Cells = append(b.Cells, power.Cell{ID: strconv.Itoa(j + 1), Voltage: power.Centivolts(power.Of(1305 + (n+j)%9))})
		}
		d.Batteries = append(d.Batteries, b)
		d.Inlets = append(d.Inlets, power.Inlet{ID: id, Electrical: power.Electrical{Voltage: power.Centivolts(power.Of(5410 + i))}})
		d.Outputs = append(d.Outputs, power.Output{ID: id, Electrical: power.Electrical{Voltage: power.Centivolts(power.Of(4810 + i))}})
	}
	return d
}
