package exposition

import (
	"reflect"
	"testing"

	"power_exporter/power"
)

// leaf is a field of a device that holds a reading or a text, and where.
type leaf struct {
	path  string
	value reflect.Value
}

var (
	valueType  = reflect.TypeFor[power.Value]()
	statesType = reflect.TypeFor[power.States]()
)

// leaves fills d with one of everything that can be repeated or left out, and
// returns every reading and every text in it, all of them still empty.
func leaves(t *testing.T, d *power.Device) []leaf {
	t.Helper()
	var found []leaf
	var walk func(v reflect.Value, path string)
	walk = func(v reflect.Value, path string) {
		switch {
		case v.Type() == valueType, v.Kind() == reflect.String:
			found = append(found, leaf{path, v})
		case v.Type() == statesType, v.Kind() == reflect.Bool: // Up and States: tests set these by name
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				field := v.Type().Field(i)
				inner := path + "." + field.Name
				if field.Anonymous {
					inner = path
				}
				walk(v.Field(i), inner)
			}
		case v.Kind() == reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			walk(v.Index(0), path)
		case v.Kind() == reflect.Pointer:
			v.Set(reflect.New(v.Type().Elem()))
			walk(v.Elem(), path)
		default:
			t.Fatalf("%s is a %s: teach this test what to do with it", path, v.Kind())
		}
	}
	walk(reflect.ValueOf(d).Elem(), "Device")
	return found
}

// isReading says whether the leaf is a reading and not a text.
func (l leaf) isReading() bool { return l.value.Type() == valueType }

// set gives the leaf a reading.
func (l leaf) set(reading float64) { l.value.Set(reflect.ValueOf(power.Raw(power.Of(reading)))) }

// everything is a device with every field set: each text is the name of its
// field, and each reading a number of its own.
func everything(t *testing.T) power.Device {
	t.Helper()
	d := power.Device{Up: true, States: power.StatesOf(power.StateOnLine, power.StateTrim, "Device.States.unknown")}
	for i, l := range leaves(t, &d) {
		if l.isReading() {
			l.set(float64(i) + 0.5)
		} else {
			l.value.SetString(l.path)
		}
	}
	return d
}
