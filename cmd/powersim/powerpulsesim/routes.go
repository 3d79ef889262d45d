package powerpulsesim

import "net/http"

// loginPath is where a log-in is answered.
const loginPath = "/api/auth/login"

// routes finds who answers a request.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", notFound)
	mux.HandleFunc("POST "+loginPath, s.logIn)
	mux.HandleFunc("GET /api/auth/check-setup", func(w http.ResponseWriter, _ *http.Request) {
		say(w, http.StatusOK, []byte(`{"isFirstTimeSetup":false}`))
	})
	for _, route := range changing() {
		mux.HandleFunc(route, s.loggedIn(refuse))
	}
	if s.options.Paths != Documented {
		s.serve(mux, "/api/ups/systems", "/api/nut/servers")
	}
	if s.options.Paths != Running {
		s.serve(mux, "/api/ups-systems", "/api/nut-servers")
		mux.HandleFunc("GET /api/system/version", func(w http.ResponseWriter, _ *http.Request) {
			say(w, http.StatusOK, []byte(`{"version":"1.8.1"}`))
		})
		mux.HandleFunc("POST /api/system/update", s.loggedIn(refuse))
	}
	return onlyClean(mux)
}

// serve adds the UPS systems, and what would change the NUT servers.
func (s *Server) serve(mux *http.ServeMux, systems, servers string) {
	mux.HandleFunc("GET "+systems, s.loggedIn(s.list))
	mux.HandleFunc("GET "+systems+"/{id}", s.loggedIn(s.one))
	if !s.options.NoKiosk {
		mux.HandleFunc("GET "+systems+"/kiosk", s.list)
	}
	for _, route := range []string{
		"POST " + systems, "PUT " + systems + "/{id}", "PUT " + systems + "/{id}/nickname", "DELETE " + systems + "/{id}",
		"POST " + systems + "/{id}/battery",
		"POST " + servers, "PUT " + servers + "/{id}", "DELETE " + servers + "/{id}", "POST " + servers + "/{id}/test",
	} {
		mux.HandleFunc(route, s.loggedIn(refuse))
	}
}

// changing lists what would change something wherever the UPS systems are. (The
// first setup, of which there is no second, is as unknown.)
func changing() []string {
	return []string{
		"POST /api/user-settings",
		"POST /api/debug/record-battery/{id}/{charge}",
		"POST /api/debug/test-ups-monitoring",
		"POST /api/debug/force-status-change",
		"POST /api/debug/raw-notification-test",
		"POST /api/debug/test-notification",
		"POST /api/auth/register",
		"PUT /api/users/{id}",
		"DELETE /api/users/{id}",
		"POST /api/notifications/settings",
		"POST /api/notifications/test",
		"POST /api/notifications/test-slack",
		"POST /api/notifications/test-email",
		"POST /api/notifications/ups-status",
	}
}

// refuse answers a request that would change something.
func refuse(w http.ResponseWriter, _ *http.Request) {
	say(w, http.StatusForbidden, []byte(`{"message":"Forbidden"}`))
}
