#!/usr/bin/env bash
# gridassay run: what it leaves, that the stored files score to the same bytes, and how it ends when
# something is wrong.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"

expect_code "run without arguments is a usage error" 2 "$BIN/gridassay" run
ok "which names what is missing" grep -q -- '--eut FILE' "$T/err"
expect_code "an unknown flag is a usage error" 2 "$BIN/gridassay" run --frobnicate
ok "which names the flag" grep -q -- '--frobnicate' "$T/err"
expect_code "run --help is fine" 0 "$BIN/gridassay" run --help
expect_code "an unknown command is a usage error" 2 "$BIN/gridassay" frobnicate
: >"$T/empty.xml"
expect_code "an empty statement is a configuration error" 2 "$BIN/gridassay" run \
    --eut "$T/empty.xml" --profile "$TOP/fixtures/profiles/demo.xml" --out "$T/none"
ok "which names the file and says what was expected" grep -q 'empty.xml: is empty, expected' "$T/err"
ok "and no folder was made" test ! -e "$T/none"
need_capture

live_statement "$T/statement.xml"
live_profile "$T/profile.xml" demo
no_process() { ! pgrep -f "$T/" >/dev/null; }

expect_code "an unknown suite is a usage error" 2 "$BIN/gridassay" run --eut "$T/statement.xml" \
    --profile "$T/profile.xml" --suite "Meter Dancing" --out "$T/none"
expect_code "an unknown row is a usage error" 2 "$BIN/gridassay" run --eut "$T/statement.xml" \
    --profile "$T/profile.xml" --row 4.10.4.1/nothing --out "$T/none"

live_play "$T/statement.xml"
live_calm "$T/run" "$T/statement.xml" "$T/profile.xml" --suite "Meter Reading"
is "conforming equipment passes" "$live_code" 0
for f in plan.xml journal capture.pcapng exchanges run.xml manifest.xml report.tap junit.xml report.html; do
    ok "the run leaves $f" test -s "$T/run/$f"
done
ok "the TAP that was streamed is the stored report" cmp "$T/run.tap" "$T/run/report.tap"
is "nothing of the progress display is in a pipe" "$(cat "$T/run.err")" ""
"$BIN/gridassay" score "$T/run" --out "$T/again" --tap=none >/dev/null
is "scoring the stored run again ends alike" $? 0
ok "run.xml is the same byte for byte" cmp "$T/run/run.xml" "$T/again/run.xml"
ok "the record of exchanges too" cmp "$T/run/exchanges" "$T/again/exchanges"
mkdir "$T/moved" && cp "$T/run"/{plan.xml,journal,capture.pcapng} "$T/moved"
(cd / && TZ=Asia/Tokyo "$BIN/gridassay" score "$T/moved" --out "$T/moved/again" --tap=none >/dev/null)
ok "also from another place, folder and time zone" cmp "$T/run/run.xml" "$T/moved/again/run.xml"
ok "xmllint reads all that is XML" xmllint --noout "$T/run/run.xml" "$T/run/plan.xml" "$T/run/junit.xml" "$T/run/manifest.xml"
ok "run.xml matches its schema" xmllint --noout --relaxng "$TOP/fixtures/schemas/run.rng" "$T/run/run.xml"
(cd "$T/run" && python3 - <<'PY'
import hashlib, sys, xml.etree.ElementTree as ET
files = [e for e in ET.parse("manifest.xml").getroot() if e.tag.endswith("file")]
bad = [e.get("name") for e in files if hashlib.sha256(open(e.get("name"), "rb").read()).hexdigest() != e.get("sha256")]
sys.exit(bad or len(files) < 8)
PY
)
is "the manifest's digests are those of the files" $? 0
expect_code "a run is never written over" 2 "$BIN/gridassay" run --eut "$T/statement.xml" \
    --profile "$T/profile.xml" --out "$T/run"
ok "and says how to" grep -q -- --force "$T/err"

# A row that the lab picks, the asynchronous way of answering, one connection an exchange.
live_stop
sed 's/reply="response"/reply="request"/; s/connection="keep-alive"/connection="per-exchange"/' \
    "$T/statement.xml" >"$T/async.xml"
live_play "$T/async.xml"
live_run "$T/async" "$T/async.xml" "$T/profile.xml" --suite "Meter Reading"
is "answers that come as later requests pass as well" "$live_code" 0
live_stop

# Trouble on the way.
live_play "$T/statement.xml"
port=$(sed -n 's/.*peer actor="MDMS".*port="\([0-9]*\)".*/\1/p' "$T/statement.xml")
spawn python3 -m http.server --bind 127.0.0.1 "$port" >/dev/null 2>&1
holder=$spawned
wait_for "the port holder" sh -c "ss -ltn | grep -q ':$port '"
live_run "$T/taken" "$T/statement.xml" "$T/profile.xml" --suite 4.10.4.1
is "a port in use is a harness error" "$live_code" 3
ok "which names address and port" grep -q "127.0.0.1:$port" "$T/taken.err"
kill "$holder"; wait "$holder" 2>/dev/null

"$BIN/gridassay" run --eut "$T/statement.xml" --profile "$T/profile.xml" --arm --out "$T/cut" \
    >"$T/cut.tap" 2>"$T/cut.err" </dev/null &
run=$!
wait_for "the first packets" sh -c "[ \$(stat -c %s '$T/cut/capture.pcapng' 2>/dev/null || echo 0) -gt 200000 ]"
kill -INT "$run"
wait "$run"
code=$?
ok "an interrupted run is no pass (it ended in $code)" test "$code" = 4 -o "$code" = 1
ok "its result is there" test -s "$T/cut/run.xml"
ok "its evidence scores to the same bytes" sh -c \
    "'$BIN/gridassay' score '$T/cut' --out '$T/cut/again' --tap=none >/dev/null; cmp '$T/cut/run.xml' '$T/cut/again/run.xml'"

"$BIN/gridassay" run --eut "$T/statement.xml" --profile "$T/profile.xml" --arm --out "$T/killed" \
    >"$T/killed.tap" 2>"$T/killed.err" </dev/null &
run=$!
wait_for "the first packets" sh -c "[ \$(stat -c %s '$T/killed/capture.pcapng' 2>/dev/null || echo 0) -gt 200000 ]"
kill -KILL "$run"
wait "$run" 2>/dev/null
live_stop
ok "a killed supervisor leaves no process behind" wait_for "all to end" no_process
"$BIN/gridassay" score "$T/killed" --out "$T/killed/scored" --tap=none >/dev/null 2>"$T/err"
code=$?
ok "and what was captured can be scored (it ended in $code)" test "$code" = 4 -o "$code" = 1
done_testing
