package power_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"power_exporter/power"
)

// absent is what a test expects where there is no number.
var absent = math.NaN()

// expect fails the test unless v is want, exactly, or absent where want is.
func expect(t *testing.T, what string, v power.Value, want float64) {
	t.Helper()
	got, ok := v.Get()
	switch {
	case math.IsNaN(want) && ok:
		t.Errorf("%s = %v, want it to be absent", what, got)
	case !math.IsNaN(want) && (!ok || got != want):
		t.Errorf("%s = %v, want %v", what, v, want)
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[string]float64{
		"230":                  230,
		"042.7":                42.7, // upsd pads with zeros
		"+5":                   5,
		"-3.5":                 -3.5,
		" 12 ":                 12,
		"\t12\r\n":             12,
		".5":                   0.5,
		"5.":                   5,
		"1.5e3":                1500,
		"1E3":                  1000,
		"0":                    0,
		"-0":                   0,
		"1e-400":               0, // too small to tell from zero
		"":                     absent,
		" ":                    absent,
		"<85":                  absent, // from a UPS that cannot say more
		"n/a":                  absent,
		"21,52":                absent, // could be thousands as well as a decimal comma
		"1_000":                absent,
		"1 000":                absent,
		"0x10":                 absent,
		"0b1":                  absent,
		"Inf":                  absent,
		"-inf":                 absent,
		"infinity":             absent,
		"NaN":                  absent,
		"nan":                  absent,
		"1e400":                absent,
		"e":                    absent,
		".":                    absent,
		"-":                    absent,
		"--1":                  absent,
		"1-2":                  absent,
		"1.2.3":                absent,
		"230 V":                absent,
		"80%":                  absent,
		"Unknown":              absent,
		"\u0664\u0662":         absent, // digits, but not ours
		"\xff":                 absent,
		"12\x00":               absent,
		"99999999999999999999": 1e20,
	} {
		expect(t, "Parse("+text+")", power.Raw(power.Parse(text)), want)
		if power.Parse(text).Present() == math.IsNaN(want) {
			t.Errorf("Parse(%q).Present() contradicts its value", text)
		}
	}
}

func TestNumberFromJSON(t *testing.T) {
	for data, want := range map[string]float64{
		`230.4`:          230.4,
		`-1.5e3`:         -1500,
		`0`:              0,
		`"042.7"`:        42.7,
		`" 12 "`:         12,
		`"\u0034\u0032"`: 42,
		`""`:             absent,
		`"n/a"`:          absent,
		`"1e400"`:        absent,
		`"NaN"`:          absent,
		`1e400`:          absent,
		`null`:           absent,
		`true`:           absent,
		`false`:          absent,
		`{}`:             absent,
		`{"v": 1}`:       absent,
		`[1]`:            absent,
		`[]`:             absent,
	} {
		// A decoder may reuse what it decodes into: the old number must go.
		n := power.Of(99)
		if err := json.Unmarshal([]byte(data), &n); err != nil {
			t.Errorf("reading %s: %v", data, err)
			continue
		}
		expect(t, "the number in "+data, power.Raw(n), want)
	}
}

func TestNumberInStruct(t *testing.T) {
	type reply struct {
		Number  power.Number
		Quoted  power.Number
		Null    power.Number
		Bool    power.Number
		Object  power.Number
		Missing power.Number
		Pointer *power.Number
		List    []power.Number
		After   string
	}
	var got reply
	data := `{"Number": 1.5, "Quoted": "042.7", "Null": null, "Bool": true, "Object": {"a": [1, {"b": 2}]}, "Pointer": "3", "List": [1, "x", null, "2"], "After": "still read"}`
	if err := json.Unmarshal([]byte(data), &got); err != nil {
		t.Fatal(err)
	}
	three := power.Of(3)
	want := reply{
		Number: power.Of(1.5), Quoted: power.Of(42.7), Pointer: &three,
		List: []power.Number{power.Of(1), {}, {}, power.Of(2)}, After: "still read",
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b power.Number) bool { return a == b })); diff != "" {
		t.Errorf("difference from what is wanted (-) to what was read (+):\n%s", diff)
	}
}

func TestNumberFromEmptyInput(t *testing.T) {
	n := power.Of(99)
	if err := n.UnmarshalJSON(nil); err != nil || n.Present() {
		t.Errorf("no input at all gave %v and error %v, want an absent number", n, err)
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"042.7", "<85", "21,52", "n/a", "0x10", "Inf", "NaN", "1e400", "", " 12 ", "1_000", "+5", "-3.5"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { finite(t, power.Parse(text)) })
}

func FuzzNumberFromJSON(f *testing.F) {
	for _, data := range []string{`1`, `"042.7"`, `null`, `true`, `{}`, `[1]`, `"`, `"\ud800"`, `1e400`, ``} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var n power.Number
		err := n.UnmarshalJSON(data)
		if err != nil && json.Valid(data) {
			t.Errorf("valid JSON was refused: %v", err)
		}
		finite(t, n)
	})
}

// finite fails the test if there is a number that is not one.
func finite(t *testing.T, n power.Number) {
	t.Helper()
	v, ok := power.Raw(n).Get()
	if ok != n.Present() {
		t.Errorf("the number is present: %v, its value: %v", n.Present(), ok)
	}
	if ok && (math.IsNaN(v) || math.IsInf(v, 0)) {
		t.Errorf("%v is present", v)
	}
}
