package synlink

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"

	"power_exporter/internal/lenient"
)

// decodeList reads the objects that an endpoint lists, of which one and several
// are called as given. What has nothing of such an object is left out, and an
// answer of nothing else is an error: a list that is really empty says so, and
// null says nothing.
func decodeList[T any](one, several string, data []byte) ([]T, error) {
	var list lenient.List[T]
	if err := lenient.Decode(data, &list); err != nil {
		return nil, err
	}
	objects := listed(&list)
	if len(objects) > 0 {
		return objects, nil
	}
	var members []json.RawMessage
	switch err := lenient.Decode(data, &members); {
	case err != nil || len(members) > 0:
		return nil, fmt.Errorf("the answer is JSON of another kind: it has nothing in it of what %s has", one)
	case members == nil:
		return nil, fmt.Errorf("the answer is null: a list of %s was expected", several)
	}
	return objects, nil
}

// decodeObject reads the object that an endpoint answers with into v. It may
// have no member that is known.
func decodeObject(data []byte, v any) error {
	var null json.RawMessage
	if err := lenient.Decode(data, &null); err == nil && string(null) == "null" {
		return errors.New("the answer is null: an object was expected")
	}
	return lenient.Decode(data, v)
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
