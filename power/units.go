package power

// Volts takes volts.
func Volts(n Number) Value { return n.reading }

// Centivolts takes hundredths of a volt (10 mV) and gives volts.
func Centivolts(n Number) Value { return n.parts(100) }

// Millivolts takes thousandths of a volt and gives volts.
func Millivolts(n Number) Value { return n.parts(1000) }

// Amperes takes amperes.
func Amperes(n Number) Value { return n.reading }

// Centiamperes takes hundredths of an ampere (10 mA) and gives amperes.
func Centiamperes(n Number) Value { return n.parts(100) }

// Milliamperes takes thousandths of an ampere and gives amperes.
func Milliamperes(n Number) Value { return n.parts(1000) }

// Watts takes watts; negative power flows towards the source.
func Watts(n Number) Value { return n.reading }

// Kilowatts takes thousands of watts and gives watts.
func Kilowatts(n Number) Value { return n.scaled(1000) }

// VoltAmperes takes volt-amperes of apparent power.
func VoltAmperes(n Number) Value { return n.reading }

// VoltAmperesReactive takes volt-amperes of reactive power.
func VoltAmperesReactive(n Number) Value { return n.reading }

// Hertz takes cycles per second.
func Hertz(n Number) Value { return n.reading }

// Ratio takes a plain ratio: 0 to 1, and -1 to 1 for a power factor.
func Ratio(n Number) Value { return n.reading }

// Percent takes hundredths and gives a ratio: 42 is 0.42.
func Percent(n Number) Value { return n.parts(100) }

// Joules takes watt-seconds.
func Joules(n Number) Value { return n.reading }

// WattHours takes watt-hours and gives joules: 1 Wh is 3,600 J.
func WattHours(n Number) Value { return n.scaled(3600) }

// KilowattHours takes thousands of watt-hours and gives joules: 1 kWh is
// 3,600,000 J.
func KilowattHours(n Number) Value { return n.scaled(3.6e6) }

// Celsius takes degrees Celsius.
func Celsius(n Number) Value { return n.reading }

// Fahrenheit takes degrees Fahrenheit and gives degrees Celsius: 212 is 100.
func Fahrenheit(n Number) Value {
	f, ok := n.reading.Get()
	if !ok {
		return Value{}
	}
	return value((f - 32) * 5 / 9)
}

// Seconds takes seconds.
func Seconds(n Number) Value { return n.reading }

// Minutes takes minutes and gives seconds.
func Minutes(n Number) Value { return n.scaled(60) }

// Bytes takes bytes of memory.
func Bytes(n Number) Value { return n.reading }

// Count takes a number of things.
func Count(n Number) Value { return n.reading }

// Raw takes a number whose unit only its maker knows, for a [NativeReading].
func Raw(n Number) Value { return n.reading }
