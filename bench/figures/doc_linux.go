// Package figures measures readings over a link, and sums up what was measured.
//
// A busy machine makes the link late, so readings count only while it is not:
// whoever measures makes those again whose Late is above Tolerance.
package figures
