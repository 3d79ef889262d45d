// Package wire measures a TCP client against a server over a link with a known
// delay, on real packets.
//
// A [Link] is two TUN devices: one stays in the namespace of this process, the
// other lives in a network namespace of its own, where the server runs. Every
// packet between the two passes through this process, which holds it for the
// delay and counts it, so that the numbers are what tcpdump at the client would
// have shown:
//
//	link, err := wire.New(ctx, wire.Options{Delay: 10 * time.Millisecond})
//	server := link.Command(ctx, wire.Server, "upsd", "-F")
//	conn, err := net.Dial("tcp", netip.AddrPortFrom(link.ServerAddr(), 3493).String())
//	err = link.Quiet(ctx, 50*time.Millisecond)
//	fmt.Println(link.Stats().Total().RoundTrips)
//	err = link.Close()
//
// It needs Linux, root, /dev/net/tun and the ip command of iproute2. The parts
// that only read packets build and are tested everywhere. The tests that make
// a link have the build tag "wire" and fail where none can be made.
package wire
