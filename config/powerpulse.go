package config

// PowerPulseOptions are the options of the collector powerpulse.
type PowerPulseOptions struct {
	// Kiosk reads what PowerPulse shows without a log-in.
	Kiosk bool `yaml:"kiosk,omitempty"`
}

func powerpulseDefaults(m *Module) { m.MaxConcurrency = 2 }

func powerpulseCredentials(m *Module) credentials {
	if m.PowerPulse.Kiosk {
		return credentials{optional: true}
	}
	return credentials{kinds: []AuthKind{PasswordAuth}}
}

func checkPowerPulse(*problems, string, *Module) {}
