#!/usr/bin/env bash
# Equipment and scripts that mean harm: none hangs the run, exhausts memory or turns into a pass.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"
need_capture

live_statement "$T/statement.xml"
live_profile "$T/profile.xml" demo

# The most memory that any process of a run may take, in KiB; sanitizers need many times more.
most=400000
nm "$BIN/gridassay-judge" | grep -q __asan_init && most=4000000

for defect in slow-drip reset endless-header endless-body deep-xml entity-bomb many-elements garbage; do
    live_play "$T/statement.xml" --defect "$defect"
    started=$SECONDS
    code=0
    python3 - "$most" "$BIN/gridassay" run --eut "$T/statement.xml" --profile "$T/profile.xml" --suite 4.10.4.1 \
        --out "$T/$defect" --tap=none >"$T/$defect.out" 2>"$T/$defect.err" <<'PY' || code=$?
import resource, subprocess, sys
code = subprocess.call(sys.argv[2:], stdin=subprocess.DEVNULL)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
if peak > int(sys.argv[1]):
    print("peak memory %d KiB" % peak, file=sys.stderr)
    sys.exit(99)
sys.exit(code)
PY
    took=$((SECONDS - started))
    live_stop
    ok "$defect is no pass and no harness error (it ended in $code)" test "$code" = 1 -o "$code" = 4
    criteria "$T/$defect" >"$T/criteria"
    ok "$defect passes nothing that the meter sends" sh -c "! grep 'resp-data .* pass\$' '$T/criteria'"
    ok "$defect does not hold the run up (it took $took s)" test "$took" -lt 60
done

# Scripts. Each is a copy of the shipped ones with one scenario replaced.
mkdir "$T/home"
cp -r "$TOP/fixtures" "$TOP/lua" "$TOP/suites" "$T/home"
export GRIDASSAY_HOME=$T/home
target="$T/home/suites/Meter Reading/4.10.4.1.lua"
live_play "$T/statement.xml"

with_trial() { # body
    python3 - "$TOP/suites/Meter Reading/4.10.4.1.lua" "$target" "$1" <<'PY'
import re, sys
text = open(sys.argv[1]).read()
changed = re.sub(r"trial = function\s*\(t\)\n", "trial = function(t)\n" + sys.argv[3] + "\n", text, count=1)
assert changed != text
open(sys.argv[2], "w").write(changed)
PY
}

stopped() { # title words-on-stderr
    live_run "$T/script" "$T/statement.xml" "$T/profile.xml" --suite 4.10.4.1 --force
    ok "$1: the run is no pass (it ended in $live_code)" test "$live_code" != 0
    ok "$1: the script is named" grep -q '4\.10\.4\.1\.lua' "$T/script.err"
    ok "$1: the reason is told" grep -qE "$2" "$T/script.err"
}

with_trial '  while true do end'
stopped "an endless loop" 'instruction|budget'
with_trial '  while true do pcall(function() while true do end end) end'
stopped "an endless loop inside pcall" 'instruction|budget'
with_trial '  string.find(string.rep("a", 200000), string.rep("a-", 200) .. "b")'
stopped "string.find stuck in C" 'heartbeat|does not come back'
with_trial '  local s = {} for i = 1, 1e9 do s[i] = string.rep("x", 1e6) .. i end'
stopped "a script that eats memory" 'memory'
with_trial '  os.execute("true")'
stopped "os.execute" "'os'|os"
with_trial '  error("deliberate")'
stopped "a runtime error" 'deliberate'
with_trial '  local x = = 1'
expect_code "a syntax error is a configuration error" 2 "$BIN/gridassay" run --eut "$T/statement.xml" \
    --profile "$T/profile.xml" --suite 4.10.4.1 --out "$T/syntax"
ok "which names file and line" grep -qE '4\.10\.4\.1\.lua:[0-9]+' "$T/err"
: >"$target"
expect_code "an empty script is a configuration error" 2 "$BIN/gridassay" run --eut "$T/statement.xml" \
    --profile "$T/profile.xml" --suite 4.10.4.1 --out "$T/empty"
ok "which names the file" grep -q '4\.10\.4\.1\.lua' "$T/err"
live_stop
done_testing
