// Stands in for the floater that clusters with the default image run: it answers OK on every path.
package main

import (
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8889"
	}
	// An address without a host listens on IPv4 and IPv6 alike.
	log.Fatal(http.ListenAndServe(":"+port, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "OK")
	})))
}
