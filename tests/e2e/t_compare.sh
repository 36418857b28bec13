#!/usr/bin/env bash
# gridassay compare, and lists of expected failures: regressions are seen before a limit is crossed,
# chance is none, and the exit status says which.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
export GRIDASSAY_HOME=$TOP
command -v python3 >/dev/null || skip_all "python3 is not installed"
HERE=$TOP/tests/golden
CMD=golden/on-demand_Mtr-read_cmd
DATA=golden/on-demand_Mtr-read_resp-data

# made NAME LINE...: a run of these golden lines, judged.
made() {
    local name=$1
    shift
    printf '%s\n' "$@" >"$T/$name.txt"
    python3 -B "$HERE/make.py" "$T/$name.txt" "$T/$name" &&
        "$BIN/gridassay-judge" --plan "$T/$name/plan.xml" --capture "$T/$name/capture.pcapng" \
            --journal "$T/$name/journal" --out "$T/$name"
}
# spread FROM STEP: 150 reads whose answers take FROM ms and more.
spread() {
    local i
    for i in $(seq 0 14); do
        awk -v t="$1" -v s="$2" -v i="$i" 'BEGIN { printf "10 read turn=%.6f\n", (t + s * i) / 1000 }'
    done
}
compare() { "$BIN/gridassay" compare "$@"; }
xpath() { xmllint --xpath "string($2)" <(sed 's/ xmlns="[^"]*"//' "$1"); }

mapfile -t plain < <(spread 10 0.5)
mapfile -t shifted < <(spread 34 0.5)
mapfile -t close < <(spread 10.3 0.5)
mapfile -t tail < <(spread 10 0.5 | while read -r line; do echo "${line/10/9}"; echo "1 read turn=0.9"; done)
mapfile -t burst < <(spread 10 0.5 | head -n 13; echo "20 read turn=0.900")
made plain "${plain[@]}"
made again "plan limit=15" "${plain[@]}"
made shifted "${shifted[@]}"
made close "${close[@]}"
made tail "${tail[@]}"
made burst "${burst[@]}"
made tight "plan limit=14" "${plain[@]}"
made lossy "20 read answer=none every=0.2" "${plain[@]}"
made odd "20 read turn=20 every=0.2"

expect_code "a run beside itself: nothing is worse" 0 compare "$T/plain" "$T/plain"
ok "which is said" grep -q "^nothing got worse (exit status 0)" "$T/out"
expect_code "another run of the same traffic as well" 0 compare "$T/plain" "$T/again"

expect_code "24 ms more, far from the limit, are a regression" 1 compare "$T/plain" "$T/shifted"
ok "named with both medians and the shift" grep -q "latency .*median 13.5 ms -> 37.5 ms (+24 ms)" "$T/out"
ok "though every verdict is the same" grep -q "$CMD  pass -> pass" "$T/out"
expect_code "the other way round they are none" 0 compare "$T/shifted" "$T/plain"
ok "but better" grep -q "^better .*$CMD" "$T/out"
expect_code "a shift below --least-shift-percent does not count" 0 compare "$T/plain" "$T/shifted" \
    --least-shift-percent 200
expect_code "nor does one below --least-limit-percent" 0 compare "$T/plain" "$T/shifted" \
    --least-limit-percent 0.2
expect_code "0.3 ms do not at the default" 0 compare "$T/plain" "$T/close"
expect_code "and are too few to be significant" 0 compare "$T/plain" "$T/close" \
    --least-shift-percent 0 --least-limit-percent 0
expect_code "a tail that grew is one, with the same median" 1 compare "$T/plain" "$T/tail"
ok "told as such" grep -q "slowest 5 %" "$T/out"
expect_code "as many in one stretch are one event, and none" 0 compare "$T/plain" "$T/burst"
ok "which is told" grep -q "too close together to count" "$T/out"

expect_code "losses are worse" 1 compare "$T/plain" "$T/lossy"
ok "by verdict" grep -q "worse .*reliability .*pass -> fail" "$T/out"
compare "$T/plain" "$T/lossy" --format xml >"$T/lossy.cmp"
ok "the machine's form matches its schema" xmllint --noout \
    --relaxng "$TOP/fixtures/schemas/comparison.rng" "$T/lossy.cmp"
is "and says how it ended" "$(xpath "$T/lossy.cmp" '/comparison/@exit')" 1
is "which row is worse" "$(xpath "$T/lossy.cmp" "//row[@id='$CMD']/@word")" worse
compare "$T/plain" "$T/lossy" --format xml --output "$T/lossy.again"
ok "twice the same bytes" cmp "$T/lossy.cmp" "$T/lossy.again"

expect_code "another limit: told, not weighed" 0 compare "$T/plain" "$T/tight"
expect_code "a verdict that changed with its limit is set apart" 1 compare "$T/tight" "$T/odd"
ok "with both limits" grep -q "apart .*latency .*< 14 s.*< 15 s" "$T/out"
ok "and successes are not tested" grep -q "not tested  $CMD successes: the limits of latency differ" "$T/out"

# --- without exchanges; what is missing, what is broken
expect_code "two run.xml are compared by verdict" 1 compare "$T/plain/run.xml" "$T/lossy/run.xml"
ok "and it is said that latencies are not tested" grep -q "^note .*exchanges are not at hand" "$T/out"
ok "nor the tables compared" grep -q "^note .*plan.xml is not at hand" "$T/out"
python3 - "$T/plain/run.xml" "$T/part.xml" "$T/other.xml" <<'PY'
import re, sys
text = open(sys.argv[1]).read()
open(sys.argv[2], "w").write(re.sub(r'  <row id="golden/on-demand_Mtr-read_cmd".*?</row>\n', "", text, count=1, flags=re.S))
open(sys.argv[3], "w").write(text.replace('model="golden"', 'model="silver"').replace('profile="golden"', 'profile="gold"'))
PY
expect_code "a row that is gone is worse" 1 compare "$T/plain/run.xml" "$T/part.xml"
ok "and named" grep -q "^gone .*$CMD  pass -> not there" "$T/out"
expect_code "unless a part was meant" 0 compare "$T/plain/run.xml" "$T/part.xml" --partial
expect_code "a new one is not" 0 compare "$T/part.xml" "$T/plain/run.xml"
ok "but named" grep -q "^new .*$CMD  not there -> pass" "$T/out"
expect_code "runs of another model are compared" 0 compare "$T/plain/run.xml" "$T/other.xml"
ok "which is told" grep -q "^note  model differs: golden and silver" "$T/out"
ok "the profile too" grep -q "^note  profile differs: golden and gold" "$T/out"
expect_code "one run alone is a usage error" 2 compare "$T/plain"
expect_code "three are" 2 compare "$T/plain" "$T/plain" "$T/plain"
expect_code "a level of no per cent is" 2 compare "$T/plain" "$T/plain" --level-percent 0
expect_code "an unknown format is" 2 compare "$T/plain" "$T/plain" --format pdf
expect_code "a run that is not there" 2 compare "$T/plain" "$T/nowhere"
cp -r "$T/plain" "$T/mixed" && cp "$T/lossy/exchanges" "$T/mixed/exchanges"
expect_code "another run's exchanges are refused" 2 compare "$T/plain" "$T/mixed"
ok "which names the file" grep -q "mixed/exchanges: .*another run" "$T/err"
head -c 5000 "$T/plain/exchanges" >"$T/mixed/exchanges"
expect_code "cut ones too" 2 compare "$T/plain" "$T/mixed"
cp "$T/plain/exchanges" "$T/mixed/exchanges" && cp "$T/tight/plan.xml" "$T/mixed/plan.xml"
expect_code "and another run's plan" 2 compare "$T/plain" "$T/mixed"

# --- expected failures
expected() { # FILE ENTRY...
    local file=$1
    shift
    printf '<expected xmlns="urn:gridassay:expected:1" version="1">\n%s\n</expected>\n' "$*" >"$file"
}
listed="<failure row=\"$CMD\" criterion=\"reliability\" verdict=\"fail\" cause=\"lost\">the radio, #7</failure>
<failure row=\"$DATA\" criterion=\"reliability\" verdict=\"fail\" cause=\"lost\">the radio</failure>
<failure row=\"golden/Audit_Application_Event\" status=\"not-exercised\">no events here</failure>
<failure row=\"golden/Mtr-read_multi-interval-data_resp-data\" status=\"not-exercised\">no pushes here</failure>"
expected "$T/lost.xml" "$listed"
expected "$T/late.xml" "${listed//lost/late}"
expected "$T/more.xml" "$listed
<failure row=\"golden/nothing\" verdict=\"fail\">gone long ago</failure>"
expected "$T/fixed.xml" "$(echo "$listed" | tail -n 2)
<failure row=\"$CMD\" criterion=\"latency\" verdict=\"fail\">was slow</failure>"
ok "a list matches its schema" xmllint --noout --relaxng "$TOP/fixtures/schemas/expected.rng" "$T/lost.xml"
score() { # NAME LIST
    "$BIN/gridassay" score "$T/$1" --out "$T/scored" --force --expected "$2" "${@:3}"
}
cp "$T/lossy/run.xml" "$T/lossy.run"
# The lossy run's other criteria: too few outcomes once the losses have decided.
"$BIN/gridassay" report "$T/lossy" --expected "$T/lost.xml" >"$T/lossy.summary"
ok "failures as listed are counted" grep -q "^expected failures: .* as listed, 0 in another way" "$T/lossy.summary"
expect_code "for another cause they are failures" 1 score lossy "$T/late.xml" --tap none
ok "which says how they were to fail" grep -q "late.xml:2: .*expected to end in fail, mostly late; it is reliability fail, mostly lost" "$T/out"
expect_code "an entry that nothing bears out is an error" 2 score lossy "$T/more.xml"
ok "with file and line" grep -q "more.xml:6: there is no row golden/nothing" "$T/err"
expect_code "what is listed and passes ends in 4" 4 score plain "$T/fixed.xml"
ok "TAP has it as ok and TODO" grep -q "ok 2 - latency .*# TODO was slow" "$T/out"
ok "the stored report is the stream" cmp "$T/out" "$T/scored/report.tap"
ok "JUnit has it as a failure of its own type" grep -q 'type="unexpected-pass"' "$T/scored/junit.xml"
expected "$T/rest.xml" "$(echo "$listed" | tail -n 2)"
expect_code "with the rest listed a run that passes ends in 0" 0 score plain "$T/rest.xml"
ok "and run.xml is what it is without a list" cmp "$T/plain/run.xml" "$T/scored/run.xml"
expect_code "prove takes the stream for good" 0 prove --exec cat "$T/scored/report.tap"
expect_code "what fails as listed makes nothing worse" 1 compare "$T/plain" "$T/lossy" --expected "$T/late.xml"
expect_code "what passes against the list is told" 4 compare "$T/plain" "$T/again" --expected "$T/fixed.xml"
ok "the evidence is untouched by all that" cmp "$T/lossy/run.xml" "$T/lossy.run"

# --- the same live: the stream, the stored report and the exit status of a run
if "$BIN/gridassay-capture" --probe --interface lo >/dev/null 2>&1; then
    # shellcheck source=tests/live.sh
    . "$TOP/tests/live.sh"
    live_statement "$T/statement.xml"
    live_profile "$T/profile.xml" demo
    expected "$T/known.xml" "<failure row=\"4.10.4.1/on-demand_Mtr-read_resp-data\" criterion=\"size\"
        verdict=\"fail\">the reading has a byte too many</failure>"
    expected "$T/unknown.xml" "<failure row=\"4.10.4.1/nothing\" verdict=\"fail\">no such row</failure>"
    expect_code "before the first trial a list is checked" 2 "$BIN/gridassay" run --eut "$T/statement.xml" \
        --profile "$T/profile.xml" --suite 4.10.4.1 --out "$T/unknown" --expected "$T/unknown.xml"
    ok "and named with its line" grep -q "unknown.xml:2: there is no row 4.10.4.1/nothing" "$T/err"
    ok "and no folder is made" test ! -e "$T/unknown"
    live_play "$T/statement.xml" --defect oversize
    live_run "$T/known" "$T/statement.xml" "$T/profile.xml" --suite 4.10.4.1 --expected "$T/known.xml"
    live_stop
    is "a run that fails as expected ends in 0" "$live_code" 0
    ok "run.xml has the failure" grep -q '<criterion kind="size" verdict="fail"' "$T/known/run.xml"
    ok "the stream is TODO" grep -q "not ok .*on-demand_Mtr-read_resp-data # TODO the reading has a byte" "$T/known.tap"
    ok "and equals the stored report" cmp "$T/known.tap" "$T/known/report.tap"
fi
done_testing
