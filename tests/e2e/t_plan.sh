#!/bin/bash
# gridassay plan: what it tells, and how it takes bad input.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

export GRIDASSAY_HOME=$TOP
EUT=$TOP/fixtures/equipment/meters.xml
PROFILE=$TOP/fixtures/profiles/demo.xml
plan() { "$BIN/gridassay" plan "$@"; }
both() { plan --eut "$EUT" --profile "$PROFILE" "$@"; }
says() { grep -qF -- "$1" "$T/$2"; }

expect_code "--help is no error" 0 plan --help
ok "and names the options" says "--explain ID" out
ok "and the exit codes" says "77 nothing applicable" out

expect_code "the demo profile gives a plan" 0 both --arm
ok "with 29 rows in scope" says "29 in scope (0 of them not run), 5 not applicable" out
ok "and nothing on standard error" test ! -s "$T/err"
expect_code "without --arm too" 0 both
ok "where rows that switch power are not run" says "it switches power, which needs --arm" out
expect_code "short limits give a plan" 0 plan --eut "$EUT" \
    --profile "$TOP/fixtures/profiles/short-limits.xml"
ok "that says that no claim can be made" says "no claim" out

expect_code "--write writes it" 0 both --arm --write "$T/plan.xml"
ok "by its schema" xmllint --noout --nonet --relaxng "$TOP/fixtures/schemas/plan.rng" "$T/plan.xml"
expect_code "--format xml prints it" 0 both --arm --format xml
ok "by the same schema" xmllint --noout --nonet --relaxng "$TOP/fixtures/schemas/plan.rng" "$T/out"
expect_code "a plan that can't be written is a harness error" 3 both --write "$T/none/plan.xml"
ok "that names the file" says "$T/none/plan.xml" err

expect_code "--explain tells a row's chain" 0 both --arm --explain 4.10.4.1/on-demand_Mtr-read_cmd
ok "from its cell" says "< 15 sec,< 1 hr" out
ok "by its limits" says "pass within 15 s, fail beyond 1 h" out
ok "to its rule" says "none of 149 may fail; 7 failures in 149 refute it" out
ok "and what it leans on" says "4.10.4.1-latency-set" out
expect_code "a row outside the profile is explained too" 0 both --explain 4.3.4.1/bulk_Cust_Subset_Acct_Info_REP_data
expect_code "an unknown one is not" 2 both --explain 4.10.4.1/nothing

expect_code "--suite takes a use case" 0 both --suite "Meter Events"
ok "and leaves out the others with the reason" says "outside this run's selection" out
expect_code "a section" 0 both --suite 4.10
expect_code "or the folder's name" 0 both --suite "Utility Service Switch-Valve Operation"
expect_code "an unknown suite is a usage error" 2 both --suite "Meter Eventz"
ok "with near names" says '"Meter Events"' err
expect_code "an unknown row is a usage error" 2 both --row 4.11.4.4/Power_Quality_Evnt
ok "with near names too" says '"4.11.4.4/Power_Quality_Event"' err

expect_code "--mode takes the rows with a flag of PAP02" 0 both --mode highload
ok "and leaves out the others with the reason" says "its row has no highload flag (--mode)" out
DMS=$TOP/fixtures/equipment/dms.xml
expect_code "a flag for one use case" 0 plan --eut "$DMS" --profile "$TOP/fixtures/profiles/sample.xml" \
    --mode baseload --arm --explain 4.4.1.5.1.2/FeederCapBank_close_cmd
ok "is none for another" test "$(grep -c 'in or out .*no baseload flag' "$T/out")" = 1
expect_code "another word is a usage error" 2 both --mode load
ok "and told what is expected" says "--mode takes baseload or highload" err

# Flags.
expect_code "an unknown flag" 2 both --what
ok "is named" says "unknown option --what" err
expect_code "a flag without its argument" 2 both --row
ok "is named, too" says "--row" err
expect_code "an unknown format" 2 both --format csv
expect_code "a stray argument" 2 both stray
expect_code "no statement" 2 plan --profile "$PROFILE"
ok "is told" says "--eut" err
expect_code "no profile" 2 plan --eut "$EUT"
ok "is told as well" says "--profile" err

# Statement and profile: missing, empty, cut, of another schema and version.
for which in statement profile; do
    file=$([ "$which" = statement ] && echo "$EUT" || echo "$PROFILE")
    try() {
        if [ "$which" = statement ]; then
            plan --eut "$1" --profile "$PROFILE"
        else
            plan --eut "$EUT" --profile "$1"
        fi
    }
    bad=$T/bad.xml
    expect_code "a missing $which" 2 try "$T/none.xml"
    ok "is named" says "$T/none.xml" err
    : >"$bad"
    expect_code "an empty $which" 2 try "$bad"
    ok "is called empty" says "$bad: is empty, expected" err
    head -c 700 "$file" >"$bad"
    expect_code "a cut $which" 2 try "$bad"
    ok "is told with its line" grep -Eq "bad.xml:[1-9][0-9]*: " "$T/err"
    sed "s/<$which \(.*\)version=\"1\"/<$which \1version=\"9\"/" "$file" >"$bad"
    expect_code "a $which of another version" 2 try "$bad"
    ok "is told the version it has and the one it should have" \
        grep -Eq 'bad.xml:[1-9][0-9]*: version "9".*"1"' "$T/err"
    cp "$TOP/fixtures/schemas/plan.rng" "$bad"
    expect_code "a file of another schema in place of the $which" 2 try "$bad"
    ok "is told the schema" grep -Eq "bad.xml:[1-9][0-9]*: does not match .*$which.rng" "$T/err"
    expect_code "a folder in place of the $which" 2 try "$T"
    ok "is told so" says "is a folder" err
done

# Entities are not expanded, nothing is fetched.
{
    echo '<?xml version="1.0"?>'
    echo '<!DOCTYPE profile [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    echo '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;">]>'
    sed 1d "$PROFILE" | sed 's/name="three use cases of a meter"/name="\&d;"/'
} >"$T/bomb.xml"
plan --eut "$EUT" --profile "$T/bomb.xml" >"$T/out" 2>"$T/err" </dev/null
ok "an entity bomb ends in a plan or a message, not in a crash" test $? -le 2
ok "and fills no output" test "$(wc -c <"$T/out")" -lt 100000

# Scope that contradicts itself.
sed 's/port="18493"/port="18492"/' "$EUT" >"$T/twice.xml"
expect_code "two peers on one port" 6 plan --eut "$T/twice.xml" --profile "$PROFILE"
ok "are named with their line" says "twice.xml:18: peer \"NMS\" shares 127.0.0.1:18492" err
sed 's/2-Way Meter - Water/2-Way Meter - Beer/' "$EUT" >"$T/beer.xml"
expect_code "an actor that the table does not know" 6 plan --eut "$T/beer.xml" --profile "$PROFILE"
ok "is named" says "2-Way Meter - Beer" err

# Scenarios that are broken.
mkdir "$T/own"
echo 'return scenario {' >"$T/own/4.10.4.1.lua"
expect_code "a scenario with a syntax error" 2 both --suite "$T/own"
ok "is told with file and line" grep -Eq "own/4.10.4.1.lua:[0-9]+" "$T/err"
own() {
    cat >"$T/own/4.10.4.1.lua" <<EOF
return scenario {
  section = "4.10.4.1", use_case = "$1", title = "a read",
  payloads = { $2 },
  trial = function(t) end,
}
EOF
}
own "Meter Reading" '"on-demand_Mtr-read_cmdd"'
expect_code "a scenario with a payload that its section lacks" 2 both --suite "$T/own"
ok "is told the payload" says "on-demand_Mtr-read_cmdd" err

own "Meter Reading" '"on-demand_Mtr-read_cmd", { "SW_opr_cmd", section = "4.15.4.3" }'
expect_code "a supporting payload that its section lacks" 2 both --suite "$T/own"
ok "is told with it" says 'payload "SW_opr_cmd", but section 4.15.4.3 has no such row' err
own "Meter Counting" '"on-demand_Mtr-read_cmd"'
expect_code "a use case that the document lacks" 2 both --suite "$T/own"
ok "is told" says 'use case "Meter Counting" is none' err

# Actors that contradict each other, populations that are too large.
sed 's|path="/nms"|path="/nms" first-id="00124B0001000000" count="2"|' "$EUT" >"$T/overlap.xml"
expect_code "ids both under test and played" 2 plan --eut "$T/overlap.xml" --profile "$PROFILE"
ok "are told with both lines" says "overlap.xml:18: ids overlap those of the group in line 9" err
sed 's/peer actor="NMS"/peer actor="2-Way Meter - Gas"/' "$EUT" >"$T/both.xml"
expect_code "an actor under test and played" 6 plan --eut "$T/both.xml" --profile "$PROFILE"
ok "is told with both lines" says "is under test (line 11) and played" err
crowd() { # peers with ten million devices each
    local n=0
    while read -r line; do
        if [[ $line == *"<peer"* ]]; then
            n=$((n + 1))
            printf -v line '%s first-id="00224B%02d00000000" count="10000000"/>' "${line%/>}" "$n"
        fi
        echo "$line"
    done <"$EUT"
}
crowd >"$T/large.xml"
expect_code "more devices than the machine has room for" 2 \
    plan --eut "$T/large.xml" --profile "$PROFILE"
ok "are told with the reason" says "this machine has room for the state of" err

# Values of the deployment.
SAMPLE=$TOP/fixtures/profiles/sample.xml
ODW=$TOP/fixtures/equipment/odw.xml
expect_code "the sample profile gives a plan of other equipment" 0 plan --eut "$ODW" --profile "$SAMPLE" \
    --explain 4.3.4.4/bulk_Cust_Subset_Acct_Premise_Info_Util_data
ok "with the value of a letter and its source" grep -Eq 'note .*xMB is [0-9]+ bytes \(example' "$T/out"
ok "and a reading over a day" says "over a day: ODW - Utility" out
sed '/name="xMB"/d' "$SAMPLE" >"$T/less.xml"
expect_code "without the value" 0 plan --eut "$ODW" --profile "$T/less.xml" \
    --explain 4.3.4.4/bulk_Cust_Subset_Acct_Premise_Info_Util_data
ok "the size is not scorable, and says which is missing" \
    says 'not scorable: the document leaves "xMB" to the deployment, and the profile gives no value' out
sed 's/name="xMB" value="[0-9]*"/name="xMB" value="0.2" unit="percent"/' "$SAMPLE" >"$T/unit.xml"
expect_code "a value of the wrong unit" 2 plan --eut "$ODW" --profile "$T/unit.xml"
ok "is told with its line" grep -Eq 'unit.xml:[0-9]+: unit="percent" of parameter "xMB"' "$T/err"
sed 's/name="xMB" value="[0-9]*"/name="xMB" value="900000000000"/' "$SAMPLE" >"$T/range.xml"
expect_code "a value out of range" 2 plan --eut "$ODW" --profile "$T/range.xml"
ok "is told with its line, too" grep -Eq 'range.xml:[0-9]+: value="900000000000"' "$T/err"
sed 's/from="13:00" to="18:00"/from="13:00" to="20:00"/' "$SAMPLE" >"$T/long.xml"
expect_code "a campaign longer than the document's" 2 plan --eut "$ODW" --profile "$T/long.xml"
ok "is told with its line" grep -Eq "long.xml:[0-9]+: a campaign of 7 h, the document's last 1 to 6 h" "$T/err"
sed 's/parameter row="4.13" name="x"/parameter row="4.13" name="xMB"/' "$SAMPLE" >"$T/none.xml"
expect_code "a value that no row asks for" 2 plan --eut "$ODW" --profile "$T/none.xml"
ok "is told" grep -Eq 'none.xml:[0-9]+: no row of "4.13" leaves "xMB"' "$T/err"

# Rules: each row's, what it takes, what it may err by.
READ=4.10.4.3/Mtr-read_data_resp-data
told() { plan --eut "$EUT" --profile "$1" --arm "${@:2}"; }
rule() { # rule ATTRIBUTES: the sample with them
    sed "s/confidence-percent=\"95\"/& $1/" "$SAMPLE" >"$T/rule.xml"
}
expect_code "the sample profile decides in sequence" 0 told "$SAMPLE"
ok "from the least number on to the truncation" says "894 to 4707" out
ok "with what is to be expected at p0 and p1" says "1786, 1298" out
ok "and the true risks of each rule" \
    says "true risks: consumer's 4.97 %, producer's 4.92 %; failure rate and chance of a pass:" out
ok "and what the producer's add up to" grep -Eq "producer's risks of all [0-9]+ verdicts add up to" "$T/out"
ok "trials and time of a device without failures, at p0, at p1" \
    grep -Eq "^trials +[0-9]+ without a failure, [0-9]+ expected at p0, [0-9]+ at p1: " "$T/out"
ok "and the time as often as the rows have it" says "as often as the rows have it" out
expect_code "a row is told with its tables" 0 told "$SAMPLE" --explain $READ
ok "when it passes" says "passes with failures: 0 at 894, 1 at 1223, 2 at 1553" out
ok "when it fails" says "fails with: 3 within 161, 4 within 491" out
ok "how long that takes by itself" says "894 at 1 in 1 d: 2 years with one device" out
ok "and its unit" says "period: one originator in one period" out
sed 's/connection="keep-alive"/connection="per-exchange"/' "$EUT" >"$T/each.xml"
expect_code "equipment that sets up a connection for each exchange" 0 plan --eut "$T/each.xml" --profile "$PROFILE" \
    --explain 4.11.4.1/Audit_Application_Event
ok "has that as its unit" says "connection: each exchange has one of its own" out
rule 'kind="short"'
expect_code "the short plan of a row that comes once a week" 0 plan --eut "$DMS" --profile "$T/rule.xml" \
    --explain 4.4.1.4.1.2/FeederRecloser_alarm
ok "takes 11 years from one device" says "598 at 1 in 7 d: 11 years with one device" out
rule 'kind="fixed"'
expect_code "fixed plans" 0 told "$T/rule.xml"
ok "are the published ones" says "9/3138, fail 10" out
rule 'spread-producer-risk="yes"'
expect_code "a risk that is spread" 0 told "$T/rule.xml"
ok "adds up to itself" grep -Eq "verdicts add up to 0.0[34]" "$T/out"
for bad in 'consumer-risk-percent="50"' 'producer-risk-percent="0"' 'consumer-risk-percent="-1"' \
    'discrimination="1"' 'discrimination="0.5"' 'clustering-level-percent="60"'; do
    rule "$bad"
    expect_code "$bad" 2 told "$T/rule.xml"
    ok "is told with its line and what is expected" \
        grep -Eq "rule.xml:[0-9]+: ${bad%%=*}=.*expected a number from" "$T/err"
done
rule 'kind="short" producer-risk-percent="5"'
expect_code "a short plan with risks of its own" 2 told "$T/rule.xml"
ok "is told" grep -Eq "rule.xml:[0-9]+: kind=\"short\" with risks of its own, expected none" "$T/err"
rule 'discrimination="1.001"'
expect_code "a discrimination ratio that no number of trials serves" 2 told "$T/rule.xml"
ok "is told" says "more trials than can be planned" err
expect_code "a budget below the least number" 2 told "$SAMPLE" --trials-most 893 --row $READ
ok "names the number needed" says "a budget of 893 trials for each row: no pass is possible, expected 894 or more" err
expect_code "a sufficient one" 0 told "$SAMPLE" --trials-most 894 --row $READ --format xml
ok "is the driver's ceiling" says 'trials="894" trials-max="894"' out
rule 'trials-most="100"'
expect_code "a profile's budget" 2 told "$T/rule.xml"
ok "is held to, too" says "a budget of 100 trials" err
expect_code "no number at all" 2 told "$SAMPLE" --trials-most none
ok "is told" says "--trials-most takes a number" err

# Nothing applicable.
sed 's/2-Way Meter - [A-Za-z]*/DMS/; /class="commercial/d; /Meter - Gas/d; /Water/d' "$EUT" |
    awk '/<group/ && seen++ {next} {print}' >"$T/dms.xml"
expect_code "equipment that no row concerns" 77 plan --eut "$T/dms.xml" --profile "$PROFILE"

done_testing
