package powersentrixsim

import "net/http"

// portalTime is how the portal writes the time of a summary.
const portalTime = "2006-01-02T15:04:05.000-0700"

// summary is the answer of getBasicInfo, in the document's order.
type summary struct {
	Name         string `json:"name"`
	IP           string `json:"ip,omitzero"`
	Model        string `json:"model,omitzero"`
	SerialNumber string `json:"serialNumber,omitzero"`
	ComFirmware  string `json:"comFirmware,omitzero"`
	MainFirmware string `json:"mainFirmware,omitzero"`
	ComUptime    string `json:"comUptime,omitzero"`
	MainUptime   string `json:"mainUptime,omitzero"`
	OnOffLine    string `json:"onOffLine"`
	Temperature  *int   `json:"temperature,omitzero"`
	Description  string `json:"description"`
	Location     string `json:"location"`
	Company      string `json:"company"`
	CMM          string `json:"cmm"`
	Timestamp    string `json:"timestamp"`
}

// summary is what the portal says of a UPS, but for the time.
func (e Entry) summary() summary {
	data := e.UPS.look()
	s := summary{
		Name: e.Name, Description: e.Description, Location: e.Location, Company: e.Company, CMM: e.UPS.cmm,
		OnOffLine: "online",
	}
	if e.Offline {
		s.OnOffLine = "offline"
	}
	if c := data.Config; c != nil && c.Settings != nil {
		s.IP = c.Settings.IP
	}
	if i := data.ident(); i != nil {
		s.Model, s.SerialNumber = i.Type, i.SN
		s.ComFirmware, s.MainFirmware = i.ComFirmware, i.MainFirmware
		s.ComUptime, s.MainUptime = i.ComUptime, i.MainUptime
	}
	if d := data.UPSData; d != nil && d.Temps != nil {
		s.Temperature = d.Temps.Board
	}
	return s
}

// basicInfo answers with a summary. Unlike its neighbours the document does not
// wrap it.
func (p *Portal) basicInfo(w http.ResponseWriter, _ *http.Request, e Entry) {
	s := e.summary()
	s.Timestamp = p.options.Now().UTC().Format(portalTime)
	send(w, http.StatusOK, s)
}
