#!/usr/bin/env bash
# The harness's own conformance: each defect of the reference equipment breaks the criteria that it
# should, on the rows it touches, and no others. Expected sets stand in matrix.txt beside this file.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"
need_capture

live_statement "$T/statement.xml"
live_profile "$T/profile.xml" demo
live_profile "$T/short.xml" short-limits

# Fills a defect's rules in: "row leg criterion word" lines that should come out.
expected() { # defect criteria-of-the-conforming-run
    python3 - "$TOP/tests/e2e/matrix.txt" "$1" "$2" <<'PY'
import re, sys
rules = []
for line in open(sys.argv[1]):
    f = line.split("#")[0].split()
    if f and f[0] == sys.argv[2]:
        rules.append((re.compile(f[1]), f[2], f[3]))
if not rules:
    sys.exit("no rules for " + sys.argv[2])
for line in open(sys.argv[3]):
    row, leg, criterion, word = line.split()
    for pattern, of, becomes in rules:
        if of == criterion and pattern.fullmatch(row + ":" + leg) and word not in ("not-applicable", "information"):
            word = becomes
    print(row, leg, criterion, word)
PY
}

live_play "$T/statement.xml"
live_run "$T/conforming" "$T/statement.xml" "$T/profile.xml"
live_stop
is "conforming equipment passes" "$live_code" 0
criteria "$T/conforming" >"$T/conforming.criteria"
is "27 rows are judged" "$(cut -d' ' -f1 "$T/conforming.criteria" | sort -u | wc -l)" 27
n=$(wc -l <"$T/conforming.criteria")
ok "by four criteria each, or more ($n)" test "$n" -ge 108
ok "with nothing but passes" sh -c "! grep -vE ' (pass|not-applicable|information)$' '$T/conforming.criteria'"
[ "$tap_failures" -eq 0 ] || done_testing # nothing to hold the defects against
ok "prove is content with its TAP" prove -Q --exec cat "$T/conforming.tap"

for defect in late lossy oversize incomplete duplicate wrong-correlation malformed silent; do
    profile=profile
    [ "$defect" = late ] && profile=short
    # A third is lost, so that even the laxest reading of a poll, 90 %, is refused.
    value=
    if [ "$defect" = lossy ]; then value="=3"; fi
    live_play "$T/statement.xml" --defect "$defect$value"
    live_run "$T/$defect" "$T/statement.xml" "$T/$profile.xml"
    live_stop
    criteria "$T/$defect" >"$T/got"
    if ! expected "$defect" "$T/conforming.criteria" >"$T/want"; then
        ok "$defect has rules" false
        continue
    fi
    is "$defect ends in exit 1" "$live_code" 1
    is "every criterion in scope is told" "$(wc -l <"$T/got")" "$n"
    ok "$defect breaks what it should and nothing else" diff "$T/want" "$T/got"
    ok "prove sees the failures of $defect" sh -c "! prove -Q --exec cat '$T/$defect.tap'"
done
done_testing
