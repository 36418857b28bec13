#!/usr/bin/env bash
# Equipment that sends its scheduled payloads by itself, as often as the deployment gives: a day of its
# clock is watched, nothing is provoked, and how often and at which hours is judged. What it sends is to
# be kept secret, and is not.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"
need_capture

own='0,/<stimulus/s#<stimulus#<own-schedule/>\n  <stimulus#'
live_profile "$T/profile.xml" sample '
    s#<window policy="majority"/>#&<optional rate="yes" confidentiality="yes"/>#; s/factor="2880"/factor="10800"/
    s/name="xMB" value="[0-9]*"/name="xMB" value="2000"/; s/give-up after-s="2"/give-up after-s="1"/'

words() { # RUN ROW CRITERION: its words in the readings of what comes by itself
    criteria "$1" | grep "^$2 .* by itself " | awk -v k="$3" '$(NF - 1) == k { print $NF }' | sort | uniq -c |
        sed 's/^ *//'
}
day() { # NAME STATEMENT DEFECTS ARGUMENT...: one day with equipment like that
    local name=$1 statement=$2 defects=$3
    shift 3
    # shellcheck disable=SC2086
    live_play "$statement" --profile "$T/profile.xml" $defects
    live_run "$T/$name" "$statement" "$T/profile.xml" "$@"
    live_stop
    "$BIN/gridassay" score "$T/$name" --out "$T/$name.again" --tap=none >/dev/null
    ok "$name: live verdicts are those of the stored files" cmp "$T/$name/run.xml" "$T/$name.again/run.xml"
}

# Six operational data warehouses, each with two subsets: once a night, from 22 to 6, to two portals.
of=bulk_Cust_Subset_Acct_Premise_Info
util=4.3.4.4/${of}_Util_data rep=4.3.4.4/${of}_REP_data
live_statement "$T/odw.xml" 's/count="[0-9]*"/count="6"/' odw
sed -i "$own" "$T/odw.xml"
day good "$T/odw.xml" "" --row "$util" --row "$rep"
is "once a night is the rate, to each portal" "$(words "$T/good" "$util" rate)" "2 pass"
is "and from 22 to 6 are its hours" "$(words "$T/good" "$util" window)" "2 pass"
is "what is lost would show as a rate" "$(words "$T/good" "$util" reliability)" "2 not-applicable"
is "the other subset too" "$(words "$T/good" "$rep" rate) $(words "$T/good" "$rep" window)" "2 pass 2 pass"
frames=$(sed -n '/by itself/,/<\/variant>/p' "$T/good/run.xml" | grep -E 'kind="(rate|window)"' |
    grep -c 'n="6" .*good="6" .*frame-first="[1-9][0-9]*" frame-last="[1-9]')
is "six warehouses each time, and the frames that show it" "$frames" 8
is "nothing provoked them" "$("$BIN/journal_dump" "$T/good/journal" | sed -n '/TIMEBASE.*10800/,$p' | grep -c 'STIMULUS')" 0
is "what came by itself belongs to a reading" "$(grep -o ' unmatched="[0-9]*"' "$T/good/run.xml")" ' unmatched="0"'
is "in clear text it was not kept secret, provoked or not" \
    "$(criteria "$T/good" | awk '$(NF - 1) == "confidentiality" { print $NF }' | sort | uniq -c | sed 's/^ *//')" "8 fail"

day wrong "$T/odw.xml" "--defect lossy=2@${of}_Util_data --defect out-of-window@${of}_REP_data" --row "$util" --row "$rep"
is "every other one lost: the rate is too low" "$(words "$T/wrong" "$util" rate)" "2 fail"
is "though what came was in its hours" "$(words "$T/wrong" "$util" window)" "2 pass"
is "the other subset comes by day: out of its window" "$(words "$T/wrong" "$rep" window)" "2 fail"
is "as often as it should" "$(words "$T/wrong" "$rep" rate)" "2 pass"

# Three meters of each kind, some of which send 4 to 6, or 12 to 24 times a day.
live_statement "$T/meters.xml" 's/count="600"/count="3"/; s/mode="both"/mode="push"/'
sed -i "$own" "$T/meters.xml"
day twice "$T/meters.xml" "--defect duplicate" --row 4.10.4.4/Mtr-read_multi-interval-data_resp-data
is "all sent twice: too often" "$(words "$T/twice" 4.10.4.4/Mtr-read_multi-interval-data_resp-data rate)" "4 fail"
done_testing
