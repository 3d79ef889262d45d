package config

import (
	"errors"
	"net/netip"
	"strings"
	"time"

	promconfig "github.com/prometheus/common/config"
	"github.com/prometheus/common/model"
	"gopkg.in/yaml.v3"
)

const (
	// defaultMaxDevices bounds the devices of one sender. It is far above any
	// fleet, and far below what one process can hold.
	defaultMaxDevices = 10_000
	maxMaxDevices     = 1_000_000
	// maxExpiry is the longest time for which a push can be waited for.
	maxExpiry = model.Duration(7 * 24 * time.Hour)
)

// Receivers say who may push readings. A receiver that is nil accepts nothing.
type Receivers struct {
	PowerSentrix *PowerSentrixReceiver `yaml:"powersentrix,omitempty"`
	SynLink      *SynLinkReceiver      `yaml:"synlink,omitempty"`
	// TrustedProxies are networks and addresses of which it is believed whom
	// they forward a push for.
	TrustedProxies []string `yaml:"trusted_proxies,omitempty"`
}

// None reports whether nobody may push.
func (r *Receivers) None() bool { return r.PowerSentrix == nil && r.SynLink == nil }

// Proxies are the networks of TrustedProxies; one address is a network too.
func (r *Receivers) Proxies() []netip.Prefix {
	var networks []netip.Prefix
	for _, text := range r.TrustedProxies {
		network, _ := readNetwork(text) // check has read it before
		networks = append(networks, network)
	}
	return networks
}

// PowerSentrixReceiver accepts what PowerSentrix UPSes push.
type PowerSentrixReceiver struct {
	// Companies are whose UPSes may push.
	Companies []Company `yaml:"companies,omitempty"`
	// ExpireAfter is after how long without a push a UPS is down.
	ExpireAfter model.Duration `yaml:"expire_after,omitempty"`
	// CurrentUnit is what currents are counted in, mA or 10mA.
	CurrentUnit string `yaml:"current_unit,omitempty"`
	// Native adds the readings under the vendor's own names.
	Native bool `yaml:"native"`
	// MaxDevices is the number of UPSes of one company.
	MaxDevices int `yaml:"max_devices,omitempty"`
}

// Company is one company of PowerSentrix UPSes, with the secret id by which they
// prove to be its own.
type Company struct {
	Name   string            `yaml:"name"`
	ID     promconfig.Secret `yaml:"id,omitempty"`
	IDFile string            `yaml:"id_file,omitempty"`

	secret *string
}

// Secret is the company's id.
func (c *Company) Secret() string { return *c.secret }

// SynLinkReceiver accepts the webhooks of SynLink PDUs.
type SynLinkReceiver struct {
	// Tokens are who may call.
	Tokens []Token `yaml:"tokens,omitempty"`
	// ExpireAfter is after how long without a call a PDU is down.
	ExpireAfter model.Duration `yaml:"expire_after,omitempty"`
	// MaxDevices is the number of PDUs of one token.
	MaxDevices int `yaml:"max_devices,omitempty"`
}

// Token is the secret of one sender of webhooks.
type Token struct {
	Name      string            `yaml:"name"`
	Token     promconfig.Secret `yaml:"token,omitempty"`
	TokenFile string            `yaml:"token_file,omitempty"`

	secret *string
}

// Secret is the token itself.
func (t *Token) Secret() string { return *t.secret }

// Storage says where what was pushed survives a restart.
type Storage struct {
	// Path is a folder, which is made if there is none. In a file it is
	// relative to that file, as all paths are.
	Path string `yaml:"path"`
}

// defaultStorage is a folder where the exporter was started.
const defaultStorage = "data"

func (r *PowerSentrixReceiver) decodeNode(d *decoder, path string, n *yaml.Node) {
	r.ExpireAfter, r.CurrentUnit, r.MaxDevices = model.Duration(15*time.Minute), "mA", defaultMaxDevices
	type plain PowerSentrixReceiver // without this method
	d.decode(path, n, (*plain)(r))
}

func (r *SynLinkReceiver) decodeNode(d *decoder, path string, n *yaml.Node) {
	r.ExpireAfter, r.MaxDevices = model.Duration(10*time.Minute), defaultMaxDevices
	type plain SynLinkReceiver // without this method
	d.decode(path, n, (*plain)(r))
}

func (r *Receivers) check(p *problems, path, dir string, f *files) {
	for i, text := range r.TrustedProxies {
		if _, err := readNetwork(text); err != nil {
			p.add(item(at(path, "trusted_proxies"), i), "%s is no network: %s", quote(text), err)
		}
	}
	if ps := r.PowerSentrix; ps != nil {
		group := at(path, "powersentrix")
		checkReceiver(p, group, ps.ExpireAfter, ps.MaxDevices)
		checkCurrentUnit(p, at(group, "current_unit"), ps.CurrentUnit)
		senders := make([]sender, len(ps.Companies))
		for i := range ps.Companies {
			c := &ps.Companies[i]
			senders[i] = sender{c.Name, secretField{key: "id", inline: &c.ID, file: &c.IDFile}, &c.secret}
		}
		checkSenders(p, group, "companies", senders, dir, f)
	}
	if sl := r.SynLink; sl != nil {
		group := at(path, "synlink")
		checkReceiver(p, group, sl.ExpireAfter, sl.MaxDevices)
		senders := make([]sender, len(sl.Tokens))
		for i := range sl.Tokens {
			t := &sl.Tokens[i]
			senders[i] = sender{t.Name, secretField{key: "token", inline: &t.Token, file: &t.TokenFile}, &t.secret}
		}
		checkSenders(p, group, "tokens", senders, dir, f)
	}
}

// readNetwork reads a network or one address.
func readNetwork(text string) (netip.Prefix, error) {
	if address, err := netip.ParseAddr(text); err == nil && address.Zone() == "" {
		address = address.Unmap()
		return netip.PrefixFrom(address, address.BitLen()), nil
	}
	read, err := readPrefix(text)
	switch {
	case err != nil && strings.Contains(text, "/"):
		return netip.Prefix{}, err
	case err != nil:
		return netip.Prefix{}, errors.New("write an address such as 10.0.8.1, or a CIDR such as 10.0.8.0/24")
	case read.prefix.Bits() == 0:
		return netip.Prefix{}, errors.New("it is everybody, and whoever connects could then claim to be anybody: write the network of the proxies")
	}
	return read.prefix, nil
}

func checkReceiver(p *problems, group string, expiry model.Duration, devices int) {
	if expiry < model.Duration(time.Second) || expiry > maxExpiry {
		p.add(at(group, "expire_after"), "%s is out of range: it must be from 1s to %s", expiry, maxExpiry)
	}
	if devices < 1 || devices > maxMaxDevices {
		p.add(at(group, "max_devices"), "%d is out of range: it must be from 1 to %d", devices, maxMaxDevices)
	}
}

// sender is somebody who may push, and where his secret is kept.
type sender struct {
	name   string
	field  secretField
	secret **string
}

// checkSenders adds what is wrong with the senders under a key, and reads their
// secrets.
func checkSenders(p *problems, group, key string, senders []sender, dir string, f *files) {
	if len(senders) == 0 {
		p.missing(group, []string{key}, "nobody may push: add %s, each with a name and %s", key, map[string]string{"companies": "id_file", "tokens": "token_file"}[key])
	}
	names, secrets := map[string]int{}, map[string]int{}
	for i, s := range senders {
		path := item(at(group, key), i)
		file := s.field.key + "_file"
		*s.field.file = promconfig.JoinDir(dir, *s.field.file)
		if s.name == "" {
			p.missing(path, []string{"name"}, "name is missing: add name, by which the sender is called in the log")
		} else {
			checkName(p, at(path, "name"), "sender", s.name)
		}
		if j, taken := names[s.name]; taken && s.name != "" {
			p.add(at(path, "name"), "%s is already the name of %s: choose another", quote(s.name), item(at(group, key), j))
		}
		names[s.name] = i
		if !s.field.given() {
			p.missing(path, []string{s.field.key, file}, "%s is missing: add %s or %s", s.field.key, file, s.field.key)
		} else {
			s.field.check(p, path)
		}
		secret := s.field.hide(p, path, f)
		*s.secret = &secret
		if j, taken := secrets[secret]; taken && secret != "" {
			p.add(path, "has the same %s as %s: each sender needs its own", s.field.key, item(at(group, key), j))
		}
		secrets[secret] = i
	}
}
