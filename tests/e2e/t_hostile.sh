#!/usr/bin/env bash
# Equipment and scripts that mean harm: none hangs the run, exhausts memory or turns into a pass.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"
need_capture

live_statement "$T/statement.xml"
live_profile "$T/fast.xml" short-limits
# At this pace neither the capture nor the driver is overrun by large answers.
live_profile "$T/slow.xml" short-limits 's/pace-per-s="1500"/pace-per-s="50"/'
# What is as large as a body may be, or larger, needs longer where others keep the machine busy.
live_profile "$T/endless-body.xml" short-limits 's/pace-per-s="1500"/pace-per-s="15"/'
cp "$T/endless-body.xml" "$T/many-elements.xml"
answer=4.10.4.1/on-demand_Mtr-read_resp-data

# The most memory that any process of a run may take, in KiB; sanitizers need many times more.
most=600000
nm "$BIN/gridassay-judge" | grep -q __asan_init && most=4000000

bounded() { # PROFILE ARGUMENT...: exit status in code, seconds in took
    local profile=$1
    shift
    started=$SECONDS
    code=0
    timeout 60 python3 - "$most" "$BIN/gridassay" run --eut "$T/statement.xml" --profile "$profile" \
        --tap=none "$@" >"$T/run.out" 2>"$T/run.err" <<'PY' || code=$?
import resource, subprocess, sys
code = subprocess.call(sys.argv[2:], stdin=subprocess.DEVNULL)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
if peak > int(sys.argv[1]):
    print("peak memory %d KiB" % peak, file=sys.stderr)
    sys.exit(99)
sys.exit(code)
PY
    took=$((SECONDS - started))
}

# bounded_calm OUT PROFILE ARGUMENT...: the same, made anew where the machine held the harness up.
bounded_calm() {
    local out=$1
    shift
    for _ in 1 2 3; do
        rm -rf "$out"
        bounded "$@" --out "$out" --ledger none
        if [ "$code" -ne 4 ] || ! live_held_up "$out"; then break; fi
    done
}

verdict() { criteria "$1" | awk -v c="$2" '$3 == c { print $4 }'; }
no_pass() { ! criteria "$1" | grep ' pass$'; }

for defect in slow-drip reset endless-header endless-body deep-xml entity-bomb many-elements garbage; do
    live_play "$T/statement.xml" --defect "$defect"
    profile=$T/slow.xml
    [ ! -f "$T/$defect.xml" ] || profile=$T/$defect.xml
    bounded_calm "$T/$defect" "$profile" --row "$answer"
    is "$defect fails, without a harness error, in bounded memory" "$code" 1
    is "$defect fails reliability" "$(verdict "$T/$defect" reliability)" fail
    ok "$defect passes nothing" no_pass "$T/$defect"
    ok "$defect does not hold the run up (it took $took s)" test "$took" -lt 30
    ok "$defect leaves the equipment running" kill -0 "$live_pid"
    live_stop
done

# All at once: who sends without end to everybody meets a ceiling for all bodies together.
live_play "$T/statement.xml" --defect endless-body
bounded "$T/fast.xml" --row "$answer" --out "$T/flood"
ok "149 endless bodies at a time are no pass and no harness error (it ended in $code)" \
    test "$code" = 1 -o "$code" = 4
ok "and pass nothing" no_pass "$T/flood"
ok "nor hold the run up (it took $took s)" test "$took" -lt 45
live_stop
rm -rf "$T/flood" "$T/endless-body"

# Scripts. Each is a copy of the shipped ones with one scenario that turns bad at its 60th trial.
mkdir "$T/home"
cp -r "$TOP/fixtures" "$TOP/lua" "$TOP/suites" "$T/home"
export GRIDASSAY_HOME=$T/home
target="$T/home/suites/Meter Reading/4.10.4.1.lua"
live_play "$T/statement.xml"

with_trial() { # body
    python3 - "$TOP/suites/Meter Reading/4.10.4.1.lua" "$target" "$1" <<'PY'
import re, sys
text = open(sys.argv[1]).read()
body = "trial = function(t)\n  if t.number == 60 then %s end\n  return whole(t)\nend,\n" % sys.argv[3]
changed = re.sub(r"trial = (.*?\n  \}),\n", lambda m: body, text, count=1, flags=re.S)
whole = re.search(r"trial = (.*?\n  \}),\n", text, flags=re.S).group(1)
changed = changed.replace("return scenario", "local whole = %s\nreturn scenario" % whole, 1)
assert changed != text
open(sys.argv[2], "w").write(changed)
PY
}

counted() { grep -q '<cause name="ok" n="[1-9]' "$T/script/run.xml"; }
again() {
    rm -rf "$T/again"
    "$BIN/gridassay" score "$T/script" --out "$T/again" --tap=none >/dev/null
    cmp "$T/script/run.xml" "$T/again/run.xml"
}
no_process() { ! pgrep -f -- "$T/script/" >/dev/null; }

stopped() { # title words-on-stderr
    rm -rf "$T/script"
    started=$SECONDS
    live_run "$T/script" "$T/statement.xml" "$T/fast.xml" --suite 4.10.4.1
    is "$1: the run ends as the harness's error" "$live_code" 3
    ok "$1: the script is named, with the reason" grep -qE "4\.10\.4\.1\.lua.*($2)" "$T/script.err"
    is "$1: once" "$(grep -c '4\.10\.4\.1\.lua' "$T/script.err")" 1
    ok "$1: nothing passes" no_pass "$T/script"
    ok "$1: what came before is scored" counted
    ok "$1: and scores to the same bytes again" again
    ok "$1: no process is left" no_process
    ok "$1: it does not hold the run up" test $((SECONDS - started)) -lt 60
}

line=':[0-9]+: '
with_trial 'while true do end'
stopped "an endless loop" "${line}more than [0-9]* instructions"
with_trial 'while true do pcall(function() while true do end end) end'
stopped "an endless loop inside pcall" "${line}more than [0-9]* instructions"
with_trial 'string.find(string.rep("a", 20000), ".-.-.-.-b")'
stopped "string.find stuck in C" 'does not come back \(no heartbeat'
with_trial 'local s = {} for i = 1, 1e9 do s[i] = string.rep("x", 1e6) .. i end'
stopped "a script that eats memory" 'not enough memory|does not come back'
with_trial 'os.execute("true")'
stopped "os.execute" "${line}'os' is not declared"
with_trial 'error("deliberate")'
stopped "a runtime error" "${line}deliberate"
with_trial 'error("de\nli\27[31mberate")'
stopped "a fault with control characters" "de.li.*berate"
ok "they don't reach the terminal" sh -c "! grep -q '$(printf '\033')' '$T/script.err'"

with_trial 'local x = = 1'
expect_code "a syntax error is a configuration error" 2 "$BIN/gridassay" run --eut "$T/statement.xml" \
    --profile "$T/fast.xml" --suite 4.10.4.1 --out "$T/syntax"
is "in one line" "$(wc -l <"$T/err")" 1
ok "which names file and line" grep -qE '4\.10\.4\.1\.lua:[0-9]+: ' "$T/err"
: >"$target"
expect_code "an empty script is a configuration error" 2 "$BIN/gridassay" run --eut "$T/statement.xml" \
    --profile "$T/fast.xml" --suite 4.10.4.1 --out "$T/empty"
is "in one line, too" "$(wc -l <"$T/err")" 1
ok "which names the file and what was expected" \
    grep -q '4\.10\.4\.1\.lua: is empty, expected a Lua file' "$T/err"
ok "and no folder is made for either" test ! -e "$T/syntax" -a ! -e "$T/empty"
live_stop
done_testing
