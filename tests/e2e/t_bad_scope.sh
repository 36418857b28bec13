#!/usr/bin/env bash
# The commands about the scope of a claim, called wrongly and with bad files: one clear message that
# names the place, exit 2 or 6, nothing half done. And their --help: all alike.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
export GRIDASSAY_HOME=$TOP
NORTH=$TOP/fixtures/walkthrough
EUT=$TOP/fixtures/equipment/meters.xml
ga() { timeout 20 "$BIN/gridassay" "$@"; }
says() { grep -qF -- "$1" "$T/err"; }
# Exit status 2 or 6 with one message, of one line that names gridassay.
refused() {
    local title=$1 code=$2
    shift 2
    expect_code "$title" "$code" ga "$@"
    ok "is told in one line" test "$(grep -c . "$T/err")" = 1
    ok "that says who speaks" grep -q '^gridassay' "$T/err"
}

commands=$("$BIN/gridassay" --help | sed -n 's/^  \([a-z]*\) .*/\1/p')
for command in import paths profiles statement claim traffic plan run; do
    ok "$command is in gridassay --help" grep -qx "$command" <<<"$commands"
    expect_code "$command --help is no error" 0 ga "$command" --help
    ok "and begins with how it is called" grep -q "^usage: gridassay $command" "$T/out"
    ok "and tells the exit status" grep -q "^Exit status: 0" "$T/out"
    is "and fits a terminal of 100 columns" "$(awk 'length($0) > 100' "$T/out" | wc -l)" 0
    expect_code "$command with an unknown flag is a usage error" 2 ga "$command" --frobnicate
    ok "that names it" says "--frobnicate"
done

# Files that are none.
: >"$T/empty"
head -c 3000 /dev/urandom >"$T/noise"
for file in "$T/none" "$T/empty" "$T/noise" "$T"; do
    refused "import of $(basename "$file")" 2 import "$file" --out "$T/table.xml"
    refused "paths with the table $(basename "$file")" 2 paths --check --table "$file"
    refused "a statement that is $(basename "$file")" 2 statement "$file"
    refused "traffic with the profile $(basename "$file")" 2 traffic --profile "$file"
    refused "profiles with the table $(basename "$file")" 2 profiles ACvIW --table "$file"
    refused "a claim from $(basename "$file")" 2 claim "$file"
    refused "a plan with the table $(basename "$file")" 2 plan --eut "$EUT" --profile "$NORTH/north.xml" --table "$file"
done
ok "nothing was written" test ! -e "$T/table.xml"

# Codes and paths.
refused "an unknown code" 2 profiles ACxIW
refused "a code of three parts" 2 profiles ACvIW+DCSIRsF+ACdW
refused "an unknown path" 2 paths "1Ab + 7Q"
refused "brackets that do not close" 2 paths "[1Ab or (1Aa + 1B)"
refused "a path and trailing words" 2 paths "1Ab + 1Ca + 1D and more"
refused "nothing between two signs" 2 paths "1Ab + + 1D"
deep=$(printf '(%.0s' $(seq 1 5000))
refused "brackets without end" 2 paths "$deep"
wide=$(printf '[1Ab or 1Aa] + %.0s' $(seq 1 64))1D
refused "more paths than can be told" 2 paths "$wide"

# Deployments in a profile.
with() { sed "$1" "$NORTH/north.xml" >"$T/p.xml"; }
plan() { ga plan --eut "$EUT" --profile "$T/p.xml"; }
profile_refused() { # title code sed-expression words
    with "$3"
    expect_code "$1" "$2" plan
    ok "is told with its line" grep -Eq 'p.xml:[0-9]+: ' "$T/err"
    ok "and $4" says "$4"
}
profile_refused "an unknown code in a profile" 2 's/code="ACvIW"/code="ACvXX"/' 'ACvXX'
profile_refused "a decision that does not arise" 6 's/decision="f" value="electr"/decision="j" value="Feeder Recloser"/' 'decision'
profile_refused "an unknown value of a decision" 2 's/value="electr"/value="plasma"/' 'plasma'
profile_refused "a path of another decision" 6 's/dataflow="[^"]*"/dataflow="1Ab + 1Ca + 1D"/' 'decision d'
profile_refused "a path that cannot be read" 2 's/dataflow="[^"]*"/dataflow="1Aa + (1B"/' 'dataflow'
profile_refused "several paths where one is wanted" 2 's/dataflow="[^"]*"/dataflow="[1Ab or (1Aa + 1B)] + 1Ca + 1D"/' 'expected one way'
profile_refused "a path's unknown flow" 2 's/dataflow="[^"]*"/dataflow="1Aa + 9Z"/' '9Z'
with 's/code="ACvIW"/code="DCSIRsF"/; /decision="f"/d; /<path /d; s/value="Meter Reading"/value="Volt\/VAR - Centralized Control"/'
expect_code "a deployment without any meter, for meters" 6 plan
with 's/count="100"/count="0"/'
expect_code "no endpoints" 2 plan
with 's/count="100"/count="99999999999999999999"/'
expect_code "more endpoints than can be counted" 2 plan

# An own table against itself.
table() { # sed-expression
    ga import "$NORTH/north.csv" --out "$T/own.xml" >/dev/null 2>&1
    sed -i "$1" "$T/own.xml"
    ga plan --eut "$EUT" --profile "$NORTH/north.xml" --table "$T/own.xml"
}
expect_code "a table that names a payload nowhere declared" 2 table 's/command="on-demand_Mtr-read_cmd"/command="nothing"/'
ok "is told with its line" grep -Eq 'own.xml:[0-9]+: ' "$T/err"
expect_code "a use case that needs one that needs it" 2 table \
    's|\(<use-case name="Meter Reading"[^/>]*\)/>|\1><needs>PrePay</needs></use-case>|'
ok "is told" grep -Eq 'own.xml:[0-9]+: ' "$T/err"

# Certification refuses what a claim could not stand on: options as a usage error, the rest as a scope
# that is none.
for more in "--row 4.10.4.1/on-demand_Mtr-read_cmd" "--suite 4.10.4.1" "--mode baseload" "--trials-most 3000"; do
    # shellcheck disable=SC2086
    expect_code "a certification with ${more%% *}" 2 ga plan --eut "$EUT" --profile "$NORTH/north.xml" --certification $more
    ok "names it" says "not with ${more%% *}"
done
with 's/confidence-percent="95"/confidence-percent="90"/'
expect_code "with laxer risks" 6 ga plan --eut "$EUT" --profile "$T/p.xml" --certification
ok "names them" says "risk"
sed '0,/support="yes"/s//support="unset"/' "$EUT" >"$T/new.xml"
expect_code "with an answer that is unset" 6 ga plan --eut "$T/new.xml" --profile "$NORTH/north.xml" --certification
done_testing
