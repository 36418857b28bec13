#!/bin/bash
# gridassay rows: filters, formats, registers and bad input.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
export GRIDASSAY_HOME=$TOP

if [ ! -x "$BIN/gridassay" ]; then
    echo "Bail out! no program $BIN/gridassay"
    exit 1
fi
rows() { "$BIN/gridassay" rows "$@"; }
# ids FILTER...: the ids that match, one a line
ids() { rows "$@" --format csv 2>/dev/null | python3 -c '
import csv, sys
csv.field_size_limit(1 << 24)
for r in csv.DictReader(sys.stdin):
    if r["row_type"] == "P": print(r["id"])'; }
# json FILTER... -- EXPRESSION: of the list of rows, r
json() {
    local args=()
    while [ "$1" != -- ]; do args+=("$1"); shift; done
    rows "${args[@]}" --format json 2>/dev/null | python3 -c '
import json, sys
r = json.load(sys.stdin)
v = {x["id"]: {y["id"]: y for y in x["variants"]} for x in r} if r and "variants" in r[0] else {}
print(eval(sys.argv[1]))' "$2"
}

# Filters.
is "without filters all rows are listed, and the unlisted ones" "$(ids | wc -l)" 210
is "the table counts both apart" "$(rows | tail -1)" "206 rows; unlisted beside them, in no table of the document: 4"
is "and marks each" "$(rows --section 4.15.4.7 | grep -c 'event, unlisted$')" 1
is "a word finds the unlisted ones" "$(ids unlisted | wc -l)" 4
is "--section takes a section with its subsections" "$(ids --section 4.1 | wc -l)" 0
is "and is not fooled by numbers that begin alike" "$(ids --section 4.10.4.1 | wc -l)" 2
is "--use-case finds its rows" "$(ids --use-case 'meter events' | wc -l)" 5
is "also by the title of its chapter" "$(ids --use-case 'Utility Service Switch/Valve Operation' | wc -l)" 20
is "a row serves the use cases that borrow it" "$(ids --use-case PrePay --section 4.15 | wc -l)" 20
is "DSDR borrows Volt/VAR rows" \
    "$(ids --use-case DSDR --section 4.4.1.5 | grep -c Recloser)/$(ids --use-case DSDR | wc -l)" 0/28
is "--actor finds origins and destinations" "$(ids --actor 'Water' --section 4.10 | wc -l)" 4
is "--actor finds actors by their listed names" "$(ids --actor '2-Way Meter - Electr' --section 4.10.4.3)" \
    4.10.4.3/Mtr-read_data_resp-data
is "--payload finds parts of names" "$(ids --payload valve_state | wc -l)" 2
is "--type is the whole type" "$(ids --type CMD --section 4.5.4.3 | wc -l)" 2
is "words have to be there, all of them" "$(ids scheduled time valve | head -1)" 4.15.4.6/valve_opr_cmd
is "filters go together" "$(ids --use-case 'Meter Reading' --type cmd --actor MDMS | tr '\n' ' ')" \
    "4.10.4.4/Mtr-read_multi-interval-data_cmd 4.10.4.5/bulk_Mtr-read_cmd "

# JSON.
ok "JSON is JSON" sh -c "'$BIN/gridassay' rows --format json | python3 -m json.tool"
keys='id section use_case payload type trigger attributes baseload highload from to reliability latency when how_often size lics cia variants'
is "JSON holds the promised members" "$(json -- "all(k in x for x in r for k in '$keys'.split())")" True
leg='from to latency_max_s latency_min_s reliability_min size_min_bytes size_max_bytes windows rate ground why'
is "variants hold the promised members" \
    "$(json -- "all(k in v for x in r for v in x['variants'] for k in '$leg'.split())")" True
is "each null of a variant has its why" \
    "$(json -- "[(x['id'], k) for x in r for v in x['variants'] for k in '$leg'.split() if v[k] is None and not v['why'].get(k)]")" "[]"
is "each null category has its why" \
    "$(json -- "[x['id'] for x in r if (x['lics'] is None or x['cia'] is None) != bool(x['why'])]")" "[]"
is "eight rows have no categories, and two unlisted ones" "$(json -- "[sum(x['lics'] is None and (x['unlisted'] is None) == y for x in r) for y in (True, False)]")" "[8, 2]"
is "numbers are exact" \
    "$(json --section 4.4.1.4.1.2 -- "v['4.4.1.4.1.2/FeederCapBank_alarm']['1']['reliability_min']")" 0.995
is "seconds are numbers" \
    "$(json --section 4.10.4.1 -- "v['4.10.4.1/on-demand_Mtr-read_resp-data']['1']['latency_max_s']")" 15
is "admissible limits are listed, the strictest stands for all" \
    "$(json --section 4.15.4.1 -- "[(y['latency_max_s'], y['latency_admissible_s']) for y in v['4.15.4.1/SW_opr_cmd_ack'].values()]")" \
    "[(60, [60, 120]), (60, [60, 120])]"
is "coverage is told as clauses" \
    "$(json --section 4.10.4.3 -- "v['4.10.4.3/Mtr-read_data_resp-data']['gas']['clauses'][1]")" \
    "{'coverage_min': 0.995, 'period_min_s': 172800, 'period_max_s': 172800}"
is "event-relative periods and campaigns are numbers" \
    "$(json --section 4.4.1.7.3.3 -- "sorted({(y['after_max_s'], y['after_event']) for y in r[0]['variants']})")" \
    "[(120, 'fault event'), (300, 'fault event')]"
is "rates are numbers" \
    "$(json --section 4.15.4.1 -- "[(y['times_min'], y['times_max'], y['per'], y['period_s']) for y in r[0]['variants'][0]['rates']]")" \
    "[(1, 50, 1000, 86400)]"
is "values left to the deployment are named" \
    "$(json --section 4.12.4.1 -- "[(p['cell'], p['name']) for y in r[0]['variants'] for p in y['parameters']]")" \
    "[('reliability', 'xx')]"
is "windows go over midnight" \
    "$(json --section 4.10.4.5 -- "r[0]['variants'][0]['windows']")" "['18:00-06:00']"
is "cells are folded to single blanks" \
    "$(json -- "[x['id'] for x in r for k in '$keys'.split() if isinstance(x[k], str) and x[k] != ' '.join(x[k].split())]")" "[]"

# CSV.
rows --format csv >"$T/rows.csv"
is "CSV agrees with JSON" "$(rows --format json | python3 -c '
import csv, json, sys
a = json.load(sys.stdin)
with open(sys.argv[1], newline="") as f: b = list(csv.DictReader(f, strict=True))
b = [x for x in b if x["row_type"] == "P"]
bad = [x["id"] for x, y in zip(a, b) for k in x if k in y and " ".join(y[k].split()) !=
       ("; ".join(x[k]) if k == "use_case" else "" if x[k] is None else x[k])
       and not (k == "variants" and json.loads(y[k]) == x[k])]
print(len(b), bad)' "$T/rows.csv")" "210 []"
is "records end as RFC 4180 says" "$(python3 -c '
import re, sys
text = open(sys.argv[1], newline="").read()
bare = re.sub(r"\"(?:[^\"]|\"\")*\"", "", text)
print(bare.count("\r\n"), bare.count("\n"), bare.count("\r"))' "$T/rows.csv")" "221 221 221"
is "parts are records of their own" "$(grep -c ',C,,,,4.5.4.2,' "$T/rows.csv")" 10

# XML and table.
rows --format xml >"$T/rows.xml"
ok "XML is well-formed" python3 -c 'import sys, xml.etree.ElementTree as t; assert len(t.parse(sys.argv[1]).getroot()) == 210' "$T/rows.xml"
COLUMNS=70 rows --section 4.10 >"$T/narrow"
is "a narrow table keeps to the width" "$(python3 -c '
import sys
lines = open(sys.argv[1], encoding="utf-8").read().splitlines()
print(len(lines), max(map(len, lines)) <= 70)' "$T/narrow")" "11 True"
ok "a table in a pipe has no colours" sh -c "! '$BIN/gridassay' rows | grep -q '$(printf '\033')'"
ok "a table in a pipe cuts nothing" sh -c "'$BIN/gridassay' rows | grep -q 'on-demand_Mtr-read_cmd_comm_err .*Web Portal - Utility'"

# Registers.
is "every cell without a value is listed with its reason" \
    "$(json --unresolved -- "(len({(x['id'], x['column']) for x in r}), all(x['why'] for x in r))")" "(29, True)"
is "unresolved goes with filters" "$(json --unresolved --section 4.10.4.5 -- "sorted({x['member'] for x in r})")" \
    "['x per | Utl per | day (batches of y Mtrs)', 'xMB']"
is "errata have section, slip and reason" \
    "$(json --errata -- "all(x['section'] and x['slip'] and len(x['reason'].split()) > 5 for x in r)")" True
is "the repeated service switch rows are among them" \
    "$(json --errata --section 4.15.4.7 -- "[x['id'] for x in r]")" "['valve-cancel-ack', 'valve-cancel-rows']"
is "every reading that a leg leans on is in the register" "$(python3 -c '
import json, subprocess, sys
def get(*a): return json.loads(subprocess.check_output([sys.argv[1], "rows", *a, "--format", "json"]))
known = {x["id"] for x in get("--interpretations")}
used = {i for x in get() for v in x["variants"] for i in v["interpretations"]}
print(len(used - known), len(known - used))' "$BIN/gridassay")" "0 0"

is "no member of a cell is lost: a leg quotes it" "$(python3 -c '
import sys, xml.etree.ElementTree as et
ns = "{urn:gridassay:requirements:1}"
root = et.parse(sys.argv[1]).getroot()
fold = lambda s: " ".join((s or "").split())
reads = {s.get("written"): [fold(x.text) for x in s] for s in root.findall(ns + "spelling")}
lost = []
for row in root.iter(ns + "row"):
    for name in "from to reliability latency when how_often size".split():
        cell = row.find(ns + name)
        quotes = [fold(x.text) for leg in row.findall(ns + "leg") for x in leg.findall(ns + name)]
        left = fold(cell.findtext(ns + "written"))
        words = {w for q in quotes for w in [fold(k) for k, v in reads.items() if q in v] + [q]}
        for w in sorted(words - {""}, key=len, reverse=True):
            left = left.replace(w, "")
        if left.replace(",", "").replace(" or ", "").split():
            lost.append((row.get("id"), name, left))
print(lost)' "$TOP/fixtures/requirements/sg-network-5.1.xml")" "[]"

# Nothing found, bad flags, bad tables.
expect_code "no match is no fault" 0 "$BIN/gridassay" rows --payload nothing-like-it
is "and prints nothing" "$(cat "$T/out")" ""
ok "but a note on standard error" grep -q "nothing matches" "$T/err"
is "JSON of nothing is an empty list" "$(rows --payload nothing --format json 2>/dev/null)" "[]"
for flag in --bogus -x "--format=pdf" "--section" "--errata --type=cmd" "--errata --unresolved"; do
    # shellcheck disable=SC2086
    expect_code "rows $flag is refused" 2 "$BIN/gridassay" rows $flag
    ok "and named" grep -q -- "$(echo "$flag" | sed 's/=.*//;s/ .*//')" "$T/err"
done
expect_code "--help helps" 0 "$BIN/gridassay" rows --help
ok "and tells the exit status" grep -q "Exit status" "$T/out"

good=$TOP/fixtures/requirements/sg-network-5.1.xml
: >"$T/empty.xml"
head -c 20000 "$good" >"$T/cut.xml"
sed 's/version="1"$/version="9"/' "$good" >"$T/version.xml"
echo '<other/>' >"$T/schema.xml"
sed '0,/max_s="3600"/s//max_s="3601"/' "$good" >"$T/drift.xml"
for kind in missing empty cut version schema drift; do
    expect_code "a table file that is wrong ($kind) is refused" 2 "$BIN/gridassay" rows --table "$T/$kind.xml"
    ok "with its path" grep -q "$T/$kind.xml" "$T/err"
done
for kind in cut version schema drift; do
    "$BIN/gridassay" rows --table "$T/$kind.xml" 2>"$T/err"
    ok "and the line ($kind)" grep -Eq "$kind.xml:[0-9]+: " "$T/err"
done
"$BIN/gridassay" rows --table "$T/drift.xml" 2>"$T/err"
ok "and what was expected" grep -q 'expected <limit max_s="3600"/>' "$T/err"
expect_code "a closed pipe is no fault" 0 bash -c "set -o pipefail; '$BIN/gridassay' rows --format json | head -c 10"
if [ -w /dev/full ]; then
    expect_code "a full disk is told" 3 sh -c "'$BIN/gridassay' rows --format json >/dev/full"
fi

# An installation is found from the program, wherever it lies.
mkdir -p "$T/opt/bin" "$T/opt/share/gridassay" "$T/alone"
cp "$BIN/gridassay" "$T/opt/bin"
cp "$BIN/gridassay" "$T/alone"
cp -r "$TOP/fixtures" "$T/opt/share/gridassay"
expect_code "an installed program finds its table" 0 env -u GRIDASSAY_HOME "$T/opt/bin/gridassay" rows --section 4.10.4.1
expect_code "a program alone finds none" 2 env -u GRIDASSAY_HOME "$T/alone/gridassay" rows
env -u GRIDASSAY_HOME "$T/alone/gridassay" rows 2>"$T/err"
ok "and says what it looked for" grep -q "sg-network-5.1.xml not found.*GRIDASSAY_HOME" "$T/err"
done_testing
