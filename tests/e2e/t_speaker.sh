#!/bin/bash
# The http speaker against servers and clients of other hands, and against hostile ones.
. "$(dirname "$0")/../tap.sh"

speak=$BIN/speak
served=0
serve() { # serve ARGUMENT...: the speaker as a server; its port in $port, its pid in $spawned
    served=$((served + 1))
    local out=$T/serve.$served
    spawn "$speak" serve "$@" >"$out"
    wait_for "a listening speaker" test -s "$out"
    port=$(head -n 1 "$out")
}
sent() { "$speak" send "$@" 2>&1; }

# --- client ---------------------------------------------------------------------------------------
mkdir "$T/peers"
spawn python3 "$TOP/tests/e2e/speak_peers.py" "$T/peers"
wait_for "the peers" test -s "$T/peers/port"
at=http://127.0.0.1:$(cat "$T/peers/port")
logged() { grep -c "^$1 " "$T/peers/log"; }

is "an answer comes back with its status and body" "$(sent "$at/fine" 1)" "0 200 0 4"
is "ten sends end exactly once each" "$(sent "$at/fine" 10 | sort | uniq -c | sed 's/ *//')" \
    "10 0 200 0 4"
is "a status of failure is an outcome too" "$(sent "$at/none" 1)" "0 404 0 0"
before=$(logged /dies-on-reuse)
is "a connection that dies on reuse is told, and told only once" \
    "$(sent "$at/dies-on-reuse" 2 | tr '\n' ' ')" "0 200 0 4 52 0 0 0 "
is "nothing is sent again by itself" $(($(logged /dies-on-reuse) - before)) 2
before=$(logged /dies-on-reuse)
is "one connection an exchange has nothing to reuse" \
    "$(sent -1 "$at/dies-on-reuse" 3 | sort -u)" "0 200 0 4"
is "interim answers do not end an exchange" "$(sent "$at/interim" 1)" "0 200 0 4"
is "a redirect is not followed" "$(sent "$at/redirect" 1)" "0 302 0 0"
is "endless interim answers meet the header ceiling" "$(sent "$at/endless-interim" 1 | cut -d' ' -f1)" 23
is "endless header lines meet the header ceiling" "$(sent "$at/endless-header" 1 | cut -d' ' -f1)" 23
ok "an endless header line is refused" test "$(sent "$at/endless-line" 1 | cut -d' ' -f1)" != 0
is "an endless body meets the body ceiling" "$(sent -b 100000 "$at/endless-body" 1 | cut -d' ' -f1)" 23
is "a huge announced body is refused before it comes" "$(sent "$at/huge" 1 | cut -d' ' -f1)" 63
is "a byte a second ends at the timeout" "$(sent -t 300 "$at/drip" 1 | cut -d' ' -f1)" 28
is "silence ends at the timeout" "$(sent -t 300 "$at/silent" 1)" "28 0 0 0"
is "a reset in mid-body is told" "$(sent "$at/reset" 1 | cut -d' ' -f1,2)" "56 200"
is "a body cut short is told" "$(sent "$at/short" 1 | cut -d' ' -f1,2)" "18 200"
is "garbage is no answer" "$(sent "$at/garbage" 1 | cut -d' ' -f1,2)" "1 0"
read -r closed <<<"$(free_ports 1)"
is "a closed port is told with its errno" "$(sent "http://127.0.0.1:$closed/" 1)" "7 0 111 0"
is "a proxy of the environment is not used" \
    "$(http_proxy=http://127.0.0.1:$closed sent "$at/fine" 1)" "0 200 0 4"
is "no other protocol is spoken" "$(sent "file:///etc/hostname" 1 | cut -d' ' -f1)" 1
sent "$at/head" 1 >/dev/null
wait_for "its line in the log" grep -q '^POST /head' "$T/peers/log"
is "one POST in HTTP/1.1, of XML, without Expect" \
    "$(grep -c '^POST /head HTTP/1.1|.*|Content-Type: application/xml' "$T/peers/log") \
$(grep -ci 'expect' "$T/peers/log")" "1 0"

cat >"$T/node.js" <<'JS'
require("http").createServer((q, a) => {
  let n = 0; q.on("data", (d) => n += d.length);
  q.on("end", () => { a.writeHead(201); a.write("part"); a.end(String(n)); });
}).listen(0, "127.0.0.1", function () { console.log(this.address().port); });
JS
if command -v node >/dev/null; then
    spawn node "$T/node.js" >"$T/node.port"
    wait_for "node" test -s "$T/node.port"
    is "a Node server with a chunked answer is understood" \
        "$(sent "http://127.0.0.1:$(cat "$T/node.port")/" 3 '<x>12</x>' | sort -u)" "0 201 0 5"
fi

# --- server ---------------------------------------------------------------------------------------
serve
first=$spawned
is "curl is answered, the target with its query handed on" \
    "$(curl -s --data-binary '<b/>' "http://127.0.0.1:$port/p?q=1%20a")" "$(printf '/p?q=1%%20a\n<b/>')"
is "python is answered twice on one connection" "$(python3 - "$port" <<'PY'
import http.client, sys
c = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]))
for i in range(2):
    c.request("POST", "/py", "<c/>")
    print(c.getresponse().read().decode().replace("\n", " "))
PY
)" "$(printf '/py <c/>\n/py <c/>')"
is "a chunked request is whole" \
    "$(printf '<d/>' | curl -s -H 'Transfer-Encoding: chunked' --data-binary @- "http://127.0.0.1:$port/c")" \
    "$(printf '/c\n<d/>')"
head -c 300000 /dev/zero | tr '\0' 'x' >"$T/large"
is "a large body arrives whole, with 100-continue" \
    "$(curl -s -H 'Expect: 100-continue' --data-binary @"$T/large" "http://127.0.0.1:$port/l" | wc -c)" \
    300003
is "GET is not spoken" "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/")" 405
is "a body announced beyond the ceiling is refused" \
    "$(head -c 2000000 /dev/zero | curl -s -o /dev/null -w '%{http_code}' --data-binary @- \
        "http://127.0.0.1:$port/")" 413
ok "a chunked body beyond the ceiling is cut off" test "$(head -c 9000000 /dev/zero | curl -s -o /dev/null \
    -w '%{http_code}' -H 'Transfer-Encoding: chunked' --data-binary @- "http://127.0.0.1:$port/")" != 200
is "a request can be dropped without an answer" \
    "$(curl -s -o /dev/null -w '%{exitcode}' -d x "http://127.0.0.1:$port/drop")" 52
is "hostile clients leave it alive" "$(python3 - "$port" <<'PY'
import http.client, socket, struct, sys
port = int(sys.argv[1])
keep = []
def raw(data, reset=False):
    s = socket.create_connection(("127.0.0.1", port))
    try:
        s.sendall(data)
    except OSError:
        pass
    if reset:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        s.close()
    keep.append(s)
raw(b"POST / HTTP/1.1\r\n" + b"X-Filler: aaaaaaaaaaaaaaaa\r\n" * 100000)  # header without end
raw(b"POST /" + b"a" * 1000000)
raw(bytes(range(256)) * 20)
raw(b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\nx")
raw(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf", reset=True)
raw(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf")  # stays open, says no more
raw(b"P")
raw(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\nx")
for i in range(300):
    raw(b"")
c = http.client.HTTPConnection("127.0.0.1", port)
c.request("POST", "/alive", "")
print(c.getresponse().read().decode().strip())
PY
)" "/alive"
expect_code "a port in use is an error of the system" 3 "$speak" serve 127.0.0.1 "$port"
ok "which names address and port" grep -q "^SYS .*127.0.0.1:$port: Address already in use" "$T/out"
expect_code "a host name is no listening address" 3 "$speak" serve localhost 0
kill "$first"
wait "$first"
is "it ends on SIGTERM, with connections open and no leak" $? 0

serve -l
is "answers that come later are all given" \
    "$(sent -w 50 "http://127.0.0.1:$port/later" 500 | sort | uniq -c | sed 's/ *//')" "500 0 200 0 11"
curl -s -m 0.01 -o /dev/null -d x "http://127.0.0.1:$port/abandoned"
is "a client that leaves before its answer does no harm" "$?,$(sent "http://127.0.0.1:$port/" 1)" \
    "28,0 200 0 6"
serve ::1 0
is "IPv6 is spoken" "$(sent "http://[::1]:$port/six" 1)" "0 200 0 9"

# --- TLS ------------------------------------------------------------------------------------------
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$T/key.pem" -out "$T/cert.pem" -days 2 \
    -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 2>/dev/null
serve -c "$T/cert.pem" -k "$T/key.pem"
is "TLS both ways, with its CA" "$(sent -a "$T/cert.pem" "https://127.0.0.1:$port/tls" 2 | sort -u)" \
    "0 200 0 9"
is "a certificate of nobody known is refused" "$(sent "https://127.0.0.1:$port/tls" 1 | cut -d' ' -f1,2)" \
    "60 0"
expect_code "a CA file that is not there is told" 3 "$speak" send -a "$T/none.pem" https://127.0.0.1:1/ 1
ok "by its name" grep -q "^DATA $T/none.pem" "$T/out"
expect_code "a key that does not fit is told" 3 "$speak" serve -c "$T/cert.pem" -k "$T/large"
done_testing
