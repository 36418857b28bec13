#!/usr/bin/env bash
# gridassay traffic as a person calls it: forms, the two shipped examples, scope, bad input.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

printed=$TOP/fixtures/profiles/traffic-as-printed.xml
corrected=$TOP/fixtures/profiles/traffic-corrected.xml
traffic() { "$BIN/gridassay" traffic "$@"; }

traffic --profile "$printed" >"$T/printed"
for step in '1  use cases: Meter Reading, Service Switch' '2  interface 1D' '3  events: 5 readings down, 8 up' \
    '4  one value of each range' '5  values for missing' '6  method a' '7  traffic'; do
    ok "the page shows step $step" grep -qF "$step" "$T/printed"
done
ok "what was chosen stands with its source" \
    grep -q 'how often 12 < 24 < 24 per ElectrC/IMtr and day (4.21, table 2)' "$T/printed"
has() { tr -s ' ' <"$T/printed" | grep -qF "$1"; }
ok "table 4's totals as printed" has ' total 0.152 3.8'
ok "table 4's means as printed" has 'mean size 25 bytes per event; 1.76e-06 events'
ok "table 5's first subtotal as printed" has ' 8.352 16704'
ok "table 5's second subtotal as printed" has ' 0.079 7.754'
ok "table 5's total bytes as printed" has ' 8.431 16712'
ok "table 5's means as printed" has 'mean size 1982 bytes per event; 9.76e-05 events'
ok "per aggregator" has 'per aggregator: 8431 events and 16711754 bytes a day'
ok "for the deployment" has 'whole deployment: 843108 events'

traffic --profile "$printed" --format json >"$T/printed.json"
traffic --profile "$printed" --format csv >"$T/printed.csv"
cat >"$T/agree.py" <<'PY'
import csv, json, sys
j, rows = json.load(open(sys.argv[1])), list(csv.DictReader(open(sys.argv[2], newline="")))
events = [r for r in rows if r["what"] == "event"]
assert len(events) == len(j["events"]) == 13
for r, e in zip(events, j["events"]):
    assert (r["row"], r["reading"], r["direction"]) == (e["row"], e["reading"], e["direction"])
    for level in "low", "selected", "high":
        assert float(r["bytes_" + level]) == e["bytes_per_day"][level]
    hours = sum(float(r["events_%02d" % h]) for h in range(24))
    share = 12 / 8 if "SW_" in r["row"] else 1
    assert abs(hours - share * float(r["events_selected"])) < 1e-12, r
for d in "down", "up":
    total = [r for r in rows if (r["what"], r["direction"]) == ("total", d)][0]
    assert float(total["bytes_selected"]) == j[d]["total"]["bytes_per_day"]["selected"]
    many = [r for r in rows if (r["what"], r["direction"]) == ("deployment", d)][0]
    assert abs(float(many["events_selected"]) - 1e5 * float(total["events_selected"])) < 1e-6
    assert abs(sum(h["bytes"] for h in j[d]["total"]["hours"])
               - sum(float(r["events_%02d" % h]) * float(r["size_selected"]) for r in events
                     if r["direction"] == d for h in range(24))) < 1e-6
assert any(r["what"] == "contradiction" and r["note"] for r in rows)
assert len(j["notes"]) == sum(r["what"] in ("left-out", "missing", "assumed", "contradiction") for r in rows)
PY
ok "CSV and JSON say the same" python3 "$T/agree.py" "$T/printed.json" "$T/printed.csv"
traffic --profile "$printed" --format html >"$T/page.html"
ok "the page has a picture for each direction's hours" test "$(grep -o '<rect class="up"' "$T/page.html" | wc -l)" -ge 48
ok "the page is well-formed" xmllint --html --noout "$T/page.html"
ok "and asks nobody for anything" sh -c "! grep -qE 'src=|href=|url\(' '$T/page.html'"

traffic --profile "$printed" --compare "$corrected" >"$T/compare"
ok "compare ends where the corrected example is" grep -q 'The errata are all the difference there is' "$T/compare"
for id in example-proportions example-interval-ranges example-hours example-answer-rates example-per-meter \
    example-poll-answer example-cancel-ack example-restriction; do
    ok "$id: effect, slip and reason" sh -c \
        "grep -c '^  $id ' '$T/compare' | grep -qx 2 && grep -A2 '^$id, section 4.21' '$T/compare' | grep -q reason:"
    ok "$id is in the errata list" sh -c "'$BIN/gridassay' rows --errata --format csv $id | grep -q ^$id,4.21"
done
traffic --profile "$printed" --compare "$corrected" --format json | python3 -c '
import json, sys
j = json.load(sys.stdin)
last = j["errata"][-1]["in_turn"]
assert j["whole"] and all(abs(last[k] - j["to"][k]) < 1e-9 for k in j["to"])
hours = [x for x in j["errata"] if x["id"] == "example-hours"][0]["alone"]
assert abs(hours["events_12"] - j["from"]["events_12"] - (0.002 + 0.05 + 0.05 + 0.002 + 0.00005 + 0.002 + 0.05)
           * (1 / 12 - 1 / 8)) < 1e-12
' >"$T/ok.json" 2>&1
ok "the effect of 8 hours for 12 is on the hour" test ! -s "$T/ok.json"

# The trace: the same for a seed, and a slice is the whole's.
traffic --profile "$corrected" --trace "$T/one.csv" --endpoints 300 --seed 9 >/dev/null
traffic --profile "$corrected" --trace - --endpoints 300 --seed 9 >"$T/two.csv"
ok "a seed gives one trace" cmp "$T/one.csv" "$T/two.csv"
traffic --profile "$corrected" --trace - --endpoints 300 --seed 9 --from 08:00 --length 3600 >"$T/slice.csv"
cut_down() { awk -F, -v f="$2" -v t="$3" 'NR > 1 && $2 >= f && $2 < t' "$1" | cut -d, -f2-13; }
ok "an hour of it is the hour of the day" test "$(cut_down "$T/slice.csv" 0 86400)" = "$(cut_down "$T/one.csv" 28800 32400)"
ok "Python reads it: mean size and count near the totals" python3 - "$T/one.csv" <<'PY'
import csv, sys
up = [int(r["bytes"]) for r in csv.DictReader(open(sys.argv[1], newline="")) if r["direction"] == "up"]
assert abs(len(up) - 300 * 6.002) < 40 and abs(sum(up) / 300 - 10833.8) < 600, (len(up), sum(up))
PY

# Other scopes: two actors in place of a name, a deployment of the document.
traffic --profile "$corrected" --near DAPjm --far '2-Way Meter - Electr' --format json >"$T/pair.json"
traffic --profile "$corrected" --format json >"$T/flow.json"
ok "two actors are the data flow between them" python3 -c '
import json, sys
a, b = (json.load(open(p)) for p in sys.argv[1:])
assert a["down"] == b["down"] and a["up"] == b["up"]' "$T/pair.json" "$T/flow.json"
traffic --profile "$TOP/fixtures/profiles/sample.xml" --interface MeA >"$T/sample"
ok "readings without a numeric rate are listed" grep -q 'lost-power-event" is no fixed rate' "$T/sample"
ok "and so is the share that nobody gives" grep -q 'expected <population name="PrePay-ElectrMtr">' "$T/sample"
ok "nothing is counted as zero" grep -q 'no reading is counted: no total' "$T/sample"

traffic --profile "$TOP/fixtures/profiles/ACvIW.xml" --interface 1D >"$T/deployment"
ok "what a deployment's decisions take out is left out with the decision" \
    grep -q 'han_dev_join_cmd: not in play: decision c (HANs: without; code ACvIW)' "$T/deployment"
ok "its endpoints are the mix" grep -q '50 %  2-Way Meter - Electr, residential' "$T/deployment"
ok "and its paths lead over the interface" grep -q '4.10.4.3/Mtr-read_data_resp-data, electr .* 200' "$T/deployment"
"$BIN/gridassay" rows --format csv >"$T/rows.csv"
"$BIN/gridassay" import "$T/rows.csv" --out "$T/own.xml" --quiet >/dev/null 2>&1
traffic --profile "$corrected" --table "$T/own.xml" --format json >"$T/own.json"
ok "an imported table gives the same traffic" python3 -c '
import json, sys
a, b = (json.load(open(p)) for p in sys.argv[1:])
assert a["down"] == b["down"] and a["up"] == b["up"] and a["events"] == b["events"]' "$T/own.json" "$T/flow.json"

# A table of one's own with data flows: these decide what crosses, no path is needed.
cat >"$T/flows.csv" <<'CSV'
Rqmt Ref,Row Type,Data-Flow Ref,Data Flow From Actor,Data Flow to Actor,Requirements,Payload Name,Payload Type,Daily Clock Periods of Primary Occurrence,How Often,Reliability,Latency,App Payload Size
1,P,1B + 1Ca + 1D,MDMS,2-Way Meter - Electr,shall send,one_cmd,cmd,7AM - 6PM,30 per 1000 per | ElectrMtr per | day,> 98%,< 15 sec,40
2,P,1Aa,CIS/Billing - Utility,MDMS,shall send,two_cmd,cmd,24x7,2 per | Utl per | day,> 98%,< 15 sec,10
CSV
"$BIN/gridassay" import "$T/flows.csv" --out "$T/flows.xml" --quiet >"$T/import.out" 2>&1
grep -v '<use-case\|<path' "$corrected" | sed '/<traffic>/,/<\/traffic>/d
    s#<zone#<use-case name="Own table"/>&#
    s#^</profile>#<traffic><interface dataflow="1B" source="t"/><scale endpoints="1000" source="t"/>\
      <mix name="e" source="t"><of actor="2-Way Meter - Electr" percent="100"/></mix></traffic>&#' >"$T/flows-profile.xml"
traffic --table "$T/flows.xml" --profile "$T/flows-profile.xml" --format csv >"$T/flows.out"
is "the row with that data flow crosses, the other does not" "$(grep -c ^event "$T/flows.out")" 1
ok "1000 meters behind the head-end, 30 of 1000 a day: 30 events of 40 bytes" \
    grep -q '^total,down,,,,,,30,30,30,,,,1200,1200,1200,' "$T/flows.out"

refused() { # TITLE EXIT PATTERN ARGUMENT...
    local title=$1 want=$2 pattern=$3 code=0
    shift 3
    traffic "$@" >"$T/out" 2>"$T/refused" || code=$?
    is "$title: exit status" "$code" "$want"
    ok "$title: $(head -1 "$T/refused")" grep -q -- "$pattern" "$T/refused"
    is "$title: nothing on standard output" "$(wc -c <"$T/out")" 0
}
change() { sed "$1" "$printed" >"$T/changed.xml"; }
refused "no profile" 2 '--profile is missing'
refused "an unknown interface" 2 'no data flow or network interface "1Z"' --profile "$printed" --interface 1Z
refused "one side only" 2 'is --interface NAME, or --near and --far' --profile "$printed" --near DAPjm
refused "a seed without a trace" 2 'are of --trace' --profile "$printed" --seed 3
refused "a format for a trace" 2 'a trace is CSV' --profile "$printed" --trace - --format json
refused "nonsense for a number" 2 'is no value' --profile "$printed" --trace - --endpoints many
refused "a profile without traffic" 2 'says of no interface' --profile "$TOP/fixtures/profiles/demo.xml"
refused "nothing to compare with" 2 'has no <traffic>' --profile "$printed" --compare "$TOP/fixtures/profiles/demo.xml"
refused "an interface that no way passes" 6 'no row of its use cases crosses' --profile "$printed" \
    --near 'ODW - Utility' --far 'Common Web Portal'
refused "too much for a trace" 2 'more than 4000000 payloads' --profile "$printed" --trace - --endpoints 3000000
change 's/percent="17.4"/percent="18.4"/'
refused "a mix that is no whole" 2 'changed.xml:[0-9]*: the parts of mix "1" add up to 101 %' --profile "$T/changed.xml"
change 's/<use-mix name="1"/<use-mix name="one"/'
refused "a mix that is not there" 2 'changed.xml:[0-9]*: there is no mix "one"' --profile "$T/changed.xml"
change 's/ source="4.21, step 5"//'
refused "a value without a source" 2 'changed.xml:[0-9]*:' --profile "$T/changed.xml"
change 's/<often times="50" per="1000"/<often times="-1" per="1000"/'
refused "a rate below nothing" 2 'changed.xml:[0-9]*:' --profile "$T/changed.xml"
change 's/<traffic>/<traffic><traffic>/'
refused "no XML" 2 'changed.xml' --profile "$T/changed.xml"
done_testing
