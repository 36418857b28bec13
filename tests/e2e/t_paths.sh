#!/usr/bin/env bash
# Communication paths on the command line: the mapping of 4.19, budgets of a table, a chain's shares.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
export GRIDASSAY_HOME=$TOP
ga() { "$BIN/gridassay" "$@"; }

# ---- the four ways of writing ----------------------------------------------------------------------
# of PATH COLUMN: that column of its single paths, by CSV.
of() { ga paths "$1" --format csv | tail -n +2 | tr -d '\r' | cut -d, -f"$2"; }
is "option 5 is its data flows" "$(of "5 + D1" 1)" "1Aa + 1B + 1Cba + 1Cc + 1D"
is "and its decisions" "$(of "ACvIW + D1" 2)" "1a + 2b + D1"
is "the data flows of 4.18 are option 1 and ACdW" "$(of "1Ab + 1Ca + 1D" 3,4)" "1*,ACdW"
is "the order of the pseudo code does not matter" \
    "$(of "[(1Aa + 1B) or 1Ab] + [1Ca or (1Cba + 1Cb) or (1Cba + 1Cc)] + [1D or 1Dg or 1Dw]" 1 | sort)" \
    "$(of "[1 or 2 or 3 or 4 or 5 or 6]" 1 | sort)"
is "nor does a path lose its place by it" "$(of "1Ab + (1Cba + 1Cb) + 1D" 4)" "ACdIIW"
is "what the text does not say is marked" "$(ga paths 4 | grep -c 'The document gives only option 5')" 1
is "what it says is not" "$(ga paths 5 | grep -c 'only option 5')" 0
is "the first line is the folded path" "$(ga paths "<1> + 2a + D1" | head -1)" \
    "[(1Aa + 1B) or 1Ab] + 1Ca + 1D"
is "without a path: all 18" "$(ga paths --format csv | tail -n +2 | wc -l)" 18
ok "JSON is JSON" python3 -c 'import json, sys; assert len(json.load(sys.stdin)) == 18' < <(ga paths --format json)
is "the data flows of the text" "$(ga paths --flows --format csv | tail -n +2 | wc -l)" 14

# ---- budgets ---------------------------------------------------------------------------------------
expect_code "the specification's own sub-totals contradict their parts" 6 ga paths --check
is "both of them, in latency and reliability" "$(ga paths --check | grep -c ': contradicts')" 4
ok "and it says how" grep -q 'add up to < 30 s, more than the < 22 s' <(ga paths --check)
ok "also of the product" grep -q 'multiply to > 95.082001 %, less than the > 96 %' <(ga paths --check)
expect_code "a row without child rows has none" 0 ga paths --row 4.10.4.1/on-demand_Mtr-read_cmd
own() { # LIMIT [DATAFLOW]: a table of one row and its child rows
    cat >"$T/own.csv" <<CSV
Rqmt Ref,Row Type,Data-Flow Ref,Data Flow From Actor,Data Flow to Actor,Requirements,Payload Name,Payload Type,Daily Clock Periods of Primary Occurrence,How Often,Reliability,Latency,App Payload Size
1,P,${2:-[(1Aa + 1B) or 1Ab] + 1Ca + 1D},CIS/Billing - Utility,2-Way Meter - Electr,shall read,on-demand_Mtr-read_cmd,cmd,7AM - 10PM,1 per | mtr per | day,> 98%,$1,25
2,C,1Aa,CIS/Billing - Utility,MDMS,shall read,on-demand_Mtr-read_cmd,cmd,7AM - 10PM,1 per | mtr per | day,> 99.9%,< 2 sec,25
3,C,1B,MDMS,AMI Head-End(j),shall read,on-demand_Mtr-read_cmd,cmd,7AM - 10PM,1 per | mtr per | day,> 99.9%,< 3 sec,25
4,C,1Ab,CIS/Billing - Utility,AMI Head-End(j),shall read,on-demand_Mtr-read_cmd,cmd,7AM - 10PM,1 per | mtr per | day,> 99.9%,< 4 sec,25
5,C,1Ca,AMI Head-End(j),DAPjm,shall read,on-demand_Mtr-read_cmd,cmd,7AM - 10PM,1 per | mtr per | day,> 99%,< 5 sec,25
6,C,1D,DAPjm,2-Way Meter - Electr,shall read,on-demand_Mtr-read_cmd,cmd,7AM - 10PM,1 per | mtr per | day,> 99.9%,< 6 sec,25
CSV
    ga import "$T/own.csv" --out "$T/own.xml" --quiet
}
ok "a table of one's own is imported" own '< 16 sec'
expect_code "its row bears its child rows" 0 ga paths --check --table "$T/own.xml"
is "on both paths" "$(ga paths --row 4.10.4.1/on-demand_Mtr-read_cmd --table "$T/own.xml" | grep -c ': fits')" 4
own '< 15 sec'
expect_code "a second less, and one path contradicts it" 6 ga paths --check --table "$T/own.xml"
ok "the one by MDMS" grep -q '1Aa + 1B + 1Ca + 1D' <(ga paths --check --table "$T/own.xml")
ok "not the other" grep -q ' 1 contradict themselves' <(ga paths --check --table "$T/own.xml")

# ---- bad input -------------------------------------------------------------------------------------
refuses() { # TEXT ARGUMENT...
    local text=$1
    shift
    expect_code "$* is refused" 2 ga "$@"
    ok "and says: $text" grep -qF -- "$text" <(ga "$@" 2>&1)
}
refuses 'column 7: "1Zz" is no data flow' paths "1Ab + 1Zz"
refuses 'expected "+", "or" or the "]" to the "[" of column 1' paths "[1Ab + 1Ca"
refuses 'column 4: ")", expected' paths "1Ab)"
refuses '"DCSIRsF" is no data flow' paths DCSIRsF
refuses 'does not go on where' paths "1Ab + 1D"
refuses 'PATH is one argument' paths 1Ab + 1Ca
refuses 'only one of' paths --flows --check
refuses 'no row "4.1/x"' paths --row 4.1/x
refuses 'there are table, json and csv' paths --format xml
rm -f "$T/own.xml"
expect_code "a spreadsheet with pseudo code that cannot be read is not imported" 2 own '< 15 sec' '[1Ab + 1Ca'
ok "not by half either" test ! -e "$T/own.xml"
ok "its row and column are told" grep -qE 'row 2.*data flow .*column 11: the path ends' <(own '< 15 sec' '[1Ab + 1Ca' 2>&1)
own '< 15 sec' '1Ab + 1Zz'
ok "so is a data flow that nobody knows" grep -q '"1Zz" is neither' \
    <(ga paths --check --table "$T/own.xml")

# A profile's path.
sed 's|<path use-case="PrePay"><via actor="AMI Head-End(j)"/><via actor="DAPjm"/></path>|<path use-case="PrePay" dataflow="1Ab + 1D"/>|' \
    "$TOP/fixtures/profiles/few-trials.xml" >"$T/profile.xml"
expect_code "a profile's path that leads nowhere is refused" 2 ga plan \
    --eut "$TOP/fixtures/equipment/head-end.xml" --profile "$T/profile.xml"
ok "with file and line" grep -q "profile.xml:[0-9]*: path dataflow" \
    <(ga plan --eut "$TOP/fixtures/equipment/head-end.xml" --profile "$T/profile.xml" 2>&1)

# ---- where the time of a chain went ----------------------------------------------------------------
python3 -B "$TOP/tests/golden/make.py" "$TOP/tests/golden/through-chain/case.txt" "$T/chain" >/dev/null
"$BIN/gridassay-judge" --plan "$T/chain/plan.xml" --capture "$T/chain/capture.pcapng" \
    --journal "$T/chain/journal" --out "$T/chain"
ga report "$T/chain/run.xml" --format csv >"$T/chain.csv"
ga report "$T/chain/run.xml" --format html >"$T/chain.html"
ok "the CSV has each actor's share" grep -q 'DAPjm p99 0.300000000 s (6 %)' "$T/chain.csv"
ok "and the budget" grep -q ',5.000000000,link to' "$T/chain.csv"
is "the page has a table for each row" "$(grep -c 'Where the time went' "$T/chain.html")" 2

# A capture of other hands, of which nobody kept a journal.
python3 -B "$TOP/tests/golden/make.py" "$TOP/tests/golden/chain-end/case.txt" "$T/other" >/dev/null
sed -i 's/<group index="0" actor="[^"]*"/<group index="0" actor="2-Way Meter - Electr"/' "$T/other/plan.xml"
"$BIN/gridassay-judge" --plan "$T/other/plan.xml" --capture "$T/other/capture.pcapng" --out "$T/other"
is "a foreign capture that was taken at several links tells each hop" \
    "$(grep -o '<hop link="no"[^/]*p50' "$T/other/run.xml" | grep -o 'at="[^"]*"' | head -3 | tr -d '\n')" \
    'at="AMI Head-End(j)"at="DAPjm"at="2-Way Meter - Electr"'
ok "with its time" grep -q '<hop link="no" equipment="yes" at="DAPjm" n="149" p50-ns="200000000"' "$T/other/run.xml"

# inside LINE: a head-end's statement with it.
inside() {
    python3 -c 'import re, sys
s = sys.stdin.read()
at = max(m.end() for m in re.finditer(r"<peer [^>]*/>\n?", s))
print(s[:at] + sys.argv[1] + s[at:])' "$1" <"$TOP/fixtures/equipment/head-end.xml" >"$T/statement.xml"
}
plan_of() { ga plan --eut "$T/statement.xml" --profile "$TOP/fixtures/profiles/few-trials.xml" 2>&1; }
inside '<inside actor="Internet/Extranet gateway" address="127.0.0.1" port="18999" path="/"/>'
ok "a place inside the chain is part of a plan" plan_of
inside '<inside actor="Nobody" address="127.0.0.1" port="18999" path="/"/>'
ok "of an actor that nobody knows it is not" grep -q 'inside "Nobody" is no actor' <(plan_of)
inside '<inside actor="DAPjm" address="127.0.0.1" port="20110" path="/"/>'
ok "nor at an address that has a meaning already" grep -q 'has a meaning already' <(plan_of)
done_testing
