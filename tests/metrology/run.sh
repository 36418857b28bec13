#!/usr/bin/env bash
# What the verdicts are worth: published oracles and simulated campaigns (metrology), then injected truth
# against live equipment (live.sh).
#   run.sh BIN             tables on standard output; exit 1 when anything does not hold
#   run.sh BIN --write     the tables go into README.md too, between their two markers
#   CAMPAIGNS=N TRIALS=N   of each simulated point (10000); of each injected delay (150)
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=${1:?folder of the programs}
top=$(cd "$here/../.." && pwd)
export GRIDASSAY_HOME=${GRIDASSAY_HOME:-$top}
work=$(mktemp -d)
records=$work # of runs that are run again: some 20 GB in all, a few kB at a time
[ ! -w /dev/shm ] || records=$(mktemp -d /dev/shm/gridassay-metrology.XXXXXX)
trap 'rm -rf "$work" "$records"' EXIT
status=0
TMPDIR=$records "$bin/metrology" --campaigns "${CAMPAIGNS:-10000}" >"$work/tables" || status=$?
cat "$work/tables"
printf '\nInjected truth, live on loopback (limit 100 ms for the answer, as much for its command):\n\n' >"$work/live"
bash "$here/live.sh" "$bin" "${TRIALS:-150}" >>"$work/live"
code=$?
if [ "$code" -eq 77 ]; then
    echo "metrology: without the live part" >&2
else
    cat "$work/live"
    cat "$work/live" >>"$work/tables"
    [ "$code" -eq 0 ] || status=$code
fi
if [ "${2:-}" = --write ] && [ "$status" -eq 0 ]; then
    awk -v tables="$work/tables" '
        /^<!-- metrology: / { print; print ""; while ((getline line < tables) > 0) print line; print ""; skip = 1; n++; next }
        /^<!-- end of metrology -->/ { skip = 0; n++ }
        !skip { print }
        END { if (n != 2) exit 1 }' "$top/README.md" >"$work/README.md" || {
        echo "README.md: the two markers of the metrology tables are not there" >&2
        exit 1
    }
    cp "$work/README.md" "$top/README.md"
fi
exit "$status"
