#!/usr/bin/env bash
# Equipment that sends its scheduled payloads by itself, as often as the deployment gives: a day of its
# clock is watched, nothing is provoked, and how often and at which hours is judged.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"
need_capture

# Four operational data warehouses: each sends its subset once a night, from 22 to 6, to two portals.
row=4.3.4.4/bulk_Cust_Subset_Acct_Premise_Info_Util_data
own='0,/<stimulus/s#<stimulus#<own-schedule/>\n  <stimulus#'
live_statement "$T/odw.xml" 's/count="[0-9]*"/count="4"/' odw
sed -i "$own" "$T/odw.xml"
live_profile "$T/profile.xml" sample 's#<window policy="majority"/>#&<optional rate="yes"/>#
    s/factor="2880"/factor="7200"/; s/<parameter name="xMB" value="[0-9]*"/<parameter name="xMB" value="2000"/'

words() { # RUN CRITERION: its words in the readings of what comes by itself
    criteria "$1" | grep 'by itself' | awk -v k="$2" '$(NF - 1) == k { print $NF }' | sort | uniq -c | sed 's/^ *//'
}
day() { # NAME ARGUMENT...: one day with equipment like that
    local name=$1
    shift
    live_play "$T/odw.xml" --profile "$T/profile.xml" "$@"
    live_run "$T/$name" "$T/odw.xml" "$T/profile.xml" --row "$row"
    live_stop
}
day good
criteria "$T/good" | sed 's/^/# /'
is "once a night is the rate, to each portal" "$(words "$T/good" rate)" "2 pass"
is "from 22 to 6 are its hours" "$(words "$T/good" window)" "2 pass"
is "a loss would show as a rate" "$(words "$T/good" reliability)" "2 not-applicable"
done_testing
