#!/bin/bash
# The driver by itself, against a meter of other hands: what it sends, what it writes down first, and
# what neither the equipment nor a script can do to it.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"

export GRIDASSAY_HOME="$TOP"

# start_eut MODE [DELAY_S]: statement, profile and equipment on ports of their own.
start_eut() {
    live_statement "$T/eut.xml" "s/reply=\"[a-z]*\"/reply=\"${3:-$1}\"/"
    sed -i 's/reply="\(silent\|noisy\)"/reply="request"/' "$T/eut.xml"
    live_profile "$T/profile.xml" demo
    mdms=$(sed -n 's/.*actor="MDMS".*port="\([0-9]*\)".*/\1/p' "$T/eut.xml")
    nms=$(sed -n 's/.*actor="NMS".*port="\([0-9]*\)".*/\1/p' "$T/eut.xml")
    spawn python3 "$TOP/tests/e2e/drive_eut.py" "$live_eut" "$live_control" "$T/eut.log" "$1" "${2:-0}" \
        "$mdms" "$T/journal" "$nms" >"$T/eut.out" 2>"$T/eut.err"
    eut_pid=$spawned
    wait_for "the equipment" grep -q READY "$T/eut.out"
}

stop_eut() {
    kill "$eut_pid" 2>/dev/null
    wait "$eut_pid" 2>/dev/null
}

# plan_for SECTION...: without calibration, whose responder belongs to the supervisor.
plan_for() {
    local suites=() s
    for s in "$@"; do suites+=(--suite "$s"); done
    "$BIN/gridassay" plan --eut "$T/eut.xml" --profile "$T/profile.xml" --arm --write "$T/plan.xml" \
        "${suites[@]}" >"$T/plan.out" 2>&1 || { cat "$T/plan.out"; return 1; }
    sed -i '/actor="calibration responder"/d' "$T/plan.xml"
}

# drive ARGUMENT...: exit status in code; the journal as text in j.
drive() {
    code=0
    rm -f "$T/journal"
    "$BIN/gridassay-drive" --plan "$T/plan.xml" --journal "$T/journal" "$@" >"$T/out" 2>"$T/err" ||
        code=$?
    "$BIN/journal_dump" "$T/journal" >"$T/j"
}

# What the plan asks for: trials, judged replies and events, stimuli.
planned() {
    python3 - "$T/plan.xml" <<'PY'
import sys
import xml.etree.ElementTree as ET
name = lambda e: e.tag.split("}")[-1]
plan = ET.parse(sys.argv[1]).getroot()
rows = {r.get("index"): [v for v in r if name(v) == "variant"] for r in plan.iter() if name(r) == "row"}
sums = [0, 0, 0, 0]
for scenario in (s for s in plan if name(s) == "scenario"):
    for case in scenario:
        causes, n = [], 0
        for target in (t for t in case if name(t) == "target"):
            variant = rows[target.get("row")][int(target.get("variant"))]
            n = max(n, int(variant.get("trials")))
            causes.append(variant.get("cause"))
        sums[0] += n
        sums[1] += n * causes.count("command")
        sums[2] += n * causes.count("stimulus")
        sums[3] += n * (scenario.get("section") != "4.10.4.1")
print(*sums)
PY
}

count() { grep -c "$@" || true; }

# Every command reached the equipment after the journal had it, its reply's attempt included.
ahead() {
    python3 - "$T/j" "$T/eut.log" <<'PY'
import sys
told, late = {}, 0
for line in open(sys.argv[1]):
    w = line.split()
    f = dict(x.split("=", 1) for x in w[1:] if "=" in x)
    if w[0] == "ATTEMPT" and f["correlation"] and f["trial"] != "-":
        told[f["correlation"]] = int(f["mono"])
n = 0
for line in open(sys.argv[2]):
    w = line.split()
    if w[0] == "cmd" and "-pre" not in w[1] and "-post" not in w[1]:
        n += 1
        late += told.get(w[1], 1 << 63) >= int(w[4]) or w[3] != "held"
print(n, "commands,", late, "ahead of the journal")
sys.exit(n == 0 or late > 0)
PY
}

for mode in response request noisy; do
    start_eut $mode
    [ $mode = noisy ] && sed -i 's/pace-per-s="[0-9]*"/pace-per-s="100"/' "$T/profile.xml"
    plan_for 4.10.4.1 4.10.4.2 4.11.4.1
    drive </dev/null
    read -r trials replies events stimuli <<<"$(planned)"
    is "$mode: the driver ends well" "$code" 0
    ok "$mode: reads, failures of a read, and events are planned" [ "$trials" -ge $((149 * 5)) ]
    is "$mode: all of them are driven" "$(count '^TRIAL ' <"$T/j")" "$trials"
    is "$mode: each trial ends, none by a fault" "$(count '^TRIAL_END .*failed=0' <"$T/j")" "$trials"
    is "$mode: nothing was waited for in vain" "$(python3 - "$T/j" <<'PY'
import sys
began, slow = {}, 0
for line in open(sys.argv[1]):
    w = line.split()
    f = dict(x.split("=", 1) for x in w[1:] if "=" in x)
    key = f.get("scenario"), f.get("case"), f.get("trial")
    if w[0] == "TRIAL":
        began[key] = int(f["mono"])
    elif w[0] == "TRIAL_END":
        slow += int(f["mono"]) - began[key] > 1900000000
print(slow)
PY
)" 0
    ok "$mode: what is sent was in the journal before" ahead
    is "$mode: rows are named for what is judged" \
        "$(count 'ATTEMPT reply .* row=[0-9]' <"$T/j")" "$replies"
    is "$mode: events carry the code that was provoked" \
        "$(grep 'ATTEMPT event' "$T/j" | count 'expect.1 value=[0-9]')" "$events"
    is "$mode: each stimulus reached the equipment" "$(count '^stimulus' <"$T/eut.log")" "$stimuli"
    ok "$mode: the last record is the end, complete" sh -c "tail -1 '$T/j' | grep -q '^END reason=0'"
    ok "$mode: the clock is told all along" [ "$(count '^CLOCK' <"$T/j")" -ge 3 ]
    is "$mode: the driver says that it is done" "$(tail -1 "$T/out")" DONE
    stop_eut
done

# A thousand trials overlap: each answer takes a second.
start_eut response 1
plan_for 4.10.4.1
sed -i 's/trials="149"/trials="1200"/; s/trials-max="298"/trials-max="1200"/' "$T/plan.xml"
drive </dev/null
is "1200 trials end" "$(count '^TRIAL_END .*failed=0' <"$T/j")" 1200
ok "a thousand of them were open together" [ "$(awk '/^TRIAL /{n++} /^TRIAL_END/{n--} n>m{m=n} END{print m}' \
    "$T/j")" -ge 1000 ]
is "each was answered" "$(count '^OUTCOME correlation=[^ ]*-[0-9]* .*status=200' <"$T/j")" 1200
stop_eut

# The judge's word ends a case: the driver writes it down first.
start_eut response
sed -i 's/pace-per-s="[0-9]*"/pace-per-s="20"/' "$T/profile.xml"
plan_for 4.10.4.1
rows=$(sed -n 's/.*<row index="\([0-9]*\)".*section="4.10.4.1".*/\1/p' "$T/plan.xml")
{
    wait_for "trials" sh -c "grep -q 'PROGRESS [1-9]' '$T/out'" >&2
    for row in $rows; do echo "DECIDED $row 0 5"; done
    echo "nonsense"
    wait_for "the end" grep -q DONE "$T/out" >&2
} | drive
is "decided: all was said" "$(count '^DECIDED' <"$T/j")" "$(echo "$rows" | wc -w)"
ok "decided: no trial starts any more" [ "$(count '^TRIAL ' <"$T/j")" -lt 100 ]
ok "decided: the run is complete" sh -c "tail -1 '$T/j' | grep -q '^END reason=0'"
stop_eut

# A soak goes on behind it, up to the number asked for.
start_eut response
sed -i 's/pace-per-s="[0-9]*"/pace-per-s="100"/; s/ *<driving/<trials at-least="200" reason="soak"\/>&/' \
    "$T/profile.xml"
plan_for 4.10.4.1
{
    wait_for "trials" sh -c "grep -q 'PROGRESS [1-9]' '$T/out'" >&2
    for row in $rows; do echo "DECIDED $row 0 5"; done
    wait_for "the end" grep -q DONE "$T/out" >&2
} | drive
is "soak: decided, it goes on to the number asked for, and no further" "$(count '^TRIAL ' <"$T/j")" 200
stop_eut

# STOP while nothing answers.
start_eut silent
sed -i 's/after-s="[0-9]*"/after-s="60"/' "$T/profile.xml"
plan_for 4.10.4.1 4.15.4.1
began=$SECONDS
{
    wait_for "open trials" grep -q 'PROGRESS [0-9]* [0-9]* [1-9]' "$T/out" >&2
    echo STOP
    wait_for "the end" grep -q DONE "$T/out" >&2
} | drive --arm
is "stop: the driver ends well" "$code" 0
ok "stop: within seconds, not the minute of the give-up time" [ $((SECONDS - began)) -lt 45 ]
ok "stop: the end says interrupted" sh -c "tail -1 '$T/j' | grep -q '^END reason=1'"
is "stop: each trial that began has ended" "$(count '^TRIAL_END' <"$T/j")" "$(count '^TRIAL ' <"$T/j")"
ok "stop: the postamble was run" grep -q 'trial=-- ' "$T/j"
stop_eut

# What switches power needs a word more.
start_eut response
plan_for 4.15.4.1
expect_code "power without --arm is refused" 2 \
    "$BIN/gridassay-drive" --plan "$T/plan.xml" --journal "$T/journal2"
ok "and told" grep -q -- --arm "$T/err"
ok "and no journal says that a run began" [ ! -e "$T/journal2" ]

# Scripts that misbehave in the middle of a run.
mkdir "$T/home"
cp -r "$TOP/fixtures" "$TOP/lua" "$TOP/suites" "$T/home"
export GRIDASSAY_HOME="$T/home"
bad="$T/home/suites/Meter Reading/4.10.4.1.lua"
with_trial() { # body of a trial, in one line
    cat >"$bad" <<LUA
return scenario {
  section = "4.10.4.1", use_case = "Meter Reading", title = "A script that misbehaves",
  payloads = { "on-demand_Mtr-read_cmd", "on-demand_Mtr-read_resp-data" },
  trial = function(t)
    $1
  end,
}
LUA
}
others() {
    read -r other _ <<<"$(planned)"
    other=$((other - 149))
}
hostile() { # title, body, text of the fault
    with_trial "$2"
    plan_for 4.10.4.1 4.10.4.2
    drive </dev/null
    is "$1: exit status" "$code" 2
    ok "$1: file and line are named" grep -q "scenario stopped: .*4.10.4.1.lua:[0-9]*: .*$3" "$T/err"
    ok "$1: its trial has failed" grep -q '^TRIAL_END scenario=0 .*failed=1' "$T/j"
    others
    is "$1: the other scenario is driven" "$(count '^TRIAL_END scenario=1 .*failed=0' <"$T/j")" "$other"
}
hostile "runtime error" "local x = nil; x.y = 1" "attempt to index"
hostile "endless loop" "while true do end" "instructions without waiting"
hostile "endless loop in pcall" "while true do pcall(function() while true do end end) end" "instructions"
hostile "undeclared payload" 't:send { "SW_opr_cmd", to = t:eut() }' "not declared"
hostile "foreign actor" 't:send { "on-demand_Mtr-read_cmd", from = "Mallory", to = t:eut() }' "no actor"
hostile "unknown attribute" 't:send { "on-demand_Mtr-read_cmd", to = t:eut(), size = 1 }' "no attribute"
with_trial 'local s = {} while true do s[#s + 1] = ("x"):rep(1000000) end'
plan_for 4.10.4.1 4.10.4.2
drive </dev/null
ok "memory: the scenario is named" grep -q "scenario stopped: .*4.10.4.1.lua: not enough memory" "$T/err"
others
is "memory: the other scenario is driven" "$(count '^TRIAL_END scenario=1 .*failed=0' <"$T/j")" "$other"
with_trial 'local n = t.number; t:sleep(0.01); assert(t.number == n); other = other'
plan_for 4.10.4.1
drive </dev/null
ok "no global variable ties trials together" grep -q "scenario stopped: .*other" "$T/err"
export GRIDASSAY_HOME="$TOP"

# A stimulus that the control address refuses is the lab's fault: told once, and no script's.
sed -i 's|/provoke/{stimulus}|/provoke/refused-event|' "$T/eut.xml"
plan_for 4.11.4.1
drive </dev/null
is "refused stimulus: the run ends" "$code" 0
is "refused stimulus: told once a case" "$(count 'stimulus failed: .*Audit_Application_Event.*status 500' <"$T/err")" 3
is "refused stimulus: these trials have failed" "$(count '^TRIAL_END .*failed=1' <"$T/j")" $((149 * 3))

# The port of an actor is taken: by the equipment itself.
mdms=$(sed -n 's/.*actor="MDMS".*port="\([0-9]*\)".*/\1/p' "$T/eut.xml")
sed -i "s/port=\"$mdms\"/port=\"$live_eut\"/" "$T/plan.xml"
expect_code "a port in use is a harness error" 3 \
    "$BIN/gridassay-drive" --plan "$T/plan.xml" --journal "$T/journal2"
ok "and named" grep -q "127.0.0.1:$live_eut" "$T/err"
stop_eut

expect_code "no arguments: usage" 2 "$BIN/gridassay-drive"
expect_code "a plan that is not there: bad data" 2 \
    "$BIN/gridassay-drive" --plan "$T/none.xml" --journal "$T/journal2"
expect_code "a journal that cannot be made: harness error" 3 \
    "$BIN/gridassay-drive" --plan "$T/plan.xml" --journal "$T/none/journal"

# Nobody listens at the equipment's address.
live_statement "$T/eut.xml"
live_profile "$T/profile.xml" demo
plan_for 4.10.4.1
drive </dev/null
is "dead port: the driver ends well" "$code" 0
is "dead port: each refusal is written down" "$(count '^OUTCOME .*errno=111' <"$T/j")" 151

done_testing
