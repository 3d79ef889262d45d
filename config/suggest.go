package config

// instead says what could be meant by an unknown key: the known one that looks
// like it, or all of them.
func instead(key string, known []string) string {
	best, least := "", 3
	for _, k := range known {
		if n := distance(key, k); n < least && n < len(k) {
			best, least = k, n
		}
	}
	if best != "" {
		return "did you mean " + quote(best) + "?"
	}
	return "known keys are " + list(known)
}

// distance is the number of letters to insert, remove or replace to get from a
// to b. Long words are not compared, and far from everything.
func distance(a, b string) int {
	if len(a) > 40 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
