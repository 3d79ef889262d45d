package synlink

import (
	"time"

	"power_exporter/power"
)

// sliding is the highest and lowest of a quantity over a window. Each list
// holds only what can still become an extreme: the highs fall and the lows rise
// with time.
type sliding struct{ highs, lows []sample }

// sample is a reading at a time.
type sample struct {
	value power.Value
	at    time.Time
}

// number is the reading, which there is.
func (s sample) number() float64 {
	f, _ := s.value.Get()
	return f
}

// note adds a reading; an absent one only lets time pass.
func (s *sliding) note(v power.Value, now time.Time, window time.Duration) {
	s.highs, s.lows = recent(s.highs, now, window), recent(s.lows, now, window)
	f, ok := v.Get()
	if !ok {
		return
	}
	for len(s.highs) > 0 && s.highs[len(s.highs)-1].number() <= f {
		s.highs = s.highs[:len(s.highs)-1]
	}
	for len(s.lows) > 0 && s.lows[len(s.lows)-1].number() >= f {
		s.lows = s.lows[:len(s.lows)-1]
	}
	s.highs, s.lows = append(s.highs, sample{v, now}), append(s.lows, sample{v, now})
}

// span is the lowest and the highest; both absent without a reading in the
// window.
func (s *sliding) span(now time.Time, window time.Duration) (lowest, highest power.Value) {
	if lows := recent(s.lows, now, window); len(lows) > 0 {
		lowest = lows[0].value
	}
	if highs := recent(s.highs, now, window); len(highs) > 0 {
		highest = highs[0].value
	}
	return lowest, highest
}

// recent is the samples of the window.
func recent(samples []sample, now time.Time, window time.Duration) []sample {
	for len(samples) > 0 && now.Sub(samples[0].at) > window {
		samples = samples[1:]
	}
	return samples
}
