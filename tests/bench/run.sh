#!/usr/bin/env bash
# Speed, as ratios measured in one run: machines differ and are shared, ratios hold.
#   make bench                  all of it          EXCHANGES=N   size of the offline capture (200000)
# Offline: a capture of wrk against nginx; `gridassay score` beside tshark extracting the HTTP fields of
# the same file. Live: trials a second driven, captured and scored on loopback beside the equipment.
set -euo pipefail
export LC_ALL=C PATH=$PATH:/usr/sbin
top=$(cd "$(dirname "$0")/../.." && pwd)
bin=${GRIDASSAY_BIN:-$top/build/rel/bin}
exchanges=${EXCHANGES:-200000}
t=$(mktemp -d)
pids=()
cleanup() {
    for p in "${pids[@]:+${pids[@]}}"; do kill "$p" 2>/dev/null || true; done
    for p in "${pids[@]:+${pids[@]}}"; do wait "$p" 2>/dev/null || true; done
    if [ -n "${KEEP:-}" ]; then echo "kept: $t"; else rm -rf "$t"; fi
}
trap cleanup EXIT
trap 'exit 130' INT TERM

wait_until() { for _ in $(seq 400); do "$@" >/dev/null 2>&1 && return; sleep 0.05; done; echo "gave up: $*" >&2; exit 3; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
# timed NAME COMMAND...: wall seconds, CPU seconds and peak KiB into $t/NAME.time
timed() {
    local name=$1
    shift
    local code=0
    /usr/bin/time -o "$t/$name.time" -f '%e %U %S %M' "$@" >"$t/$name.out" 2>"$t/$name.err" || code=$?
    tail -n 1 "$t/$name.time" >"$t/$name.figures"
    return "$code"
}
wall() { cut -d' ' -f1 "$t/$1.figures"; }
peak() { cut -d' ' -f4 "$t/$1.figures"; }
calc() { awk "BEGIN { printf \"$1\", $2 }"; }

echo "machine: $(nproc) cores, $(uname -sr)"

# --- offline -----------------------------------------------------------------------------------
port=$(free_port)
sed -e "s#@DIR@#$t#g" -e "s/@PORT@/$port/" "$top/tests/bench/nginx.conf.in" >"$t/nginx.conf"
nginx -p "$t" -c "$t/nginx.conf" &
pids+=($!)
wait_until sh -c "ss -ltn | grep -q ':$port '"
tcpdump -i lo -B 262144 -s 0 --time-stamp-precision=nano -w "$t/all.pcap" "tcp port $port" 2>"$t/tcpdump.err" &
dump=$!
wait_until grep -q 'listening on' "$t/tcpdump.err"
# Four times the exchanges wanted, so that the first quarter can be cut out as the smaller file.
seconds=$((exchanges * 4 / 30000 + 1))
(cd "$top/tests/bench" && wrk -t1 -c16 -d"${seconds}s" -s wrk.lua "http://127.0.0.1:$port/meter") >"$t/wrk.out"
sleep 1
kill -INT "$dump"
wait "$dump" || true
got=$(awk '/requests in/ { print $1 }' "$t/wrk.out")
if [ "$got" -lt $((exchanges * 4)) ]; then exchanges=$((got / 4)); fi
tcpdump -r "$t/all.pcap" --time-stamp-precision=nano -c $((exchanges * 2 + 200)) -w "$t/1x.pcap" 2>/dev/null
tcpdump -r "$t/all.pcap" --time-stamp-precision=nano -c $((exchanges * 8 + 200)) -w "$t/4x.pcap" 2>/dev/null
rm -f "$t/all.pcap"
sed -e "s/\\b18480\\b/$port/" "$top/fixtures/equipment/meters.xml" >"$t/offline.xml"
echo "capture: $exchanges HTTP exchanges with XML bodies, $(($(stat -c %s "$t/1x.pcap") / 1000000)) MB," \
    "wrk against nginx ($(sed -n 's/ packets dropped by kernel.*//p' "$t/tcpdump.err") dropped)"

ours() {
    timed "$1" "$bin/gridassay" score "$t/$1.pcap" --eut "$t/offline.xml" --profile "$top/fixtures/profiles/demo.xml" \
        --row 4.10.4.1/on-demand_Mtr-read_cmd --row 4.10.4.1/on-demand_Mtr-read_resp-data \
        --out "$t/$1" --force --tap=none || true
    grep -q '<row' "$t/$1/run.xml"
}
theirs() {
    timed tshark tshark -r "$t/1x.pcap" -d "tcp.port==$port,http" -T fields -e frame.number -e frame.time_epoch \
        -e tcp.stream -e http.request.method -e http.request.uri -e http.response.code -e http.content_length \
        -e http.time -Y http
}
ours 1x
theirs
best=$(wall 1x)
for _ in 1 2; do
    ours 1x
    best=$(calc '%.2f' "$(wall 1x) < $best ? $(wall 1x) : $best")
done
ours 4x
seen=$(grep -c . "$t/tshark.out" || true)
echo "tshark fields:    $(wall tshark) s, $((seen / 2)) exchanges"
echo "gridassay score:  $best s (best of 3), $(calc '%.0f' "$exchanges / $best") exchanges a second"
echo "ratio:            $(calc '%.1f' "$(wall tshark) / $best") times as fast as tshark"
echo "peak memory:      $(peak 1x) KiB for $exchanges exchanges, $(peak 4x) KiB for $((exchanges * 4))"

# --- live --------------------------------------------------------------------------------------
ports=$(python3 -c 'import socket
held = [socket.socket() for _ in range(10)]
for s in held: s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in held])')
expr=()
for was in 18470 18480 18490 18491 18492 18493 18494 18495 18496 18497; do
    expr+=(-e "s/\\b$was\\b/${ports%% *}/")
    ports=${ports#* }
done
sed "${expr[@]}" "$top/fixtures/equipment/meters.xml" >"$t/live.xml"
"$bin/gridassay" play "$t/live.xml" >"$t/play.out" &
pids+=($!)
wait_until grep -q ^READY "$t/play.out"
timed live "$bin/gridassay" run --eut "$t/live.xml" --profile "$top/tests/bench/live.xml" --suite 4.10.4.1 --out "$t/live" --tap=none || true
python3 "$top/tests/bench/live.py" "$t/live"
