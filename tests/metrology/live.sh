#!/usr/bin/env bash
# Injected truth, live: reference equipment that answers after a known time, loses a known share and
# sends known sizes, and writes down what it did; the harness judges it on loopback. Compared one
# exchange after the other: latency (mean and worst error), losses (each one), sizes (to the byte).
#   live.sh BIN [TRIALS]     of each delay (150)
# Standard output is a table in markdown; exit 1 when something does not agree. Errors of time are told,
# not asserted, but for their sign and for what is plain at any load.
set -eo pipefail
here=$(cd "$(dirname "$0")" && pwd)
GRIDASSAY_BIN=$(cd "${1:?folder of the programs}" && pwd)
export GRIDASSAY_BIN
# shellcheck source=SCRIPTDIR/../tap.sh
. "$here/../tap.sh"
# shellcheck source=SCRIPTDIR/../live.sh
. "$TOP/tests/live.sh"
trap 'set +e; tap_cleanup' EXIT
trials=${2:-150}
pace=100
limit_ms=100
lossy=7
rows=(--row 4.10.4.1/on-demand_Mtr-read_cmd --row 4.10.4.1/on-demand_Mtr-read_resp-data)
if ! "$BIN/gridassay-capture" --probe --interface lo >/dev/null 2>&1; then
    echo "metrology: live capture on lo is not permitted here, so nothing is injected" >&2
    exit 77
fi

live_statement "$T/meters.xml"
read -r calibration <<<"$(free_ports 1)"
sed -e "s/@PACE@/$pace/; s/@TRIALS@/$trials/; s/@CALIBRATION@/$calibration/" \
    -e "s/@LIMIT@/0.$(printf %03d "$limit_ms")/" "$here/live.xml" >"$T/profile.xml"
# Around the limit of the answer, and around the limit of command and answer together.
size=0
for delay in 50 90 99 101 110 150 190 199 201 210 300; do
    size=$((size + 1))
    live_play "$T/meters.xml" --defect "late=$delay" --defect "lossy=$lossy@on-demand_Mtr-read_resp-data" \
        --defect "oversize=$size" --truth "$T/truth.$delay"
    live_run "$T/run.$delay" "$T/meters.xml" "$T/profile.xml" "${rows[@]}" --tap=none
    live_stop
    case $live_code in
    0 | 1 | 4) ;;
    *)
        cat "$T/run.$delay.err" >&2
        echo "metrology: the run with a delay of $delay ms ended with $live_code" >&2
        exit 3
        ;;
    esac
    [ ! -t 2 ] || printf '\r%s ms ' "$delay" >&2
    set -- "$@" "$delay=$T/run.$delay=$T/truth.$delay"
done
[ ! -t 2 ] || printf '\r%20s\r' '' >&2
while [[ ${1:-} != *=* ]]; do shift; done
python3 "$here/live.py" "$limit_ms" "$@"
