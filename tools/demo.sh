#!/bin/sh
# The demonstration: reference meters as a process of their own, three use cases live on loopback.
#   demo.sh BIN [DEFECT]
# Ends with the run's exit status; leaves no process behind, also after Ctrl-C.
set -u
bin=$1
defect=${2:-}
top=$(cd "$(dirname "$0")/.." && pwd)
statement=$top/fixtures/equipment/meters.xml
profile=$top/fixtures/profiles/demo.xml
# A reply may take minutes by the real limits; a device that is late by seconds shows under short ones.
case $defect in late*) profile=$top/fixtures/profiles/short-limits.xml ;; esac

ready=$(mktemp)
play=
cleanup() {
    [ -z "$play" ] || { kill "$play" 2>/dev/null; wait "$play" 2>/dev/null; }
    play=
    rm -f "$ready"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

"$bin/gridassay" play "$statement" ${defect:+--defect "$defect"} >"$ready" &
play=$!
tries=0
until grep -q '^READY' "$ready"; do
    if ! kill -0 "$play" 2>/dev/null; then
        wait "$play"
        code=$?
        play=
        exit "$code" # it has told why
    fi
    tries=$((tries + 1))
    [ "$tries" -lt 200 ] || { echo "the reference equipment did not get ready within 10 s" >&2; exit 3; }
    sleep 0.05
done

# In the background so that Ctrl-C reaches this shell at once; the run itself hears it too and ends
# in order, which is waited for.
"$bin/gridassay" run --eut "$statement" --profile "$profile" --arm --tap=none --out "$top/results/demo" --force &
run=$!
trap 'kill -INT $run 2>/dev/null' INT TERM
while :; do
    wait "$run"
    code=$?
    kill -0 "$run" 2>/dev/null || break
done
exit "$code"
