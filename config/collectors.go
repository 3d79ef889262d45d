package config

// collector is what the configuration has to know of one kind of collector.
type collector struct {
	// defaults sets what differs from the defaults of every module.
	defaults func(m *Module)
	// address reads the address of a target.
	address func(s string) (Address, error)
	// check adds what is wrong with the options under the collector's own name,
	// and what of the module the collector has no use for.
	check func(p *problems, module string, m *Module)
}

// collectors is the table of all collectors by name. The name is also the key
// of the collector's options in a module, and the name of a default module.
var collectors = map[string]collector{
	"nut": {defaults: nutDefaults, address: nutAddress, check: checkNUT},
}
