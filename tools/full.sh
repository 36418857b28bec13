#!/bin/sh
# A full run: the reference equipment as each statement says it, every row that applies to it.
#   full.sh BIN [STATEMENT]...        names in fixtures/equipment; default: three that together cover
#                                     every row, or with ALL=1 all of them in turn
# Variables: ALL=1, PROFILE (fixtures/profiles/sample.xml), OUT (results/full), DEFECT.
# Prints a line per statement (rows in scope, what became of them, seconds), then where the time went.
# Exit status: 0 when each run ended in 0, else the first other one.
set -u
bin=$1
shift
top=$(cd "$(dirname "$0")/.." && pwd)
profile=${PROFILE:-$top/fixtures/profiles/sample.xml}
out=${OUT:-$top/results/full}
# Devices of the first are few, so that a run stays short; the third has ten thousand meters.
[ $# -gt 0 ] || set -- field-equipment systems head-end
if [ -n "${ALL:-}" ]; then
    set --
    for f in "$top"/fixtures/equipment/*.xml; do set -- "$@" "$(basename "$f" .xml)"; done
fi

mkdir -p "$out" || exit 3
play=
run=
cleanup() {
    for p in $run $play; do
        kill "$p" 2>/dev/null && wait "$p" 2>/dev/null
    done
    run=
    play=
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# ready NAME: whether the reference equipment listens; told once when it does not.
ready() {
    tries=0
    until grep -q '^READY' "$out/$1.play" 2>/dev/null; do
        kill -0 "$play" 2>/dev/null || return 1
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] || return 1
        sleep 0.05
    done
}

# drive NAME: one statement from start to end; its exit status in code.
drive() {
    statement=$top/fixtures/equipment/$1.xml
    code=2
    [ -f "$statement" ] || { echo "$statement: there is no such statement" >&2; return; }
    : >"$out/$1.play"
    "$bin/gridassay" play "$statement" --profile "$profile" ${DEFECT:+--defect "$DEFECT"} >"$out/$1.play" 2>"$out/$1.play.err" &
    play=$!
    code=3
    if ready "$1"; then
        "$bin/gridassay" run --eut "$statement" --profile "$profile" --arm --tap=none --out "$out/$1" \
            --force >"$out/$1.txt" 2>"$out/$1.err" &
        run=$!
        wait "$run"
        code=$?
        run=
    else
        cat "$out/$1.play.err" >&2
    fi
    kill "$play" 2>/dev/null
    wait "$play" 2>/dev/null
    play=
}

worst=0
begin=$(date +%s)
printf '%-18s %-5s %-7s %s\n' statement exit seconds rows
for name; do
    from=$(date +%s)
    drive "$name"
    rows=$(grep -h ' rows in scope' "$out/$name.txt" 2>/dev/null | tail -1)
    [ -n "$rows" ] || rows=$(head -1 "$out/$name.err" 2>/dev/null)
    printf '%-18s %-5s %-7s %s\n' "$name" "$code" "$(($(date +%s) - from))" "$rows"
    # A statement whose rows are all out of scope is no fault of the equipment.
    [ "$code" -eq 77 ] && code=0
    [ "$worst" -ne 0 ] || worst=$code
done
echo "together $(($(date +%s) - begin)) s"

# Scenarios run in the order of their sections, so a chapter takes the seconds from its first message to
# its last one; but what is watched over a whole day of the equipment's clock runs apart.
for name; do
    [ -f "$out/$name/run.xml" ] || continue
    awk -v name="$name" '
        function value(a,   m) {
            m = index($0, " " a "=\"")
            if (m == 0) return ""
            m = substr($0, m + length(a) + 3)
            return substr(m, 1, index(m, "\"") - 1)
        }
        function tell(key, what) {
            printf "%10d %9.1f  %s\n", exchanges[key], last[key] - first[key], what
        }
        /<row / { split(value("section"), part, "."); chapter = part[1] "." part[2] }
        /<variant / {
            f = value("first-ns") / 1e9; l = value("last-ns") / 1e9
            if (f == 0) next
            key = index(value("leg"), "over a day") > 0 ? "day" : chapter
            if (!(key in first)) { first[key] = f; last[key] = l; if (key != "day") order[++n] = key }
            if (f < first[key]) first[key] = f
            if (l > last[key]) last[key] = l
            exchanges[key] += value("attempts")
        }
        END {
            if (n > 0) printf "\n%s: exchanges, seconds from first to last, chapter\n", name
            for (i = 1; i <= n; i++) tell(order[i], order[i])
            if ("day" in first) tell("day", "at times of their own")
        }' "$out/$name/run.xml"
done
exit "$worst"
