// Package simfault lets the web server of a simulated device misbehave, path by
// path, as real ones do: slowly, with errors, with pages that are no reply, with
// connections that end too early. A simulator embeds or holds a [Set] and puts
// [Set.Wrap] around its handler:
//
//	type Device struct {
//		faults  simfault.Set
//		handler http.Handler
//	}
//
//	// SetFault makes a path misbehave.
//	func (d *Device) SetFault(path string, f simfault.Fault) { d.faults.SetFault(path, f) }
//
//	d.handler = d.count(d.faults.Wrap(http.HandlerFunc(d.answer)))
//
// What counts requests and bytes belongs outside of Wrap, so that it sees the
// answers that a fault gives, too. The device's Close calls [Set.Close] before
// it waits for its requests.
package simfault
