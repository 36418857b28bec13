#!/usr/bin/env bash
# gridassay calibrate: the run's own calibration, alone. Times are never asserted: only what is
# counted, what follows from the figures, and what is left behind.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"

expect_code "calibrate without a profile is a usage error" 2 "$BIN/gridassay" calibrate
ok "which names what is missing" grep -q -- '--profile FILE' "$T/err"
expect_code "a time of nothing is a usage error" 2 "$BIN/gridassay" calibrate --profile x --seconds 0
expect_code "a profile that is none is a configuration error" 2 "$BIN/gridassay" calibrate --profile /dev/null
need_capture

export TMPDIR=$T
live_statement "$T/statement.xml"
sed 's/pace-per-s="[0-9]*"/pace-per-s="50"/' "$TOP/fixtures/profiles/short-limits.xml" >"$T/profile.xml"
"$BIN/gridassay" calibrate --eut "$T/statement.xml" --profile "$T/profile.xml" --seconds 1 --out "$T/kept" >"$T/out" 2>"$T/err"
code=$?
ok "it ends good enough or not (it ended in $code)" test "$code" = 0 -o "$code" = 4
ok "as many exchanges as the pace and the time make" grep -q '^exchanges  *50 of 50 seen$' "$T/out"
ok "at the profile's pace" grep -q '^pace  *50 exchanges a second' "$T/out"
ok "told with p50, p99 and worst" grep -Eq '^bias  *p50 [0-9.]+ [^ ]*s, p99 [0-9.]+ [^ ]*s, worst [0-9.]+ [^ ]*s;' "$T/out"
ok "with the source of its stamps" grep -q 'stamps by the host, nanoseconds' "$T/out"
ok "the shortest limit is the profile's" grep -q '^shortest limit  *0.5 s, of 4\.' "$T/out"
ok "the verdict follows the exit status" grep -q "^this machine is $([ "$code" = 0 ] && echo good || echo not)" "$T/out"
ok "the evidence is kept where asked for" test -s "$T/kept/capture.pcapng"
"$BIN/gridassay" score "$T/kept" --out "$T/again" --tap=none >/dev/null 2>&1
ok "and scores to the same bytes" cmp "$T/kept/run.xml" "$T/again/run.xml"

# A limit of ten times the declared uncertainty, less a little, is too short for any machine.
sed 's/latency-s="0.5"/latency-s="0.000999"/' "$T/profile.xml" >"$T/shorter.xml"
expect_code "a limit below ten times U is told" 4 "$BIN/gridassay" calibrate --eut "$T/statement.xml" \
    --profile "$T/shorter.xml" --seconds 1
ok "with the reason" grep -q 'not good enough: U is more than a tenth' "$T/out"
ok "nothing is left behind" sh -c "! ls -d '$T'/gridassay-calibrate-* 2>/dev/null"
done_testing
