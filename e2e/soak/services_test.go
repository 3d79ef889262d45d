package soak

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"power_exporter/cmd/powersim/cloudtraxsim"
	"power_exporter/cmd/powersim/emssim"
	"power_exporter/cmd/powersim/powerpulsesim"
	"power_exporter/cmd/powersim/powersentrixsim"
	"power_exporter/cmd/powersim/simfault"
)

// newEMS makes a Carlo Gavazzi EMS.
func newEMS(s *site, i int) *device {
	model := emssim.MustRecorded("site").Enlarge(i % 3 * 100)
	model.Fresh = true
	ems := emssim.New(emssim.Options{
		Users:     []emssim.User{{Name: "soak", Password: s.secret, Role: emssim.RoleAPI}},
		TokenLife: time.Duration(60+i%20) * time.Second,
	}, model)
	s.live(emssim.NewLive(ems, uint64(i)).Run)
	d := &device{name: fmt.Sprintf("ems-%d", i)}
	d.line = fmt.Sprintf("{name: %s, address: %q, module: ems, auth: user}", d.name, ems.URL(s.serve(ems, nil)))
	d.trouble = oneOf(
		s.webTrouble(ems.SetFault, "/ver", "/v1/auth/login", "/v1/sn", "/v1/mac", "/v1/devices", "/v1/loads", "/v1/signals", "/v1/realtime"),
		s.webTrouble(ems.SetFault, "/v1/realtime"), moment(ems.ExpireTokens))
	return d
}

// cloud is a CloudTrax cloud, of which each target is a network.
type cloud struct {
	*cloudtraxsim.Cloud
	url string
}

// newCloud makes a cloud with the networks of all targets that are one.
func newCloud(s *site, names []string) *cloud {
	var networks []cloudtraxsim.Network
	for i, name := range names {
		if name == "cloudtrax" {
			networks = append(networks, office(i))
		}
	}
	c := cloudtraxsim.New(cloudtraxsim.Options{Keys: []cloudtraxsim.Key{{Key: "soak", Secret: s.secret}}}, networks...)
	s.live(cloudtraxsim.NewLive(c, 1).Run)
	return &cloud{c, c.URL(s.serve(c, nil))}
}

// office is a network with ids of its own.
func office(i int) cloudtraxsim.Network {
	network := cloudtraxsim.Office()
	network.ID = int64(1000 + i)
	for n := range network.Strips {
		network.Strips[n].NetworkID = network.ID
		network.Strips[n].ID = int64(10*(1000+i) + n)
	}
	return network
}

// newCloudTrax makes a target of a network.
func newCloudTrax(s *site, i int) *device {
	network := office(i)
	paths := []string{fmt.Sprintf("/powerstrip/network/%d/list", network.ID)}
	for _, strip := range network.Strips {
		paths = append(paths, fmt.Sprintf("/powerstrip/%d", strip.ID))
	}
	d := &device{name: fmt.Sprintf("network-%d", i)}
	d.line = fmt.Sprintf("{name: %s, address: \"%d\", module: cloudtrax, auth: key}", d.name, network.ID)
	d.trouble = s.webTrouble(func(path string, fault simfault.Fault) {
		// All networks of a key would have to wait for a minute.
		if fault.Status == http.StatusTooManyRequests {
			fault.Status = http.StatusServiceUnavailable
		}
		s.cloud.SetFault(path, fault)
	}, paths...)
	d.acted = s.cloud.Acted
	return d
}

// upsOf is a PowerSentrix UPS.
func upsOf(s *site, i, n int, secure bool) *powersentrixsim.UPS {
	models := []string{"full", "manual", "minimal", "tenmilliamp"}
	options := powersentrixsim.Options{APIKey: s.secret}
	if secure {
		options.Certificate = s.certificate
	}
	model := powersentrixsim.MustRecorded(models[(i+n)%len(models)]).As(fmt.Sprintf("ups-%d-%d", i, n), fmt.Sprintf("PSX-%d-%d", i, n))
	ups := powersentrixsim.NewUPS(options, model)
	s.live(powersentrixsim.NewLive(ups, uint64(100*i+n)).Run)
	return ups
}

// newUPS makes a PowerSentrix UPS that is read directly.
func newUPS(s *site, i int) *device {
	ups := upsOf(s, i, 0, i%2 == 0)
	d := &device{name: fmt.Sprintf("ups-%d", i)}
	d.line = fmt.Sprintf("{name: %s, address: %q, module: powersentrix, auth: api}", d.name, ups.URL(s.serve(ups, nil)))
	d.trouble = s.webTrouble(ups.SetFault, "/api_actions")
	d.acted = ups.Acted
	return d
}

// newPortal makes a portal of five UPSes.
func newPortal(s *site, i int) *device {
	var entries []powersentrixsim.Entry
	for n := range 5 {
		entries = append(entries, powersentrixsim.Entry{ID: strconv.Itoa(42 + n), Name: fmt.Sprintf("cabinet %d", n), Offline: n == 4, UPS: upsOf(s, i, n, false)})
	}
	portal := powersentrixsim.NewPortal(powersentrixsim.PortalOptions{
		LogPath: "/ups/getUpsLog", TokenLife: time.Duration(60+i%20) * time.Second,
		Users: []powersentrixsim.User{{Email: "soak", Password: s.secret}},
	}, entries...)
	d := &device{name: fmt.Sprintf("portal-%d", i)}
	d.line = fmt.Sprintf("{name: %s, address: %q, module: portal, auth: user}", d.name, portal.URL(s.serve(portal, nil)))
	d.trouble = oneOf(
		s.webTrouble(portal.SetFault, "/api/v1/user/authenticate", "/api/v1/ups/getUpsList", "/api/v1/ups/getUpsComplexObject", "/api/v1/ups/getBasicInfo", "/api/v1/ups/getUpsLog"),
		moment(portal.ExpireTokens))
	d.acted = portal.Acted
	return d
}

// newPowerPulse makes a PowerPulse server.
func newPowerPulse(s *site, i int, module, auth string) *device {
	models := []string{"running", "raw", "mixed"}
	server := powerpulsesim.New(powerpulsesim.Options{
		Users: []powerpulsesim.User{{Name: "soak", Password: s.secret}}, Paths: powerpulsesim.Both, TokenLife: time.Duration(60+i%20) * time.Second,
	}, powerpulsesim.MustRecorded(models[i%len(models)]))
	s.live(powerpulsesim.NewLive(server, uint64(i)).Run)
	d := &device{name: fmt.Sprintf("pulse-%d", i)}
	d.line = fmt.Sprintf("{name: %s, address: %q, module: %s", d.name, server.URL(s.serve(server, nil)), module)
	if auth != "" {
		d.line += ", auth: " + auth
	}
	d.line += "}"
	d.trouble = oneOf(
		s.webTrouble(server.SetFault, "/api/auth/login", "/api/ups/systems", "/api/ups-systems", "/api/ups/systems/kiosk", "/api/ups-systems/kiosk"),
		moment(server.NewSecret))
	d.acted = server.Acted
	return d
}
