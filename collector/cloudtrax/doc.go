// Package cloudtrax reads the power strips of a CloudTrax network by the API of
// the CloudTrax service: the list of the network, and one object a strip, which
// alone has the ports. Each request is signed, and none of those that act on a
// strip is ever made, although they are GET requests too.
//
// The sources are CloudTrax' documents of the "Power Strip Management" endpoints,
// of the headers of every request, and of the error codes.
package cloudtrax
