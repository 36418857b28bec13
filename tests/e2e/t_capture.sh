#!/usr/bin/env bash
# The capture program, live on loopback: recording is proved, marked, counted, drained, and never lost.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"

capture=$BIN/gridassay-capture

expect_code "no interface is a usage error" 2 "$capture" --write "$T/x"
expect_code "no file is a usage error" 2 "$capture" --interface lo
ok "which names what is missing" grep -q -- '--write FILE is missing' "$T/err"
expect_code "an unknown flag is a usage error" 2 "$capture" --frobnicate
ok "which names the flag" grep -q -- '--frobnicate: unknown option' "$T/err"
expect_code "a ring of no size is a usage error" 2 "$capture" --interface lo --write "$T/x" --buffer 0
expect_code "an unknown interface is a usage error" 2 "$capture" --interface nope0 --write "$T/x"
ok "which names those that there are" grep -q 'no interface "nope0"; there are: .*\<lo\>' "$T/err"
expect_code "\"any\" is refused" 2 "$capture" --interface any --write "$T/x"
expect_code "--help is fine" 0 "$capture" --help

# A copy has no capabilities of the file; root gives up its own.
chmod 755 "$T"
cp "$capture" "$T/powerless"
powerless=("$T/powerless")
if [ "$(id -u)" = 0 ]; then
    powerless=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all
        "$T/powerless")
fi
expect_code "without permission it ends with 3" 3 "${powerless[@]}" --interface lo --write /dev/null
is "and one line that names the remedy" "$(cat "$T/err")" "gridassay-capture: live capture on lo is not \
permitted: run \"sudo setcap cap_net_raw+ep $T/powerless\" or as a member of the group that owns it"

need_capture
expect_code "a wrong filter is a usage error" 2 "$capture" --interface lo --write "$T/x" --filter 'tcp prot 80'
ok "which quotes it" grep -q 'filter "tcp prot 80" does not compile: ' "$T/err"
expect_code "a file that can't be made ends with 3" 3 "$capture" --interface lo --write "$T/no/x"
expect_code "--probe says whether capture works" 0 "$capture" --interface lo --probe

# record NAME ARGUMENT...: starts a recording into $T/NAME.pcapng, commands by say, lines in $T/NAME.out.
record() {
    local name=$1
    shift
    mkfifo "$T/$name.in"
    "$capture" --interface lo --write "$T/$name.pcapng" "$@" <"$T/$name.in" >"$T/$name.out" 2>"$T/$name.err" &
    recording=$!
    tap_pids+=("$recording")
    exec 7>"$T/$name.in"
    wait_for "READY" grep -q ^READY "$T/$name.out"
}
say() { echo "$*" >&7; }
stopped() {
    exec 7>&-
    code=0
    wait "$recording" || code=$?
}
fields() {
    local file=$1
    shift
    tshark -r "$file" -T fields "$@" 2>/dev/null
}
# send PORT COUNT: datagrams of 1, 2, 3... bytes to itself.
send() {
    python3 - "$@" <<'PY'
import socket, sys
port, count = int(sys.argv[1]), int(sys.argv[2])
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", port))
for n in range(1, count + 1):
    s.sendto(b"x" * n, ("127.0.0.1", port))
PY
}
stats_lines() { [ "$(grep -c ^STATS "$T/$1.out")" -ge "$2" ]; }
read -r port other <<<"$(free_ports 2)"

record main --filter "udp port $port"
is "when it says READY its own mark is on disk" \
    "$(fields "$T/main.pcapng" -e eth.type | sort -u)" 0x88b5
is "it has given up every capability" \
    "$(sed -n 's/^CapEff:\s*0*//p; s/^CapPrm:\s*0*//p; s/^NoNewPrivs:\s*//p' "/proc/$recording/status" | tr -d '\n')" 1
send "$port" 200
send "$other" 5
say MARK 42
wait_for "the mark" grep -q ^MARKED "$T/main.out"
marked=$(sed -n 's/^MARKED 42 //p' "$T/main.out")
is "a mark is told with the stamp that it has in the file" \
    "$(fields "$T/main.pcapng" -Y 'eth.type == 0x88b5' -e frame.time_epoch -e data |
        awk '/002a/ && /000000000000002a/ { print $1; exit }' | tr -d .)" "$marked"
say FROBNICATE
wait_for "an answer to nonsense" grep -q ^ERROR "$T/main.out"
ok "nonsense on standard input does not end the recording" kill -0 "$recording"
n=$(grep -c ^STATS "$T/main.out")
wait_for "statistics without traffic" stats_lines main $((n + 4))
send "$port" 3
say STOP
stopped
is "STOP ends it well" "$code" 0
is "without a word" "$(cat "$T/main.err")" ""

"$BIN/frames" "$T/main.pcapng" >"$T/main.frames"
is "the file has a proper end" $? 0
fields "$T/main.pcapng" -e frame.number -e frame.time_epoch -e frame.len -e frame.cap_len |
    awk '{ print "frame", $1, $2, $3, $4 }' >"$T/main.tshark"
grep ^frame "$T/main.frames" >"$T/main.ours"
ok "numbers, times to the nanosecond and lengths are those that tshark reads" \
    cmp "$T/main.ours" "$T/main.tshark"
is "each datagram is there, in order, once, and so are those sent just before STOP" \
    "$(fields "$T/main.pcapng" -Y udp -e udp.length | awk '{ print $1 - 8 }' | tr '\n' ' ')" \
    "$(seq -s ' ' 200) 1 2 3 "
is "what the filter leaves out is not" "$(fields "$T/main.pcapng" -Y "udp.port == $other" | wc -l)" 0
is "the last frame is a mark: everything before it was drained" \
    "$(fields "$T/main.pcapng" -e eth.type | tail -n 1)" 0x88b5
is "STOPPED counts the frames in the file, none dropped" \
    "$(awk '/^STOPPED/ { print $2, $4, $5 }' "$T/main.out")" "$(wc -l <"$T/main.ours") 0 0"
is "statistics come every 100 ms, also without traffic" "$(awk '$1 == "stats" {
    if (last && $2 - last > 0.5) late++; last = $2; n++ } END { print (n > 5), late + 0 }' "$T/main.frames")" "1 0"
is "no frame stands before statistics of an earlier moment" \
    "$(awk '$1 == "frame" { if ($3 > max) max = $3 } $1 == "stats" && $2 < max - 0.001 { bad++ }
        END { print bad + 0 }' "$T/main.frames")" 0
is "the last statistics are at the end" "$(tail -n 1 "$T/main.frames" | cut -d' ' -f1)" stats
facts=$(capinfos "$T/main.pcapng" 2>/dev/null)
ok "the file tells resolution, filter and how it was captured" awk '
    /Time precision = nanoseconds/ { a = 1 } /Filter string = .*udp port/ { b = 1 }
    /Description = stamps by the host, nanoseconds; ring of 64 MiB, TPACKET_V3.*in the kernel/ { c = 1 }
    /Capture application: gridassay-capture, libpcap/ { d = 1 }
    END { exit !(a && b && c && d) }' <<<"$facts"

# Two recordings of the same interface.
record one --filter "udp port $port"
mkfifo "$T/two.in"
"$capture" --interface lo --write "$T/two.pcapng" --filter "udp port $port" <"$T/two.in" >"$T/two.out" &
second=$!
tap_pids+=("$second")
exec 8>"$T/two.in"
wait_for "the second READY" grep -q ^READY "$T/two.out"
echo MARK 77 >&8
wait_for "the second's mark" grep -q ^MARKED "$T/two.out"
exec 8>&-
wait "$second"
say STOP
stopped
is "a recording holds no marks of another" \
    "$(fields "$T/one.pcapng" -Y 'eth.type == 0x88b5' -e data | grep -c 000000000000004d)" 0

for signal in INT TERM; do
    record "$signal" --filter "udp port $port"
    send "$port" 50
    kill -"$signal" "$recording"
    stopped
    is "SIG$signal ends it well" "$code" 0
    is "and nothing sent before is lost" "$(fields "$T/$signal.pcapng" -Y udp -e udp.length | wc -l)" 50
done

record killed --filter "udp port $port"
send "$port" 50
say MARK 1
wait_for "the mark" grep -q ^MARKED "$T/killed.out"
kill -KILL "$recording"
stopped 2>/dev/null
is "after SIGKILL what came before the mark is there" \
    "$(fields "$T/killed.pcapng" -Y udp -e udp.length | wc -l)" 50

record end --filter "udp port $port"
stopped
is "the end of standard input means STOP" "$code $(grep -c ^STOPPED "$T/end.out")" "0 1"

# A limit on file sizes (64 KiB) stands for the full disk.
mkfifo "$T/full.in"
(
    ulimit -f 64
    exec "$capture" --interface lo --write "$T/full.pcapng" --filter "udp port $port"
) <"$T/full.in" >"$T/full.out" 2>"$T/full.err" &
recording=$!
tap_pids+=("$recording")
exec 7>"$T/full.in"
wait_for "READY" grep -q ^READY "$T/full.out"
send "$port" 600
stopped
is "a full disk ends it with 3" "$code" 3
ok "and one line with path and reason" \
    grep -qx "gridassay-capture: $T/full.pcapng: cannot be written beyond byte [0-9]*: File too large" "$T/full.err"
ok "the file is whole up to there" "$BIN/frames" "$T/full.pcapng"
ok "and holds what fitted" test "$(stat -c %s "$T/full.pcapng")" -gt 60000

# A filter beyond what the kernel takes.
record long --filter "udp port $port or $(seq -f 'host 10.0.%g.1' -s ' or ' 0 255)"
ok "a filter that the kernel refuses is told" grep -q 'warning: the kernel refused the filter' "$T/long.err"
send "$port" 5
say STOP
stopped
is "and filters all the same" "$code $(fields "$T/long.pcapng" -Y udp -e udp.length | wc -l)" "0 5"
expect_code "a filter of any length is not compiled for minutes but refused" 2 "$capture" --interface lo \
    --write "$T/x" --filter "$(seq -f 'host 10.0.%g.1' -s ' or ' 0 1500)"

# Somebody who does not read: a pipe that is full before the start.
timeout 60 python3 - "$capture" "$T/deaf.pcapng" "$BIN/frames" <<'PY' >"$T/deaf" 2>&1
import fcntl, os, subprocess, sys, time
read, write = os.pipe()
size = fcntl.fcntl(write, 1031, 4096)          # F_SETPIPE_SZ
os.write(write, b"x" * size)
p = subprocess.Popen([sys.argv[1], "--interface", "lo", "--write", sys.argv[2], "--filter", "icmp"],
                     stdin=subprocess.PIPE, stdout=write)
def stats():
    out = subprocess.run([sys.argv[3], sys.argv[2]], capture_output=True, text=True).stdout
    return out.count("stats")
deadline = time.monotonic() + 20
while (not os.path.exists(sys.argv[2]) or stats() < 5) and time.monotonic() < deadline:
    time.sleep(0.05)
p.stdin.close()
print("stats" if stats() >= 5 else "stuck", p.wait())
PY
is "who does not read its lines does not stop the recording" "$(cat "$T/deaf")" "stats 0"

done_testing
