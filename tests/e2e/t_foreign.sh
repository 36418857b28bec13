#!/usr/bin/env bash
# Captures that gridassay had no part in: a client and a server of other hands (Python's http modules),
# recorded by tcpdump, judged.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"
need_capture
command -v tcpdump >/dev/null || skip_all "tcpdump is not installed"

live_statement "$T/statement.xml"
cat >"$T/meter.py" <<'PY'
# A meter of other hands: answers reads; every DROP-th connection is closed without an answer.
import sys, time, re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

drop = int(sys.argv[2])
seen = 0

class Meter(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        global seen
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        seen += 1
        if drop and seen % drop == 0:
            self.close_connection = True
            self.connection.close()
            return
        find = lambda tag: re.search("<%s>([^<]*)</%s>" % (tag, tag), body).group(1)
        answer = ('<ResponseMessage xmlns="http://iec.ch/TC57/2011/schema/message"><Header><Verb>reply</Verb>'
                  '<Noun>MeterReadings</Noun><CorrelationID>%s</CorrelationID></Header><Reply><Result>OK</Result></Reply>'
                  '<Payload><on-demand_Mtr-read_resp-data><MeterID>%s</MeterID><ReadingType>kWh</ReadingType>'
                  '<ReadingData>17.5</ReadingData></on-demand_Mtr-read_resp-data></Payload></ResponseMessage>'
                  % (find("CorrelationID"), find("MeterID"))).encode()
        self.send_response(200)
        if seen % 2:
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
        else:  # every other answer chunked, in two pieces
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for part in (answer[:100], answer[100:]):
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            self.wfile.write(b"0\r\n\r\n")
    def log_message(self, *a):
        pass

ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Meter).serve_forever()
PY
cat >"$T/billing.py" <<'PY'
import http.client, sys
port, n = int(sys.argv[1]), int(sys.argv[2])
c = http.client.HTTPConnection("127.0.0.1", port)
for i in range(n):
    if i % 50 == 49:  # keep-alive for fifty reads
        c.close()
    body = ('<RequestMessage xmlns="http://iec.ch/TC57/2011/schema/message"><Header><Verb>get</Verb><Noun>MeterReadings</Noun>'
            '<MessageID>py-%d</MessageID><CorrelationID>py-%d</CorrelationID></Header><Payload><on-demand_Mtr-read_cmd>'
            '<MeterID>00124B0001000001</MeterID><ReadingTypeDesired>kWh</ReadingTypeDesired>'
            '</on-demand_Mtr-read_cmd></Payload></RequestMessage>' % (i, i))
    try:
        c.request("POST", "/meter", body, {"Content-Type": "application/xml"})
        c.getresponse().read()
    except (http.client.HTTPException, ConnectionError):
        c.close()
PY

record() { # name drop n
    spawn python3 "$T/meter.py" "$live_eut" "$2"
    local meter=$spawned
    wait_for "the meter" sh -c "ss -ltn | grep -q ':$live_eut '"
    spawn tcpdump -i lo -U --immediate-mode -w "$T/$1.pcap" --time-stamp-precision="${4:-nano}" "tcp port $live_eut" 2>"$T/tcpdump.err"
    local dump=$spawned
    wait_for "tcpdump" grep -q 'listening on' "$T/tcpdump.err"
    python3 "$T/billing.py" "$live_eut" "$3"
    wait_for "the last answer" grep -aq "<CorrelationID>py-$(($3 - 1))</CorrelationID></Header><Reply>" "$T/$1.pcap"
    kill -INT "$dump"; wait "$dump" 2>/dev/null
    kill "$meter"; wait "$meter" 2>/dev/null
}

score() { # name
    live_code=0
    "$BIN/gridassay" score "$T/$1.pcap" --eut "$T/statement.xml" --profile "$TOP/fixtures/profiles/demo.xml" \
        --row 4.10.4.1/on-demand_Mtr-read_cmd --row 4.10.4.1/on-demand_Mtr-read_resp-data \
        --out "$T/$1" >"$T/$1.tap" 2>"$T/$1.err" || live_code=$?
    criteria "$T/$1" >"$T/$1.criteria"
}

word() { awk -v r="4.10.4.1/$2" -v c="$3" '$1 == r && $3 == c { print $4 }' "$T/$1.criteria"; }

record good 0 149
score good
is "149 good reads of other hands pass the command's reliability" "$(word good on-demand_Mtr-read_cmd reliability)" pass
is "and the answer's" "$(word good on-demand_Mtr-read_resp-data reliability)" pass
is "and latency" "$(word good on-demand_Mtr-read_resp-data latency)" pass
is "and size" "$(word good on-demand_Mtr-read_resp-data size)" pass
is "which ends in exit 0" "$live_code" 0

record micro 0 149 micro
score micro
is "a capture with microseconds is read as well" "$live_code" 0

record few 0 148
score few
is "148 are one short of the rule" "$(word few on-demand_Mtr-read_resp-data reliability)" inconclusive
is "which ends in exit 4" "$live_code" 4

record dropping 10 161
score dropping
is "a meter that drops one in ten fails" "$(word dropping on-demand_Mtr-read_resp-data reliability)" fail
is "which ends in exit 1" "$live_code" 1
done_testing
