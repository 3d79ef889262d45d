package power

import (
	"reflect"
	"testing"
)

// A text that texts forgets can break a scrape, so this test finds every string
// of a Device by itself and compares.
func TestTextsVisitsEveryString(t *testing.T) {
	d := Device{States: StatesOf("eco")}
	found := map[uintptr]string{}
	findStrings(t, reflect.ValueOf(&d).Elem(), "Device", found)
	if len(found) < 60 {
		t.Fatalf("only %d strings were found in a Device: this test is blind", len(found))
	}

	visited := map[uintptr]bool{}
	d.texts(func(text *string) {
		p := reflect.ValueOf(text).Pointer()
		if visited[p] {
			t.Errorf("%s is visited twice", found[p])
		}
		visited[p] = true
		if found[p] == "" {
			t.Errorf("a string is visited that is not part of the device: %q", *text)
		}
	})
	for p, path := range found {
		if !visited[p] {
			t.Errorf("texts does not visit %s", path)
		}
	}
}

// findStrings notes where every string below v is. It gives an empty slice one
// element and a nil pointer something to point at, to see what is in there.
func findStrings(t *testing.T, v reflect.Value, path string, found map[uintptr]string) {
	t.Helper()
	switch v.Kind() {
	case reflect.String:
		found[v.Addr().Pointer()] = path
	case reflect.Struct:
		for i := range v.NumField() {
			findStrings(t, v.Field(i), path+"."+v.Type().Field(i).Name, found)
		}
	case reflect.Slice:
		if v.Len() == 0 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		}
		findStrings(t, v.Index(0), path+"[0]", found)
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		findStrings(t, v.Elem(), path, found)
	case reflect.Bool, reflect.Uint64:
	default:
		t.Errorf("%s is a %s: teach this test, and texts, what to do with it", path, v.Kind())
	}
}
