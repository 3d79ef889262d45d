package synlink

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"

	"power_exporter/internal/lenient"
)

// decodeList reads the objects that an endpoint lists. What has nothing of such
// an object is left out, and an answer of nothing else is an error: a list that
// is really empty says so.
func decodeList[T any](what string, data []byte) ([]T, error) {
	var list lenient.List[T]
	if err := lenient.Decode(data, &list); err != nil {
		return nil, err
	}
	objects := listed(&list)
	var members []json.RawMessage
	if len(objects) == 0 && (lenient.Decode(data, &members) != nil || len(members) > 0) {
		return nil, fmt.Errorf("the answer is JSON of another kind: it has nothing in it of what %s has", what)
	}
	return objects, nil
}

// listed is the objects of a list without those that have nothing in them. It
// is nil only where there is no list, so that one can tell "none" from "not
// said".
func listed[T any](list *lenient.List[T]) []T {
	if list == nil {
		return nil
	}
	objects := make([]T, 0, len(*list))
	for _, object := range *list {
		if !reflect.ValueOf(object).IsZero() {
			objects = append(objects, object)
		}
	}
	return objects
}

// numbered is the id, or where there is none the object's place in its list,
// counted from 1.
func numbered(id string, index int) string {
	return cmp.Or(id, strconv.Itoa(index+1))
}
