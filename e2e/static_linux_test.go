package e2e

import (
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"power_exporter/cmd/powersim/nutsim"
	"power_exporter/e2e/program"
)

// nobody is the user and group of the containers.
const nobody = 65534

// buildStatic builds the exporter as it is released: without C.
func buildStatic(t *testing.T, path string) {
	t.Helper()
	for file, says := range map[string]string{
		"../Makefile": "\tCGO_ENABLED=0 $(GO) build ", "../Dockerfile": "RUN CGO_ENABLED=0 go build ", "../.promu.yml": "-tags netgo",
	} {
		if text, err := os.ReadFile(file); err != nil || !strings.Contains(string(text), says) {
			t.Errorf("%s does not build with %q: %v", file, says, err)
		}
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-buildvcs=false", "-tags=netgo", "-ldflags=-s -w", "-o", path, ".")
	build.Dir = ".."
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the exporter: %v\n%s", err, output)
	}
}

// TestStaticallyLinked shows that the program needs no other file: no loader,
// no library.
func TestStaticallyLinked(t *testing.T) {
	t.Parallel()
	path := filepath.Join(room(t), "power_exporter")
	buildStatic(t, path)
	file, err := elf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, part := range file.Progs {
		if part.Type == elf.PT_INTERP || part.Type == elf.PT_DYNAMIC {
			t.Errorf("it has a %s", part.Type)
		}
	}
	if libraries, err := file.ImportedLibraries(); err != nil || len(libraries) > 0 {
		t.Errorf("it needs the libraries %q: %v", libraries, err)
	}
}

// TestAloneAsNobody runs the program as a user without rights, without any
// capability, in a folder from which it does not see out and in which there is
// nothing but itself and its configuration, none of which it can write. There
// it starts, probes, reloads and ends. It needs root, or a kernel that lets a
// user make user namespaces.
func TestAloneAsNobody(t *testing.T) {
	t.Parallel()
	_, address := startNUTSim(t, nutsim.Options{}, three...)
	root := room(t)
	buildStatic(t, filepath.Join(root, "power_exporter"))
	write(t, root, "config.yml", "targets:\n  - {name: rack, address: \""+address+"\", module: nut}\n")
	for path, mode := range map[string]os.FileMode{"power_exporter": 0o555, "config.yml": 0o444, ".": 0o555} {
		if err := os.Chmod(filepath.Join(root, path), mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = os.Chmod(root, 0o700) }) // or it could not be removed

	e := startConfined(t, root)
	e.confined(t)
	e.probe(t, "target=rack").want(t, map[string]string{"probe_success": "1"})
	e.probe(t, "target=rack&debug=true").wantText(t, "\nprobe_success 1\n")
	e.Signal(t, syscall.SIGHUP)
	e.logs(t, `(?s)configuration loaded.*configuration loaded`)
	for _, path := range []string{"/", "/metrics", "/config", "/sd?devices=true"} {
		e.get(t, path).wantStatus(t, 200)
	}
	e.Stop(t)
	left, err := os.ReadDir(root)
	if err != nil || len(left) != 2 {
		t.Errorf("in its folder are now %v, %v", left, err)
	}
}

// startConfined starts the program where the folder is the whole file system.
func startConfined(t *testing.T, root string) *exporter {
	t.Helper()
	confine := filepath.Join(room(t), "static")
	if err := program.Build(t.Context(), confine, "power_exporter/e2e/testdata/static"); err != nil {
		t.Fatal(err)
	}
	command := []string{confine, root, "/power_exporter"}
	if os.Geteuid() != 0 {
		command = append([]string{tool(t, "unshare"), "--user", "--map-root-user"}, command...)
	}
	return startExporterBy(t, nil, command, "--config.file=/config.yml")
}

// confined looks at what the kernel says of the process.
func (e *exporter) confined(t *testing.T) {
	t.Helper()
	of := fmt.Sprintf("/proc/%d/", e.PID())
	status, err := os.ReadFile(of + "status")
	if err != nil {
		t.Fatal(err)
	}
	user := os.Geteuid()
	if user == 0 {
		user = nobody
	}
	want := map[string]string{"Uid": strings.Repeat(fmt.Sprint("\t", user), 4), "NoNewPrivs": "\t1"}
	for _, set := range []string{"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"} {
		want[set] = "\t" + strings.Repeat("0", 16)
	}
	if user == nobody {
		want["Groups"] = "\t "
	}
	for key, value := range want {
		if !strings.Contains("\n"+string(status), "\n"+key+":"+value+"\n") {
			t.Errorf("%s is not %q in\n%s", key, value, status)
		}
	}
	mounts, err := os.ReadFile(of + "mountinfo")
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^\S+ \S+ \S+ \S+ / ro,\S+ [^\n]*\n$`).Match(mounts) {
		t.Errorf("it has other file systems than one that is read-only:\n%s", mounts)
	}
}
