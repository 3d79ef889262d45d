package program

import (
	"net"
	"strconv"
	"testing"
)

func TestFreePorts(t *testing.T) {
	t.Parallel()
	first := FreePorts(t, 3)
	if first < 15000 || first >= 30000 {
		t.Errorf("%d is one of those that the kernel gives away", first)
	}
	if got, want := address(first), "127.0.0.1:"+strconv.Itoa(first); got != want {
		t.Errorf("its address is %s, want %s", got, want)
	}
	if host, port, err := net.SplitHostPort(FreeAddress(t)); err != nil || host != "127.0.0.1" || port < "15000" || port >= "30000" {
		t.Errorf("%s, %s, %v", host, port, err)
	}
}
