package powersentrix

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"power_exporter/internal/lenient"
)

// BasicInfo is the portal's summary of a UPS, the answer to getBasicInfo.
type BasicInfo struct {
	CMM          lenient.Text `json:"cmm"`
	Name         lenient.Text `json:"name"`
	Description  lenient.Text `json:"description"`
	Location     lenient.Text `json:"location"`
	Model        lenient.Text `json:"model"`
	Serial       lenient.Text `json:"serialNumber"`
	ComFirmware  lenient.Text `json:"comFirmware"`
	MainFirmware lenient.Text `json:"mainFirmware"`
	ComUptime    lenient.Text `json:"comUptime"`
	MainUptime   lenient.Text `json:"mainUptime"`
	OnOffLine    lenient.Text `json:"onOffLine"` // online; other words are not documented
}

// offline reports whether the portal says something else of the UPS than that
// it is online.
func (b BasicInfo) offline() bool {
	word := b.OnOffLine.String()
	return word != "" && !strings.EqualFold(word, "online") && !lenient.FlagOf(word).True()
}

// Item is one UPS of the portal's list, the answer to getUpsList. The document
// says only that it is a list of UPSes.
type Item struct {
	ID   lenient.Text `json:"id"` // the portal's own, for getUpsComplexObject and getBasicInfo
	CMM  lenient.Text `json:"cmm"`
	Name lenient.Text `json:"name"`
}

// DecodeList reads the answer to getUpsList. An error says that it is no list,
// or that the portal refused. A null is none: all UPSes would be gone, and nobody
// would know.
func DecodeList(data []byte) ([]Item, error) {
	if object, err := ResponseObject(data); err == nil && string(object) == "null" {
		return nil, errors.New("the answer is null where a list of UPSes was expected")
	}
	return list[Item](data)
}

// ResponseObject is what a reply of the portal is about: its responseObject, or
// all of it where it has none, as that of getBasicInfo. An error says that it is
// no JSON, or what the portal says in responseMessage instead of OK.
func ResponseObject(data []byte) ([]byte, error) {
	var all json.RawMessage
	if err := lenient.Decode(data, &all); err != nil {
		return nil, err
	}
	var reply struct {
		Message lenient.Text    `json:"responseMessage"`
		Object  json.RawMessage `json:"responseObject"`
	}
	// It is JSON, so an error says that it is no object, and so has no wrapping.
	_ = json.Unmarshal(all, &reply)
	if message := reply.Message.String(); message != "" && !strings.EqualFold(message, "OK") {
		return nil, fmt.Errorf("the portal's responseMessage is %s and not OK", shown(message))
	}
	if reply.Object != nil {
		return reply.Object, nil
	}
	return all, nil
}

const (
	maxMessage = 100 // letters of a message that is shown
	// maxWord is longer than any word, and shorter than a token, which a message
	// may repeat.
	maxWord = 40
)

// shown is a message of the portal in quotes, with nothing in it that is no
// text, not too long, and without what may be a token.
func shown(message string) string {
	words := strings.FieldsFunc(message, func(r rune) bool { return r == ' ' || !unicode.IsPrint(r) })
	for i, word := range words {
		if len(word) > maxWord {
			words[i] = "…"
		}
	}
	text := []rune(strings.Join(words, " "))
	if len(text) > maxMessage {
		text = append(text[:maxMessage], '…')
	}
	return strconv.Quote(string(text))
}

// list reads a reply of the portal that is about a list.
func list[T any](data []byte) ([]T, error) {
	object, err := ResponseObject(data)
	if err != nil {
		return nil, err
	}
	var members []json.RawMessage
	if err := lenient.Decode(object, &members); err != nil {
		return nil, err
	}
	var items lenient.List[T]
	if err := lenient.Decode(object, &items); err != nil {
		return nil, err
	}
	return items, nil
}
