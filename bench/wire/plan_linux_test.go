package wire

import (
	"net"
	"testing"
)

func TestPlan(t *testing.T) {
	t.Parallel()
	tests := map[plan][2]string{
		0:         {"10.199.0.1/30", "10.199.0.2/30"},
		64*77 + 1: {"10.199.77.5/30", "10.199.77.6/30"},
		plans - 1: {"10.199.255.253/30", "10.199.255.254/30"},
	}
	for p, want := range tests {
		if got := [2]string{p.prefix(Client).String(), p.prefix(Server).String()}; got != want {
			t.Errorf("plan %d: %v, want %v", p, got, want)
		}
		if name := p.device(Server); len(name) > 15 {
			t.Errorf("plan %d: the kernel takes no device name as long as %q", p, name)
		}
	}
}

func TestPlanTaken(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		"10.199.77.2/30": true,
		"10.199.77.2/8":  true, // the address is what counts
		"10.199.77.4/30": false,
		"10.0.0.1/8":     false, // ours is the more specific route
		"fe80::1/64":     false,
	}
	for addr, want := range tests {
		ip, subnet, err := net.ParseCIDR(addr)
		if err != nil {
			t.Fatal(err)
		}
		if got := plan(64 * 77).taken([]net.Addr{&net.IPNet{IP: ip, Mask: subnet.Mask}}); got != want {
			t.Errorf("%s: taken = %v, want %v", addr, got, want)
		}
	}
}
