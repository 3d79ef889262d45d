package receiver

import (
	"errors"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

var commits = flag.Int("commits", 60, "how many commits to verify")

// TestVerifyAcceptsWhatIsWritten writes and deletes at random, and verifies the
// file after each commit.
func TestVerifyAcceptsWhatIsWritten(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, FileName)
	d, err := openDisk(path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 0))
	there := map[string]bool{}
	for commit := range *commits {
		batch := map[string]write{}
		// Times of many deletions make pages merge, and times of many writes make
		// them split.
		deletes := random.Float64()
		for range 1 + random.IntN(400) {
			key := strconv.Itoa(random.IntN(2000))
			w := write{key: []byte(key), record: make([]byte, 1+random.IntN(1<<random.IntN(14)))}
			if random.Float64() < deletes {
				w.record = nil
			}
			batch[key] = w
			there[key] = w.record != nil
		}
		var writes []write
		for _, w := range batch {
			writes = append(writes, w)
		}
		if err := d.commit(writes); err != nil {
			t.Fatal(err)
		}
		if err := verifyFile(file, os.Getpagesize()); err != nil {
			t.Fatalf("seed %d, commit %d: %v", seed, commit, err)
		}
	}
	for key, want := range there {
		if record, err := d.read([]byte(key)); err != nil || (record != nil) != want {
			t.Errorf("seed %d: key %s is there: %v, want %v; %v", seed, key, record != nil, want, err)
		}
	}
	if err := d.close(); err != nil {
		t.Error(err)
	}
	sound(t, folder)
}

// TestAReferenceWithAnotherKey changes the first key of a page of references so
// that all keys are still in order. bbolt's own check finds nothing, and bbolt
// ruins the tree with the next write.
func TestAReferenceWithAnotherKey(t *testing.T) {
	t.Parallel()
	folder := filled(t, 40)
	path := filepath.Join(folder, FileName)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	changed := 0
	for id := 2; (id+1)*os.Getpagesize() <= len(data); id++ {
		p, err := parsePage(uint64(id), data[id*os.Getpagesize():(id+1)*os.Getpagesize()])
		if err != nil || p.kind != branchPage || p.count == 0 {
			continue
		}
		key, err := p.branchElement(0)
		if err != nil {
			continue
		}
		key[0]--
		changed++
	}
	if err := os.WriteFile(path, data, fileMode); err != nil || changed == 0 {
		t.Fatalf("%d pages were changed, %v", changed, err)
	}
	sound(t, folder)
	if err := checkFile(path); !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), "has a key out of order") {
		t.Errorf("error is %v", err)
	}
}
