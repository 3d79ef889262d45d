package synlinksim

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// reply is what an endpoint tells a user.
func (p *PDU) reply(name string, user *User) []byte {
	p.mu.RLock()
	defer p.mu.RUnlock()
	return appendJSON(nil, "", p.visible(name, user), p.options.Quirks.leaf())
}

// visible is the part of a reply that a user may see: all, but for outlets.
func (p *PDU) visible(name string, user *User) any {
	tree := p.replies[name]
	switch {
	case user.may("viewOutlets") && user.Outlets == nil:
		return tree
	case name == "outlets":
		return onlySeen(tree, user)
	case name == "groups":
		list := []any{}
		for _, group := range objects(tree) {
			shown := &object{append([]member(nil), group.members...)}
			shown.set("outlets", onlySeen(group.get("outlets"), user))
			list = append(list, shown)
		}
		return list
	}
	return tree
}

// onlySeen leaves out the outlets that a user may not see.
func onlySeen(outlets any, user *User) []any {
	list := []any{}
	for _, o := range objects(outlets) {
		if user.sees(o.text("id")) {
			list = append(list, o)
		}
	}
	return list
}

// Reply is what an endpoint, as "outlets", tells somebody who may see all; nil
// where there is none.
func (p *PDU) Reply(name string) json.RawMessage {
	p.mu.RLock()
	_, ok := p.replies[name]
	p.mu.RUnlock()
	if !ok {
		return nil
	}
	return p.reply(name, &User{})
}

// SetReply gives an endpoint another reply from now on; an empty text takes it
// away. The error is about a text that is no JSON.
func (p *PDU) SetReply(name, text string) error {
	tree, err := parse([]byte(text))
	if err != nil && text != "" {
		return fmt.Errorf("reply %s: %w", name, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if text == "" {
		delete(p.replies, name)
	} else {
		p.replies[name] = tree
	}
	return nil
}

// Set gives one value another, or makes it: "outlets/0/currentRms" is that of
// the first outlet. The value is written as JSON. The error is about a place
// that there is not.
func (p *PDU) Set(place string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	tree, err := parse(text)
	if err != nil {
		return err
	}
	reply, rest, _ := strings.Cut(place, "/")
	steps := strings.Split(rest, "/")
	last := len(steps) - 1
	p.mu.Lock()
	defer p.mu.Unlock()
	at := p.replies[reply]
	for _, step := range steps[:last] {
		at = child(at, step)
	}
	o, ok := at.(*object)
	if !ok || steps[last] == "" {
		return fmt.Errorf("no place %q", place)
	}
	o.set(steps[last], tree)
	return nil
}

// child is a member of an object or an element of an array, or nil.
func child(of any, step string) any {
	switch v := of.(type) {
	case *object:
		return v.get(step)
	case []any:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(v) {
			return v[i]
		}
	}
	return nil
}
