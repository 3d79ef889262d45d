package synlinksim_test

import (
	"encoding/json"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"

	"power_exporter/cmd/powersim/simtest"
	"power_exporter/cmd/powersim/synlinksim"
)

// reading is a PDU as a test looks at it. Numbers that may be missing are
// pointers.
type reading struct {
	Device struct {
		NumBanks, NumOutlets, NumInlets int
		InletConfig, Phase, Time        string
		OutletPwrMeasurementsSupported  bool
		OutletSwitchingSupported        bool
		Uptime                          float64
	}
	Inlets []struct {
		ID, InletType, AtsInletID, ThreePhaseBalance                  string
		AtsInletActive                                                *bool
		InletCurrentRms, InletVoltageRms, InletActivePower            *float64
		InletApparentPower, InletPowerFactor, InletEnergyAccumulation *float64
		InletLines                                                    []struct {
			Line       string
			CurrentRms float64
		}
	}
	Banks []struct {
		ID                                                json.Number
		InletID                                           string
		CurrentRms, VoltageRms, PowerFactor, ActivePower  float64
		ApparentPower, LineFrequency, EnergyAccumulation  float64
		CircuitBreakerClosed, HasCircuitBreakerProtection bool
	}
	Outlets []struct {
		ID             string
		BankID         json.Number
		State          *string
		RelayHealth    *string
		CurrentRms     *float64
		CircuitVoltage float64
	}
	Groups []struct {
		Outlets []struct {
			ID         string
			CurrentRms *float64
			Watts      *float64
		}
	}
	Sensors []struct {
		SensorType                                   string
		SensorTempInC, SensorTempInF, SensorHumidity *float64
	}
	Diagnostics struct{ LifetimeInletEnergyAccumulation float64 }
}

// look reads everything that a PDU tells.
func look(t *testing.T, pdu *synlinksim.PDU) reading {
	t.Helper()
	replies := map[string]json.RawMessage{}
	for _, name := range []string{"device", "inlets", "banks", "outlets", "groups", "sensors", "diagnostics"} {
		replies[name] = pdu.Reply(name)
	}
	if groups := replies["groups"]; len(groups) > 0 && groups[0] == '{' {
		replies["groups"] = slices.Concat([]byte("["), groups, []byte("]")) // as the document has it
	}
	text, err := json.Marshal(replies)
	if err != nil {
		t.Fatal(err)
	}
	return simtest.Decoded[reading](t, string(text))
}

// near says whether two numbers are the same but for rounding.
func near(a, b, rounding float64) bool { return math.Abs(a-b) <= rounding+0.002*math.Abs(b) }

// consistent holds the parts of a PDU against each other. The document's own
// samples are not.
func consistent(t *testing.T, name string, r reading) {
	t.Helper()
	if r.Device.NumBanks != len(r.Banks) || r.Device.NumInlets != len(r.Inlets) || r.Device.NumOutlets != len(r.Outlets) {
		t.Errorf("%s: %+v, but %d banks, %d inlets, %d outlets", name, r.Device, len(r.Banks), len(r.Inlets), len(r.Outlets))
	}
	current := map[string]float64{}
	for _, o := range r.Outlets {
		if (o.CurrentRms != nil) != r.Device.OutletPwrMeasurementsSupported || (o.State != nil) != r.Device.OutletSwitchingSupported {
			t.Errorf("%s: %+v", name, o)
		}
		if o.CurrentRms == nil {
			continue
		}
		current[o.BankID.String()] += *o.CurrentRms
		if o.State != nil && *o.State == "OFF" && *o.CurrentRms != 0 {
			t.Errorf("%s: outlet %s is off and draws %v A", name, o.ID, *o.CurrentRms)
		}
	}
	inlet, power := map[string]float64{}, map[string]float64{}
	for _, b := range r.Banks {
		if sum := current[b.ID.String()]; r.Device.OutletPwrMeasurementsSupported && !near(b.CurrentRms, sum, 0.001) {
			t.Errorf("%s: bank %s draws %v A, its outlets %v A", name, b.ID, b.CurrentRms, sum)
		}
		if want := b.CurrentRms * b.VoltageRms; !near(b.ApparentPower, want, 0.2) {
			t.Errorf("%s: bank %s has %v VA, not %v", name, b.ID, b.ApparentPower, want)
		}
		if want := b.ApparentPower * math.Abs(b.PowerFactor); !near(b.ActivePower, want, 0.5) || math.Abs(b.PowerFactor) > 1 {
			t.Errorf("%s: bank %s has %v W, not %v", name, b.ID, b.ActivePower, want)
		}
		inlet[b.InletID] += b.CurrentRms
		power[b.InletID] += b.ActivePower
	}
	for _, i := range r.Inlets {
		if *i.InletEnergyAccumulation != *r.Inlets[0].InletEnergyAccumulation {
			t.Errorf("%s: two totals", name)
		}
		if i.AtsInletActive != nil && *i.AtsInletActive != (i.InletCurrentRms != nil) {
			t.Errorf("%s: inlet %s is active or has readings, not both", name, i.ID)
		}
		if i.InletCurrentRms != nil {
			if !near(*i.InletCurrentRms, inlet[i.ID], 0.001) || !near(*i.InletActivePower, power[i.ID], 0.1) {
				t.Errorf("%s: inlet %s has %v A and %v W, its banks %v and %v", name, i.ID, *i.InletCurrentRms, *i.InletActivePower, inlet[i.ID], power[i.ID])
			}
			if want := *i.InletCurrentRms * *i.InletVoltageRms; !near(*i.InletApparentPower, want, 0.5) {
				t.Errorf("%s: inlet %s has %v VA, not %v", name, i.ID, *i.InletApparentPower, want)
			}
		}
		var lines float64
		for _, l := range i.InletLines {
			lines += l.CurrentRms
		}
		if r.Device.Phase == "Three Phase Wye" && (len(i.InletLines) != 3 || !near(lines, inlet[i.ID], 0.005)) {
			t.Errorf("%s: the lines draw %v A, the banks %v A", name, lines, inlet[i.ID])
		}
		// Between its lines a load draws √3 times what it would from each of
		// three to the neutral, at most.
		if r.Device.Phase == "Three Phase Delta" && (lines < 1.6*inlet[i.ID] || lines > 1.999*inlet[i.ID]) {
			t.Errorf("%s: the lines draw %v A, the banks %v A", name, lines, inlet[i.ID])
		}
		if (len(i.InletLines) > 0) != strings.HasSuffix(i.ThreePhaseBalance, "%") || (len(i.InletLines) > 0) != strings.HasPrefix(r.Device.Phase, "Three") {
			t.Errorf("%s: %+v", name, i)
		}
	}
	for _, g := range r.Groups {
		for _, o := range g.Outlets {
			for _, other := range r.Outlets {
				if other.ID == o.ID && o.CurrentRms != nil && *o.CurrentRms != *other.CurrentRms {
					t.Errorf("%s: outlet %s draws %v A in a group", name, o.ID, *o.CurrentRms)
				}
				if other.ID == o.ID && o.Watts != nil && *o.Watts > 1.001**o.CurrentRms*other.CircuitVoltage {
					t.Errorf("%s: outlet %s has %v W in a group", name, o.ID, *o.Watts)
				}
			}
		}
	}
	for _, s := range r.Sensors {
		if s.SensorTempInC != nil && !near(*s.SensorTempInF, 1.8**s.SensorTempInC+32, 0.001) {
			t.Errorf("%s: %v °C, %v °F", name, *s.SensorTempInC, *s.SensorTempInF)
		}
	}
}

func TestModels(t *testing.T) {
	names := synlinksim.Models()
	if want := strings.Fields("ats delta dual iohub manual metered rack36 single8 switched tripped wye"); !slices.Equal(names, want) {
		t.Errorf("%v", names)
	}
	for _, name := range names {
		pdu := synlinksim.New(synlinksim.Options{}, synlinksim.MustRecorded(name))
		if name != "manual" {
			consistent(t, name, look(t, pdu))
		}
		if err := pdu.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Each model is what it is for.
func TestModelTraits(t *testing.T) {
	for name, want := range map[string]func(reading) bool{
		"wye": func(r reading) bool { return r.Inlets[0].ThreePhaseBalance == "80%" },
		"delta": func(r reading) bool {
			return r.Device.Phase == "Three Phase Delta" && !r.Banks[0].HasCircuitBreakerProtection
		},
		"rack36":  func(r reading) bool { return len(r.Outlets) == 36 && len(r.Banks) == 3 && len(r.Sensors) == 2 },
		"dual":    func(r reading) bool { return r.Device.InletConfig == "dualcircuit" && len(r.Inlets) == 2 },
		"ats":     func(r reading) bool { return r.Inlets[1].AtsInletID == "B" && r.Banks[0].PowerFactor < 0 },
		"metered": func(r reading) bool { return r.Outlets[0].State == nil && r.Outlets[0].RelayHealth == nil },
		"switched": func(r reading) bool {
			return r.Outlets[0].CurrentRms == nil && r.Groups[0].Outlets[0].CurrentRms == nil
		},
		"iohub":   func(r reading) bool { return r.Sensors[1].SensorType == "dio_hub" },
		"tripped": func(r reading) bool { return !r.Banks[1].CircuitBreakerClosed && *r.Outlets[4].RelayHealth == "Failed" },
	} {
		pdu := synlinksim.New(synlinksim.Options{}, synlinksim.MustRecorded(name))
		if !want(look(t, pdu)) {
			t.Errorf("%s is something else", name)
		}
		if err := pdu.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestUnknownModel(t *testing.T) {
	if _, err := synlinksim.Recorded("nothing"); err == nil || !strings.HasPrefix(err.Error(), `no model "nothing", there are ats, delta,`) {
		t.Error(err)
	}
	for name, panics := range map[string]func(){
		"an unknown model": func() { synlinksim.MustRecorded("nothing") },
		"no JSON": func() {
			synlinksim.New(synlinksim.Options{}, synlinksim.Model{Replies: map[string]json.RawMessage{"device": json.RawMessage("{")}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			panics()
		})
	}
}

// A model that is changed changes no other.
func TestModelIsACopy(t *testing.T) {
	m := synlinksim.MustRecorded("single8")
	delete(m.Replies, "sensors")
	m.Replies["banks"][0] = '{'
	_, url := recorded(t, synlinksim.Options{}, "single8")
	for _, path := range []string{"/api/sensors", "/api/banks"} {
		if a := get(t, url+path); a.Status != http.StatusOK || a.Body[0] != '[' {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
}
