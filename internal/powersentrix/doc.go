// Package powersentrix says what the JSON of PowerSentrix DC UPSes means. A UPS
// pushes it, gives it when asked directly, and its portal hands it on: all
// three decode and map it here, so that they export the same.
//
// The source is the vendor's document "PowerSentrix API v1": sections 2
// (device), 3 (monitoring), 4 (fn=1 and fn=2 of /api_actions) and 5 (data
// models). What becomes which metric is in docs/powersentrix.md. Nothing here
// does I/O.
//
// The JSON is read as devices write it: numbers may be text and text numbers,
// members may be missing, null, unknown or of another kind. One odd member
// costs that member and nothing else. Only members that are mapped are decoded,
// so nothing else, above all the confidential companyId, can be kept or shown.
package powersentrix
