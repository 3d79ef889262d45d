package cloudtraxsim

import (
	"net/http"
	"strconv"
	"time"
)

// usagePoint is one moment of a usage.
type usagePoint struct {
	Time            string               `json:"time"`
	Ports           map[string]usagePort `json:"ports"` // by number
	MemoryAvailable int                  `json:"memory_available"`
	Role            string               `json:"role"`
}

// usagePort is what a port drew then.
type usagePort struct {
	ActivePower float64 `json:"active_power_w"` // whole watts
	Voltage     float64 `json:"voltage_v"`
	Current     float64 `json:"current_a"`
}

// usage is GET /powerstrip/<id>/usage?period=<period>.
func (c *Cloud) usage(r *http.Request, key Key) (any, *refusal) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	s, refusal := c.stripFor(r, key)
	if refusal != nil {
		return nil, refusal
	}
	var points int
	var step time.Duration
	switch r.URL.Query().Get("period") {
	case "2hours":
		points, step = 24, 5*time.Minute
	case "", "day":
		points, step = 24, time.Hour
	case "week":
		points, step = 7*24, time.Hour
	case "month":
		points, step = 30, 24*time.Hour
	default:
		return nil, exception(http.StatusBadRequest, "period", "Unknown period.")
	}
	ports := make(map[string]usagePort, len(s.Ports))
	for _, p := range s.Ports {
		ports[strconv.Itoa(p.ID)] = usagePort{round(p.ActivePower, 0), s.Voltage, p.Current}
	}
	reply := struct {
		Usage []usagePoint `json:"usage"`
	}{[]usagePoint{}}
	last := c.now().UTC().Truncate(step)
	for i := range points {
		at := last.Add(time.Duration(i+1-points) * step)
		reply.Usage = append(reply.Usage, usagePoint{Time: at.Format("2006-01-02T15:04:05Z"), Ports: ports, Role: s.Role})
	}
	return reply, nil
}
