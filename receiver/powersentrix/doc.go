// Package powersentrix accepts what PowerSentrix DC UPSes push to a server of
// their owner: section 2 of the vendor's document "PowerSentrix API v1". What
// the JSON means is in package internal/powersentrix.
//
// A UPS sends three things, each as a POST: setNewUps when it registers,
// setUpsData every few minutes, and setUpsLog for a record of its event log. It
// proves itself by the parameter companyId and names itself by the parameter
// cmm. It need not have registered: a receiver that came later gets no setNewUps
// of it, and any of the three may be the first.
package powersentrix
