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
# the one that came out; so where the harness was disturbed, which is no doing of the equipment, and
# what else is told of such a reading, which goes on for longer; but never a failure.
expected() { # defect lines-of-the-conforming-run lines-that-came-out
    python3 - "$TOP/tests/e2e/matrix.txt" "$1" "$2" "$3" <<'PY'
import re, sys
rules = []
for line in open(sys.argv[1]):
    f = line.split("#")[0].split()
    if f and f[0] == sys.argv[2]:
        rules.append((re.compile(f[1]), re.compile(f[2]), f[3], f[4], "informed" in f[5:]))
if not rules:
    sys.exit("no rules for " + sys.argv[2])
came = {line.rpartition("\t")[0]: line.rstrip("\n").rpartition("\t")[2] for line in open(sys.argv[4])}
shaken = {tuple(key.split("\t")[:2]) for key, out in came.items() if out == "disturbed"}
for line in open(sys.argv[3]):
    row, leg, cls, criterion, word = line.rstrip("\n").split("\t")
    passed = {"not-applicable", "information"}
    out = came.get("\t".join((row, leg, cls, criterion)))
    for of_class, of_row, of, becomes, informed in rules:
        if (of == criterion and of_class.fullmatch(cls) and of_row.fullmatch(row + ":" + leg)
                and word not in passed - ({"information"} if informed else set())):
            choice = becomes.split("|")
            word = out if out in choice else choice[0]
    if (row, leg) in shaken and out != "fail" and word not in passed:
        word = out
    print(row, leg, cls, criterion, word, sep="\t")
PY
}

verdicts() { python3 "$TOP/tests/verdicts.py" "$1"; }

# What is not seen by then is lost; sanitized programs are slower.
give_up=1
if nm "$BIN/gridassay-play" 2>/dev/null | grep -q __asan_init; then give_up=4; fi
# Hundreds of large pushes in a row must not pile up for so long where others keep the machine busy.
pace=900

# A shipped profile, labelled, whose trials are few, and what is lost is so after a short time. ROWS are
# those overlaid, "*" all; RULE: more attributes of it; OVERLAY: one more.
quick_profile() { # file shipped-profile rows rule [overlay]
    local row each overlays=${5:-}
    read -ra each <<<"$3"
    for row in "${each[@]}"; do
        overlays+="<overlay row=\"$row\" reliability-percent=\"70\"/>"
    done
    live_profile "$1" "$2" "s/ version=\"1\" name=\"[^\"]*\"/& label=\"reliability overlaid: no claim\"/
        s,<rule .*,<rule confidence-percent=\"95\" $4/>,
        s/after-s=\"[^\"]*\"/after-s=\"$give_up\"/
        s/pace-per-s=\"[^\"]*\"/pace-per-s=\"$pace\"/
        s,</profile>,$overlays&,"
}

# quick_profiles NAME SHIPPED ROWS [RULE]: NAME.xml, in which 10 good trials show a row, and 2 bad ones
# within 8, or 3 at any time, refute it: also where every third is lost. Of their own have
# - duplicate: 9 good ones show it, and all are used where it is refuted, so that latency and size of
#   what was delivered are told too;
# - late: the same, held to a twentieth of a second;
# - silent: what never comes is not waited for as long.
quick_profiles() {
    quick_profile "$T/$1.xml" "$2" "$3" "discrimination=\"9\" ${4:-}"
    quick_profile "$T/$1-duplicate.xml" "$2" "$3" "kind=\"short\" ${4:-}"
    quick_profile "$T/$1-late.xml" "$2" "$3" "kind=\"short\" ${4:-}" '<overlay row="*" latency-s="0.05"/>'
    sed 's/after-s="[^"]*"/after-s="0.2"/' "$T/$1.xml" >"$T/$1-silent.xml"
}

# matrix STATEMENT PROFILES ROWS "DEFECT..." RUN-ARGUMENT...: the conforming run, then each defect
# (name or name=value) against what it should be.
matrix() {
    local name=$1 profiles=$T/$2 rows=$3 defects=$4 defect word n profile seed
    shift 4
    # of each kind enough that trials need not wait for one another
    live_statement "$T/$name.xml" 's/count="2"/count="6"/' "$name"
    live_play "$T/$name.xml" --profile "$profiles.xml"
    live_calm "$T/$name" "$T/$name.xml" "$profiles.xml" "$@"
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
        profile=$profiles.xml
        [ ! -f "$profiles-$defect.xml" ] || profile=$profiles-$defect.xml
        rm -f "$T/wrong"
        # Which operations are lost hangs on the order in which they came: what came out as it should
        # when others were lost was no fault.
        for seed in 0 1 2; do
            live_play "$T/$name.xml" --profile "$profile" --defect "$word" --seed "$seed"
            rm -rf "$T/$name-$defect"
            live_run "$T/$name-$defect" "$T/$name.xml" "$profile" --ledger none "$@"
            live_stop
            verdicts "$T/$name-$defect" >"$T/got"
            expected "$defect" "$T/$name.good" "$T/got" >"$T/want" || echo "no rules for $defect" >"$T/want"
            diff "$T/want" "$T/got" | grep '^[<>]' >"$T/differs"
            cut -c3- "$T/differs" | cut -f1-4 | sort -u >"$T/now"
            if [ -f "$T/wrong" ]; then comm -12 "$T/wrong" "$T/now" >"$T/both"; else cp "$T/now" "$T/both"; fi
            mv "$T/both" "$T/wrong"
            if [ "$defect" != lossy ] || [ ! -s "$T/wrong" ]; then break; fi
            sed "s/^/# seed $seed: /" "$T/differs" | head -10
        done
        is "$name, $defect ends in exit 1" "$live_code" 1
        is "$name, $defect: every criterion in scope is told" "$(wc -l <"$T/got")" "$n"
        ok "$name, $defect breaks what it should and nothing else" \
            sh -c "! [ -s '$T/wrong' ] || { cat '$T/differs'; false; }"
        ok "$name, $defect: nearly all is told undisturbed" \
            test "$(grep -c 'disturbed$' "$T/got")" -le $((n / 10))
        ok "$name, $defect: prove sees the failures" sh -c "! prove -Q --exec cat '$T/$name-$defect.tap'"
    done
}

# Late by more than both limits of a pair together. A third is lost: more than any reading allows.
sent="late=150 lossy=3 oversize incomplete duplicate wrong-correlation malformed silent"
forwarded="late=150 lossy=3 duplicate wrong-content silent"
# The rows with coverage clauses keep them.
quick_profiles periods demo "4.10.4.1 4.10.4.2 4.11 4.15"
quick_profiles quick sample '*' 'trials-most="10"'
matrix meters periods 27 "$sent"
matrix dap quick 5 "$forwarded" --suite 4.10.4.1 --suite 4.11.4.1
if [ "${MATRIX:-}" = all ]; then
    matrix field-equipment quick 200 "$sent"
    matrix systems quick 190 "$sent out-of-window"
    matrix head-end quick 60 "$forwarded"
fi
done_testing
