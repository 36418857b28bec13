#!/usr/bin/env bash
# Killed with -9 at any moment, in whole or in part, a run keeps what was captured, scores and is gone on
# with; what was pending stands against a pass; nothing else than the same inputs is gone on with; rows
# that did not pass run again without losing the first attempts. KILLS=50 for more than a handful.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"
need_capture
command -v tshark >/dev/null || skip_all "tshark is not installed"
KILLS=${KILLS:-3}
RANDOM=${SEED:-$$}
echo "# SEED=${SEED:-$$} KILLS=$KILLS"

rows=(--row 4.10.4.1/on-demand_Mtr-read_cmd --row 4.10.4.1/on-demand_Mtr-read_resp-data)
live_statement "$T/statement.xml"
# Zero failures in 149: one that is cut forbids a pass.
live_profile "$T/profile.xml" demo 's/pace-per-s="1500"/pace-per-s="100"/'
run_of() { # out argument...
    local out=$1
    shift
    "$BIN/gridassay" run --eut "$T/statement.xml" --profile "$T/profile.xml" --out "$out" \
        --ledger "$T/ledger" --tap none "${rows[@]}" "$@" >"$out.out" 2>"$out.err" </dev/null
}
go_on() { # earlier out argument...
    local earlier=$1 out=$2
    shift 2
    "$BIN/gridassay" run --resume "$earlier" --out "$out" --ledger "$T/ledger" --tap none "$@" \
        >"$out.out" 2>"$out.err" </dev/null
}
score_of() { "$BIN/gridassay" score "$1" --out "$2" --tap none >"$2.out" 2>"$2.err"; }
nobody_of() { ! pgrep -f "$1/" >/dev/null; }
# value FILE XPATH
value() { xmllint --xpath "string($2)" "$1" 2>/dev/null; }
sum() { # run.xml attribute of variants
    python3 - "$1" "$2" <<'PY'
import sys, xml.etree.ElementTree as ET
print(sum(int(e.get(sys.argv[2])) for e in ET.parse(sys.argv[1]).getroot().iter() if e.tag.endswith("variant")))
PY
}
judged_attempts() { "$BIN/journal_dump" "$1" 2>/dev/null | grep '^ATTEMPT' | grep -vc ' row=-'; }
# Frames that another reader finds in a file that may be cut.
others_frames() { tshark -r "$1" -T fields -e frame.number 2>/dev/null | wc -l; }
verdicts() { criteria "$1" | awk '$3 == "reliability" { print $4 }' | sort -u | tr '\n' ' '; }

# The processes of a run by their names, some of them. run itself is gridassay.
kill_some() { # pid of run, which
    local pids="" p
    for p in $(pgrep -P "$1"); do
        case "$2:$(ps -o comm= -p "$p")" in
        all:* | drive:gridassay-drive | capture:gridassay-captu* | judge:gridassay-judge) pids="$pids $p" ;;
        run-drive:gridassay-drive | run-capture:gridassay-captu* | run-judge:gridassay-judge) pids="$pids $p" ;;
        esac
    done
    case "$2" in run* | all) pids="$1 $pids" ;; esac
    # shellcheck disable=SC2086
    [ -z "$pids" ] || kill -9 $pids 2>/dev/null
}

live_play "$T/statement.xml"
kinds=(all run drive capture judge run-drive run-capture run-judge)
first=$((RANDOM % 8))
for ((k = 0; k < KILLS; k++)); do
    kind=${kinds[(k + first) % 8]}
    ms=$((RANDOM % 2600))
    one=$T/kill-$k
    run_of "$one" &
    pid=$!
    wait_for "the folder" test -e "$one" >/dev/null
    sleep "$(printf '%d.%03d' $((ms / 1000)) $((ms % 1000)))"
    kill_some "$(pgrep -P $pid -x gridassay || echo $pid)" "$kind"
    wait $pid 2>/dev/null
    say="killed $kind after $ms ms"
    ok "$say: nothing is left that drives on" wait_for "its processes" nobody_of "$one"
    if [ ! -e "$one/plan.xml" ]; then
        ok "$say: before there was a plan" true
        continue
    fi
    score_of "$one" "$T/scored-$k"
    code=$?
    ok "$say: it scores ($code)" test $code -eq 4 -o $code -eq 0 -a -s "$T/scored-$k/run.xml"
    seen=$(value "$T/scored-$k/run.xml" "//*[local-name()='evidence']/@frames")
    there=0
    [ -e "$one/capture.pcapng" ] && there=$(others_frames "$one/capture.pcapng")
    ok "$say: every frame that tshark finds counts ($seen of $there)" test "${seen:-0}" -ge "$there"
    tried=0
    [ -e "$one/journal" ] && tried=$(judged_attempts "$one/journal")
    is "$say: every attempt written down is scored" "$(sum "$T/scored-$k/run.xml" attempts)" "$tried"
    go_on "$one" "$T/next-$k"
    code=$?
    ok "$say: it is gone on with to a verdict ($code, $(verdicts "$T/next-$k"))" \
        test $code -eq 0 -o $code -eq 4 -a "$(verdicts "$T/next-$k")" = "inconclusive "
    score_of "$T/next-$k" "$T/again-$k"
    ok "$say: stored, the second run scores to the same bytes" \
        cmp "$T/next-$k/run.xml" "$T/again-$k/run.xml"
    cut=$(sum "$T/scored-$k/run.xml" used)
    was=$(sum "$T/next-$k/run.xml" used)
    ok "$say: no outcome of the first is lost ($cut of $was)" test "$was" -ge "$cut"
    if [ "$tap_failures" -gt 0 ]; then
        head -5 "$one.err" "$T/next-$k.err" "$T/scored-$k.err" | sed 's/^/# /'
        break
    fi
done
live_stop

# A chain: killed, gone on with, killed again, gone on with.
live_play "$T/statement.xml"
killed_after() { # seconds command...
    local s=$1
    shift
    "$@" &
    pid=$!
    sleep "$s"
    kill_some "$(pgrep -P $pid -x gridassay || echo $pid)" all
    wait $pid 2>/dev/null
}
killed_after 1.6 run_of "$T/chain-1"
killed_after 1.2 go_on "$T/chain-1" "$T/chain-2"
go_on "$T/chain-2" "$T/chain-3"
code=$?
ok "a third run goes on with two that were killed ($code)" test $code -eq 0 -o $code -eq 4
is "it names both" "$(grep -c '<earlier' "$T/chain-3/plan.xml")" 2
score_of "$T/chain-3" "$T/chain-again"
ok "stored, it scores to the same bytes" cmp "$T/chain-3/run.xml" "$T/chain-again/run.xml"
pooled=("$T/chain-pool.xml")
while read -r n; do
    pooled+=("$T/chain-3/earlier/$n/plan.xml" "$T/chain-3/earlier/$n/exchanges")
done < <(grep -o '<earlier nonce="[^"]*"' "$T/chain-3/plan.xml" | sed 's/.*="//;s/"//')
"$BIN/pool_result" "${pooled[@]}" "$T/chain-3/plan.xml" "$T/chain-3/exchanges"
is "the records of all three tell the same verdicts" "$(criteria "$T/chain-3")" \
    "$(mkdir "$T/chain-pool" && mv "$T/chain-pool.xml" "$T/chain-pool/run.xml" && criteria "$T/chain-pool")"
live_stop

# A loss that was pending: equipment that accepts and never answers, killed before its time is up.
live_play "$T/statement.xml" --defect silent
run_of "$T/pending" &
pid=$!
wait_for "attempts" sh -c "'$BIN/journal_dump' '$T/pending/journal' 2>/dev/null | grep -q '^ATTEMPT.*row=0'"
sleep 0.5
kill_some "$(pgrep -P $pid -x gridassay || echo $pid)" all
wait $pid 2>/dev/null
wait_for "its processes" nobody_of "$T/pending"
live_stop
live_play "$T/statement.xml"
go_on "$T/pending" "$T/after"
is "a loss that was pending at a kill is no pass later, whatever answers then" "$?" 4
ok "it is told as cut" grep -q '<cause name="cut"' "$T/after/run.xml"
ok "with the run that brought it" grep -q "outcomes of run $(value "$T/pending/plan.xml" '/*/@nonce')" \
    "$T/after/run.xml"

# Only the same inputs, only sound evidence.
cp "$T/statement.xml" "$T/kept.xml"
sed -i 's/firmware="1.0"/firmware="1.1"/' "$T/statement.xml"
expect_code "another statement is not gone on with" 2 go_on "$T/pending" "$T/other"
ok "which is named" grep -q 'statement.xml: is not the statement that run' "$T/other.err"
ok "and no folder was made" test ! -e "$T/other"
cp "$T/kept.xml" "$T/statement.xml"
expect_code "a scope of its own is refused" 2 go_on "$T/pending" "$T/other" --suite "Meter Events"
expect_code "a run never replaces the one that it goes on with" 2 go_on "$T/pending" "$T/pending" --force
ok "whose evidence is still there" test -s "$T/pending/capture.pcapng" -a -s "$T/pending/journal"
nonce=$(value "$T/pending/plan.xml" '/*/@nonce')
cp -r "$T/after" "$T/altered"
printf 'x' >>"$T/altered/earlier/$nonce/exchanges"
expect_code "changed records of an earlier run do not verify" 5 score_of "$T/altered" "$T/altered-scored"
ok "and are named" grep -q "earlier/$nonce/exchanges: is not what it was" "$T/altered-scored.err"
cp -r "$T/after" "$T/forged"
sed -i 's/verdict="inconclusive"/verdict="pass"/' "$T/forged/run.xml"
expect_code "a run whose result is not its evidence's is not gone on with" 5 go_on "$T/forged" "$T/never"

# What did not pass runs again, from its own start; the claim keeps what the first came to.
live_stop
live_play "$T/statement.xml" --defect lossy
run_of "$T/lossy"
is "lossy equipment fails" "$?" 1
live_stop
live_play "$T/statement.xml"
"$BIN/gridassay" run --failed "$T/lossy" --out "$T/mended" --ledger "$T/ledger" --tap none \
    >"$T/mended.out" 2>"$T/mended.err" </dev/null
is "what failed passes from its own start, once mended" "$?" 0
is "none of the first run's outcomes are in it" "$(grep -c 'earlier="[^"]' "$T/mended/run.xml")" 0
"$BIN/pool_result" "$T/pool.xml" "$T/lossy/plan.xml" "$T/lossy/exchanges" "$T/mended/plan.xml" \
    "$T/mended/exchanges"
is "pooled, the fail stays" "$(value "$T/pool.xml" "//*[local-name()='summary']/@verdict")" fail
expect_code "where all passed nothing is run again" 77 "$BIN/gridassay" run --failed "$T/mended" \
    --out "$T/nothing" --ledger "$T/ledger"
live_stop
done_testing
