package wire

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

const (
	plans      = 1 << 14      // subnets of four addresses in 10.199.0.0/16
	namespaces = "/run/netns" // where iproute2 keeps them
)

// plan is the number of a link, from which its names and addresses come. The
// devices carry the number in their names, so that the kernel lets only one
// process have it.
type plan uint16

// name is the name of the namespace.
func (p plan) name() string { return "wire" + strconv.Itoa(int(p)) }

// device is the name of the device at one side.
func (p plan) device(side Side) string { return p.name() + [...]string{Client: "c", Server: "s"}[side] }

// addr is the address of one side, such as 10.199.77.1 and 10.199.77.2.
func (p plan) addr(side Side) netip.Addr {
	return netip.AddrFrom4([4]byte{10, 199, byte(p >> 6), byte(p<<2) + 1 + byte(side)}) //nolint:gosec // 14 bits and a side
}

// prefix is the address of one side with the length of the subnet.
func (p plan) prefix(side Side) netip.Prefix { return netip.PrefixFrom(p.addr(side), 30) }

// commands are the arguments of the ip commands that set the network up once
// the devices and the namespace exist. Without addrgenmode the kernel would send IPv6 packets
// that nobody asked for.
func (p plan) commands() [][]string {
	client, server, space := p.device(Client), p.device(Server), p.name()
	return [][]string{
		{"link", "set", server, "netns", space},
		{"-n", space, "link", "set", server, "addrgenmode", "none"},
		{"-n", space, "address", "add", p.prefix(Server).String(), "dev", server},
		{"-n", space, "link", "set", "lo", "up"},
		{"-n", space, "link", "set", server, "up"},
		{"link", "set", client, "addrgenmode", "none"},
		{"address", "add", p.prefix(Client).String(), "dev", client},
		{"link", "set", client, "up"},
	}
}

// claim finds a free plan and opens its devices. Where it begins depends on the
// process, so that two rarely meet, and on the time: a connection that outlived
// its link sends again for minutes, and must not show up on the next link.
func claim() (plan, [2]int, error) {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return 0, [2]int{}, fmt.Errorf("listing this machine's addresses: %w", err)
	}
	begin := os.Getpid() + int(time.Now().UnixMilli()%plans)
	for i := range plans {
		p := plan((begin + i) % plans) //nolint:gosec // below plans
		if p.taken(addrs) {
			continue
		}
		devices, err := p.open()
		if errors.Is(err, syscall.EBUSY) {
			continue
		}
		return p, devices, err
	}
	return 0, [2]int{}, errors.New("no subnet of 10.199.0.0/16 is free")
}

// taken says whether this machine has an address of the plan's subnet, or a
// namespace of its name, which a killed process may have left.
func (p plan) taken(addrs []net.Addr) bool {
	subnet := p.prefix(Client)
	for _, a := range addrs {
		if prefix, err := netip.ParsePrefix(a.String()); err == nil && subnet.Contains(prefix.Addr()) {
			return true
		}
	}
	_, err := os.Lstat(filepath.Join(namespaces, p.name()))
	return err == nil
}

// open opens both devices.
func (p plan) open() ([2]int, error) {
	client, err := openTUN(p.device(Client))
	if err != nil {
		return [2]int{}, err
	}
	server, err := openTUN(p.device(Server))
	if err != nil {
		return [2]int{}, errors.Join(err, syscall.Close(client))
	}
	return [2]int{Client: client, Server: server}, nil
}
