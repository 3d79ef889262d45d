// Package nutsim is a simulated upsd: the server of Network UPS Tools, as the
// network protocol chapter of NUT's developer guide and RFC 9271 describe it,
// and as upsd 2.8.0 behaves where they are silent or wrong. It serves invented
// devices to tests, to load runs and to the demo, and it counts what it was
// asked, so that a test can prove what a client never sends.
//
// Its answers are held against a real upsd's: testdata/transcripts has recorded
// conversations that must come out the same to the byte, record_test.go records
// them anew, and upsd_test.go asks both servers the same questions.
//
// It differs from upsd on purpose in this:
//   - No user may change anything. SET VAR, INSTCMD, FSD, MASTER and PRIMARY
//     end in ERR ACCESS-DENIED at best, and [Stats] tells that they were tried.
//   - A client that does not read, or does not go on after STARTTLS, holds up
//     nobody else; upsd answers nobody meanwhile.
//   - MaxClients counts clients. upsd's MAXCONN counts the drivers' sockets as
//     well, and leaves a connection that is too many in the listener's queue.
//   - GET DESC and GET CMDDESC know what [Options] tell them, since upsd's
//     texts are in a file of its own.
package nutsim
