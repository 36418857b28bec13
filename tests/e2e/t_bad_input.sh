#!/usr/bin/env bash
# Files that are missing, empty, cut, of another kind or out of reach; equipment that is dead or dies; disks
# that are full; processes that are killed: one clear message, a documented status, and what was captured
# stays and can be scored. What t_plan, t_rows, t_capture, t_report, t_play and t_run hold is not repeated.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"

G=$BIN/gridassay
live_statement "$T/statement.xml"
live_profile "$T/profile.xml" short-limits
both=(--eut "$T/statement.xml" --profile "$T/profile.xml")
command -v python3 >/dev/null || skip_all "python3 is not installed"
golden=$T/golden
python3 "$TOP/tests/golden/make.py" "$TOP/tests/golden/pass-at-n/case.txt" "$golden" >/dev/null

# refused TITLE CODE PATTERN COMMAND...: one line that matches, nothing on standard output, no folder left.
refused() {
    local title=$1 want=$2 pattern=$3 code=0
    shift 3
    rm -rf "$T/left"
    timeout 20 "$@" >"$T/out" 2>"$T/err" </dev/null || code=$?
    is "$title: status" "$code" "$want"
    is "$title: one line" "$(wc -l <"$T/err")" 1
    ok "$title: that tells it" grep -Eq -- "^gridassay[a-z -]*: .*$pattern" "$T/err"
    ok "$title: nothing else" test ! -s "$T/out" -a ! -e "$T/left"
}

: >"$T/empty"
mkdir "$T/folder"
echo "hello world, a text" >"$T/text"
head -c 4000 /dev/zero | tr '\0' '\377' >"$T/noise"

# --- the requirement table, by --table ------------------------------------------------------------
table() { refused "a table that is $1" 2 "$2" "$G" run "${both[@]}" --table "$T/$1" --out "$T/left"; }
table none 'none: cannot be opened: No such file'
table empty 'empty: is empty, expected'
table folder 'folder: is a folder, expected'
table text 'text:1: not well-formed'
head -c 30000 "$TOP/fixtures/requirements/sg-network-5.1.xml" >"$T/cut-table"
table cut-table 'cut-table:[0-9]+: not well-formed'

# --- names ----------------------------------------------------------------------------------------
refused "a suite that there is not" 2 'no suite "Meter Dancing".*"Meter Reading"' \
    "$G" run "${both[@]}" --suite "Meter Dancing" --out "$T/left"
refused "a row that there is not" 2 'no row "4.10.4.1/nothing"' "$G" score "$golden/capture.pcapng" "${both[@]}" \
    --row 4.10.4.1/nothing --out "$T/left"
refused "a form of TAP that there is not" 2 'takes 13, 14, flat or none, not 12' \
    "$G" run "${both[@]}" --tap 12 --out "$T/left"
refused "a format that there is not" 2 'pdf' "$G" report "$T/none" --format pdf
refused "a flag of score that there is not" 2 '--frobnicate' "$G" score "$T/none" --frobnicate
refused "a folder's name that a file has" 2 'text: is no folder' "$G" run "${both[@]}" --out "$T/text"

# --- bindings and what ships ----------------------------------------------------------------------
mkdir "$T/home"
cp -r "$TOP/fixtures" "$TOP/lua" "$TOP/suites" "$T/home"
binding=$T/home/lua/bindings/http.lua
bindings() {
    GRIDASSAY_HOME=$T/home refused "bindings that are $1" 2 "$2" "$G" run "${both[@]}" --out "$T/left"
}
rm "$binding"
bindings missing 'http.lua: cannot be opened'
: >"$binding"
bindings empty 'http.lua: is empty, expected a Lua file'
head -c 1800 "$TOP/lua/bindings/http.lua" >"$binding"
bindings cut 'http.lua:[0-9]+: '
echo 'return { { row = 1 } }' >"$binding"
bindings "of another shape" 'http.lua:1: binding 1: field "payload" is missing, expected'
echo 'while true do end' >"$binding"
bindings endless 'http.lua:1: more than [0-9]+ instructions'
rm "$binding"
mkdir "$binding"
bindings "a folder" 'http.lua: .*directory'
rmdir "$binding"
cp "$TOP/lua/bindings/http.lua" "$binding"
rm "$T/home/fixtures/schemas/profile.rng"
GRIDASSAY_HOME=$T/home refused "an installation without its schemas" 3 'profile.rng: schema cannot be read' \
    "$G" run "${both[@]}" --out "$T/left"

# --- captures and journals, plans and results -----------------------------------------------------
capture() { refused "a capture that is $1" 2 "$2" "$G" score "$T/$1" "${both[@]}" --out "$T/left"; }
capture none 'none: not there; expected a run.s folder or a capture'
capture empty 'empty: byte 0: the file is empty: expected a pcap or pcapng'
capture text 'text: byte 0: not a capture file \(it begins with 68 65 6c 6c\): expected pcap or pcapng'
capture noise 'noise: byte 0: not a capture file'
head -c 30 "$golden/capture.pcapng" >"$T/cut-header"
capture cut-header 'cut-header: byte [0-9]+: the file is cut'
refused "a folder that is no run" 2 'folder/plan.xml: not there; expected the folder of a run' \
    "$G" score "$T/folder" --out "$T/left"
journal() {
    refused "a journal that is $1" 2 "$2" "$G" score "$golden/capture.pcapng" --plan "$golden/plan.xml" \
        --journal "$T/$1" --out "$T/left"
}
journal none 'none: cannot be opened: No such file'
journal empty 'empty: byte 0: the journal is empty; expected a BEGIN record'
journal folder 'folder: is a folder, a file was expected'
journal text 'text: byte 0: .*expected a journal with a BEGIN record'
head -c 5 "$golden/journal" >"$T/cut-journal"
journal cut-journal 'cut-journal: byte 0: the journal is cut'
plan() {
    refused "a plan that is $1" 2 "$2" "$G" score "$golden/capture.pcapng" --plan "$T/$1" \
        --journal "$golden/journal" --out "$T/left"
}
plan none 'none: cannot be opened: No such file'
plan empty 'empty: is empty, expected'
plan folder 'folder: is a folder, expected'
head -c 3000 "$golden/plan.xml" >"$T/cut-plan"
plan cut-plan 'cut-plan:[0-9]+: not well-formed'
sed 's/<plan \(.*\)version="1"/<plan \1version="8"/' "$golden/plan.xml" >"$T/future-plan"
plan future-plan 'future-plan:[0-9]+: version "8".*"1"'
sed 's/nonce="[^"]*"/nonce="0badcaff"/' "$golden/plan.xml" >"$T/foreign-plan"
plan foreign-plan 'golden/journal: belongs to another plan'
plan statement.xml 'statement.xml:[0-9]+: does not match .*plan.rng'
result() { refused "a result that is $1" 2 "$2" "$G" report "$T/$1"; }
result text 'text:1: not well-formed'
result folder 'folder/run.xml: cannot be opened'
result statement.xml 'statement.xml:[0-9]+: does not match .*run.rng'

if [ "$(id -u)" = 0 ]; then
    chmod 755 "$T" "$(dirname "$T")"
    nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all --bounding-set=-all)
    mkdir "$T/shared" && chmod 777 "$T/shared"
    cp "$T/statement.xml" "$T/profile.xml" "$golden/capture.pcapng" "$golden/journal" "$golden/plan.xml" "$T/shared"
    cp "$TOP/tests/golden/sample-run.xml" "$T/shared/run.xml"
    chmod a+r "$T"/shared/*
fi
if [ "$(id -u)" = 0 ] && "${nobody[@]}" test -x "$G" -a -r "$TOP/lua/bindings/http.lua" -a -w "$T/shared"; then
    unreadable() { # FILE COMMAND...
        chmod 000 "$T/shared/$1"
        refused "a $1 that may not be read" 2 "$1: .*Permission denied" "${nobody[@]}" "${@:2}"
        chmod 644 "$T/shared/$1"
    }
    s=$T/shared
    unreadable statement.xml "$G" run --eut "$s/statement.xml" --profile "$s/profile.xml" --out "$T/left"
    unreadable profile.xml "$G" run --eut "$s/statement.xml" --profile "$s/profile.xml" --out "$T/left"
    unreadable plan.xml "$G" score "$s/capture.pcapng" --plan "$s/plan.xml" --out "$s/left"
    unreadable capture.pcapng "$G" score "$s/capture.pcapng" --plan "$s/plan.xml" --out "$s/left"
    unreadable journal "$G" score "$s/capture.pcapng" --plan "$s/plan.xml" --journal "$s/journal" --out "$s/left"
    unreadable run.xml "$G" report "$s/run.xml"
    refused "a folder that may not be made" 3 'cannot be .*: Permission denied' "${nobody[@]}" \
        "$G" run --eut "$s/statement.xml" --profile "$s/profile.xml" --out "$T/left"
    # No permission to capture: a copy of the programs has no capabilities of the file.
    mkdir "$s/bin" && cp "$BIN"/gridassay "$BIN"/gridassay-* "$s/bin"
    GRIDASSAY_HOME=$TOP "${nobody[@]}" "$s/bin/gridassay" run --eut "$s/statement.xml" --profile "$s/profile.xml" \
        --suite 4.10.4.1 --out "$s/powerless" >"$T/out" 2>"$T/err" </dev/null
    is "without permission to capture a run ends with 3" $? 3
    is "one line names the remedy" "$(grep -c setcap "$T/err")" 1
    ok "and score is pointed to" grep -q 'gridassay score' "$T/err"
    GRIDASSAY_HOME=$TOP "${nobody[@]}" "$s/bin/gridassay" score "$s/capture.pcapng" --plan "$s/plan.xml" \
        --journal "$s/journal" --out "$s/scored" --tap=none >"$T/out" 2>"$T/err"
    is "which works there" "$? $(wc -c <"$T/err")" "4 0"
fi

# --- a capture and a journal that are cut ---------------------------------------------------------
size=$(stat -c %s "$golden/capture.pcapng")
cut_score() { # CAPTURE JOURNAL
    rm -rf "$T/cut"
    code=0
    "$G" score "$1" --plan "$golden/plan.xml" --journal "$2" --out "$T/cut" --tap=none >"$T/out" 2>"$T/err" || code=$?
}
head -c $((size - 1500)) "$golden/capture.pcapng" >"$T/cut.pcapng"
cut_score "$T/cut.pcapng" "$golden/journal"
is "a capture cut in the middle of a packet is no fault and no pass" "$code" 4
ok "it is told" grep -q 'did not reach its end: the capture is cut' "$T/out"
ok "and scored up to there" grep -q '<cause name="ok" n="[1-9]' "$T/cut/run.xml"
head -c $(($(stat -c %s "$golden/journal") / 2)) "$golden/journal" >"$T/cut.journal"
cut_score "$golden/capture.pcapng" "$T/cut.journal"
is "a journal cut in the middle of a record, too" "$code" 4
ok "and told" grep -q 'did not reach its end: the journal is cut' "$T/out"

# --- evidence is never written over ---------------------------------------------------------------
cp -r "$golden" "$T/kept"
for how in "" "/."; do
    refused "a result in place of its evidence" 2 'holds the evidence, which is never written over' \
        "$G" score "$T/kept" --out "$T/kept$how" --force
done
ok "the evidence is still there" cmp "$T/kept/capture.pcapng" "$golden/capture.pcapng"

need_capture
# --- equipment that is not there, or dies ---------------------------------------------------------
run=("$G" run "${both[@]}" --tap=none --suite 4.10.4.1)
no_process() { ! pgrep -f -- "$T/" >/dev/null; }
no_pass() { ! criteria "$1" | grep ' pass$'; }
again() { # RUN: its evidence scores to the same bytes
    rm -rf "$T/again"
    "$G" score "$1" --out "$T/again" --tap=none >/dev/null
    cmp "$1/run.xml" "$T/again/run.xml"
}

timeout 60 "${run[@]}" --out "$T/dead" >"$T/out" 2>"$T/err" </dev/null
is "a dead port fails" $? 1
ok "and nothing passes" no_pass "$T/dead"
ok "for being refused" grep -q '<cause name="refused" n="[1-9]' "$T/dead/run.xml"

cat >"$T/deaf.py" <<'PY'
import socket, sys
held, s = [], socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=4096)
while True:
    held.append(s.accept())
PY
spawn python3 "$T/deaf.py" "$live_eut"
deaf=$spawned
wait_for "who does not answer" sh -c "ss -Hltn 'sport = :$live_eut' | grep -q ."
timeout 60 "${run[@]}" --out "$T/deaf" >"$T/out" 2>"$T/err" </dev/null
is "equipment that accepts and never answers fails" $? 1
ok "and passes nothing" no_pass "$T/deaf"
ok "for losing it" grep -q '<cause name="lost" n="[1-9]' "$T/deaf/run.xml"
kill "$deaf"
wait "$deaf" 2>/dev/null

# A pace at which the trials last for three seconds.
live_profile "$T/slow.xml" short-limits 's/pace-per-s="1500"/pace-per-s="50"/'
slow=("$G" run --eut "$T/statement.xml" --profile "$T/slow.xml" --tap=none --suite 4.10.4.1)
# begin NAME [COMMAND...]: a slow run in the background, its trials under way; its pid in pid.
begin() {
    local name=$1
    shift
    "${@}" "${slow[@]}" --out "$T/$name" >"$T/out" 2>"$T/err" </dev/null &
    pid=$!
    tap_pids+=("$pid")
    wait_for "trials" trials "$T/$name"
}
trials() { [ "$(grep -ao 'ga-[0-9a-f]*-0\.0-[0-9]' "$1/journal" 2>/dev/null | wc -l)" -ge 60 ]; }
child() { ps -o pid=,comm= --ppid "$pid" | awk -v c="gridassay-$1" 'index(c, $2) == 1 { print $1; exit }'; }
# ended NAME TITLE STATUS...: the run ended so, in order.
ended() {
    local name=$1 title=$2 code=0
    shift 2
    wait "$pid" || code=$?
    ok "$title: ends with $* (it was $code)" sh -c "case ' $* ' in *' $code '*) ;; *) exit 1 ;; esac"
    ok "$title: its result is there" test -s "$T/$name/run.xml" -a -s "$T/$name/report.html" -a -s "$T/$name/manifest.xml"
    ok "$title: nothing half-written is" test -z "$(find "$T/$name" -name '*.part' -o -name beat -o -name '*.live')"
    ok "$title: what came before is scored" grep -q '<cause name="ok" n="[1-9]' "$T/$name/run.xml"
    ok "$title: and again to the same bytes" again "$T/$name"
    ok "$title: no process is left" wait_for "all to end" no_child
}
no_child() { ! pgrep -P "$pid" >/dev/null && ! pgrep -f -- "--(write|journal|capture) $T/" >/dev/null; }

live_play "$T/statement.xml"
begin dies
kill -KILL "$live_pid"
wait "$live_pid" 2>/dev/null
ended dies "equipment that dies on the way" 1 4 # 4: all failures in one stretch
ok "it passes nothing" no_pass "$T/dies"

# --- processes of ours that are killed ------------------------------------------------------------
live_play "$T/statement.xml"
for which in capture drive judge; do
    begin "no-$which"
    kill -KILL "$(child $which)"
    ended "no-$which" "the $which killed" 3
    ok "the $which killed: it is named" grep -q "$which: ended by signal 9" "$T/err"
done
begin twice
kill -INT "$pid"
wait_for "the word" grep -q interrupted "$T/err"
kill -INT "$pid"
ended twice "Ctrl-C twice" 4

# --- full disks -----------------------------------------------------------------------------------
# A limit on the size of files (in KiB) stands for the disk that fills: first the capture meets it.
full() { (ulimit -f "$1" && exec "${@:2}"); }
begin full full 250
ended full "a full disk" 3
ok "a full disk: the file and the reason are told" grep -q 'full/capture.pcapng: cannot be written beyond byte [0-9]*: File too large' "$T/err"
mkdir "$T/small"
if [ "$(id -u)" = 0 ] && unshare -m mount -t tmpfs -o size=300k none "$T/small" 2>/dev/null; then
    code=0
    cat >"$T/on_small" <<'SH'
small=$1 saved=$2
shift 2
mount -t tmpfs -o size=300k none "$small" || exit 99
"$@"
code=$?
cp -r "$small/run" "$saved"
exit $code
SH
    timeout 60 unshare -m sh "$T/on_small" "$T/small" "$T/saved" "${slow[@]}" --out "$T/small/run" \
        >"$T/out" 2>"$T/err" </dev/null || code=$?
    is "a disk of 300 KiB ends it with 3" "$code" 3
    ok "naming file and reason" grep -q "small/run/.*No space left on device" "$T/err"
    "$G" score "$T/saved" --out "$T/saved-scored" --tap=none >"$T/out" 2>"$T/err"
    is "what was captured can be scored" $? 4
    ok "and holds what came before" grep -q '<cause name="ok" n="[1-9]' "$T/saved-scored/run.xml"
fi

live_stop
done_testing
