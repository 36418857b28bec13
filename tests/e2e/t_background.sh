#!/usr/bin/env bash
# A highload run with the load of all other rows beside its trials: messages go out at the rate that
# the plan prints, from the first to the last trial, and neither they nor their answers touch a verdict.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"
need_capture

# 400 sensors, asked twice every 5 s.
live_profile "$T/profile.xml" few-trials 's#<window policy="majority"/>#&<highload background="yes"/>#
    s#<driving pace-per-s="[0-9]*"#<trials row="4.4.1.4.1.7" at-least="300" reason="some seconds"/><driving pace-per-s="400"#'

for reply in response request; do
    live_statement "$T/statement.xml" "s/00124B002A000000\" count=\"50\"/00124B002A000000\" count=\"400\"/
        s/reply=\"response\"/reply=\"$reply\"/" feeder-devices
    "$BIN/gridassay" plan --eut "$T/statement.xml" --profile "$T/profile.xml" --mode highload \
        --suite 4.4.1.4.1.7 >"$T/plan"
    planned=$(sed -n 's/^background *\([0-9.]*\) messages a second.*/\1/p' "$T/plan")
    ok "$reply: the plan prints the load ($planned a second)" \
        awk -v r="$planned" 'BEGIN { exit !(r > 160 && r < 162) }'
    ok "$reply: and what is no part of it, with the reason" \
        grep -q 'left out .*FeederCapBank_close_cmd .*needs --arm' "$T/plan"

    live_play "$T/statement.xml"
    live_run "$T/$reply" "$T/statement.xml" "$T/profile.xml" --mode highload --suite 4.4.1.4.1.7
    live_stop
    is "$reply: all rows of the suite pass" "$live_code" 0
    is "$reply: none of them has a bad exchange" "$(grep -c '^ *bad: "[1-9]' "$T/$reply/report.tap")" 0
    "$BIN/gridassay" score "$T/$reply" --out "$T/$reply.again" --tap=none >/dev/null
    ok "$reply: live verdicts are those of the stored files" \
        cmp "$T/$reply/run.xml" "$T/$reply.again/run.xml"

    "$BIN/journal_dump" "$T/$reply/journal" >"$T/journal"
    # seconds between the first and the last trial's start, messages in this time and behind it
    read -r seconds sent later < <(awk '
        { sub(/.*mono=/, "", $NF); at = $NF / 1e9 }
        $1 == "TRIAL" { if (!first) first = at; last = at; n += since; since = 0 }
        $1 == "ATTEMPT" && /correlation=ga-[0-9a-f]*-bg-[0-9]* / && first { since++ }
        $1 == "TRIAL_END" { end = at; late = 0 }
        $1 == "ATTEMPT" && /-bg-/ { late++ }
        END { printf "%.3f %d %d\n", last - first, n, late }' "$T/journal")
    ok "$reply: they go out at that rate ($sent in $seconds s)" \
        awk -v r="$planned" -v s="$seconds" -v n="$sent" \
        'BEGIN { exit !(s > 2 && n > 0.9 * r * s && n < 1.1 * r * s + 5) }'
    ok "$reply: and end with the last trial ($later behind it)" test "$later" -le 20
    is "$reply: each is supporting, no row's" \
        "$(grep 'ATTEMPT.*-bg-' "$T/journal" | grep -vc ' row=- variant=- ')" 0
    is "$reply: each comes back" "$(grep -c 'OUTCOME.*-bg-.* status=20[02] ' "$T/journal")" \
        "$(grep -c 'ATTEMPT.*-bg-' "$T/journal")"
    ok "$reply: the capture has seen them" sh -c \
        "test \$(grep -ao 'ga-[0-9a-f]*-bg-[0-9]*</[^>]*MessageID>' '$T/$reply/capture.pcapng' | sort -u | wc -l) -ge $sent"
done
done_testing
