#!/usr/bin/env bash
# README, "From the specification to a claim", command by command: a table of one's own, the statement,
# the deployment, the plan and its reasons, a run with the settings of a certification, the claim, the
# report and the traffic.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"
export GRIDASSAY_HOME=$TOP
NORTH=$TOP/fixtures/walkthrough
READ=4.10.4.1/on-demand_Mtr-read_cmd
ga() { "$BIN/gridassay" "$@"; }
says() { grep -qF -- "$1" "$T/${2:-out}"; }

expect_code "a spreadsheet becomes a table" 0 ga import "$NORTH/north.csv" --title "Requirements of the north district" --edition 2026 --out "$T/north-table.xml"
ok "all of its rows" says "12 rows read (2 P, 10 C): 2 rows with 2 readings and 10 parts"
expect_code "whose budgets fit" 0 ga paths --check --table "$T/north-table.xml"
expect_code "hop by hop" 0 ga paths --row $READ --table "$T/north-table.xml"
ok "in time" says "the parts add up to < 9 s, within < 10 s"
ok "and in reliability" says "the parts multiply to > 98.80528901 %, which holds > 98 %"

expect_code "a statement is written anew" 0 ga statement --new "2-Way Meter - Electr"
cp "$T/out" "$T/new.xml"
expect_code "which loads, with nothing to complain of but what is unset" 0 ga statement --check "$T/new.xml"
is "no error, no other warning" "$(grep -cE ' (E[0-9]+|W(0|10[3-9]|11[0-9])) ' "$T/out")" 0
expect_code "and does not do for a certification" 1 ga statement --check "$T/new.xml" --certification
expect_code "the reference meters' does" 0 ga statement --check "$TOP/fixtures/equipment/meters.xml" --certification

expect_code "a code of the specification is decoded" 0 ga profiles ACvIW
ok "into its decisions" grep -q "via MDMS" "$T/out"
north() { ga plan --eut "$TOP/fixtures/equipment/meters.xml" --profile "$NORTH/north.xml" --table "$T/north-table.xml" "$@"; }
expect_code "the deployment makes a plan" 0 north
ok "with its code" says "deployed  ACvIW"
ok "its path" says "1Aa + 1B + 1Cba + 1Cc + 1D, through MDMS, AMI Head-End(j), Internet/Extranet gateway, DAPjm"
ok "its quantities" says "2-Way Meter - Electr, residential: 100 in the deployment, 600 in this plan"
expect_code "a row is explained" 0 north --explain $READ
for words in "deployment ACvIW, from network plan 2026, sheet 3" "decision f (Meters: electr; network plan 2026, sheet 4)" \
    "under PrePay" "leaves out the use case PrePay"; do
    ok "by: $words" says "$words"
done
expect_code "so is what goes over an interface" 0 ga traffic --profile "$NORTH/north.xml" --table "$T/north-table.xml"
ok "in both directions" says "up: 2-Way Meter - Electr to DAPjm"

certify=
ga --version | grep -qE '[+][0-9a-f]+$' && certify=--certification # of a clean checkout only
if "$BIN/gridassay-capture" --probe --interface lo >/dev/null 2>&1; then
    live_statement "$T/statement.xml"
    live_play "$T/statement.xml"
    live_run "$T/run" "$T/statement.xml" "$NORTH/north.xml" --table "$T/north-table.xml" ${certify:+"$certify"}
    live_stop
    is "the reference meters pass" "$live_code" 0
    expect_code "a whole claim follows" 0 ga claim "$T/run"
    ok "for whom" says "As actor 2-Way Meter - Electr, at tap lo with span end to end, for 200 endpoints"
    ok "under what" says 'profile ACvIW ("north district")'
    ok "by whose table" says "The lab's own table is \"Requirements of the north district\", edition 2026 ("
    [ -z "$certify" ] || ok "with which settings" says "Made with the settings of a certification"
    ok "the report has the method" grep -q 'id="method"' "$T/run/report.html"

    # Less of the equipment than the deployment has: the claim says for how much.
    sed 's/count="100"/count="5000"/' "$NORTH/north.xml" >"$T/larger.xml"
    live_play "$T/statement.xml"
    live_run "$T/less" "$T/statement.xml" "$T/larger.xml" --table "$T/north-table.xml" --arm --ledger "$T/l2"
    live_stop
    expect_code "for more meters than there are the claim is partial" 4 ga claim "$T/less" --ledger "$T/l2"
    ok "and says for how many" says "of 5000 2-Way Meter - Electr residential"
fi
done_testing
