#!/bin/bash
# gridassay import: a requirement table of one's own out of CSV and XLSX; what it refuses, and where.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
export GRIDASSAY_HOME=$TOP TMPDIR=$T

if [ ! -x "$BIN/gridassay" ]; then
    echo "Bail out! no program $BIN/gridassay"
    exit 1
fi
make_book() { python3 "$TOP/tests/e2e/import_make.py" "$@"; }
import() { "$BIN/gridassay" import "$@"; }
rows() { "$BIN/gridassay" rows "$@"; }

# same A.xml B.xml: every way of looking at the tables shows the same
same() {
    local how
    for how in "--format csv" "--format json" "--format xml" "--errata" "--interpretations" "--unresolved"; do
        # shellcheck disable=SC2086
        cmp <(rows --table "$1" $how) <(rows --table "$2" $how) || return 1
    done
}
SPEC=$TOP/fixtures/requirements/sg-network-5.1.xml

# The specification's own table, there and back.
rows --format csv >"$T/spec.csv"
expect_code "the specification's table as CSV is read" 0 import "$T/spec.csv" --out "$T/spec.xml"
is "row for row" "$(head -1 "$T/out" | cut -d: -f1,2 | sed 's| in /.*||')" \
    "220 rows read (210 P, 10 C): 210 rows with 210 readings and 10 parts"
ok "and is the same table" same "$SPEC" "$T/spec.xml"
is "every member outside the grammar was listed" "$(grep -c 'row [0-9]*, column' "$T/err")" \
    "$(rows --format xml | grep -o '<unresolved' | wc -l)"
ok "with its document and edition" grep -q 'edition="5.1"' "$T/spec.xml"
python3 - "$T/spec.csv" "$T/spec-semicolon.csv" <<'PY'
import csv, random, sys
csv.field_size_limit(1 << 24)
rows = list(csv.reader(open(sys.argv[1], newline="")))
order = list(range(len(rows[0])))
random.Random(7).shuffle(order)
rows[0] = [h.upper().replace("_", " - ") for h in rows[0]]
with open(sys.argv[2], "w", newline="", encoding="utf-8-sig") as f:
    csv.writer(f, delimiter=";").writerows([r[i] for i in order] for r in rows)
PY
import --quiet "$T/spec-semicolon.csv" --out "$T/spec2.xml"
ok "semicolons, a byte order mark, columns in any order, headings in any case make no difference" \
    cmp "$T/spec.xml" "$T/spec2.xml"

# Random tables of one's own.
lost=
for seed in $(seq "${IMPORT_SEEDS:-25}"); do
    make_book table "$seed" "$T/own.xml"
    rows --table "$T/own.xml" --format csv >"$T/own.csv" 2>"$T/own.err" || lost="$lost $seed:$(cat "$T/own.err")"
    import --quiet "$T/own.csv" --base none --out "$T/back.xml" 2>"$T/own.err" || lost="$lost $seed:$(cat "$T/own.err")"
    same "$T/own.xml" "$T/back.xml" >"$T/own.err" 2>&1 || lost="$lost $seed"
done
is "any table is the same again, without the one that it came from" "$lost" ""

# The plain columns of the specification.
head='Rqmt Ref,Row Type,Data-Flow Ref,Data Flow From Actor,Data Flow to Actor,Requirements,Payload Name,Payload Type,Daily Clock Periods of Primary Occurrence,How Often,Reliability,Latency,App Payload Size'
rest='7AM - 10PM,25 per 1000 per | ElectrMtr per | day'
read_cmd=on-demand_Mtr-read_cmd
cat >"$T/plain.csv" <<EOT
$head
10,P,1Aa + 1B + 1Ca + 1D,MDMS,2-Way Meter - Electr,The MDMS shall ask for a read,$read_cmd,cmd,$rest,> 98%,< 15 sec,25
11,C,1B,MDMS,AMI Head-End(j),It shall pass it on,$read_cmd,cmd,$rest,> 99.5%,< 3 sec,25
12,P,1D,DAPjm,2-Way Meter – Elec,The DAP may ask for a read,$read_cmd,cmd,$rest,> 99%,< 10 sec,30
13,C,1D,DAPjm,2-Way Meter - Electr,It may pass it on,$read_cmd,cmd,$rest,> 99.5%,< 5 sec,30
14,P,1Ab,MDMS,Own Actor,It shall send it,own_alarm,alarm,24x7,1 per | MDMS per | 2 day,> 90%,"< 5 sec,< 7 sec",9
EOT
expect_code "the columns of 2.2.2.2.1 alone are read" 0 import "$T/plain.csv" --out "$T/plain.xml"
is "what the base table lacks is told" "$(grep -c 'taken as events of their origin: 1' "$T/out")" 1
ok "the table is known by its file" grep -q ' document="plain.csv" edition="imported">' "$T/plain.xml"
expect_code "or by a title of its own" 0 import "$T/plain.csv" --title 'Own "A & B"' --edition 2026-11 --out "$T/titled.xml"
ok "as given" grep -q ' document="Own &quot;A &amp; B&quot;" edition="2026-11">' "$T/titled.xml"
rows --table "$T/titled.xml" --format csv >"$T/titled.csv"
import --quiet "$T/titled.csv" --out "$T/titled2.xml"
ok "which an exported table keeps" cmp "$T/titled.xml" "$T/titled2.xml"
expect_code "unless it gets another edition" 0 import --quiet "$T/titled.csv" --edition 2027-01 --out "$T/titled2.xml"
ok "and that alone" grep -q ' document="Own &quot;A &amp; B&quot;" edition="2027-01">' "$T/titled2.xml"
expect_code "an empty title is none" 2 import "$T/plain.csv" --title ""
json() { rows --table "$1" --format json | python3 -c '
import json, sys
r = {x["id"]: x for x in json.load(sys.stdin)}
v = {x: {y["id"]: y for y in r[x]["variants"]} for x in r}
print(eval(sys.argv[1]))' "$2"; }
a="'4.10.4.1/$read_cmd'"
is "parents of one payload and section are readings of one row" "$(json "$T/plain.xml" "list(v[$a])")" "['10', '12']"
is "each with its own values" \
    "$(json "$T/plain.xml" "[(x['latency_max_s'], x['reliability_min'], x['size_max_bytes'], x['from']) for x in v[$a].values()]")" \
    "[(15, 0.98, 25, ['MDMS']), (10, 0.99, 30, ['DAPjm'])]"
is "actors by the spelling of the table" "$(json "$T/plain.xml" "v[$a]['12']['to']")" "['2-Way Meter - Electr']"
is "shall and may are told apart" "$(json "$T/plain.xml" "[x['word'] for x in v[$a].values()], r[$a]['word']")" \
    "(['shall', 'may'], 'partly may')"
is "several values without a ground are all admissible" \
    "$(json "$T/plain.xml" "v['0/own_alarm']['1']['latency_admissible_s']")" "[5, 7]"
is "data flows are kept" "$(json "$T/plain.xml" "r[$a]['dataflow'], r['0/own_alarm']['dataflow']")" \
    "('(1Aa + 1B + 1Ca + 1D) or (1D)', '1Ab')"
is "children are parts of the parent above them" \
    "$(rows --table "$T/plain.xml" --format csv | python3 -c '
import csv, sys
csv.field_size_limit(1 << 24)
print([(x["rqmt_ref"], x["parent"], x["dataflow"], x["latency"]) for x in csv.DictReader(sys.stdin) if x["row_type"] == "C"])')" \
    "[('11', '4.10.4.1/$read_cmd#10', '1B', '< 3 sec'), ('13', '4.10.4.1/$read_cmd#12', '1D', '< 5 sec')]"
is "the trigger comes from the base table's row" "$(json "$T/plain.xml" "r[$a]['trigger'], r[$a]['use_case']")" \
    "('event', ['Meter Reading', 'PrePay'])"
rows --table "$T/plain.xml" --format csv >"$T/plain2.csv"
import --quiet "$T/plain2.csv" --out "$T/plain2.xml"
ok "and back again it is the same table" same "$T/plain.xml" "$T/plain2.xml"
expect_code "to standard output as well" 0 import "$T/plain.csv"
ok "the same bytes" cmp "$T/out" "$T/plain.xml"
is "leaving nothing behind" "$(find "$T" -name 'gridassay-import.*' -o -name '*.xml.*' | wc -l)" 0

# Optional rows.
python3 - "$T/spec.csv" "$T/may.csv" <<'PY'
import csv, sys
csv.field_size_limit(1 << 24)
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
for r in rows:
    if r["section"] == "4.10.4.1":
        r["requirement"] = "The meter may be read"
with open(sys.argv[2], "w", newline="") as f:
    w = csv.DictWriter(f, rows[0])
    w.writeheader()
    w.writerows(rows)
PY
import --quiet "$T/may.csv" --out "$T/may.xml"
is "a row's text is told in the table" "$(rows --table "$T/may.xml" --section 4.10.4.1 | grep -c ', may$')" 2
plan() { "$BIN/gridassay" plan --eut "$TOP/fixtures/equipment/meters.xml" --table "$T/may.xml" "$@"; }
why='optional: its requirement says "may", and the profile does not name the row'
expect_code "optional rows are left out of a plan" 0 plan --profile "$TOP/fixtures/profiles/demo.xml"
is "with the reason" "$(grep -c "^4.10.4.1/.* n/a .*$why" "$T/out")" 2
sed '/<use-case/d; s|<zone |<row name="4.10.4.1/'$read_cmd'"/>&|; /<path/,/<\/path>/d' \
    "$TOP/fixtures/profiles/demo.xml" >"$T/named.xml"
expect_code "a profile that names the row makes it count" 0 plan --profile "$T/named.xml"
is "as any other" "$(grep -c "^4.10.4.1/$read_cmd .* to " "$T/out")" 1
sed 's|<row name="4.10.4.1/'$read_cmd'"/>|<section name="4.10.4.1"/>|' "$T/named.xml" >"$T/section.xml"
expect_code "a profile with optional rows alone selects none" 6 plan --profile "$T/section.xml"
ok "and tells why" grep -qF "$why" "$T/err"

# Workbooks.
make_book workbook "$T/book.xlsx"
expect_code "a workbook with all kinds of cells is read" 0 import "$T/book.xlsx" --out "$T/book.xml"
written() { python3 -c '
import sys, xml.etree.ElementTree as t
n = "{urn:gridassay:requirements:1}"
row = [r for r in t.parse(sys.argv[1]).iter(n + "row") if r.get("id") == sys.argv[2]][0]
print(*[row.find(n + c).find(n + "written").text for c in sys.argv[3:]], sep="|")' "$T/book.xml" "$@"; }
is "shares and units by their number format" "$(written 0/own_cmd reliability latency size)" "> 99.5%|< 5 sec|50"
is "inline strings and what formulas gave" "$(written 0/inline_cmd reliability latency size)" "> 98%|< 15 sec|50"
is "dates and times" "$(written 0/date_cmd to)" "2023-03-15 18:00"
is "the payloads' own sheet" "$(written 0/own_cmd attributes)" "Meter ID, own value"
ok "escapes" grep -q 'a line&#10;and one that shall follow' "$T/book.xml"
ok "what is left out is told" grep -q 'no row has payload "idle_cmd", it is left out' "$T/err"
expect_code "another sheet by its name" 2 import "$T/book.xlsx" --sheet notes
ok "where the headings are missed" grep -q 'sheet "Notes", row 1: no column "Latency"' "$T/err"
expect_code "a sheet that is not there" 2 import "$T/book.xlsx" --sheet Other
ok "with those that are" grep -q 'it has "Notes", "Reqmts-Combined"' "$T/err"

# refuses KIND TEXT: nothing is imported, and the place is told
refuses() {
    make_book bad "$1" "$T/bad.xlsx"
    expect_code "refused: $1" 2 import "$T/bad.xlsx" --out "$T/bad.xml"
    ok "with the place: $1" grep -qF "$2" "$T/err"
    ok "nothing is written: $1" test ! -e "$T/bad.xml"
}
refuses merged 'sheet "Reqmts-Combined", row 2, column K: merged cells'
refuses formula 'row 2, column L: a formula without a value'
refuses error 'row 2, column L: #DIV/0!'
refuses missing 'row 1: no column "Latency"'
refuses string 'row 2, column L: refers to a shared string that is not there'
refuses order 'row 2: cell "B2" is not of this row'
refuses laughs 's0.xml:1: declares a document type'
refuses bomb 'more than 400 times is not unpacked'
refuses encrypted 'is an encrypted workbook'
refuses hollow 'has no part'
refuses cut 'is no whole zip'

# bad_csv TITLE TEXT: standard input is refused with that text
bad_csv() {
    cat >"$T/bad.csv"
    rm -f "$T/bad.xml"
    expect_code "refused: $1" 2 import "$T/bad.csv" --out "$T/bad.xml"
    ok "with the place: $1" grep -qF "$2" "$T/err"
    ok "nothing is written: $1" test ! -e "$T/bad.xml"
}
good=$(sed -n 2p "$T/plain.csv")
bad_csv "a cell that does not parse" 'bad.csv:2: row 2, column L "Latency": "soon": a limit such as' <<<"$head
${good/< 15 sec/soon}"
bad_csv "an empty cell" 'bad.csv:2: row 2, column K "Reliability": "": nothing is written here' <<<"$head
${good/> 98%/}"
bad_csv "neither parent nor child" 'column B "Row Type": "X", expected P (parent) or C (child)' <<<"$head
${good/,P,/,X,}"
bad_csv "a child of no parent" 'a child of payload "other_cmd", which no parent row has' <<<"$head
$good
$(sed -n 3p "$T/plain.csv" | sed "s/$read_cmd/other_cmd/")"
bad_csv "a second column of one meaning" 'column N "latency": a second column of this meaning, the first is column L' <<<"$head,latency
$good,x"
bad_csv "a row of another length" 'bad.csv:3: row 3 has 14 fields, expected 13' <<<"$head
$good
$good,x"
bad_csv "an open quote" 'bad.csv:2: row 2: a quote is opened here and never closed' <<<"$head
\"$good"
bad_csv "something behind a quote" 'bad.csv:2: row 2: something stands behind a closing quote' <<<"$head
\"10\"x,P"
bad_csv "Latin-1" 'bad.csv:2: byte 3 of the line is 0xFC, which is no UTF-8' < <(printf '%s\n10\xfc,P\n' "$head")
bad_csv "UTF-16" 'begins as UTF-16' < <(printf '%s\n%s\n' "$head" "$good" | iconv -t UTF-16)
bad_csv "UTF-16 without a mark" 'byte 2 of the line is 0x00' < <(printf '%s\n' "$head" | iconv -t UTF-16LE)
bad_csv "nothing at all" 'is empty' </dev/null
bad_csv "a payload with a blank" 'column G "Payload Name": "a b"' <<<"$head
${good/$read_cmd/a b}"
bad_csv "a trigger that is none" 'column N "trigger": "never", expected command, schedule or event' <<<"$head,trigger
$good,never"
bad_csv "a command that is no payload" 'column O "command": "x_cmd" is the payload of no row' <<<"$head,trigger,command
$good,command,x_cmd"
bad_csv "readings that do not fit" 'bad.csv:2: row 2: its readings do not fit its cells: "< 9 sec" is no member' <<<"$head,readings
$good,<leg id='1'><from>MDMS</from><to>2-Way Meter - Electr</to><reliability>&gt; 98%</reliability><latency>&lt; 9 sec</latency><when>7AM - 10PM</when><how_often>25 per 1000 per | ElectrMtr per | day</how_often><size>25</size><ground>x</ground></leg>"
bad_csv "readings that are no XML" 'column N "readings": its XML:1: not well-formed XML' <<<"$head,readings
$good,<leg>"
bad_csv "a register with circular needs" 'needs' <<<"$head,register,use case
$good,\"<use-case name='a' section='1' chapter='a'><needs>b</needs></use-case><use-case name='b' section='1' chapter='b'><needs>a</needs></use-case>\",a"
sed 's/< 15 sec/soon/; s/> 99%/sure/; s/,9$/,many/' "$T/plain.csv" >"$T/three.csv"
expect_code "all that cannot be read is listed" 2 import "$T/three.csv"
is "each with its place" "$(grep -o 'row [0-9]*, column [A-Z] "[A-Za-z ]*"' "$T/err" | tr '\n' ';')" \
    'row 2, column L "Latency";row 4, column K "Reliability";row 6, column M "App Payload Size";'
is "and counted" "$(tail -1 "$T/err" | sed 's/.*: 3/3/')" "3 things cannot be read, in 3 of 5 rows; nothing was imported"
expect_code "unless they are to be kept" 0 import --keep-unresolved "$T/three.csv" --out "$T/three.xml"
is "as members without a value" "$(rows --table "$T/three.xml" --unresolved --format csv | grep -c 'soon\|sure\|many')" 3
expect_code "no spreadsheet" 2 import
expect_code "two of them" 2 import "$T/plain.csv" "$T/plain.csv"
expect_code "a folder" 2 import "$T"
expect_code "a place that cannot be written" 2 import "$T/plain.csv" --out "$T/nowhere/x.xml"

# 7,875 rows, as many as the document counts: time is told, memory has a ceiling.
for kind in children parents; do
    flag=
    [ "$kind" = parents ] && flag=--parents
    # shellcheck disable=SC2086
    make_book rows 7875 "$T/many.xlsx" $flag
    python3 - "$BIN/gridassay" "$T" >"$T/cost" 2>"$T/err" <<'PY'
import resource, subprocess, sys, time
start = time.monotonic()
subprocess.run([sys.argv[1], "import", "--quiet", sys.argv[2] + "/many.xlsx", "--out", sys.argv[2] + "/many.xml"],
               check=True)
print("%.2f s, %d MB" % (time.monotonic() - start,
                         resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024))
PY
    echo "# 7,875 rows with $kind: $(cat "$T/cost")"
    if nm "$BIN/gridassay" | grep -q __asan_init; then
        ok "7,875 rows with $kind are imported (memory is not measured under sanitizers)" test -s "$T/many.xml"
    else
        ok "7,875 rows with $kind take less than 200 MB" test "$(sed 's/.*, \([0-9]*\) MB/\1/' "$T/cost")" -lt 200
    fi
done
is "and none is lost" "$(rows --table "$T/many.xml" --format csv | grep -c 'payload_[0-9]*_cmd,cmd,event')" 7875
done_testing
