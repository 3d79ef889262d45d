package synlink

import (
	"power_exporter/internal/lenient"
	"power_exporter/power"
)

// Group is the Group Object: outlets that belong together, in the eyes of the
// unit's owner. Its outlets are the only ones whose watts are known.
type Group struct {
	ID        lenient.Text         `json:"id"`
	GroupName lenient.Text         `json:"groupName"`
	Outlets   lenient.List[Outlet] `json:"outlets"`
}

// DecodeGroups reads what GET /api/groups answers: a list, or one Group Object
// as in the document's sample. The list is not nil unless there is an error.
func DecodeGroups(data []byte) ([]Group, error) { return decodeList[Group]("a group", "groups", data) }

// device maps the group at an index of the list. An outlet is in it once.
func (g Group) device(index int) power.OutletGroup {
	group := power.OutletGroup{ID: numbered(g.ID.String(), index), Name: g.GroupName.String()}
	member := make(map[string]bool, len(g.Outlets))
	for _, o := range g.Outlets {
		if id := o.key(); id != "" && !member[id] {
			member[id] = true
			group.Outlets = append(group.Outlets, id)
		}
	}
	return group
}
