#!/bin/sh
# The coverage table of the README, between its two markers.
#   coverage.sh BIN          exit 1 and tell when it is not what `gridassay coverage` prints today
#   coverage.sh BIN --write  put it there
set -u
bin=$1
top=$(cd "$(dirname "$0")/.." && pwd)
table=$(mktemp)
new=$(mktemp)
trap 'rm -f "$table" "$new"' EXIT
GRIDASSAY_HOME=$top "$bin/gridassay" coverage --format markdown >"$table"
code=$?
[ "$code" -eq 0 ] || [ "$code" -eq 4 ] || exit "$code"
awk -v table="$table" '
    /^<!-- coverage: / { print; print ""; while ((getline line < table) > 0) print line; print ""; skip = 1; n++; next }
    /^<!-- end of coverage -->/ { skip = 0; n++ }
    !skip { print }
    END { if (n != 2) exit 1 }' "$top/README.md" >"$new" || {
    echo "README.md: the two markers of the coverage table are not there" >&2
    exit 1
}
if [ "${2:-}" = --write ]; then
    cp "$new" "$top/README.md"
elif ! cmp -s "$new" "$top/README.md"; then
    echo "README.md: the coverage table is out of date; make coverage-readme writes it" >&2
    diff "$top/README.md" "$new" | head -20 >&2
    exit 1
fi
exit 0
