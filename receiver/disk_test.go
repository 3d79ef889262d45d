package receiver

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

// filled is a folder with a store of n devices, of which some have too much
// state for one page, that was closed.
func filled(tb testing.TB, n int) (folder string) {
	tb.Helper()
	folder = tb.TempDir()
	s := openIn(tb, folder)
	done := make(chan error)
	for i := range n {
		go func() {
			name := strings.Repeat("n", 1+i*97%9000)
			done <- s.Update(tb.Context(), fakeKey(fmt.Sprintf("ups-%04d", i)), func(e *Entry, now time.Time) error {
				e.Events.Count(Origin{Ord: int64(i)}, EventRecord{Code: "E01", At: now})
				return reading(name, float64(i))(e, now)
			})
		}()
	}
	for range n {
		if err := <-done; err != nil {
			tb.Error(err)
		}
	}
	// Freed pages, so that there is a list of them.
	for i := 0; i < n; i += 3 {
		push(tb, s, fakeKey(fmt.Sprintf("ups-%04d", i)), reading("short", float64(i)))
	}
	closeStore(tb, s)
	return folder
}

// sound fails the test unless bbolt's own check finds nothing.
func sound(tb testing.TB, folder string) {
	tb.Helper()
	for _, err := range findings(tb, folder) {
		tb.Errorf("bbolt finds the file damaged: %v", err)
	}
}

// usable is sound, but for pages that are lost: they take space and do no
// harm, so that no store is refused for them.
func usable(tb testing.TB, folder string) {
	tb.Helper()
	for _, err := range findings(tb, folder) {
		if !strings.HasSuffix(err.Error(), "unreachable unfreed") {
			tb.Errorf("bbolt finds the file damaged: %v", err)
		}
	}
}

// findings is what bbolt's own check finds.
func findings(tb testing.TB, folder string) (all []error) {
	tb.Helper()
	db, err := bbolt.Open(filepath.Join(folder, FileName), fileMode, &bbolt.Options{ReadOnly: true, Timeout: lockTime})
	if err != nil {
		tb.Fatal(err)
	}
	err = db.View(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			all = append(all, err)
		}
		return nil
	})
	if err := errors.Join(err, db.Close()); err != nil {
		tb.Error(err)
	}
	return all
}

func TestModes(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "data")
	openIn(t, folder)
	for path, want := range map[string]os.FileMode{folder: os.ModeDir | 0o700, filepath.Join(folder, FileName): 0o600} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != want {
			t.Errorf("%s has the mode %s, want %s", path, info.Mode(), want)
		}
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 1 {
		t.Errorf("in the folder are %v, %v", left, err)
	}
}

func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	openIn(t, folder)
	_, err := Open(folder, Options{Kinds: fakeKinds(), Logger: quiet()})
	want := "opening " + filepath.Join(folder, FileName) + ": the store is in use by another process: stop it, or give this one a storage path of its own"
	if !errors.Is(err, ErrLocked) || err.Error() != want {
		t.Errorf("error is %v", err)
	}
}

// TestBothBegin shows that of two processes which find no file neither loses
// its own.
func TestBothBegin(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), FileName)
	if err := createFile(path); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := createFile(path); err != nil {
		t.Fatal(err)
	}
	if after, err := os.Stat(path); err != nil || !os.SameFile(before, after) {
		t.Errorf("the file was replaced: %v", err)
	}
}

func TestAFileSystemWithoutLinks(t *testing.T) {
	t.Parallel()
	from, to := filepath.Join(t.TempDir(), "new"), filepath.Join(t.TempDir(), FileName)
	if err := os.WriteFile(from, []byte("x"), fileMode); err != nil {
		t.Fatal(err)
	}
	none := func(from, to string) error {
		return &os.LinkError{Op: "link", Old: from, New: to, Err: errors.ErrUnsupported}
	}
	if err := place(from, to, none); err != nil {
		t.Error(err)
	}
	if data, err := os.ReadFile(to); err != nil || string(data) != "x" {
		t.Errorf("the file is %q, %v", data, err)
	}
}

// TestAFileThatIsMoved takes the file away under a store, and puts it back.
// What is written into it in between, nobody would find.
func TestAFileThatIsMoved(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	path := filepath.Join(folder, FileName)
	s := openIn(t, folder)
	push(t, s, fakeKey("a"), reading("x", 1))
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), fakeKey("a"), reading("x", 2)); !errors.Is(err, ErrStorage) || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without the file: %v", err)
	}
	if err := os.WriteFile(path, nil, fileMode); err != nil {
		t.Fatal(err)
	}
	if err := s.Update(t.Context(), fakeKey("a"), reading("x", 2)); !errors.Is(err, ErrStorage) || !strings.Contains(err.Error(), "another file") {
		t.Errorf("with another file: %v", err)
	}
	if err := os.Rename(path+".away", path); err != nil {
		t.Fatal(err)
	}
	push(t, s, fakeKey("a"), reading("x", 3))
	if got := voltage(t, s, "a"); got != "3" {
		t.Errorf("with its own file again it shows %s V", got)
	}
}

func TestFilesThatAreNoStore(t *testing.T) {
	t.Parallel()
	other := filepath.Join(t.TempDir(), "other.db")
	if err := fillFile(other); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(other, fileMode, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Update(func(tx *bbolt.Tx) error { return tx.DeleteBucket([]byte(bucketName)) }), db.Close()); err != nil {
		t.Fatal(err)
	}
	empty, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		data []byte
		why  string
	}{
		"empty":            {nil, "the file is empty"},
		"text":             {[]byte("receivers:\n"), "invalid database"},
		"zeros":            {make([]byte, 1<<16), "invalid database"},
		"another database": {empty, "there are no devices in it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			path := filepath.Join(folder, FileName)
			if err := os.WriteFile(path, test.data, fileMode); err != nil {
				t.Fatal(err)
			}
			_, err := Open(folder, Options{Logger: quiet()})
			want := "opening " + path + ": the store is damaged (" + test.why + "): move the file away and start again; " +
				"what is lost is the latest state of each device, until it pushes again, and the counts of its events"
			if !errors.Is(err, ErrCorrupt) || err.Error() != want {
				t.Errorf("error is\n%v, want\n%s", err, want)
			}
			if data, err := os.ReadFile(path); err != nil || !bytes.Equal(data, test.data) {
				t.Errorf("the file was changed: %v", err)
			}
			// The way out that the message says.
			if err := os.Rename(path, path+".damaged"); err != nil {
				t.Fatal(err)
			}
			push(t, openIn(t, folder), fakeKey("a"), reading("x", 1))
		})
	}
}

func TestFoldersThatCannotBe(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, fileMode); err != nil {
		t.Fatal(err)
	}
	for folder, want := range map[string]string{
		file:                        "opening the store: stat " + filepath.Join(file, FileName) + ": not a directory",
		filepath.Join(file, "data"): "opening the store: stat " + filepath.Join(file, "data", FileName) + ": not a directory",
	} {
		_, err := Open(folder, Options{Logger: quiet()})
		if err == nil || errors.Is(err, ErrCorrupt) || err.Error() != want {
			t.Errorf("error is\n%v, want\n%s", err, want)
		}
	}
}

// openDamaged opens a store of these bytes, and if that works uses it, as the
// exporter would.
func openDamaged(tb testing.TB, folder string, data []byte) error {
	tb.Helper()
	if err := os.WriteFile(filepath.Join(folder, FileName), data, fileMode); err != nil {
		tb.Fatal(err)
	}
	s, err := Open(folder, Options{Kinds: fakeKinds(), Logger: quiet()})
	if err != nil {
		return err
	}
	keys := []Key{fakeKey("new")}
	for _, status := range s.Statuses() {
		keys = append(keys, status.Key)
	}
	for i, key := range keys {
		push(tb, s, key, reading(strings.Repeat("n", 5000), float64(i)))
	}
	closeStore(tb, s)
	usable(tb, folder)
	s, err = Open(folder, Options{Kinds: fakeKinds(), Logger: quiet()})
	if err != nil {
		tb.Fatalf("it was opened and used, and cannot be opened again: %v", err)
	}
	if got := voltage(tb, s, "new"); got != "0" {
		tb.Errorf("the new device shows %s", got)
	}
	closeStore(tb, s)
	return nil
}

func TestTruncatedFiles(t *testing.T) {
	t.Parallel()
	from := filled(t, 40)
	data, err := os.ReadFile(filepath.Join(from, FileName))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	refused := 0
	for size := 0; size < len(data); size += 2039 {
		err := openDamaged(t, folder, data[:size])
		if err != nil && !errors.Is(err, ErrCorrupt) {
			t.Errorf("%d of %d bytes: %v", size, len(data), err)
		}
		if err != nil {
			refused++
		}
	}
	if tried := len(data) / 2039; refused < tried/4 {
		t.Errorf("%d of %d cut files were refused", refused, tried)
	}
	if err := openDamaged(t, folder, data); err != nil {
		t.Errorf("the whole file: %v", err)
	}
}

// TestFlippedBits damages one bit at a time: all of the meta pages, and of the
// others the heads and some more.
func TestFlippedBits(t *testing.T) {
	t.Parallel()
	from := filled(t, 12)
	data, err := os.ReadFile(filepath.Join(from, FileName))
	if err != nil {
		t.Fatal(err)
	}
	page := os.Getpagesize()
	var places []int
	for place := range data {
		within := place % page
		if place < 2*page && within < pageHead+metaSize || within < pageHead+2*elementSize || place%211 == 0 {
			places = append(places, place)
		}
	}
	folder := t.TempDir()
	path := filepath.Join(folder, FileName)
	refused := 0
	for i, place := range places {
		flipped := bytes.Clone(data)
		flipped[place] ^= 1 << (i % 8)
		// Only what is opened is used too, which takes the time.
		if err := os.WriteFile(path, flipped, fileMode); err != nil {
			t.Fatal(err)
		}
		switch err := checkFile(path); {
		case err == nil && i%5 == 0:
			if err := openDamaged(t, folder, flipped); err != nil && !errors.Is(err, ErrCorrupt) {
				t.Errorf("bit %d of byte %d: %v", i%8, place, err)
			}
		case err == nil:
		case errors.Is(err, ErrCorrupt):
			refused++
		default:
			t.Errorf("bit %d of byte %d: %v", i%8, place, err)
		}
	}
	if refused < 50 {
		t.Errorf("%d of %d damaged files were refused", refused, len(places))
	}
}

// TestARecordWithAFlippedBit shows that a bit within a record, of which bbolt
// has no checksum, is noticed.
func TestARecordWithAFlippedBit(t *testing.T) {
	t.Parallel()
	from := filled(t, 1)
	data, err := os.ReadFile(filepath.Join(from, FileName))
	if err != nil {
		t.Fatal(err)
	}
	// The newest of the records is in force, the others are in free pages.
	for place := 0; ; place++ {
		next := bytes.Index(data[place:], []byte(`{"name":"short"`))
		if next < 0 {
			break
		}
		place += next
		data[place+9] ^= 1
	}
	folder := t.TempDir()
	err = openDamaged(t, folder, data)
	if !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), `device "ups-0000": a record has a wrong checksum`) ||
		!strings.Contains(err.Error(), "move the file away") || !strings.Contains(err.Error(), filepath.Join(folder, FileName)) {
		t.Errorf("error is %v", err)
	}
}

// TestAFileThatShrinks takes the file away under a store that has it open.
// Mapped memory without a file behind it would end the process.
func TestAFileThatShrinks(t *testing.T) {
	t.Parallel()
	folder := filled(t, 40)
	path := filepath.Join(folder, FileName)
	var log logText
	s, err := Open(folder, Options{Kinds: fakeKinds(), Logger: log.logger()})
	if err != nil {
		t.Fatal(err)
	}
	defer closeStore(t, s)
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		if err := s.Update(t.Context(), fakeKey("ups-000"+strconv.Itoa(i)), reading("x", 1)); !errors.Is(err, ErrStorage) {
			t.Errorf("error is %v", err)
		}
	}
	if n := len(s.Devices()); n != 40 {
		t.Errorf("%d devices are shown, want those that were stored", n)
	}
	if n := strings.Count(log.String(), "\n"); n != 1 {
		t.Errorf("the log is %s", log.String())
	}
}

// TestTheFileIsOpenedAgain shows that a store goes on after a panic in bbolt,
// with what is on disk.
func TestTheFileIsOpenedAgain(t *testing.T) {
	t.Parallel()
	folder := filled(t, 3)
	d, err := openDisk(filepath.Join(folder, FileName))
	if err != nil {
		t.Fatal(err)
	}
	for name, failure := range map[string]error{"an error": errDisk, "a panic": &panicError{value: "oops"}} {
		d.mu.Lock()
		d.reopen(failure)
		d.mu.Unlock()
		if record, err := d.read(fakeKey("ups-0001").bytes()); err != nil || record == nil {
			t.Errorf("after %s: %v", name, err)
		}
		if err := d.commit([]write{{key: []byte("x"), record: []byte("y")}}); err != nil {
			t.Errorf("after %s: %v", name, err)
		}
	}
	if err := d.close(); err != nil {
		t.Fatal(err)
	}
	if _, err := d.read([]byte("x")); !errors.Is(err, os.ErrClosed) {
		t.Errorf("after it was closed: %v", err)
	}
	sound(t, folder)
}

// TestGrowingIsNoDamage lets the file grow while somebody looks whether it is
// whole.
func TestGrowingIsNoDamage(t *testing.T) {
	t.Parallel()
	d, err := openDisk(filepath.Join(t.TempDir(), FileName))
	if err != nil {
		t.Fatal(err)
	}
	err = d.intact(func() (os.FileInfo, error) {
		before, err := d.file.Stat()
		if err := d.commit([]write{{key: []byte("a"), record: make([]byte, 1<<20)}}); err != nil {
			t.Error(err)
		}
		if after := d.size.Load(); err == nil && after <= before.Size() {
			t.Errorf("this test is blind: the file had %d bytes, and has %d", before.Size(), after)
		}
		return before, err
	})
	if err != nil {
		t.Error(err)
	}
	if err := d.close(); err != nil {
		t.Error(err)
	}
}
