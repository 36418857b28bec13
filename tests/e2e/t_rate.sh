#!/usr/bin/env bash
# Equipment that sends its scheduled payloads by itself, as often as the deployment gives: a day of its
# clock is watched, nothing is provoked, and how often and at which hours is judged. What it sends is to
# be kept secret, and is not.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"
need_capture

live_profile "$T/profile.xml" sample '
    s#<window policy="majority"/>#&<optional rate="yes" confidentiality="yes"/>#; s/factor="2880"/factor="10800"/
    s/name="xMB" value="[0-9]*"/name="xMB" value="2000"/; s/give-up after-s="2"/give-up after-s="1"/'

words() { # RUN ROW CRITERION: its words in the readings of what comes by itself
    criteria "$1" | grep "^$2 .* by itself " | awk -v k="$3" '$(NF - 1) == k { print $NF }' | sort | uniq -c |
        sed 's/^ *//'
}
day() { # NAME ARGUMENT...: one day with equipment that has such defects
    local name=$1
    shift
    live_play "$T/statement.xml" --profile "$T/profile.xml" "$@"
    live_run "$T/$name" "$T/statement.xml" "$T/profile.xml" --row "$util" --row "$rep" --row "$meters"
    live_stop
    "$BIN/gridassay" score "$T/$name" --out "$T/$name.again" --tap=none >/dev/null
    ok "$name: live verdicts are those of the stored files" cmp "$T/$name/run.xml" "$T/$name.again/run.xml"
}

# Thirty data warehouses of each kind, whose subsets go once a night, from 22 to 6, to two portals; and 90
# meters, which tell 4 to 6 times a day, at any hour.
of=bulk_Cust_Subset_Acct_Premise_Info intervals=Mtr-read_multi-interval-data_resp-data
util=4.3.4.4/${of}_Util_data rep=4.3.4.4/${of}_REP_data meters=4.10.4.4/$intervals
live_statement "$T/statement.xml" 's/count="[0-9]*"/count="30"/; s#mode="both"/>#mode="push"/><own-schedule/>#
    s#<group actor="ODW - REPi".*#&\n  <group actor="2-Way Meter - Electr" class="residential" first-id="00124B0001000000" count="90"/>#' odw

day good
is "once a night is the rate, to each portal" "$(words "$T/good" "$util" rate)" "2 pass"
is "and from 22 to 6 are its hours" "$(words "$T/good" "$util" window)" "2 pass"
is "what is lost would show as a rate" "$(words "$T/good" "$util" reliability)" "2 not-applicable"
is "the other subset too" "$(words "$T/good" "$rep" rate) $(words "$T/good" "$rep" window)" "2 pass 2 pass"
frames=$(sed -n '/by itself/,/<\/variant>/p' "$T/good/run.xml" | grep 'kind="rate"' |
    grep -c 'n="30" .*good="30" .*frame-first="[1-9][0-9]*" frame-last="[1-9]')
is "and the meters" "$(words "$T/good" "$meters" rate)" "1 pass"
is "thirty warehouses each time, and the frames that show it" "$frames" 4
is "nothing provoked them" "$("$BIN/journal_dump" "$T/good/journal" | sed -n '/TIMEBASE.*10800/,$p' | grep -c 'STIMULUS')" 0
is "what came by itself belongs to a reading, but for a row that is not in scope: a snapshot of each meter" \
    "$(grep -o ' unmatched="[0-9]*"' "$T/good/run.xml")" ' unmatched="90"'
is "in clear text it was not kept secret, provoked or not" \
    "$(criteria "$T/good" | awk '$(NF - 1) == "confidentiality" { print $NF }' | sort | uniq -c | sed 's/^ *//')" "10 fail"

day wrong --defect "lossy=2@${of}_Util_data" --defect "out-of-window@${of}_REP_data" --defect "duplicate@$intervals"
is "every other one lost: the rate is too low" "$(words "$T/wrong" "$util" rate)" "2 fail"
is "though what came was in its hours" "$(words "$T/wrong" "$util" window)" "2 pass"
is "the other subset comes by day: out of its window" "$(words "$T/wrong" "$rep" window)" "2 fail"
is "as often as it should" "$(words "$T/wrong" "$rep" rate)" "2 pass"

is "all sent twice: the rate is too high" "$(words "$T/wrong" "$meters" rate)" "1 fail"
done_testing
