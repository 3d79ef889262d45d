package synlinksim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"power_exporter/cmd/powersim/simlogin"
)

// logIn answers a log-in. The document sends the JSON with curl -d, which
// calls it a form, so the type of the content does not matter.
func (x *exchange) logIn() {
	if x.r.Method != http.MethodPost {
		x.w.Header().Set("Allow", http.MethodPost)
		x.refuse(http.StatusMethodNotAllowed)
		return
	}
	name, password, err := simlogin.Read(x.r.Body)
	if err != nil {
		x.refuse(http.StatusBadRequest)
		return
	}
	user, token, verdict := x.pdu.sessions.logIn(name, password)
	switch verdict {
	case accepted:
		x.w.Header().Set("Token", token)
		x.w.Header().Set("Set-Cookie", "SPID="+token+"; path=/")
		x.w.Header().Set("Connection", "close")
		send(x.w, http.StatusOK, appendJSON(nil, "", x.pdu.account(user), nil))
	case wrong:
		x.refuse(http.StatusUnauthorized)
	case locked, full:
		x.refuse(http.StatusForbidden)
	}
}

// account is the user object that a log-in answers with, in the order of the
// document's example.
func (p *PDU) account(user *User) *object {
	id := slices.IndexFunc(p.options.Users, func(u User) bool { return u.Name == user.Name }) + 1
	number := json.Number(strconv.Itoa(id))
	role := &object{[]member{
		{"id", number},
		{"name", "Reader"},
		{"description", "Some Permissions."},
		{"permissions", p.permissions(user)},
	}}
	if user.Permissions == nil {
		role.set("name", "Administrator")
		role.set("description", "All Permissions. At minimum need one administrator role at any time. Not Editable.")
	}
	return &object{[]member{
		{"username", user.Name},
		{"id", number.String()},
		{"lastLogin", json.Number("1325659007")},
		{"created", json.Number("1617325133")},
		{"roleId", number},
		{"role", role},
	}}
}

// permissions is the part of a role that says what is allowed.
func (p *PDU) permissions(user *User) *object {
	granted := &object{}
	for _, name := range []string{
		"viewInletStats", "modifyInletStats", "viewBankStats", "modifyBankStats", "viewEventActions", "modifyEventActions",
		"viewNetworkSettings", "modifyNetworkSettings", "modifyLcdSettings", "modifyPortSettings", "modifyFirmwareVersion",
		"viewUsersList", "modifyUsers", "allowFactoryReset", "allowPduRestart", "modifyGlobalDeviceSettings",
		"viewGlobalDeviceSettings", "viewPortInfo", "viewOutletGroups", "modifyOutletGroups",
	} {
		granted.set(name, user.may(name))
	}
	seen, changed := []any{}, []any{}
	p.mu.RLock()
	defer p.mu.RUnlock()
	for _, o := range objects(p.replies["outlets"]) {
		id := o.text("id")
		if user.sees(id) {
			seen = append(seen, id)
		}
		if user.may("modifyOutlets") {
			changed = append(changed, id)
		}
	}
	granted.set("viewOutlets", seen)
	granted.set("modifyOutlets", changed)
	return granted
}
