#!/usr/bin/env bash
# What may be claimed: whole where everything was shown, and less by whatever is taken from it, in
# every report, in the file and over several results.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"
G=$BIN/gridassay

expect_code "claim --help is fine" 0 "$G" claim --help
expect_code "without a result it is a usage error" 2 "$G" claim
expect_code "an unknown option as well" 2 "$G" claim --whole "$T"
expect_code "a folder without a result" 2 "$G" claim "$T"
ok "is told with its file" grep -q "$T/run.xml" "$T/err"
for o in "--suite X" "--row X" "--mode baseload" "--trials-most 9" "--ledger none" "--expected x" "--failed $T"; do
    # shellcheck disable=SC2086
    expect_code "no certification with $o" 2 "$G" run --certification --eut "$T/e" --profile "$T/p" $o
    ok "which names it" grep -q -- "${o%% *}" "$T/err"
done

# Tables and profiles that are wrong.
both() { "$G" plan --eut "$TOP/fixtures/equipment/meters.xml" --arm "$@"; }
demo=$TOP/fixtures/profiles/demo.xml
sed 's|<needs>Meter Events</needs>|<needs>PHEV</needs>|;s|<needs>DR-DLC</needs>|<needs>ORM</needs>|' \
    "$TOP/fixtures/requirements/sg-network-5.1.xml" >"$T/circle.xml"
expect_code "prerequisites in a circle" 2 both --profile "$demo" --table "$T/circle.xml"
ok "are told with file and line" grep -qE 'circle.xml:[0-9]+: ".*" needs ".*go in no circle' "$T/err"
sed 's|<needs>Meter Events</needs>|<needs>Meter Evnts</needs>|' \
    "$TOP/fixtures/requirements/sg-network-5.1.xml" >"$T/unknown.xml"
expect_code "an unknown prerequisite" 2 both --profile "$demo" --table "$T/unknown.xml"
ok "too" grep -qE 'unknown.xml:[0-9]+: needs "Meter Evnts"' "$T/err"
sed 's/15 sec/16 sec/; s/<limit max_s="15"/<limit max_s="16"/' "$TOP/fixtures/requirements/sg-network-5.1.xml" >"$T/own.xml"
both --profile "$demo" --table "$T/own.xml" --write "$T/own-plan.xml" >/dev/null 2>"$T/err"
ok "a plan by another table says so" grep -q '<value kind="own table"' "$T/own-plan.xml"
both --profile "$demo" --table "$TOP/fixtures/requirements/sg-network-5.1.xml" --write "$T/own-plan.xml" >/dev/null 2>"$T/err"
ok "and not where it is the same" sh -c "! grep -q 'kind=\"own table\"' '$T/own-plan.xml'"
sed 's|<use-case name="Meter Reading"/>||' "$demo" >"$T/lacking.xml"
expect_code "a profile without a prerequisite makes a plan" 0 both --profile "$T/lacking.xml"
expect_code "but no certification" 6 both --profile "$T/lacking.xml" --certification
ok "which names it" grep -q 'use case Meter Reading, which Meter Events cannot do without' "$T/err"
sed 's|<use-case name="Meter Reading"/>|<endpoints actor="PHEV" count="3" source="s"/>&|' "$demo" >"$T/kind.xml"
expect_code "endpoints of a kind that no row names contradict the scope" 6 both --profile "$T/kind.xml"
sed 's|<use-case name="Meter Reading"/>|<endpoints actor="MDMS" count="-3" source="s"/>&|' "$demo" >"$T/count.xml"
expect_code "a count that is none" 2 both --profile "$T/count.xml"
ok "is told with its line" grep -qE 'count.xml:[0-9]+: ' "$T/err"
need_capture

live_statement "$T/statement.xml"
live_profile "$T/profile.xml" meter-reading
mkdir "$T/lab"
cd "$T/lab" || exit 1
# says RUN: whole, partial or none, as run.xml has it
says() { sed -n 's/.* says="\([a-z]*\)".*/\1/p' "$1/run.xml"; }
wording() { sed -n 's/.* wording="\([^"]*\)".*/\1/p' "$1/run.xml"; }

live_play "$T/statement.xml"
certification=
case $("$G" --version) in *-dirty) ;; *+*) certification=--certification ;; esac
# shellcheck disable=SC2086
live_run "$T/lab/good" "$T/statement.xml" "$T/profile.xml" $certification
is "conforming equipment passes" "$live_code" 0
is "its claim is whole" "$(says good)" whole
ok "as its actors, at the tap, with the span, for so many endpoints, under the profile" sh -c \
    "grep -qE 'wording=\"As actors 2-Way Meter - Electr, 2-Way Meter - Gas, 2-Way Meter - Water, at tap lo with span end to end, for 550 endpoints \\(200 2-Way Meter - Electr residential, .*satisfies the SG-Network requirements of profile &quot;meters of a utility&quot;' good/run.xml"
if [ -n "$certification" ]; then
    ok "made with a certification's settings, which it records" grep -q 'certification="yes"' good/run.xml
    ok "and says" grep -q 'settings of a certification by gridassay' good/run.xml
fi
ok "each row tells for how many endpoints it was shown" sh -c \
    "[ \$(grep -c '<part is=\"covered\" .* endpoints=\"[1-9][0-9]*\"' good/run.xml) = 6 ]"
ok "and the run how many of which kind exchanges reached" \
    grep -q '<population actor="2-Way Meter - Water" class="" equipment="yes" subject="yes" devices="600" reached="[1-9]' good/run.xml
ok "TAP tells the claim" grep -q '^# claim: whole$' good/report.tap
ok "in the same words" sh -c "grep -q '^# As actors 2-Way Meter - Electr' good/report.tap"
ok "JUnit as a property" grep -q '<property name="claim" value="whole"/>' good/junit.xml
ok "HTML on top" sh -c "[ \"\$(grep -bom1 'id=\"claim\"' good/report.html | cut -d: -f1)\" -lt \"\$(grep -bom1 'aria-label=\"Verdict\"' good/report.html | cut -d: -f1)\" ]"
"$G" report good --format summary >"$T/summary" 2>/dev/null || "$G" score good --out "$T/again" --tap=none >"$T/summary"
ok "the terminal, too" grep -q '^claim: whole$' "$T/summary"
"$G" score good --out "$T/lab/scored" --tap=none --force >/dev/null
ok "scored again it says the same" cmp good/run.xml scored/run.xml
ok "run.xml matches its schema" xmllint --noout --relaxng "$TOP/fixtures/schemas/run.rng" good/run.xml

expect_code "gridassay claim says it" 0 "$G" claim good --rows
ok "with the digests of result and plan, and the ledger's head" sh -c \
    "grep -q \"result  $(sha256sum good/run.xml | cut -c1-64)\" '$T/out' && grep -q 'plan    [0-9a-f]\{64\}' '$T/out' && grep -q 'ledger  [0-9a-f]\{64\}, submission 1' '$T/out'"
ok "and the rows" grep -q 'covered       4.10.4.1/on-demand_Mtr-read_cmd, [0-9]* endpoints' "$T/out"
"$G" claim good >"$T/text"
sed -n 2p "$T/text" >"$T/wording"
expect_code "for programs as well" 0 "$G" claim good --format json
ok "in the same words, with every row" python3 - "$T/out" "$T/wording" <<'E'
import json, sys
c = json.load(open(sys.argv[1]))
r = c["results"][0]
assert c["claim"] == r["claim"] == "whole" and c["limits"] == r["limits"] == [], c
assert c["wording"] + "\n" == open(sys.argv[2]).read(), c["wording"]
assert len(r["rows"]) == 6 and all(x["part"] == "covered" and x["endpoints"] > 0 for x in r["rows"])
assert r["submission"] == 1 and len(r["sha256"]) == 64, r
E
expect_code "any other form is a usage error" 2 "$G" claim good --format xml
"$G" report good --format bundle --output good.zip >/dev/null
expect_code "its bundle verifies" 0 "$G" verify good.zip
ok "and tells the claim, on one line, in the same words" sh -c \
    "sed -n 's/^claim      //p' '$T/out' | cmp - '$T/wording'"
expect_code "one run twice is a contradiction" 6 "$G" claim good good/run.xml
ok "told as such" grep -q 'twice' "$T/err"

# Whatever is done to the file by hand.
mkdir forged
sed 's/ reached="[0-9]*"/ reached="1"/' good/run.xml >forged/run.xml
expect_code "a file whose claim does not follow from it is refused" 2 "$G" claim forged
ok "with its line" grep -qE 'forged/run.xml:[0-9]+: a claim ' "$T/err"
sed 's/ reached="[0-9]*"/ reached="1"/; s/ form="1"/ form="0"/' good/run.xml >forged/run.xml
expect_code "of another form it is computed again" 4 "$G" claim forged
ok "and lacks the endpoints" grep -q 'exchanges reached 1' "$T/out"

# Less of the profile, and a second submission.
live_run "$T/lab/suite" "$T/statement.xml" "$T/profile.xml" --suite 4.10.4.1
is "a selection passes" "$live_code" 0
is "and claims a part" "$(says suite)" partial
ok "which says why" sh -c "grep -q 'only a part of the profile was driven (--suite 4.10.4.1)' suite/run.xml && grep -q 'this is submission 2' suite/run.xml"
ok "with what was not run" grep -q '<part is="not run" row="4.10.4.3/' suite/run.xml
expect_code "so the command exits with 4" 4 "$G" claim suite
expect_code "and the first run is no longer alone" 4 "$G" claim good
ok "as its ledger says" grep -q '1 run of the same campaign came after run' "$T/out"
L=$(ls ledger/*.ledger)
expect_code "all of a campaign claim a part where its last run was one" 4 "$G" claim "$L"
live_run "$T/lab/third" "$T/statement.xml" "$T/profile.xml"
is "a third submission, of all, passes" "$live_code" 0
is "which alone is a part" "$(says third)" partial
expect_code "but the campaign makes a whole" 0 "$G" claim "$L"
ok "over all its submissions" sh -c "grep -q '^claim: whole' '$T/out' && grep -q 'submission 3, generation 1' '$T/out'"
mv third hidden
expect_code "unless one of them is hidden" 4 "$G" claim "$L"
ok "which is told" grep -q 'cannot be counted' "$T/out"
mv hidden third
sed 's/<variant /<variant  /' third/run.xml >"$T/altered" && cp "$T/altered" third/run.xml
expect_code "or altered" 5 "$G" claim "$L"
expect_code "a folder without its ledger is a usage error" 2 "$G" claim good --ledger "$T/again"
live_run "$T/lab/unnoted" "$T/statement.xml" "$T/profile.xml" --ledger none
is "a run in no ledger passes" "$live_code" 0
is "and claims nothing" "$(says unnoted)" none
ok "for that reason" sh -c "sed -n 's/.*wording=\"//p' unnoted/run.xml | grep -q 'ledger'"
"$G" score good/capture.pcapng --eut "$T/statement.xml" --profile "$T/profile.xml" --out foreign \
    --tap=none >/dev/null 2>&1
is "a capture without its journal claims nothing" "$(says foreign)" none
live_stop

# Equipment that is bad at one thing.
sed 's/meters of a utility/other meters/' "$T/profile.xml" >"$T/other.xml"
live_play "$T/statement.xml" --defect oversize
live_run "$T/lab/bad" "$T/statement.xml" "$T/other.xml"
is "equipment that sends too much fails" "$live_code" 1
is "and has a part" "$(says bad)" partial
ok "which lists what failed, and why" grep -qE '<part is="failed" .* why="size: ' bad/run.xml
expect_code "the command exits with 1" 1 "$G" claim bad
for c in ledger/*.ledger; do [ "$c" = "$L" ] || other=$c; done
expect_code "and so does its campaign" 1 "$G" claim "$other"
ok "with what failed" grep -q '^    failed  ' "$T/out"
expect_code "with another profile's result it is a contradiction" 6 "$G" claim good bad
ok "which names both" sh -c "grep -q 'different profiles' '$T/err' && grep -q 'bad/run.xml' '$T/err'"
live_stop

# Cut short.
live_play "$T/statement.xml" --defect silent
spawn "$G" run --eut "$T/statement.xml" --profile "$T/other.xml" --arm --out "$T/lab/cut" --tap=none \
    >/dev/null 2>&1
victim=$spawned
wait_for "its first trials" grep -qs 4.10.4.1 cut/run.xml.live || wait_for "its journal" test -s cut/journal
kill -INT "$victim"
wait "$victim" 2>/dev/null
ok "an interrupted run claims no whole" sh -c "[ '$(says cut)' != whole ] && grep -q 'limit kind=\"interrupted\"' cut/run.xml"
live_stop
done_testing
