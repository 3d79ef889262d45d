// Package dashboards has the dashboards for Grafana, and gives the queries of
// their panels, so that a test can put them to a Prometheus.
package dashboards

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
)

//go:generate go -C generate run .

//go:embed *.json
var files embed.FS

// board is what is of interest here of a dashboard's JSON.
type board struct {
	file string

	UID         string  `json:"uid"`
	Title       string  `json:"title"`
	Description string  `json:"description"`
	Panels      []panel `json:"panels"`
	Templating  struct {
		List []variable `json:"list"`
	} `json:"templating"`
	Annotations struct {
		List []annotation `json:"list"`
	} `json:"annotations"`
	Links []link `json:"links"`
}

// variable is a choice above the panels.
type variable struct {
	Name        string `json:"name"`
	Type        string `json:"type"` // query, textbox or datasource
	Label       string `json:"label"`
	Description string `json:"description"`
	Query       any    `json:"query"`      // the value of a textbox
	Definition  string `json:"definition"` // label_values(series, label)
}

// annotation marks times in all graphs.
type annotation struct {
	Name string `json:"name"`
	Expr string `json:"expr"`
}

type link struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

// panel is a panel, or the line of a row.
type panel struct {
	ID          int    `json:"id"`
	Type        string `json:"type"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Repeat      string `json:"repeat"`
	Place       struct {
		X int `json:"x"`
		Y int `json:"y"`
		W int `json:"w"`
		H int `json:"h"`
	} `json:"gridPos"`
	Datasource struct {
		UID string `json:"uid"`
	} `json:"datasource"`
	Targets     []target `json:"targets"`
	FieldConfig struct {
		Defaults struct {
			Unit    string `json:"unit"`
			NoValue string `json:"noValue"`
		} `json:"defaults"`
		Overrides []override `json:"overrides"`
	} `json:"fieldConfig"`
	Options struct {
		SortBy []struct {
			DisplayName string `json:"displayName"`
		} `json:"sortBy"`
	} `json:"options"`
	Transformations []struct {
		ID      string `json:"id"`
		Options struct {
			Include struct {
				Names []string `json:"names"`
			} `json:"include"`
			Rename map[string]string `json:"renameByName"`
			Index  map[string]int    `json:"indexByName"`
		} `json:"options"`
	} `json:"transformations"`
}

// target is a query of a panel.
type target struct {
	Ref     string `json:"refId"`
	Expr    string `json:"expr"`
	Legend  string `json:"legendFormat"`
	Instant bool   `json:"instant"`
	Range   bool   `json:"range"`
	Format  string `json:"format"`
}

// override is how some series or columns look.
type override struct {
	Matcher struct {
		ID      string `json:"id"`
		Options string `json:"options"`
	} `json:"matcher"`
	Properties []struct {
		ID    string          `json:"id"`
		Value json.RawMessage `json:"value"`
	} `json:"properties"`
}

// boards reads the dashboards.
func boards() ([]board, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, err
	}
	var all []board
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		b := board{file: name}
		if err := json.Unmarshal(text, &b); err != nil {
			return nil, fmt.Errorf("decoding %s: %w", name, err)
		}
		all = append(all, b)
	}
	return all, nil
}
