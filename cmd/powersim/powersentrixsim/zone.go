package powersentrixsim

import (
	"time"
	_ "time/tzdata" // the computer that plays a UPS may have no time zones
)

// sampleZone is the timezone in the document's settings, and sampleLocation
// what others call it.
const (
	sampleZone     = "CET-1CEST,M3.5.0,M10.5.0/3"
	sampleLocation = "Europe/Bratislava"
)

// location is the time zone of the UPS's clock; see Options.
func (u *UPS) location() *time.Location {
	if u.options.Location != nil {
		return u.options.Location
	}
	u.mu.RLock()
	defer u.mu.RUnlock()
	if c := u.data.Config; c == nil || c.Settings == nil || c.Settings.Timezone != sampleZone {
		return time.UTC
	}
	location, err := time.LoadLocation(sampleLocation)
	if err != nil {
		panic(err) // it is part of the program
	}
	return location
}
