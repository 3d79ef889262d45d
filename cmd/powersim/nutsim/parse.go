package nutsim

import "errors"

// wordLimit is how many bytes of a word are kept, and argLimit how many words
// of a line; upsd ignores what is beyond.
const (
	wordLimit = 512
	argLimit  = 32
)

// errHash is the one thing upsd cannot parse.
var errHash = errors.New("unescaped # in quotes")

// place is where in a line the parser stands.
type place int

const (
	betweenWords place = iota
	inWord
	inWordEscape
	inQuotes
	inQuotesEscape
	inComment
)

// parser splits what a client sends into lines of words, byte by byte and
// across reads, with the quoting of NUT's configuration files: words are
// divided by blanks, "=" is a word of its own, # begins a comment, a backslash
// takes the next byte as it is, and a newline inside quotes or behind a
// backslash ends nothing.
type parser struct {
	place place
	word  []byte
	words []string
}

// feed takes the next byte. When it ends a line, it gives the line's words
// and true. After an error the parser begins anew with the next byte.
func (p *parser) feed(c byte) (words []string, ended bool, err error) {
	switch p.place {
	case betweenWords:
		switch {
		case c == '\n':
			return p.line()
		case c == '#':
			p.place = inComment
		case c == '=':
			p.add(c)
			p.endWord()
		case c == '"':
			p.place = inQuotes
		case c == '\\':
			p.place = inWordEscape
		case !isBlank(c):
			p.add(c)
			p.place = inWord
		}
	case inWord:
		switch {
		case c == '\n':
			p.endWord()
			return p.line()
		case c == '#':
			p.endWord()
			p.place = inComment
		case c == '=':
			p.endWord()
			p.add(c)
			p.endWord()
		case c == '\\':
			p.place = inWordEscape
		case isBlank(c):
			p.endWord()
		default:
			p.add(c)
		}
	case inWordEscape:
		p.add(c)
		p.place = inWord
	case inQuotes:
		switch c {
		case '#':
			*p = parser{}
			return nil, false, errHash
		case '"':
			p.endWord()
		case '\\':
			p.place = inQuotesEscape
		default:
			p.add(c)
		}
	case inQuotesEscape:
		p.add(c)
		p.place = inQuotes
	case inComment:
		if c == '\n' {
			return p.line()
		}
	}
	return nil, false, nil
}

// add puts c at the end of the word, unless upsd would leave it out.
func (p *parser) add(c byte) {
	if c >= ' ' && c <= 0x7f && len(p.word) < wordLimit {
		p.word = append(p.word, c)
	}
}

// endWord puts the word, which may be empty, at the end of the line.
func (p *parser) endWord() {
	if len(p.words) < argLimit {
		p.words = append(p.words, string(p.word))
	}
	p.word = p.word[:0]
	p.place = betweenWords
}

// line gives the words of the line that has just ended and begins another.
func (p *parser) line() ([]string, bool, error) {
	words := p.words
	p.words, p.place = nil, betweenWords
	return words, true, nil
}

// isBlank says what C's isspace says.
func isBlank(c byte) bool {
	return c == ' ' || c >= '\t' && c <= '\r'
}
