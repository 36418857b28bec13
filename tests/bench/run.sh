#!/usr/bin/env bash
# Speed, as ratios measured in one run: machines differ and are shared, ratios hold.
#   make bench        all of it, in under four minutes
#   EXCHANGES=N       exchanges of the offline capture (200000); a second one is four times as long
#   PACE=N LIVE_S=N   trials a second of the live run (12000), and for how long (10)
#   KEEP=1            leave the working folder
# Offline: a capture of wrk against nginx; `gridassay score` beside tshark extracting the HTTP fields
# of the same file. Live: one row driven, captured and scored on loopback beside the equipment.
set -eo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=SCRIPTDIR/../tap.sh
. "$here/../tap.sh"
trap 'set +e; tap_cleanup' EXIT
exchanges=${EXCHANGES:-200000}
pace=${PACE:-12000}
live_s=${LIVE_S:-10}
wrk_s=5
most_wrk_runs=16
reads=(--row 4.10.4.1/on-demand_Mtr-read_cmd --row 4.10.4.1/on-demand_Mtr-read_resp-data)

# timed NAME COMMAND...: wall seconds, CPU seconds and peak KiB of it and its children, in NAME.figures.
timed() {
    local name=$1 code=0
    shift
    /usr/bin/time -o "$T/$name.time" -f '%e %U %S %M' "$@" >"$T/$name.out" 2>"$T/$name.err" || code=$?
    tail -n 1 "$T/$name.time" | awk '{ print $1, $2 + $3, int($4 / 1024 + 0.5) }' >"$T/$name.figures"
    return "$code"
}
figure() { cut -d' ' -f"$2" "$T/$1.figures"; } # 1 wall, 2 CPU, 3 peak MiB
calc() { awk "BEGIN { printf \"$1\", $2 }"; }
line() { printf '%-34s %s\n' "$1" "$2"; }
give_up() {
    echo "bench: $1" >&2
    exit 3
}

read -r -a port <<<"$(free_ports 12)"
statement() { # the reference meters on ports of our own
    local was n=0 edit=()
    for was in 18470 18480 18490 18491 18492 18493 18494 18495 18496 18497; do
        edit+=(-e "s/\\b$was\\b/_${port[n]}_/") # marked: it may be one of the old ones as well
        n=$((n + 1))
    done
    sed "${edit[@]}" -e 's/_\([0-9][0-9]*\)_/\1/g' "$TOP/fixtures/equipment/meters.xml"
}

# ---- offline: the capture
statement >"$T/meters.xml"
meters=${port[1]}
sed -e "s#@DIR@#$T#g" -e "s/@PORT@/$meters/" "$here/nginx.conf.in" >"$T/nginx.conf"
spawn nginx -p "$T" -c "$T/nginx.conf"
nginx=$spawned
wait_for "nginx" bash -c "exec 3<>/dev/tcp/127.0.0.1/$meters"
spawn tcpdump -i lo -B 262144 -s 0 --time-stamp-precision=nano -w "$T/4x.pcap" "tcp port $meters" 2>"$T/tcpdump.err"
dump=$spawned
wait_for "tcpdump" grep -q 'listening on' "$T/tcpdump.err"
got=0
for run in $(seq "$most_wrk_runs"); do
    (cd "$here" && RUN=$run wrk -t1 -c16 -d"${wrk_s}s" -s wrk.lua "http://127.0.0.1:$meters/meter") >"$T/wrk.out"
    got=$((got + $(awk '/requests in/ { print $1 }' "$T/wrk.out")))
    [ "$got" -lt $((exchanges * 4)) ] || break
done
[ "$got" -ge $((exchanges * 4)) ] || give_up "only $got exchanges, wanted $((exchanges * 4))"
kill -INT "$dump"
wait "$dump" || true
kill "$nginx"
dropped=$(sed -n 's/ packets dropped by kernel.*//p' "$T/tcpdump.err")
tcpdump -r "$T/4x.pcap" --time-stamp-precision=nano -c $((got / 2)) -w "$T/1x.pcap" 2>/dev/null

# ---- offline: ours beside tshark
ours() {
    timed "$1" "$BIN/gridassay" score "$T/$1.pcap" --eut "$T/meters.xml" --profile "$TOP/fixtures/profiles/demo.xml" \
        "${reads[@]}" --out "$T/$1" --force --tap=none || give_up "score ended with $?: $(cat "$T/$1.err")"
    seen=$(grep -o ' attempts="[0-9]*"' "$T/$1/run.xml" | head -n 1 | tr -dc 0-9)
}
theirs() {
    timed tshark tshark -r "$T/1x.pcap" -d "tcp.port==$meters,http" -Y http -T fields -e frame.number \
        -e frame.time_epoch -e tcp.stream -e http.request.method -e http.request.uri -e http.response.code \
        -e http.content_length -e http.time
    told=$(grep -c . "$T/tshark.out")
}
best=
for _ in 1 2 3; do
    ours 1x
    if [ -z "$best" ] || [ "$(calc %d "$(figure 1x 1) < $best")" = 1 ]; then
        best=$(figure 1x 1)
        cpu=$(figure 1x 2)
    fi
done
short=$seen
memory="$(figure 1x 3) MiB"
theirs
apart=$((told / 2 - short)) # the file ends in the middle of some
[ "${apart#-}" -le 32 ] || give_up "tshark saw $((told / 2)) exchanges, gridassay $short"
ours 4x
memory="$memory for $short exchanges, $(figure 4x 3) MiB for $seen"
rm -f "$T"/?x.pcap

line "machine" "$(nproc) cores, $(uname -sr)"
line "made with" "$(wrk --version 2>&1 | head -n 1 | cut -d' ' -f1-2), $(nginx -v 2>&1 | sed 's/.*: //')"
line "beside" "$(tshark --version 2>/dev/null | head -n 1 | cut -d' ' -f1,3)"
line "capture" "$short HTTP exchanges with XML bodies, $dropped dropped"
line "tshark, HTTP fields" "$(figure tshark 1) s ($(figure tshark 2) s CPU)"
line "gridassay score" "$best s, best of 3 ($cpu s CPU): $(calc %.0f "$short / $best") exchanges a second"
line "ratio" "$(calc %.1f "$(figure tshark 1) / $best") times as fast ($(calc %.1f "$(figure tshark 2) / $cpu") by CPU time)"
line "peak memory" "$memory"

# ---- live
sed -e "s/@PACE@/$pace/" -e "s/@TRIALS@/$((pace * live_s))/" -e "s/@CALIBRATION@/${port[10]}/" \
    "$here/live.xml" >"$T/live.xml"
spawn "$BIN/gridassay" play "$T/meters.xml" >"$T/play.out"
wait_for "the equipment" grep -q ^READY "$T/play.out"
timed live "$BIN/gridassay" run --eut "$T/meters.xml" --profile "$T/live.xml" --suite 4.10.4.1 --out "$T/live" \
    --tap=none || give_up "the live run ended with $?: $(cat "$T/live.err")"
declare -A live
while IFS=$'\t' read -r name value; do live[$name]=$value; done < <(python3 "$here/live.py" "$T/live")
line "live, driven, captured, scored" "${live[rate]} exchanges a second for ${live[span]} s: ${live[verdict]}"
line "live, packets" "${live[frames]} captured, ${live[dropped]} dropped; stalls ${live[stalls]}, clock steps ${live[steps]}"
line "live, result after last packet" "${live[scored]} s, peak memory $(figure live 3) MiB"
line "live, turnaround" "${live[turnaround]} us (p50, p99, worst)"
line "harness's own latency" "${live[bias]} us (p50, p99, worst)"
