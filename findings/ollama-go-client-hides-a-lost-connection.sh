#!/usr/bin/env bash
# github.com/ollama/ollama/api 0.17.4 (Go): an answer that ends because the connection broke is no error.
#
# The client reads the answer line by line with a bufio.Scanner, and does not ask it for its error afterwards. So every
# failure to read is a normal end: a server that was killed, or a network that is gone. Chat(), Generate() and Pull()
# return nil, and a program that downloads a model or stores an answer goes on with half of it. The `ollama` command
# uses this client, too. Go's HTTP client does report the lost connection, as the second line shows. Remember whether
# the last piece had `Done`.
#
# Expected output: "The answer is", not done, and <nil> after a reset; "connection reset by peer" from io.ReadAll(). The
# script fails when Chat() returns an error.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

export GOPATH=$dir/go GOFLAGS='-mod=mod -modcacherw' GOTOOLCHAIN=local
go mod init example.com/test 2>/dev/null
go get github.com/ollama/ollama/api@v0.17.4 2>/dev/null

cat >main.go <<'EOF'
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/ollama/ollama/api"
)

func main() {
	server := httptest.NewServer(http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		io.Copy(io.Discard, request.Body)
		fmt.Fprintln(writer, `{"message":{"role":"assistant","content":"The answer is"},"done":false}`)
		writer.(http.Flusher).Flush()
		connection, _, _ := writer.(http.Hijacker).Hijack()
		connection.(*net.TCPConn).SetLinger(0)
		connection.Close()
	}))
	defer server.Close()

	address, _ := url.Parse(server.URL)
	client := api.NewClient(address, http.DefaultClient)
	err := client.Chat(context.Background(), &api.ChatRequest{Model: "m"}, func(piece api.ChatResponse) error {
		fmt.Printf("Chat: %q, done: %v\n", piece.Message.Content, piece.Done)
		return nil
	})
	fmt.Println("Chat:", err)
	response, err := http.Post(server.URL, "application/json", strings.NewReader("{}"))
	if err != nil {
		panic(err)
	}
	_, err = io.ReadAll(response.Body)
	fmt.Println("http.Post:", errors.Unwrap(errors.Unwrap(err)))
}
EOF

actual=$(go run .)
echo "$actual"
[ "$actual" = 'Chat: "The answer is", done: false
Chat: <nil>
http.Post: connection reset by peer' ]
