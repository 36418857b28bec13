#!/usr/bin/env bash
# The coverage command: what it says of a row, and that the README's table is what it prints.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

coverage() { "$BIN/gridassay" coverage "$@"; }
EUT=$TOP/fixtures/equipment

# --- every row, by all statements
code=0
coverage >"$T/all" 2>"$T/err" || code=$?
is "every row is exercised by a statement" "$code" 0
is "each of the 206 rows, and the four that no table holds" \
    "$(awk '/^4\./ { print $1 }' "$T/all" | sort -u | wc -l)" 210
ok "as the last lines say" grep -q '^206 of 206 rows exercised' "$T/all"
is "no row is left to nobody" "$(awk -F'  +' '/^4\./ && $3 !~ /^suites\//' "$T/all" | wc -l)" 0
is "each actor of the table is equipment in a statement" \
    "$("$BIN/gridassay" rows --format json | python3 -c '
import glob, json, re, sys
actors = set()
for row in json.load(sys.stdin):
    for leg in row["variants"]:
        actors |= set(leg["from"]) | set(leg["to"])
for f in glob.glob(sys.argv[1] + "/*.xml"):
    actors -= set(re.findall("<group actor=\"([^\"]*)\"", open(f, encoding="utf-8").read()))
print(*sorted(actors))' "$EUT")" ""

# --- one row, by who is under test
row=4.10.4.1/on-demand_Mtr-read_cmd
one() { coverage --row $row --eut "$EUT/$1.xml" | grep "^$row  *Meter Reading"; }
says() { grep -q "$1" <<<"$2"; }
ok "to a meter" says " meters  .*command answered" "$(one meters)"
ok "from a billing system" says " cis  .*event" "$(one cis)"
ok "through a head-end" says " head-end  .*forwarded" "$(one head-end)"
expect_code "rows that nothing exercises are told by the exit status" 4 "$BIN/gridassay" coverage \
    --eut "$EUT/meters.xml"

# --- the README
ok "the README's table is what is printed today" sh "$TOP/tools/coverage.sh" "$BIN"
coverage --format markdown --eut "$EUT/dms.xml" >"$T/md"
ok "Markdown numbers the reasons" grep -q '^1\. ' "$T/md"
is "and has a line for each row" "$(grep -c '^| .*4\.' "$T/md")" "$(grep -c '^4\.' "$T/all")"

# --- unusable
expect_code "another format" 2 "$BIN/gridassay" coverage --format pdf
expect_code "an argument" 2 "$BIN/gridassay" coverage meters
expect_code "a statement that is not there" 2 "$BIN/gridassay" coverage --eut "$T/none.xml"
ok "is named" grep -q 'none.xml' "$T/err"
expect_code "help" 0 "$BIN/gridassay" coverage --help
done_testing
