package config

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// badFiles are the files of testdata/bad and everything that is said about each.
var badFiles = map[string]string{
	"ad_hoc_word.yml": `ad_hoc_word.yml:2: probe.ad_hoc_targets: must be allow, deny or a list of patterns, not "pdu1"`,
	"addresses.yml": `
addresses.yml:2: targets[0].address: "https://ups1" is not host or host:port: leave out "https://"
addresses.yml:3: targets[1].address: "ups@ups1" is not host or host:port: leave out the @ and what is before it: credentials belong in auths, a UPS name in ups
addresses.yml:4: targets[2].address: "ups1/path" is not host or host:port: leave out the path and what follows it
addresses.yml:5: targets[3].address: "ups 1" is not host or host:port: it contains a space or a control character: remove it
addresses.yml:6: targets[4].address: "ups1:0" is not host or host:port: the port "0" must be a number from 1 to 65535
addresses.yml:7: targets[5].address: "ups1:" is not host or host:port: the port after the colon is missing
addresses.yml:8: targets[6].address: ":3493" is not host or host:port: the host is missing
addresses.yml:9: targets[7].address: "::1" is not host or host:port: put an IPv6 address in brackets, like [2001:db8::1]
addresses.yml:10: targets[8].address: "[fe80::1%eth0]" is not host or host:port: an address with a zone (%) is not supported: use one that is reached without
addresses.yml:11: targets[9].address: "010.0.8.5" is not host or host:port: neither a host name nor an IPv4 address: write four numbers from 0 to 255 without leading zeros
addresses.yml:12: targets[10].address: "0x0a.8.5" is not host or host:port: neither a host name nor an IPv4 address: write four numbers from 0 to 255 without leading zeros
addresses.yml:13: targets[11].address: "10.8.5" is not host or host:port: neither a host name nor an IPv4 address: write four numbers from 0 to 255 without leading zeros
addresses.yml:14: targets[12].address: "ups1:65536" is not host or host:port: the port "65536" must be a number from 1 to 65535
addresses.yml:15: targets[13].address: "ups\x001" is not host or host:port: it contains a space or a control character: remove it
addresses.yml:16: targets[14].address: "[::1]3493" is not host or host:port: after the ] there can only be a colon and a port
addresses.yml:17: targets[15].address: "[ups1]:3493" is not host or host:port: "ups1" is no IPv6 address, and only those are in brackets`,
	"alias_bomb.yml": `alias_bomb.yml:6: the aliases repeat too much of the file: write it with fewer`,
	"alias_loop.yml": `alias_loop.yml:2: modules.a.a: unknown key "a": known keys are cache_ttl, cloudtrax, collector, ems, follow_redirects, max_concurrency, native, nut, powerpulse, powersentrix, proxy_url, synlink, timeout, tls_config`,
	"anchored_problem.yml": `
anchored_problem.yml:4: modules.a.timeout: 1h is out of range: it must be more than 0s and at most 10m
anchored_problem.yml:4: modules.b.timeout: 1h is out of range: it must be more than 0s and at most 10m
anchored_problem.yml:4: modules.c.timeout: 1h is out of range: it must be more than 0s and at most 10m
anchored_problem.yml:8: modules.c.max_concurrency: 0 is out of range: it must be from 1 to 100`,
	"auths.yml": `
auths.yml:2: auths.both.password_file: password and password_file exclude each other: keep one
auths.yml:3: auths.no_password: username without password or password_file: add one of them
auths.yml:4: auths.no_username: password without username: add username
auths.yml:5: auths.nothing: no credentials: add username and password_file, or token_file, or key and secret_file, or api_key_file
auths.yml:6: auths.empty: no credentials: add username and password_file, or token_file, or key and secret_file, or api_key_file
auths.yml:7: auths.lines.username: contains a line break or a NUL: a log-in cannot carry it
auths.yml:7: auths.lines.password: contains a line break or a NUL: a log-in cannot carry it
auths.yml:8: auths[""]: the name of the auth is empty: give it one
auths.yml:9: auths[" spaced"]: the name of the auth starts or ends with a space: remove it
auths.yml:10: auths["bell\a"]: the name of the auth contains a control character: remove it
auths.yml:11: auths.list.password: must be text, not a list
auths.yml:12: auths["wrong.key"].pasword: unknown key "pasword": did you mean "password"?
auths.yml:13: auths["no.module"].modules[1]: unknown module "tls": known modules are cloudtrax, ems, nut, powerpulse, powersentrix, synlink`,
	"collectors.yml": `
collectors.yml:2: modules.a: collector is missing: add collector with one of cloudtrax, ems, nut, powerpulse, powersentrix, synlink
collectors.yml:3: modules.b: collector is missing: add collector with one of cloudtrax, ems, nut, powerpulse, powersentrix, synlink
collectors.yml:4: modules.c.collector: unknown collector "snmp": known collectors are cloudtrax, ems, nut, powerpulse, powersentrix, synlink
collectors.yml:5: modules.d: collector is missing: add collector with one of cloudtrax, ems, nut, powerpulse, powersentrix, synlink
collectors.yml:7: modules.push: the name push is that of the devices that push: choose another`,
	"concurrency.yml": `
concurrency.yml:2: modules.a.max_concurrency: 0 is out of range: it must be from 1 to 100
concurrency.yml:3: modules.b.max_concurrency: 101 is out of range: it must be from 1 to 100
concurrency.yml:4: modules.c.max_concurrency: -1 is out of range: it must be from 1 to 100
concurrency.yml:5: modules.d.max_concurrency: must be a whole number, not "2"
concurrency.yml:6: modules.e.max_concurrency: must be a whole number, not "99999999999999999999"`,
	"duplicate_keys.yml": `
duplicate_keys.yml:5: modules.rack.timeout: the key is given twice, first in line 4: remove one
duplicate_keys.yml:6: modules.rack: the key is given twice, first in line 2: remove one
duplicate_keys.yml:8: modules: the key is given twice, first in line 1: remove one`,
	"duplicate_targets.yml": `duplicate_targets.yml:4: targets[2].name: "rack-a" is already the name of targets[0]: choose another`,
	"durations.yml": `
durations.yml:2: modules.a.timeout: must be a duration such as 10s, 5m or 1h30m, not "10"
durations.yml:3: modules.b.timeout: 0s is out of range: it must be more than 0s and at most 10m
durations.yml:4: modules.c.timeout: 11m is out of range: it must be more than 0s and at most 10m
durations.yml:5: modules.d.timeout: must be a duration such as 10s, 5m or 1h30m, not "1.5s"
durations.yml:6: modules.e.cache_ttl: must be a duration such as 10s, 5m or 1h30m, not a list`,
	"merge.yml": `
merge.yml:4: modules.a["<<"]: the group merges itself: remove the <<
merge.yml:4: modules.c["<<"]: the group merges itself: remove the <<
merge.yml:7: modules.b["<<"]: << takes an alias of a group of keys, not a single value
merge.yml:9: modules.c["<<"]: << takes an alias of a group of keys, not a list
merge.yml:10: modules.c["<<"]: the key is given twice, first in line 9: remove one
merge.yml:11: modules[""]: a key must be text, not a list`,
	"no_auths.yml": `no_auths.yml:2: targets[0].auth: unknown auth "rack": no auths are configured`,
	"not_utf8.yml": `not_utf8.yml:2: not valid YAML: invalid leading UTF-8 octet: check the indentation, quotes and brackets here and just above`,
	"nut_options.yml": `
nut_options.yml:8: modules.rack.nut.ups[1]: "my ups" is no UPS name: it may hold letters, digits, '-', '_' and '.'
nut_options.yml:9: modules.rack.nut.ups[2]: "a\"b" is no UPS name: it may hold letters, digits, '-', '_' and '.'
nut_options.yml:10: modules.rack.nut.ups[3]: "a\nb" is no UPS name: it may hold letters, digits, '-', '_' and '.'
nut_options.yml:11: modules.rack.nut.ups[4]: the name is empty: write the name of a UPS, or leave out ups for all of them
nut_options.yml:12: modules.rack.nut.ups[5]: "ups@host" is no UPS name: it may hold letters, digits, '-', '_' and '.'
nut_options.yml:13: modules.rack.nut.ups[6]: "good-name_1.x" is in the list twice: remove one
nut_options.yml:14: modules.rack.nut.variables[1]: "[a" is no glob: close every [ with a ] and do not end with a backslash
nut_options.yml:14: modules.rack.nut.variables[2]: the glob is empty: write one such as battery.*
nut_options.yml:14: modules.rack.nut.variables[3]: "x\\" is no glob: close every [ with a ] and do not end with a backslash
nut_options.yml:18: modules.useless.nut.variables: no native readings are exported: add native: on to the module, or remove variables
nut_options.yml:19: modules.useless.tls_config: nothing is encrypted without starttls: add starttls: on under nut, or remove tls_config`,
	"password_files.yml": `
password_files.yml:2: auths.missing.password_file: reading ../secrets/missing: no such file or directory
password_files.yml:3: auths.folder.password_file: reading ../secrets: is a directory
password_files.yml:4: auths.empty.password_file: reading ../secrets/empty: the file is empty: write the secret into it
password_files.yml:5: auths.newline.password_file: reading ../secrets/newline: the file is empty: write the secret into it
password_files.yml:6: auths.two_lines.password_file: reading ../secrets/two_lines: the file has more than one line or a NUL: it must hold the secret alone
password_files.yml:7: auths.absolute.password_file: reading /nonexistent/secret: no such file or directory`,
	"patterns.yml": `
patterns.yml:6: auths.rack.targets[0]: "10.0.8.0/33" is no pattern: with a / it must be a CIDR such as 10.0.8.0/24 or 2001:db8::/32, without a scheme, path or port
patterns.yml:7: auths.rack.targets[1]: "10.0.8.5/24" is no pattern: the address is not the first of its network: write 10.0.8.0/24 for the network
patterns.yml:8: auths.rack.targets[2]: "10.0.8.0/24:3493" is no pattern: with a / it must be a CIDR such as 10.0.8.0/24 or 2001:db8::/32, without a scheme, path or port
patterns.yml:9: auths.rack.targets[3]: "ftp://pdu1" is no pattern: with a / it must be a CIDR such as 10.0.8.0/24 or 2001:db8::/32, without a scheme, path or port
patterns.yml:10: auths.rack.targets[4]: "10.0.8.*" is no pattern: a glob needs a letter: write a CIDR such as 10.0.8.0/24 for addresses, * for every host
patterns.yml:11: auths.rack.targets[5]: "010.0.8.5" is no pattern: neither a host name nor an IPv4 address: write four numbers from 0 to 255 without leading zeros
patterns.yml:12: auths.rack.targets[6]: "2001:db8::1" is no pattern: put an IPv6 address in brackets, like [2001:db8::1]
patterns.yml:13: auths.rack.targets[7]: "[2001:db8::1" is no pattern: close the [ of the IPv6 address with a ]
patterns.yml:14: auths.rack.targets[8]: "[fe80::1%eth0]" is no pattern: an address with a zone (%) is not supported: use one that is reached without
patterns.yml:15: auths.rack.targets[9]: "fe80::%eth0/64" is no pattern: with a / it must be a CIDR such as 10.0.8.0/24 or 2001:db8::/32, without a scheme, path or port
patterns.yml:16: auths.rack.targets[10]: "[10.0.8.5]:80" is no pattern: "10.0.8.5" is no IPv6 address, and only those are in brackets
patterns.yml:17: auths.rack.targets[11]: "pdu1:http" is no pattern: the port "http" must be a number from 1 to 65535
patterns.yml:18: auths.rack.targets[12]: "pdu1:" is no pattern: the port after the colon is missing
patterns.yml:19: auths.rack.targets[13]: "pdu1:70000" is no pattern: the port "70000" must be a number from 1 to 65535
patterns.yml:20: auths.rack.targets[14]: "pdu[12]" is no pattern: a host name cannot contain "["
patterns.yml:21: auths.rack.targets[15]: "pdu{1,2}" is no pattern: a host name cannot contain "{"
patterns.yml:22: auths.rack.targets[16]: "" is no pattern: it is empty: write a CIDR, a host glob or host:port
patterns.yml:23: auths.rack.targets[17]: "" is no pattern: it is empty: write a CIDR, a host glob or host:port
patterns.yml:24: auths.rack.targets[18]: "pdu 1" is no pattern: a host name cannot contain " "
patterns.yml:25: auths.rack.targets[19]: "user@pdu1" is no pattern: a host name cannot contain "@"
patterns.yml:26: auths.rack.targets[20]: "a..b" is no pattern: a host name cannot start with a dot or have two in a row
patterns.yml:27: auths.rack.targets[21]: "bücher.example" is no pattern: write a name with other letters than a to z in its xn-- form
patterns.yml:28: auths.rack.targets[22]: must be text, not a list
patterns.yml:29: auths.rack.targets[23]: ":80" is no pattern: the host is missing
patterns.yml:31: probe.ad_hoc_targets[1]: "10.0.0.0/8/8" is no pattern: with a / it must be a CIDR such as 10.0.8.0/24 or 2001:db8::/32, without a scheme, path or port`,
	"receivers.yml": `
receivers.yml:4: receivers.powersentrix.companies[0]: name is missing: add name, by which the sender is called in the log
receivers.yml:5: receivers.powersentrix.companies[1]: id is missing: add id_file or id
receivers.yml:6: receivers.powersentrix.companies[2].name: "acme" is already the name of receivers.powersentrix.companies[1]: choose another
receivers.yml:6: receivers.powersentrix.companies[2]: has the same id as receivers.powersentrix.companies[0]: each sender needs its own
receivers.yml:7: receivers.powersentrix.companies[3].id_file: id and id_file exclude each other: keep one
receivers.yml:8: receivers.powersentrix.companies[4].id_file: reading ../secrets/missing: no such file or directory
receivers.yml:9: receivers.powersentrix.expire_after: 0s is out of range: it must be from 1s to 1w
receivers.yml:10: receivers.powersentrix.current_unit: unknown unit "A": known are mA, 10mA
receivers.yml:11: receivers.powersentrix.max_devices: 0 is out of range: it must be from 1 to 1000000
receivers.yml:12: receivers.synlink: nobody may push: add tokens, each with a name and token_file
receivers.yml:13: receivers.synlink.expire_after: 30d is out of range: it must be from 1s to 1w
receivers.yml:14: receivers.snmp: unknown key "snmp": known keys are powersentrix, synlink, trusted_proxies
receivers.yml:15: receivers.trusted_proxies[1]: "proxy.example.net" is no network: write an address such as 10.0.8.1, or a CIDR such as 10.0.8.0/24
receivers.yml:15: receivers.trusted_proxies[2]: "10.0.8.1/24" is no network: the address is not the first of its network: write 10.0.8.0/24 for the network
receivers.yml:15: receivers.trusted_proxies[3]: "0.0.0.0/0" is no network: it is everybody, and whoever connects could then claim to be anybody: write the network of the proxies
receivers.yml:15: receivers.trusted_proxies[4]: "::ffff:0.0.0.0/96" is no network: it is everybody, and whoever connects could then claim to be anybody: write the network of the proxies
receivers.yml:15: receivers.trusted_proxies[5]: "fe80::1%eth0" is no network: write an address such as 10.0.8.1, or a CIDR such as 10.0.8.0/24
receivers.yml:15: receivers.trusted_proxies[6]: "10.0.8.1:80" is no network: write an address such as 10.0.8.1, or a CIDR such as 10.0.8.0/24
receivers.yml:15: receivers.trusted_proxies[7]: "" is no network: write an address such as 10.0.8.1, or a CIDR such as 10.0.8.0/24
receivers.yml:15: receivers.trusted_proxies[8]: "2001:db8::/129" is no network: with a / it must be a CIDR such as 10.0.8.0/24 or 2001:db8::/32, without a scheme, path or port
receivers.yml:16: storage.path: the path is empty: write that of a folder, such as data`,
	"root_list.yml": `root_list.yml:1: must be a group of keys, not a list`,
	"root_text.yml": `root_text.yml:1: must be a group of keys, not a single value`,
	"options.yml": `
options.yml:2: modules.synlink.synlink.window: 1s is out of range: it must be from 2s, in which one frame comes, to 1h
options.yml:2: modules.synlink.synlink.window: nothing is kept without the stream: add stream: on, or remove window
options.yml:2: modules.synlink.synlink.endpoints[0]: unknown endpoint "logs": known are device, inlets, banks, outlets, sensors, groups, events, conf, diagnostics
options.yml:2: modules.synlink.synlink.endpoints[2]: "conf" is in the list twice: remove one
options.yml:3: modules.nothing.synlink.endpoints: nothing would be read: name some of device, inlets, banks, outlets, sensors, groups, events, conf, diagnostics
options.yml:8: modules.ems.ems.signals.x: "x" is no si: it must be the number of a kind of signal
options.yml:8: modules.ems.ems.signals.x: quantity is missing: add one of voltage, current, frequency, active_power, apparent_power, reactive_power, power_factor, energy, exported_energy
options.yml:9: modules.ems.ems.signals.29.quantity: unknown quantity "volts": known are voltage, current, frequency, active_power, apparent_power, reactive_power, power_factor, energy, exported_energy
options.yml:9: modules.ems.ems.signals.29.line: unknown line "L4": known are L1, L2, L3, N, L1-N, L2-N, L3-N, L1-L2, L2-L3, L3-L1
options.yml:9: modules.ems.ems.signals.29.scale: must be a number other than 0
options.yml:10: modules.ems.ems.signals.30.scale: must be a number, not "much"
options.yml:11: modules.ems.ems.signals.31.scale: a counter cannot fall: use exported_energy for what is given back, with a positive scale
options.yml:12: modules.ems.ems.page_size: 0 is out of range: it must be from 1 to 100000
options.yml:13: modules.ems.ems.protocol: unknown protocol "modbus": known are rtu, tcp, meterBus, virtual, P1
options.yml:14: modules.ems.ems.uids[1]: -2 is no uid: it must be 0 or more
options.yml:15: modules.ems.ems.max_age: 0s is out of range: it must be more than 0s
options.yml:16: modules.ems.ems.paths.history: unknown path "history": known are devices, loads, login, mac, realtime, serial, signals, version
options.yml:16: modules.ems.ems.paths.loads: "v1/loads?x" must start with a / and hold no query
options.yml:17: modules.cloudtrax.follow_redirects: a signature is for one address, and is not sent to another: remove follow_redirects
options.yml:17: modules.cloudtrax.cloudtrax.url: "ftp://cloud" is not http://host, https://host or host: the scheme must be http or https
options.yml:18: modules.powersentrix.powersentrix.current_unit: unknown unit "A": known are mA, 10mA
options.yml:18: modules.powersentrix.powersentrix.base_path: "x" must start with a / and hold no query
options.yml:18: modules.powersentrix.powersentrix.base_path: only the portal has it: add mode: portal, or remove base_path
options.yml:18: modules.powersentrix.powersentrix.log_path: only the portal has it: add mode: portal, or remove log_path
options.yml:19: modules.other.powersentrix.mode: unknown mode "cloud": known are direct, portal
options.yml:19: modules.other.powersentrix.log_path: "/ups/changePortState" must be a plain path of what is only read
options.yml:20: modules.foreign.ems: these are options of the collector ems, and this module has collector: synlink: remove them
options.yml:21: modules.proxy.proxy_url: a user name or password in it is not supported: use a proxy that asks for none
options.yml:22: modules.proxy2.proxy_url: must be http://host:port or socks5://host:port
options.yml:23: modules.proxy3.proxy_url: leave out what follows the host and port
options.yml:24: modules.nut.proxy_url: this collector does not speak HTTP: remove proxy_url
options.yml:24: modules.nut.follow_redirects: this collector does not speak HTTP: remove follow_redirects`,
	"credentials.yml": `
credentials.yml:2: auths.two: password and token exclude each other: keep one kind of credentials
credentials.yml:3: auths.basic_token.basic: only username and password are sent so: remove basic
credentials.yml:4: auths.no_key: secret without key: add key
credentials.yml:5: auths.no_secret: key without secret or secret_file: add one of them
credentials.yml:6: auths.token_twice.token_file: token and token_file exclude each other: keep one
credentials.yml:7: auths.lines.api_key: contains a line break or a NUL: a log-in cannot carry it
credentials.yml:8: auths.missing.api_key_file: reading ../secrets/missing: no such file or directory
credentials.yml:15: targets[0]: module "synlink" has no use without credentials: it needs an auth with token or username and password
credentials.yml:16: targets[1].auth: auth "key" does not fit module "synlink": it takes an auth with token or username and password, and not with key and secret
credentials.yml:17: targets[2].auth: auth "token" does not fit module "nut": it takes an auth with username and password, and not with token
credentials.yml:18: targets[3].auth: auth "basic" does not fit module "ems": it takes no auth with basic
credentials.yml:19: targets[4].auth: auth "token" does not fit module "kiosk": it takes no auth
credentials.yml:20: targets[5].auth: auth "basic" does not fit module "powersentrix": it takes an auth with api_key, and not with username and password
credentials.yml:21: targets[6].address: "pdu1" is not the number of a network, such as 12345
credentials.yml:22: targets[7].address: "ftp://pdu1" is not http://host, https://host or host: the scheme must be http or https
credentials.yml:23: targets[8].address: "https://user@pdu1/" is not http://host, https://host or host, with or without :port: leave out the @ and what is before it: credentials belong in auths, a UPS name in ups
credentials.yml:24: targets[9].address: "https://pdu1/api" is not http://host, https://host or host, with or without :port: leave out the path and what follows it`,
	"syntax_bracket.yml":    `syntax_bracket.yml:4: not valid YAML: did not find expected ',' or ']': check the indentation, quotes and brackets here and just above`,
	"syntax_colon.yml":      `syntax_colon.yml:4: not valid YAML: mapping values are not allowed in this context: check the indentation, quotes and brackets here and just above`,
	"syntax_first_line.yml": `syntax_first_line.yml:1: not valid YAML: found character that cannot start any token: check the indentation, quotes and brackets here and just above`,
	"syntax_indent.yml":     `syntax_indent.yml:4: not valid YAML: did not find expected key: check the indentation, quotes and brackets here and just above`,
	"syntax_quote.yml":      `syntax_quote.yml:2: not valid YAML: found unexpected end of stream: check the indentation, quotes and brackets here and just above`,
	"syntax_star.yml":       `syntax_star.yml:3: not valid YAML: put a text that starts with * in quotes`,
	"syntax_tab.yml":        `syntax_tab.yml:2: not valid YAML: found character that cannot start any token: check the indentation, quotes and brackets here and just above`,
	"tag.yml":               `tag.yml:4: auths.rack.password: has a tag, which is not supported: put a text that starts with ! in quotes`,
	"targets.yml": `
targets.yml:4: targets[0]: name is missing: add name, unique among the targets
targets.yml:5: targets[1]: address is missing: add address, where the target is reached
targets.yml:6: targets[2]: module is missing: add module with one of cloudtrax, ems, nut, powerpulse, powersentrix, synlink
targets.yml:7: targets[3].module: unknown module "snmp": known modules are cloudtrax, ems, nut, powerpulse, powersentrix, synlink
targets.yml:8: targets[4].auth: unknown auth "rock": known auths are rack
targets.yml:9: targets[5].address: "http://ups1" is not host or host:port: leave out "http://"
targets.yml:10: targets[6].name: the name of the target contains a control character: remove it
targets.yml:11: targets[7].name: the name of the target starts or ends with a space: remove it
targets.yml:17: targets[8].labels.9lives: "9lives" is no label name: it may hold letters, digits and '_', and does not start with a digit
targets.yml:18: targets[8].labels.a-b: "a-b" is no label name: it may hold letters, digits and '_', and does not start with a digit
targets.yml:19: targets[8].labels.__address__: "__address__" is no label name for a target: names that start with __ are Prometheus' own
targets.yml:20: targets[8].labels[""]: "" is no label name: it may hold letters, digits and '_', and does not start with a digit
targets.yml:21: targets[8].labels.device: "device" is a label of the readings, which Prometheus would rename to exported_device: take another name
targets.yml:22: targets[9]: name is missing: add name, unique among the targets
targets.yml:22: targets[9]: module is missing: add module with one of cloudtrax, ems, nut, powerpulse, powersentrix, synlink
targets.yml:22: targets[9]: address is missing: add address, where the target is reached`,
	"tls.yml": `
tls.yml:2: modules.a.tls_config.ca_file: reading ../secrets/missing.pem: no such file or directory
tls.yml:3: modules.b.tls_config: unable to use specified CA cert file ../secrets/upsmon
tls.yml:4: modules.c.tls_config.ca_ref: unknown key "ca_ref": known keys are ca, ca_file, cert, cert_file, insecure_skip_verify, key, key_file, max_version, min_version, server_name
tls.yml:4: modules.c.tls_config.key_ref: unknown key "key_ref": known keys are ca, ca_file, cert, cert_file, insecure_skip_verify, key, key_file, max_version, min_version, server_name
tls.yml:5: modules.d.tls_config: exactly one of key or key_file must be configured when a client certificate is configured
tls.yml:6: modules.e.tls_config.min_version: must be one of TLS10, TLS11, TLS12, TLS13, not "TLS14"
tls.yml:7: modules.f.tls_config: max_version must be greater than or equal to min_version if both are specified
tls.yml:8: modules.g.tls_config: at most one of ca and ca_file must be configured
tls.yml:9: modules.h.tls_config: unable to use specified client cert (inline) & key (inline): tls: failed to find any PEM data in certificate input
tls.yml:10: modules.i.tls_config: unable to use specified CA cert inline`,
	"two_documents.yml":  `two_documents.yml:2: a second document starts here: a configuration is one document, remove the ---`,
	"unknown_anchor.yml": `unknown_anchor.yml:4: not valid YAML: an alias of an anchor that is not defined above: put a text that starts with * in quotes`,
	"unknown_key.yml":    `unknown_key.yml:4: modules.rack.colector: unknown key "colector": did you mean "collector"?`,
	"unknown_keys_everywhere.yml": `
unknown_keys_everywhere.yml:1: auth: unknown key "auth": did you mean "auths"?
unknown_keys_everywhere.yml:2: receiver: unknown key "receiver": did you mean "receivers"?
unknown_keys_everywhere.yml:4: auths.rack.passwort: unknown key "passwort": did you mean "password"?
unknown_keys_everywhere.yml:8: modules.rack.zebra: unknown key "zebra": known keys are cache_ttl, cloudtrax, collector, ems, follow_redirects, max_concurrency, native, nut, powerpulse, powersentrix, proxy_url, synlink, timeout, tls_config
unknown_keys_everywhere.yml:9: modules.rack.tls_config.insecure: unknown key "insecure": known keys are ca, ca_file, cert, cert_file, insecure_skip_verify, key, key_file, max_version, min_version, server_name
unknown_keys_everywhere.yml:10: modules.rack.nut.star_tls: unknown key "star_tls": did you mean "starttls"?
unknown_keys_everywhere.yml:12: targets[0].modul: unknown key "modul": did you mean "module"?
unknown_keys_everywhere.yml:14: targets[1].addresss: unknown key "addresss": did you mean "address"?
unknown_keys_everywhere.yml:17: probe.adhoc_targets: unknown key "adhoc_targets": did you mean "ad_hoc_targets"?`,
	"wrong_types.yml": `
wrong_types.yml:1: auths: must be a group of keys, not a list
wrong_types.yml:4: modules.rack.collector: must be text, not a list
wrong_types.yml:5: modules.rack.timeout: must be a duration such as 10s, 5m or 1h30m, not "soon"
wrong_types.yml:6: modules.rack.max_concurrency: must be a whole number, not "1.5"
wrong_types.yml:7: modules.rack.cache_ttl: must be a duration such as 10s, 5m or 1h30m, not "-1s"
wrong_types.yml:8: modules.rack.native: must be on or off, without quotes, not "perhaps"
wrong_types.yml:9: modules.rack.tls_config: must be a group of keys, not a single value
wrong_types.yml:11: modules.rack.nut.starttls: must be on or off, without quotes, not "tls"
wrong_types.yml:12: modules.rack.nut.ups: must be a list, not "rack"
wrong_types.yml:13: modules.rack.nut.variables: must be a list, not a group of keys
wrong_types.yml:14: modules.list: must be a group of keys, not a list
wrong_types.yml:15: targets: must be a list, not a group of keys
wrong_types.yml:17: probe: must be a group of keys, not a single value`,
	"wrong_types_targets.yml": `
wrong_types_targets.yml:2: modules.rack: must be a group of keys, not a single value
wrong_types_targets.yml:4: targets[0]: must be a group of keys, not a single value
wrong_types_targets.yml:5: targets[1].name: must be text, not a group of keys
wrong_types_targets.yml:8: targets[1].labels: must be a group of keys, not a list
wrong_types_targets.yml:9: targets[2]: name is missing: add name, unique among the targets
wrong_types_targets.yml:9: targets[2]: module is missing: add module with one of cloudtrax, ems, nut, powerpulse, powersentrix, rack, synlink
wrong_types_targets.yml:9: targets[2]: address is missing: add address, where the target is reached
wrong_types_targets.yml:11: probe.ad_hoc_targets: must be allow, deny or a list of patterns, not a group of keys`,
}

func TestBadFiles(t *testing.T) {
	t.Chdir("testdata/bad")
	files, err := filepath.Glob("*.yml")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(badFiles) {
		t.Errorf("%d files in testdata/bad, and %d in the table", len(files), len(badFiles))
	}
	for file, want := range badFiles {
		c, err := Load(file)
		if err == nil {
			t.Errorf("%s: no error", file)
			continue
		}
		if c != nil {
			t.Errorf("%s: a configuration next to the error", file)
		}
		if diff := cmp.Diff(strings.TrimPrefix(want, "\n"), err.Error()); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", file, diff)
		}
	}
}
