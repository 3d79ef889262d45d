package synlink

import "power_exporter/internal/lenient"

// Conf is the two members of the Configuration Object that say which unit this
// is to its owner. The object holds passwords and SNMP communities in plain
// text, which is why nothing else of it is decoded.
type Conf struct {
	DeviceName      lenient.Text `json:"deviceName"`
	SNMPSysLocation lenient.Text `json:"snmpSysLocation"` // not on every firmware
}

// DecodeConf reads what GET /api/conf answers. The error never shows anything
// of it.
func DecodeConf(data []byte) (Conf, error) {
	var conf Conf
	err := decodeObject(data, &conf)
	return conf, err
}
