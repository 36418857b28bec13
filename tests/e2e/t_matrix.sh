#!/usr/bin/env bash
# The harness's own conformance: each defect of the reference equipment breaks the criteria that it
# should, on the rows it touches, and no others. Expected sets stand in matrix.txt beside this file.
# MATRIX=all (nightly): all suites, from both ends, and forwarding; else meters, and a DAP in between.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"
need_capture

# Fills a defect's rules in: lines as of verdicts.py that should come out. Where a rule leaves a choice,
# the one that came out.
expected() { # defect lines-of-the-conforming-run lines-that-came-out
    python3 - "$TOP/tests/e2e/matrix.txt" "$1" "$2" "$3" <<'PY'
import re, sys
rules = []
for line in open(sys.argv[1]):
    f = line.split("#")[0].split()
    if f and f[0] == sys.argv[2]:
        rules.append((re.compile(f[1]), re.compile(f[2]), f[3], f[4]))
if not rules:
    sys.exit("no rules for " + sys.argv[2])
came = {line.rpartition("\t")[0]: line.rstrip("\n").rpartition("\t")[2] for line in open(sys.argv[4])}
for line in open(sys.argv[3]):
    row, leg, cls, criterion, word = line.rstrip("\n").split("\t")
    for of_class, of_row, of, becomes in rules:
        if (of == criterion and of_class.fullmatch(cls) and of_row.fullmatch(row + ":" + leg)
                and word not in ("not-applicable", "information")):
            choice = becomes.split("|")
            out = came.get("\t".join((row, leg, cls, criterion)))
            word = out if out in choice else choice[0]
    print(row, leg, cls, criterion, word, sep="\t")
PY
}

verdicts() { python3 "$TOP/tests/verdicts.py" "$1"; }

# A labelled profile in which 14 good trials show a row and 6 bad ones refute it, so that all suites are
# gone through in minutes. SED: what else is changed.
quick_profile() { # file [sed]
    sed -e 's/name="sample deployment, all use cases"/& label="reliability overlaid: no claim"/' \
        -e 's/confidence-percent="95"/& kind="short"/' \
        -e 's,</profile>,<overlay row="*" reliability-percent="80"/></profile>,' ${2:+-e "$2"} \
        "$TOP/fixtures/profiles/sample.xml" >"$1"
}

# matrix STATEMENT PROFILE LATE-PROFILE ROWS "DEFECT..." RUN-ARGUMENT...: the conforming run, then each
# defect (name or name=value) against what it should be.
matrix() {
    local name=$1 profile=$2 late=$3 rows=$4 defects=$5 defect word n use
    shift 5
    live_statement "$T/$name.xml" '' "$name"
    live_play "$T/$name.xml" --profile "$profile"
    live_run "$T/$name" "$T/$name.xml" "$profile" "$@"
    live_stop
    is "$name: conforming equipment passes" "$live_code" 0
    verdicts "$T/$name" >"$T/$name.good"
    ok "$name: at least $rows rows are judged" test "$(cut -f1 "$T/$name.good" | sort -u | wc -l)" -ge "$rows"
    n=$(wc -l <"$T/$name.good")
    ok "$name: with nothing but passes" sh -c "! grep -vE '	(pass|not-applicable|information)$' '$T/$name.good'"
    [ "$live_code" -eq 0 ] || return # nothing to hold the defects against
    ok "$name: prove is content with its TAP" prove -Q --exec cat "$T/$name.tap"
    for word in $defects; do
        defect=${word%%=*}
        use=$profile
        [ "$defect" = late ] && use=$late
        live_play "$T/$name.xml" --profile "$use" --defect "$word"
        live_run "$T/$name-$defect" "$T/$name.xml" "$use" "$@"
        live_stop
        verdicts "$T/$name-$defect" >"$T/got"
        if ! expected "$defect" "$T/$name.good" "$T/got" >"$T/want"; then
            ok "$defect has rules" false
            continue
        fi
        is "$name, $defect ends in exit 1" "$live_code" 1
        is "$name, $defect: every criterion in scope is told" "$(wc -l <"$T/got")" "$n"
        ok "$name, $defect breaks what it should and nothing else" diff "$T/want" "$T/got"
        ok "$name, $defect: prove sees the failures" sh -c "! prove -Q --exec cat '$T/$name-$defect.tap'"
    done
}

# A third is lost, so that even the laxest reading of a poll, 90 %, is refused.
sent="late lossy=3 oversize incomplete duplicate wrong-correlation malformed silent"
forwarded="late lossy=2 duplicate wrong-content silent"
live_profile "$T/demo.xml" demo
live_profile "$T/short.xml" short-limits
quick_profile "$T/quick.xml"
quick_profile "$T/quick-late.xml" 's,<overlay row="\*",& latency-s="0.5",'
matrix meters "$T/demo.xml" "$T/short.xml" 27 "$sent"
matrix dap "$T/quick.xml" "$T/quick-late.xml" 5 "$forwarded" --suite 4.10.4.1 --suite 4.11.4.1
if [ "${MATRIX:-}" = all ]; then
    matrix field-equipment "$T/quick.xml" "$T/quick-late.xml" 200 "$sent out-of-window"
    matrix systems "$T/quick.xml" "$T/quick-late.xml" 190 "$sent out-of-window"
    matrix head-end "$T/quick.xml" "$T/quick-late.xml" 60 "$forwarded"
fi
done_testing
