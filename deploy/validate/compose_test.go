package validate

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// load reads files of compose as docker compose does.
func load(t *testing.T, files ...string) *types.Project {
	t.Helper()
	options, err := cli.NewProjectOptions(files, cli.WithoutEnvironmentResolution)
	if err != nil {
		t.Fatal(err)
	}
	project, err := options.LoadProject(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return project
}

var pinned = regexp.MustCompile(`^[a-z_/-]+:v?\d+\.\d+\.\d+(-bookworm)?$`)

// TestCompose loads the stack, alone and with the simulated devices, and looks
// whether each service is as confined as it can be, and finds its files.
func TestCompose(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ files, services []string }{
		"alone": {
			[]string{"../compose/compose.yml"}, []string{"alertmanager", "exporter", "grafana", "prometheus"},
		},
		"with simulated devices": {
			[]string{"../compose/compose.yml", "../compose/demo.yml"}, []string{"alertmanager", "devices", "exporter", "grafana", "prometheus"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			project := load(t, test.files...)
			if names := project.ServiceNames(); !slices.Equal(names, test.services) {
				t.Errorf("the services are %q", names)
			}
			for _, service := range project.Services {
				checkConfined(t, &service)
				checkFiles(t, project, &service)
			}
		})
	}
}

func checkConfined(t *testing.T, s *types.ServiceConfig) {
	t.Helper()
	user, _, _ := strings.Cut(s.User, ":")
	switch {
	case !pinned.MatchString(s.Image):
		t.Errorf("%s: the image %s has no version", s.Name, s.Image)
	case !s.ReadOnly:
		t.Errorf("%s can write to its image", s.Name)
	case s.Privileged || !slices.Equal(s.CapDrop, []string{"ALL"}) || len(s.CapAdd) > 0:
		t.Errorf("%s has capabilities", s.Name)
	case !slices.Contains(s.SecurityOpt, "no-new-privileges:true"):
		t.Errorf("%s can gain privileges", s.Name)
	case user == "" || user == "0" || user == "root":
		t.Errorf("%s runs as %q", s.Name, s.User)
	}
	// The image of the exporter has nothing that could ask, and that of the
	// simulated devices is the compiler's.
	if wants := s.Name != "exporter" && s.Name != "devices"; wants == (s.HealthCheck == nil) {
		t.Errorf("%s has the health check %v", s.Name, s.HealthCheck)
	}
	for _, port := range s.Ports {
		if port.HostIP != "127.0.0.1" && port.Published != "10494" {
			t.Errorf("%s opens port %s to everybody", s.Name, port.Published)
		}
	}
}

// checkFiles looks for what a service mounts and names.
func checkFiles(t *testing.T, project *types.Project, s *types.ServiceConfig) {
	t.Helper()
	mounts := map[string]types.ServiceVolumeConfig{}
	for _, v := range s.Volumes {
		mounts[v.Target] = v
		switch v.Type {
		case types.VolumeTypeBind:
			if _, err := os.Stat(v.Source); err != nil || !v.ReadOnly {
				t.Errorf("%s mounts %s, which must be there and not be written to: %v", s.Name, v.Source, err)
			}
		case types.VolumeTypeVolume:
			if _, ok := project.Volumes[v.Source]; !ok || v.ReadOnly {
				t.Errorf("%s mounts the volume %s", s.Name, v.Source)
			}
		default:
			t.Errorf("%s mounts a %s", s.Name, v.Type)
		}
	}
	for _, argument := range s.Command {
		name, value, _ := strings.Cut(argument, "=")
		switch name {
		case "--config.file":
			source := mounts[value].Source
			if source == "" {
				source = filepath.Join(mounts[filepath.Dir(value)].Source, filepath.Base(value))
			}
			if info, err := os.Stat(source); err != nil || !info.Mode().IsRegular() {
				t.Errorf("%s has no %s: %v", s.Name, value, err)
			}
		case "--storage.path", "--storage.tsdb.path":
			m, ok := mounts[value]
			if !ok {
				m = mounts[filepath.Dir(value)]
			}
			if m.Type != types.VolumeTypeVolume {
				t.Errorf("%s keeps %s on no volume", s.Name, value)
			}
		}
	}
}

// TestImages compares versions that are written in several places.
func TestImages(t *testing.T) {
	t.Parallel()
	project := load(t, "../compose/compose.yml", "../compose/demo.yml")
	version, err := os.ReadFile("../../VERSION")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.TrimSpace(string(version))
	exporter := project.Services["exporter"]
	if exporter.Image != "power_exporter:"+want || *exporter.Build.Args["VERSION"] != want {
		t.Errorf("the exporter is %s, built as %s, and the version is %s", exporter.Image, *exporter.Build.Args["VERSION"], want)
	}
	if _, err := os.Stat(filepath.Join(exporter.Build.Context, exporter.Build.Dockerfile)); err != nil {
		t.Errorf("the exporter cannot be built: %v", err)
	}

	dockerfile, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	compiler := regexp.MustCompile(`(?m)^ARG GO_VERSION=(.+)$`).FindSubmatch(dockerfile)
	if image := project.Services["devices"].Image; compiler == nil || image != "golang:"+string(compiler[1])+"-bookworm" {
		t.Errorf("the simulated devices are built by %s, and the exporter by %s", image, compiler)
	}

	module, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	library := regexp.MustCompile(`(?m)^\tgithub\.com/prometheus/alertmanager (v\S+)$`).FindSubmatch(module)
	if image := project.Services["alertmanager"].Image; library == nil || image != "prom/alertmanager:"+string(library[1]) {
		t.Errorf("the image is %s, and its configuration is checked by %s", image, library)
	}
}

// TestStorageFolder looks whether the image has the folder that a volume is
// mounted over, and whether its user owns it: a new volume takes that over, and
// belongs to root where the image has no such folder.
func TestStorageFolder(t *testing.T) {
	t.Parallel()
	dockerfile, err := os.ReadFile("../../Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	exporter := load(t, "../compose/compose.yml").Services["exporter"]
	for _, v := range exporter.Volumes {
		if v.Type != types.VolumeTypeVolume {
			continue
		}
		copied := regexp.MustCompile(`(?m)^COPY .*--chown=` + regexp.QuoteMeta(exporter.User) + ` \S+ ` + regexp.QuoteMeta(v.Target) + `/?$`)
		if !copied.Match(dockerfile) {
			t.Errorf("the Dockerfile does not make %s for user %s", v.Target, exporter.User)
		}
	}
}
