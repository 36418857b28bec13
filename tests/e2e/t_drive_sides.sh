#!/bin/bash
# The driver on every side of the equipment: it asks and is asked, stands on both sides, reaches a
# population, reads back, does not answer, moves images, lets a day pass, spares what wears out.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

export GRIDASSAY_HOME="$TOP" PYTHONPATH="$TOP/tests/e2e"
read -ra port <<<"$(free_ports 5)"
eut=${port[0]} control=${port[1]} subject=${port[2]} requester=${port[3]} other=${port[4]}

# plan LUA PYTHON: a scenario whose trial, postamble and more are given, and the plan that drives it.
plan() {
    printf 'return scenario {\n  section = "9.9.9.1", use_case = "Test", title = "t",\n%s\n}\n' "$1" \
        >"$T/s.lua"
    python3 - <<PY
from drive_plan import Plan, SECOND
p = Plan($eut, {"Subject": $subject, "Requester": $requester, "Other": $other}, $control)
word = [("ID", "eui64"), ("Word", "text")]
S = "$T/s.lua"
def one(targets, support=(), group="Subject", first="000000000000D000", count=4, **case):
    g = p.group(group, first, count)
    case.update(groups=g, targets=targets, support=support, peers=case.get("peers", 2))
    p.scenario(S, "9.9.9.1", [case], exclusive=case.pop("exclusive", True),
               power=case.pop("power", False))
$2
p.write("$T/plan.xml")
PY
}

drive() {
    : >"$T/out"
    code=0
    rm -f "$T/journal"
    : >"$T/eut.log"
    spawn python3 "$TOP/tests/e2e/drive_sides_eut.py" "$eut" "$control" "$T/eut.log" "$T/journal" \
        "$subject" "$requester" "$other" >"$T/eut.out" 2>"$T/eut.err"
    eut_pid=$spawned
    wait_for "the equipment" grep -q READY "$T/eut.out"
    "$BIN/gridassay-drive" --plan "$T/plan.xml" --journal "$T/journal" "$@" >"$T/out" 2>"$T/err" ||
        code=$?
    kill "$eut_pid" 2>/dev/null
    wait "$eut_pid" 2>/dev/null
    "$BIN/journal_dump" "$T/journal" >"$T/j"
}

count() { grep -c "$@" || true; }
fine() { # title: the run and its equipment ended well
    is "$1: the run ends well" "$code $(cat "$T/err" "$T/eut.err")" "0 "
    is "$1: no trial failed" "$(count '^TRIAL_END .*failed=0' <"$T/j")" "${2:-5}"
}

# ---- the equipment asks a device that we play
plan 'payloads = { "ask_cmd", "ask_ack" },
  trial = function(t)
    local x = t:exchange { "ask_cmd", value = "w" .. t.number, Word = "w" .. t.number }
    assert(t:side("ask_cmd") == "from" and t:side("ask_ack") == "to" and t.peer == "Requester")
    assert(x.Word == "w" .. t.number and x.ID == t.device.id)
    t:exchange { "ask_ack", in_reply_to = x }
  end,' '
p.bind("ask_cmd", "request", word)
p.bind("ask_ack", "response", word, answers=["ask_cmd"])
a = p.row("ask_cmd", "from", "EUT", "Subject", cause="stimulus")
b = p.row("ask_ack", "to", "Subject", "EUT")
one([(a,), (b,)])'
drive </dev/null
fine commander
is "commander: each request is expected at the subject, judged" \
    "$(count '^ATTEMPT event .*row=0 .*endpoint=1 .*device=000000000000D00' <"$T/j")" 5
is "commander: each is answered, by an attempt of its own" \
    "$(count '^ATTEMPT answer .*row=1 .*correlation=ga-0badcafe-' <"$T/j")" 5
is "commander: on the request itself, under its id, with an id of ours" \
    "$(count '^asked .* 200 correlation=eut-[0-9]* id=ga-0badcafe-0.0-[0-9]*.1 ' <"$T/eut.log")" 5

# ---- with an id that no log should hold; and without an answer of ours
plan 'payloads = { "ask_cmd", "ask_ack" },
  trial = function(t)
    local x = t:exchange { "ask_cmd", value = "hostile" }
    if t.number % 2 == 0 then t:exchange { "ask_ack", in_reply_to = x } end
  end,' '
p.bind("ask_cmd", "request", word)
p.bind("ask_ack", "response", word, answers=["ask_cmd"])
a = p.row("ask_cmd", "from", "EUT", "Subject", cause="stimulus")
b = p.row("ask_ack", "to", "Subject", "EUT")
one([(a,), (b,)])'
drive </dev/null
fine "hostile id"
is "hostile id: it comes back bounded and escaped" \
    "$(count '^asked .* 200 correlation=ask-[0-9A-F]*-&lt;!\[CDATA\[x*' <"$T/eut.log")" 3
is "hostile id: not in the journal" "$(count 'CDATA' <"$T/j")" 0
is "a request that no script answers is let go when its trial ends" \
    "$(count '^asked .* 204 ' <"$T/eut.log")" 2

# ---- where answers travel as requests of their own
plan 'payloads = { "ask_cmd", "ask_ack" },
  trial = function(t)
    local x = t:exchange { "ask_cmd", value = t.number == 0 and "elsewhere" or "here" }
    t:exchange { "ask_ack", in_reply_to = x, Word = "later" }
  end,' '
p.reply = "request"
p.bind("ask_cmd", "request", word)
p.bind("ask_ack", "response", word, answers=["ask_cmd"])
a = p.row("ask_cmd", "from", "EUT", "Subject", cause="stimulus")
b = p.row("ask_ack", "to", "Subject", "EUT")
one([(a,), (b,)])'
drive </dev/null
fine "answer later"
is "answer later: the request is accepted" "$(count '^asked .* 202 ' <"$T/eut.log")" 5
is "answer later: the answer is a message of its own, on record before, to the statement's address alone" \
    "$(count '^got ask_ack ga-0badcafe-.* held Subject' <"$T/eut.log")" 5

# ---- we stand on both sides
plan 'payloads = { "fwd_cmd", "fwd_ack" },
  trial = function(t)
    assert(t:side("fwd_cmd") == "through")
    local x = t:exchange { "fwd_cmd", Word = "there" .. t.number }
    t:exchange { "fwd_ack", in_reply_to = x, Word = "back" .. t.number }
  end,' '
p.bind("fwd_cmd", "request", word)
p.bind("fwd_ack", "response", word, answers=["fwd_cmd"])
a = p.row("fwd_cmd", "through", "Requester", "Subject", cause="forward")
b = p.row("fwd_ack", "through", "Subject", "Requester", cause="forward")
c = p.row("fwd_ack", "through", "Subject", "Other", cause="forward")
one([(a,), (b,), (c, 3)])'
drive </dev/null
fine forwarder
is "forwarder: what goes in is supporting" "$(count '^ATTEMPT send .*row=- .*endpoint=0 ' <"$T/j")" 5
is "forwarder: it comes from the requester" "$(count '^got fwd_cmd .*Requester' <"$T/eut.log")" 5
is "forwarder: and must come out at the subject, under the same correlation" \
    "$(count '^ATTEMPT through .*row=0 .*endpoint=1 .*correlation=ga-0badcafe-0.0-[0-9]* ' <"$T/j")" 5
is "forwarder: the answer goes in at the subject" "$(count '^ATTEMPT answer .*row=- ' <"$T/j")" 5
is "forwarder: and must come out at the requester and at the other" \
    "$(count '^ATTEMPT through .*row=[12] .*endpoint=[23] .*correlation=ga-0badcafe-0.0-[0-9]*\.1 ' \
        <"$T/j")" 10
is "forwarder: all came" "$(count '^forwarded .* 200 ' <"$T/eut.log")" 5
is "forwarder: nothing was waited for in vain" "$(python3 - "$T/j" <<'PY'
import sys
t = [int(l.rsplit("mono=", 1)[1]) for l in open(sys.argv[1]) if l.startswith("TRIAL")]
print(max(t) - min(t) < 900000000)
PY
)" True

# ---- the device does not answer: told by the equipment
plan 'payloads = { "fwd_cmd", "fwd_comm_err" },
  trial = function(t)
    local x = t:exchange { "fwd_cmd", deaf = true }
    local err = t:exchange { "fwd_comm_err", in_reply_to = x }
    assert(err and err.ID == t.device.id)
  end,' '
p.bind("fwd_cmd", "request", word)
p.bind("fwd_comm_err", "response", [("ID", "eui64")], answers=["fwd_cmd"])
a = p.row("fwd_comm_err", "from", "EUT", "Requester", cause="command")
one([(a,)], support=[("fwd_cmd", "through")])'
drive </dev/null
fine deaf
is "deaf: on record before" "$(count '^STIMULUS .*name=unreachable device=000000000000D00' <"$T/j")" 5
is "deaf: the connection ends without an answer" "$(count '^unreachable' <"$T/eut.log")" 5
is "deaf: what failed on purpose is no attempt of its row" \
    "$(count '^ATTEMPT \(send\|through\) .*row=- ' <"$T/j")" 10
is "deaf: its telling is" "$(count '^ATTEMPT reply .*row=0 ' <"$T/j")" 5

# ---- a subject that never answers
plan 'payloads = { "fwd_cmd", "fwd_comm_err" }, unreachable = true,
  trial = function(t)
    local x = t:exchange { "fwd_cmd" }
    assert(t:exchange { "fwd_comm_err", in_reply_to = x })
  end,' '
p.bind("fwd_cmd", "request", word)
p.bind("fwd_comm_err", "response", [("ID", "eui64")], answers=["fwd_cmd"])
a = p.row("fwd_cmd", "through", "Requester", "Subject", cause="forward")
b = p.row("fwd_comm_err", "from", "EUT", "Requester", cause="command")
one([(a,), (b,)], count=100000)'
drive </dev/null
fine "unreachable, one of 100000 played"
is "unreachable: on record before anything is sent" \
    "$(awk '/^TRIAL /{getline; print $1, $5}' "$T/j" | sort | uniq -c | sed 's/^ *//')" \
    "5 STIMULUS name=unreachable"
is "unreachable: the connection ends without an answer" "$(count '^unreachable' <"$T/eut.log")" 5

# ---- a population
plan 'payloads = { "group_cmd", "group_ack" }, population = true,
  trial = function(t)
    assert(#t.population == 300)
    local x = t:exchange { "group_cmd", Word = 300 }
    assert(t:exchange { "group_ack", in_reply_to = x })
  end,' '
p.bind("group_cmd", "request", [("Word", "text")], identity=-1)
p.bind("group_ack", "response", [("ID", "eui64")], answers=["group_cmd"])
a = p.row("group_cmd", "to", "Requester", "EUT", trials=2)
b = p.row("group_ack", "from", "EUT", "Requester", trials=2, cause="command")
p.give_up = 10
one([(a,), (b,)], group="EUT", first="000000000000E000", count=300, population=300)'
drive </dev/null
fine population 2
is "population: one message a trial" "$(count '^got group_cmd' <"$T/eut.log")" 2
is "population: an attempt on each device" "$(count '^ATTEMPT send .*row=0 ' <"$T/j")" 600
is "population: of one correlation a trial" \
    "$(grep -o '^ATTEMPT send .*row=0 .*' "$T/j" | sed 's/.*correlation=\([^ ]*\).*/\1/' | sort -u | wc -l)" 2
is "population: an answer of each is expected" \
    "$(grep '^ATTEMPT reply .*row=1 ' "$T/j" | sed 's/.*device=\([^ ]*\).*/\1/' | sort -u | wc -l)" 300
is "population: all before the message goes out" "$(count '^got .* held ' <"$T/eut.log")" 2
ok "population: the trial goes on when all have come" \
    [ "$(awk '/^TRIAL/{n=substr($NF,6)+0; if(!a)a=n; b=n} END{print int((b-a)/1e9)}' "$T/j")" -lt 8 ]

# ---- what shows nothing is read back
plan 'payloads = { "set_cmd" },
  trial = function(t) t:exchange { "set_cmd", Word = t.number == 3 and "never" or "on" } end,' '
p.bind("set_cmd", "request", word)
a = p.row("set_cmd", "to", "Requester", "EUT", proof="read-back")
one([(a,)], group="EUT")'
drive </dev/null
fine read-back
is "read-back: asked until it says yes" "$(count '^read-back .* held yes ' <"$T/eut.log")" 4
ok "read-back: more than once, for it takes a while" \
    [ "$(count '^read-back .* held no ' <"$T/eut.log")" -ge 8 ]
ok "read-back: and no longer than the row waits" \
    [ "$(count '^read-back .*-3 .* no ' <"$T/eut.log")" -le 10 ]
is "read-back: questions are no attempts of a row" \
    "$(count "^ATTEMPT send .*row=- .*binding=0 " <"$T/j")" "$(count '^read-back' <"$T/eut.log")"
is "read-back: a trial is not over before" "$(python3 - "$T/j" <<'PY'
import sys
last, early = {}, 0
for line in open(sys.argv[1]):
    f = dict(x.split("=", 1) for x in line.split()[1:] if "=" in x)
    if line.startswith("OUTCOME"):
        last[f["correlation"].split("/")[0].rsplit("-", 1)[1]] = int(f["mono"])
    if line.startswith("TRIAL_END"):
        early += f["trial"] not in last or int(f["mono"]) < last[f["trial"]]
print(early)
PY
)" 0

# ---- images
plan 'payloads = { "image_cmd", "image_ack" },
  trial = function(t)
    local x = t:exchange { "image_cmd", Image = { image = 100000 + t.number, seed = t.number } }
    assert(t:exchange { "image_ack", in_reply_to = x })
  end,' '
p.bind("image_cmd", "request", [("ID", "eui64"), ("Image", "image")])
p.bind("image_ack", "response", [("ID", "eui64")], answers=["image_cmd"])
a = p.row("image_cmd", "to", "Requester", "EUT")
b = p.row("image_ack", "from", "EUT", "Requester", cause="command")
one([(a,), (b,)], group="EUT")'
drive </dev/null
fine image
is "image: each arrives whole, in four blocks" \
    "$(count '^image ga-0badcafe-0.0-[0-4] whole blocks=4 bytes=10000[0-4] ' <"$T/eut.log")" 5
is "image: it is one attempt" "$(count '^ATTEMPT send .*row=0 ' <"$T/j")" 5
is "image: with one outcome" "$(count '^OUTCOME .*status=204' <"$T/j")" 5

plan 'payloads = { "image_up", "image_ok" },
  trial = function(t)
    local x = t:exchange { "image_up" }
    assert(x and #x.Image == 64)
    t:exchange { "image_ok", in_reply_to = x }
  end,' '
p.bind("image_up", "request", [("ID", "eui64"), ("Image", "image")])
p.bind("image_ok", "response", [("ID", "eui64")], answers=["image_up"])
a = p.row("image_up", "from", "EUT", "Subject", cause="stimulus")
b = p.row("image_ok", "to", "Subject", "EUT")
one([(a,), (b,)])'
drive </dev/null
fine "image of theirs"
is "image of theirs: each block is taken" "$(count '^block [123] 20[24] ' <"$T/eut.log")" 15
is "image of theirs: the confirmation is a message of its own" \
    "$(count '^got image_ok ga-0badcafe-' <"$T/eut.log")" 5

# ---- a whole day, 43200 times as fast
plan 'payloads = { "due_event" },
  trial = function(t) assert(t:exchange { "due_event" }) end,' '
p.rules["time_factor"] = 43200
p.bind("due_event", "event", word)
a = p.row("due_event", "from", "EUT", "Requester", cause="own", trials=20)
one([(a,)], group="EUT", whole_day=True)'
drive </dev/null
fine "whole day" 20
is "whole day: the clock is set, and set back" \
    "$(grep '^TIMEBASE' "$T/j" | sed 's/.*factor=\([0-9]*\).*/\1/' | tr '\n' ' ')" "43200 1 "
is "whole day: so is the equipment's" \
    "$(grep '^stimulus clock' "$T/eut.log" | sed 's/.*;\([0-9]*\) .*/\1/' | tr '\n' ' ')" "43200 1 "
is "whole day: its trials are spread over it, and it is whole" "$(python3 - "$T/j" <<'PY'
import sys
base, trial = [], []
for line in open(sys.argv[1]):
    n = int(line.rsplit("mono=", 1)[1])
    (base if line.startswith("TIMEBASE") else trial if line.startswith("TRIAL ") else []).append(n)
print(1.8 < (trial[-1] - trial[0]) / 1e9 < 2.1, (base[1] - base[0]) / 1e9 * 43200 >= 86400)
PY
)" "True True"

# ---- what wears out: spacing on a device, and operations in all
plan 'payloads = { "set_cmd" },
  trial = function(t) t:exchange { "set_cmd", Word = "on" } end,' '
p.bind("set_cmd", "request", word)
a = p.row("set_cmd", "to", "Requester", "EUT", trials=9)
p.duties.append(("set_cmd", 7, 0.4))
one([(a,)], group="EUT", count=2)'
drive </dev/null
is "duty: no more operations than declared" "$(count '^got set_cmd' <"$T/eut.log")" 7
is "duty: never sooner on one device than declared" "$(python3 - "$T/j" <<'PY'
import sys
last, soon = {}, 0
for line in open(sys.argv[1]):
    f = dict(x.split("=", 1) for x in line.split()[1:] if "=" in x)
    if line.startswith("ATTEMPT send") and f["row"] != "-":
        soon += int(f["mono"]) - last.get(f["device"], 0) < 399900000
        last[f["device"]] = int(f["mono"])
print(soon, len(last))
PY
)" "0 2"

# ---- what switches power is brought back, whatever happens
power='payloads = { "set_cmd" }, operation = "power",
  trial = function(t)
    t:exchange { "set_cmd", Word = "open" }
    if BROKEN and t.number == 1 then error("broken") end
    t:sleep(SLEEP)
  end,
  postamble = function(t)
    for _, d in ipairs(t:devices()) do t:exchange { "set_cmd", to = d, Word = "safe" } end
    t:sleep(0.05)
  end,'
switch() { # lua
    plan "$1" '
p.bind("set_cmd", "request", word)
a = p.row("set_cmd", "to", "Requester", "EUT")
one([(a,)], group="EUT", power=True)'
}
switch "${power//BROKEN/true}"
sed -i 's/SLEEP/0/' "$T/s.lua"
expect_code "power needs --arm" 2 "$BIN/gridassay-drive" --plan "$T/plan.xml" --journal "$T/journal2"
drive --arm </dev/null
is "power: the failure is told" "$code" 2
is "power: every device is brought back after a failure" \
    "$(grep '^got set_cmd .*-post' "$T/eut.log" | awk '{print $4}' | sort -u | wc -l)" 4
for signal in INT TERM; do
    switch "${power//BROKEN/false}"
    sed -i 's/SLEEP/60/' "$T/s.lua"
    : >"$T/out"
    {
        wait_for "an open trial" grep -q 'PROGRESS [0-9]* [0-9]* [1-9]' "$T/out" >&2
        kill -$signal "$(pgrep -f -- "--journal $T/journal --arm")"
        wait_for "the end" grep -q DONE "$T/out" >&2
    } | drive --arm
    is "power: every device is brought back after SIG$signal" \
        "$(tail -1 "$T/out") $(grep '^got set_cmd .*-post' "$T/eut.log" | awk '{print $4}' | sort -u | wc -l)" \
        "DONE 4"
done

done_testing
