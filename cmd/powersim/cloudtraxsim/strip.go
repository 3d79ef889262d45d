package cloudtraxsim

// Strip is a power strip as its own object has it, GET /powerstrip/<id>. Units
// are in the names that the members have in JSON.
type Strip struct {
	ID                                     int64             `json:"powerstrip_id"`
	NetworkID                              int64             `json:"network_id"`
	MAC                                    string            `json:"mac"`
	Name                                   string            `json:"name"`
	Description                            string            `json:"description"`
	Model                                  string            `json:"model"`
	Created                                string            `json:"created"`
	FirmwareVersion                        string            `json:"firmware_version"` // "" before the first check-in
	EnablePairing                          bool              `json:"enable_pairing"`
	EnablePowerSwitch                      bool              `json:"enable_power_switch"`
	EnableConnectionCheck                  bool              `json:"enable_connection_check"`
	EnableConnectionCheckDuringMaintenance bool              `json:"enable_connection_check_during_maintenance"`
	ConnectionCheckMaxRetries              int               `json:"connection_check_max_retries"`
	ConnectionCheckTimeBetweenRetries      int               `json:"connection_check_time_between_retries"`
	EnableMesh                             bool              `json:"enable_mesh"`
	LastModified                           string            `json:"last_modified"`
	IP                                     *string           `json:"ip"`
	LastCheckin                            string            `json:"last_checkin"` // "" before the first
	NeedPairing                            bool              `json:"need_pairing"`
	CloudStatus                            string            `json:"cloud_status"` // "up" or "down"
	Role                                   string            `json:"role"`
	MeshIP                                 string            `json:"mesh_ip"`
	SurgeProtectionActive                  bool              `json:"surge_protection_active"`
	Voltage                                float64           `json:"voltage_v"`
	Frequency                              float64           `json:"frequency_hz"`
	Uptime                                 int64             `json:"uptime_seconds"`
	ActivePorts                            int               `json:"active_ports"`
	Ports                                  []Port            `json:"ports"`
	Schedule                               []Schedule        `json:"schedule"`
	ConnectionChecks                       []ConnectionCheck `json:"connection_checks"`

	// Listed is what the network's list says of the strip where that does
	// not fit the object; nil is what the object says.
	Listed *Listed `json:"-"`
}

// Port is one outlet of a strip.
type Port struct {
	ID                  int     `json:"port_id"`
	Label               string  `json:"label"`
	Enable              bool    `json:"enable"`
	ConnectionCheckName *string `json:"connection_check_name"`
	Current             float64 `json:"current_a"`
	ApparentPower       float64 `json:"apparent_power_va"`
	ActivePower         float64 `json:"active_power_w"`
	ReactivePower       float64 `json:"reactive_power_var"`
	PowerFactor         float64 `json:"power_factor"`
}

// Schedule is when ports are switched.
type Schedule struct {
	ID         int64    `json:"powerstrip_port_schedule_id"`
	PortIDs    []int    `json:"port_ids"`
	DaysOfWeek []string `json:"days_of_week"`
	Hour       int      `json:"hour"`
	Minute     int      `json:"minute"`
	Action     string   `json:"action"`
}

// ConnectionCheck is a list of hosts that a strip may watch.
type ConnectionCheck struct {
	Name      string  `json:"connection_check_name"`
	Hostname1 *string `json:"hostname_1"`
	Hostname2 *string `json:"hostname_2"`
	Hostname3 *string `json:"hostname_3"`
	Hostname4 *string `json:"hostname_4"`
}

// Listed is a power strip as a network's list has it, without its ports.
type Listed struct {
	ID                    int64   `json:"powerstrip_id"`
	MAC                   string  `json:"mac"`
	Name                  string  `json:"name"`
	Model                 string  `json:"model"`
	IP                    *string `json:"ip"`
	Created               string  `json:"created"`
	FirmwareVersion       string  `json:"firmware_version"`
	EnabledPorts          int     `json:"enabled_ports"`
	PortCount             int     `json:"port_count"`
	LastCheckin           string  `json:"last_checkin"`
	NeedPairing           bool    `json:"need_pairing"`
	CloudStatus           string  `json:"cloud_status"`
	Role                  string  `json:"role"`
	MeshIP                string  `json:"mesh_ip"`
	SurgeProtectionActive bool    `json:"surge_protection_active"`
	Voltage               float64 `json:"voltage_v"`
	Frequency             float64 `json:"frequency_hz"`
	Uptime                int64   `json:"uptime_seconds"`
	ActivePorts           int     `json:"active_ports"`
}

// listed is what the list says of a strip.
func (s *Strip) listed() Listed {
	if s.Listed != nil {
		return *s.Listed
	}
	enabled := 0
	for _, p := range s.Ports {
		if p.Enable {
			enabled++
		}
	}
	return Listed{
		ID:                    s.ID,
		MAC:                   s.MAC,
		Name:                  s.Name,
		Model:                 s.Model,
		IP:                    s.IP,
		Created:               s.Created,
		FirmwareVersion:       s.FirmwareVersion,
		EnabledPorts:          enabled,
		PortCount:             len(s.Ports),
		LastCheckin:           s.LastCheckin,
		NeedPairing:           s.NeedPairing,
		CloudStatus:           s.CloudStatus,
		Role:                  s.Role,
		MeshIP:                s.MeshIP,
		SurgeProtectionActive: s.SurgeProtectionActive,
		Voltage:               s.Voltage,
		Frequency:             s.Frequency,
		Uptime:                s.Uptime,
		ActivePorts:           s.ActivePorts,
	}
}
