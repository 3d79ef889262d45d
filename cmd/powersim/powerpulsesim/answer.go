package powerpulsesim

import (
	"html"
	"net/http"
	"path"
	"strconv"

	"power_exporter/cmd/powersim/simserver"
)

// record notes a request that would change something, and leaves the answer to
// next.
func (s *Server) record(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if acts(r) {
			s.mu.Lock()
			s.acted = append(s.acted, r.Method+" "+r.URL.Path)
			s.mu.Unlock()
		}
		next.ServeHTTP(w, r)
	})
}

// acts says whether a request would change something.
func acts(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return false
	case http.MethodPost:
		return r.URL.Path != loginPath
	}
	return true
}

// list answers with all UPS systems.
func (s *Server) list(w http.ResponseWriter, _ *http.Request) {
	if s.options.NoServers {
		say(w, http.StatusNotFound, []byte(`{"message":"No NUT servers configured"}`))
		return
	}
	say(w, http.StatusOK, appendSystems(nil, s.read()))
}

// one answers with the UPS system of an id.
func (s *Server) one(w http.ResponseWriter, r *http.Request) {
	systems := s.read()
	i := -1
	if id, err := strconv.Atoi(r.PathValue("id")); err == nil {
		i = find(systems, strconv.Itoa(id))
	}
	if i < 0 {
		say(w, http.StatusNotFound, []byte(`{"message":"UPS system not found"}`))
		return
	}
	say(w, http.StatusOK, systems[i].appendTo(nil))
}

// read is the UPS systems as they are shown this time.
func (s *Server) read() []object {
	s.mu.Lock()
	defer s.mu.Unlock()
	shown := make([]object, 0, len(s.systems))
	for _, o := range s.systems {
		shown = append(shown, o.clone())
	}
	if s.mixed {
		shown = mix(shown, s.reads)
	}
	s.reads++
	return shown
}

// notFound answers for a path that there is not, with the program's page.
func notFound(w http.ResponseWriter, r *http.Request) {
	sayPage(w, http.StatusNotFound, "Cannot "+r.Method+" "+r.URL.Path)
}

// onlyClean answers paths with a double slash, or with one at their end, as
// unknown ones; a ServeMux would redirect.
func onlyClean(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if path.Clean(r.URL.Path) != r.URL.Path {
			notFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// say writes a JSON answer.
func say(w http.ResponseWriter, status int, body []byte) {
	simserver.Send(w, status, "application/json; charset=utf-8", body)
}

// sayPage writes an error page as the program's web framework does.
func sayPage(w http.ResponseWriter, status int, text string) {
	simserver.Send(w, status, "text/html; charset=utf-8", []byte("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"+
		"<title>Error</title>\n</head>\n<body>\n<pre>"+html.EscapeString(text)+"</pre>\n</body>\n</html>\n"))
}
