#!/bin/bash
# What the exchange reader sees, against tshark's reading of the same capture: frames and their times to
# the nanosecond, stream numbers, body lengths, which answer belongs to which request. The traffic is
# made by Python's and Node's own HTTP, both as client and server, and by raw sockets.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

for program in tcpdump tshark node python3; do
    command -v "$program" >/dev/null || skip_all "$program is not installed"
done
tcpdump -i lo -c 1 -w /dev/null --immediate-mode 2>"$T/probe" & probe=$!
wait_for "a capture to start" grep -q 'listening on' "$T/probe" || true
kill "$probe" 2>/dev/null; wait "$probe" 2>/dev/null
grep -q 'listening on' "$T/probe" || skip_all "live capture is not permitted here"

read -r py_port node_port <<<"$(free_ports 2)"

cat >"$T/server.py" <<'PY'
import http.server, sys

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def log_message(self, *args):
        pass
    def do_HEAD(self):
        self.send_response(200)
        self.send_header("Content-Length", "1234")
        self.end_headers()
    def do_GET(self):
        self.answer()
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer()
    def answer(self):
        if self.path == "/none":
            self.send_response(204)
            self.end_headers()
        elif self.path == "/chunked":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for n in (1, 15, 16, 700):
                self.wfile.write(b"%x\r\n%s\r\n" % (n, b"c" * n))
            self.wfile.write(b"0\r\n\r\n")
        elif self.path == "/close":
            self.send_response(200)
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(b"until the end")
        else:
            body = b"x" * int(self.path.rsplit("/", 1)[-1] or 0)
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
server.daemon_threads = True
server.serve_forever()
PY
cat >"$T/server.js" <<'JS'
const http = require('http');
http.createServer((req, res) => {
    let n = 0;
    req.on('data', d => { n += d.length; });
    req.on('end', () => {
        res.statusCode = req.url === '/created' ? 201 : 200;
        res.write('n'.repeat(n));
        res.end('-' + req.url);
    });
}).listen(Number(process.argv[2]), '127.0.0.1');
JS
cat >"$T/client.py" <<'PY'
import http.client, socket, sys
py, node = int(sys.argv[1]), int(sys.argv[2])

kept = http.client.HTTPConnection("127.0.0.1", py)
for n in (0, 1, 420, 1447, 70000, 5):                     # keep-alive, bodies of many segments
    kept.request("POST", "/%d" % n, body="r" * n)
    kept.getresponse().read()
for method, path in (("HEAD", "/9"), ("GET", "/none"), ("GET", "/chunked"), ("GET", "/7"), ("GET", "/close")):
    kept.request(method, path)
    kept.getresponse().read()
kept.close()
for n in range(5):                                        # one connection each
    c = http.client.HTTPConnection("127.0.0.1", node)
    c.request("POST", "/created", body=b"b" * (n * 300), headers={"X-N": str(n)})
    c.getresponse().read()
    c.close()
c = http.client.HTTPConnection("127.0.0.1", node)         # a chunked request
c.request("POST", "/chunks", body=iter([b"one", b"twotwo", b"3" * 3000]), encode_chunked=True,
          headers={"Transfer-Encoding": "chunked"})
c.getresponse().read()
c.close()

def raw(port, pieces, answers):
    s = socket.create_connection(("127.0.0.1", port))
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for piece in pieces:
        s.sendall(piece)
    got = b""
    while got.count(b"HTTP/1.1 ") < answers or not got.endswith(b"x" * 33):
        more = s.recv(65536)
        if not more:
            break
        got += more
    s.close()

def get(path):
    return b"GET " + path + b" HTTP/1.1\r\nHost: h\r\n\r\n"

def post(path, body):
    return b"POST " + path + b" HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % len(body) + body

raw(py, [post(b"/11", b"a" * 40) + get(b"/22") + post(b"/33", b"b" * 500)], 3)        # pipelined
both = post(b"/11", b"a" * 90) + post(b"/33", b"b" * 90)
raw(py, [both[:100], both[100:180], both[180:]], 2)                                   # split anywhere
whole = post(b"/33", b"y" * 30)
raw(py, [whole[i:i + 1] for i in range(len(whole))], 1)                               # a byte at a time
PY
cat >"$T/client.js" <<'JS'
const http = require('http');
const [py, node] = process.argv.slice(2).map(Number);
const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
function one(port, path, body, ag) {
    return new Promise((resolve, reject) => {
        const req = http.request({ host: '127.0.0.1', port, path, method: 'POST', agent: ag,
            headers: { 'Content-Length': body.length } }, res => {
            res.on('data', () => {});
            res.on('end', resolve);
        });
        req.on('error', reject);
        req.end(body);
    });
}
(async () => {
    await Promise.all([...Array(40).keys()].map(i => one(i % 2 ? py : node, '/' + i * 37, 'j'.repeat(i * 100), agent)));
    for (let i = 0; i < 5; i++) await one(node, '/fresh', 'k'.repeat(i), new http.Agent());
    agent.destroy();
    await one(py, '/424242', 'sentinel of the last exchange', new http.Agent());
})();
JS
cat >"$T/compare.py" <<'PY'
import collections, subprocess, sys
capture, mine, ports = sys.argv[1], sys.argv[2], sys.argv[3:]

fields = ["frame.number", "frame.time_epoch", "tcp.stream", "tcp.segment", "http.request.method",
          "http.response.code", "http.request_in", "http.file_data"]
cmd = ["tshark", "-r", capture, "-Y", "http", "-T", "fields", "-E", "separator=/t", "-E", "occurrence=a",
       "-E", "aggregator=,"]
for p in ports:
    cmd += ["-d", "tcp.port==%s,http" % p]
for f in fields:
    cmd += ["-e", f]
times = {}
for line in subprocess.run(["tshark", "-r", capture, "-T", "fields", "-e", "frame.number", "-e",
                            "frame.time_epoch"], capture_output=True, text=True).stdout.splitlines():
    number, epoch = line.split("\t")
    whole, part = epoch.split(".")
    times[int(number)] = int(whole) * 10**9 + int(part.ljust(9, "0"))

theirs = []
for line in subprocess.run(cmd, capture_output=True, text=True).stdout.splitlines():
    number, epoch, stream, segments, method, code, asked, body = line.split("\t")
    # a frame that holds several pipelined messages is one line with lists: told apart below
    theirs.append((int(number), int(stream), [int(s) for s in segments.split(",") if s],
                   [m for m in method.split(",") if m], [c for c in code.split(",") if c],
                   [int(a) for a in asked.split(",") if a], body))

by_frame = collections.defaultdict(list)
requests = {}
faults = []
count = 0
for line in open(mine):
    w = line.split()
    if w[0] not in ("request", "answer"):
        continue
    count += 1
    kind, stream, first, first_ns, last, last_ns, status, body, health, pair = w[:10]
    m = dict(kind=kind, stream=int(stream), first=int(first), last=int(last), status=status,
             body=int(body), pair=int(pair))
    if health != "ok":
        faults.append("not ok: " + line)
    for frame, ns in ((first, first_ns), (last, last_ns)):
        if times[int(frame)] != int(ns):
            faults.append("frame %s: %s ns, tshark %d" % (frame, ns, times[int(frame)]))
    if kind == "request":
        requests[m["pair"]] = m
    by_frame[m["last"]].append(m)

seen = 0
several = 0
for number, stream, segments, methods, codes, asked, body in theirs:
    ours = by_frame.pop(number, [])
    n = len(methods) + len(codes)
    seen += n
    if len(ours) != n:
        faults.append("frame %d: %d messages, tshark %d" % (number, len(ours), n))
        continue
    for m in ours:
        if m["stream"] != stream:
            faults.append("frame %d: stream %d, tshark %d" % (number, m["stream"], stream))
    if [m["status"] for m in ours if m["kind"] == "answer"] != codes:
        faults.append("frame %d: statuses differ" % number)
    pairs = [requests[m["pair"]]["last"] for m in ours if m["kind"] == "answer"]
    pipelined = any(r["stream"] == stream and pairs and pairs[0] < r["last"] < ours[0]["first"]
                    for r in requests.values())
    if n == 1 and asked and pairs != asked and not pipelined:  # where tshark takes the last request
        faults.append("frame %d: answers frames %s, tshark %s" % (number, pairs, asked))
    if n > 1:
        several += 1
        if sum(m["body"] for m in ours) != len(body.replace(",", "")):
            faults.append("frame %d: bodies differ" % number)
        continue
    m = ours[0]
    if m["body"] != len(body):
        faults.append("frame %d: body of %d bytes, tshark %d" % (number, m["body"], len(body)))
    first = min(segments) if segments else number
    if m["first"] != first:
        faults.append("frame %d: begins in frame %d, tshark %d" % (number, m["first"], first))
for left in by_frame.values():
    faults.append("tshark does not see: %s" % left)
print("%d messages here, %d in tshark, %d frames with several" % (count, seen, several))
if several == 0:
    faults.append("no frame held several messages: the test lacks pipelining")
if count < 130:
    faults.append("only %d messages" % count)
for f in faults[:20]:  # the rest is mostly their echo
    print(f)
sys.exit(1 if faults else 0)
PY

spawn tcpdump -i lo -U -s 0 -B 32768 --time-stamp-precision=nano -w "$T/c.pcap" \
    "tcp port $py_port or tcp port $node_port" 2>"$T/tcpdump"
capture=$spawned
wait_for "tcpdump" grep -q 'listening on' "$T/tcpdump"
spawn python3 "$T/server.py" "$py_port"
spawn node "$T/server.js" "$node_port"
listens() { python3 -c "import socket; socket.create_connection(('127.0.0.1', $1)).close()"; }
wait_for "the Python server" listens "$py_port"
wait_for "the Node server" listens "$node_port"
ok "Python's clients run" python3 "$T/client.py" "$py_port" "$node_port"
ok "Node's clients run" node "$T/client.js" "$py_port" "$node_port"

# the last answer has a length of its own; once it is read the capture is whole
has_last() { "$BIN/sightings" "$T/c.pcap" 192.0.2.1:1 2>/dev/null |
    grep -q '^answer .* 424242 ok'; }
ok "the last exchange is in the capture" wait_for "the last exchange" has_last
kill -INT "$capture"
wait "$capture" 2>/dev/null

# bodies that are no XML must not be read as such: these servers are no endpoints of a plan
ok "the capture is read" sh -c "'$BIN/sightings' '$T/c.pcap' 192.0.2.1:1 >'$T/mine' 2>'$T/counts'"
ok "every message equals tshark's: frames, nanoseconds, streams, bodies, pairs" \
    sh -c "python3 '$T/compare.py' '$T/c.pcap' '$T/mine' $py_port $node_port >'$T/faults'"
sed 's/^/# /' "$T/faults"

# a capture that begins inside connections, right in front of an answer
cut=$(awk '$1 == "request" && ++n == 3 { print $5 }' "$T/mine")
editcap -F nsecpcap "$T/c.pcap" "$T/late.pcap" "1-$cut"
answers() { awk '$1 == "answer" { print $4, $6, $7, $8, $9 }' "$1"; }
"$BIN/sightings" "$T/late.pcap" 192.0.2.1:1 2>/dev/null >"$T/late"
answers "$T/mine" | tail -n +3 >"$T/want"
is "a capture that begins later shows the same later answers" "$(answers "$T/late")" "$(cat "$T/want")"
is "of those only the first has no request" "$(grep -c '^answer .* ok 0 ' "$T/late")" 1

# connections that open, end and begin again in every way: numbered as tshark numbers them
cat >"$T/craft.py" <<'PY'
import struct, sys
out = open(sys.argv[1], "wb")
out.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1))
clock = [1795392000 * 10**9]
SYN, FIN, RST, ACK = 2, 1, 4, 16
def seg(port, from_client, seq, ack, flags, data=b""):
    src, dst = (port, 80) if from_client else (80, port)
    a, b = (b"\x0a\0\0\1", b"\x0a\0\0\2") if from_client else (b"\x0a\0\0\2", b"\x0a\0\0\1")
    tcp = struct.pack(">HHIIBBHHH", src, dst, seq & 0xffffffff, ack & 0xffffffff, 0x50, flags, 1000, 0, 0) + data
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(tcp), 0, 0, 64, 6, 0) + a + b + tcp
    frame = b"\2" * 12 + b"\x08\0" + ip
    clock[0] += 1234567
    out.write(struct.pack("<IIII", clock[0] // 10**9, clock[0] % 10**9, len(frame), len(frame)) + frame)
GET = b"GET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
def exchange(port, c, s, shake=True):
    if shake:
        seg(port, True, c - 1, 0, SYN)
        seg(port, False, s - 1, c, SYN | ACK)
        seg(port, True, c, s, ACK)
    seg(port, True, c, s, ACK, GET)
    seg(port, False, s, c + len(GET), ACK, OK)
    return c + len(GET), s + len(OK)
exchange(1001, 100, 200)                       # left open
c, s = exchange(1002, 100, 200)                # ended by FINs, then the same sequence number again
seg(1002, False, s, c, FIN | ACK); seg(1002, True, c, s + 1, FIN | ACK); seg(1002, False, s + 1, c + 1, ACK)
exchange(1002, 5000, 9000)
exchange(1001, 7000, 8000)                     # port reuse over the open one
c, s = exchange(1003, 100, 200); seg(1003, False, s, c, RST)   # reset, then late data, then new
seg(1003, True, c, s, ACK, GET)
exchange(1003, 100000, 200000)
c, s = exchange(1004, 100, 200, shake=False)   # open before
exchange(1004, 9000, 9000)                     # and reused
exchange(1005, 0x7FFFFFF0, 0xFFFFFFF0)         # wraps
seg(1006, True, 99, 0, SYN); seg(1006, True, 99, 0, SYN)       # SYN twice
exchange(1006, 100, 200, shake=False)
seg(1009, False, 199, 100, SYN | ACK)          # only the SYN-ACK was seen
exchange(1009, 100, 200, shake=False)
exchange(1009, 300, 400)
seg(1010, False, 200, 100, ACK)                # an ACK first
exchange(1010, 100, 200)
exchange(1011, 100, 200)
PY
python3 "$T/craft.py" "$T/craft.pcap"
theirs=$(tshark -r "$T/craft.pcap" -d tcp.port==80,http -Y http -T fields -e frame.number -e tcp.stream 2>/dev/null |
    tr '\t' ' ')
ours=$("$BIN/sightings" "$T/craft.pcap" 192.0.2.1:1 2>/dev/null |
    awk '$1 == "request" || $1 == "answer" { print $5, $2 }')
is "reused ports and half-seen connections have tshark's stream numbers" "$ours" "$theirs"
is "and none is missed" "$(wc -l <<<"$ours")" 29
done_testing
