//go:build !unix

package receiver

// playFullDisk has no limit to stand for a full disk.
func playFullDisk() int { return 1 }
