#!/usr/bin/env bash
# The ledger of a campaign: every run enters it, a fail in it stays, starting over is signed, and
# whatever is done to it by hand is found.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"
need_capture

G=$BIN/gridassay
live_statement "$T/statement.xml"
live_profile "$T/profile.xml" few-trials 's/reliability-percent="30"/reliability-percent="50"/'
mkdir "$T/lab"
cd "$T/lab" || exit 1

# one NAME DEFECT OPTION...: a run of one scenario against the reference equipment.
one() {
    local name=$1 defect=$2
    shift 2
    live_play "$T/statement.xml" ${defect:+--defect "$defect"}
    live_run "$T/lab/$name" "${STATEMENT:-$T/statement.xml}" "$T/profile.xml" --suite 4.10.4.1 "$@"
    live_stop
}
# field FILE ELEMENT ATTRIBUTE: of the first such element
field() { grep -om1 "<$2 [^>]*" "$1" | sed -n "s/.* $3=\"\([^\"]*\)\".*/\1/p"; }
ledger_lines() { grep -c . "$1"; }

one first ""
is "conforming equipment passes" "$live_code" 0
L=$(ls ledger/*.ledger)
is "its ledger stands beside the run, named by the campaign" \
    "$L" "ledger/$(field first/plan.xml campaign id).ledger"
is "with an opening, a beginning and an end" "$(sed 's/^<\([a-z]*\) .*/\1/' "$L" | tr '\n' ' ')" "open begin end "
is "the plan holds the head that the run found" \
    "$(field first/plan.xml campaign head)" "$(sed -n 1p "$L" | sed 's/.*sha256="\([0-9a-f]*\)" n=.*/\1/')"
is "and that it is the first submission" "$(field first/plan.xml campaign submission)" 1
ok "so does the result" grep -q "submission=\"1\"" first/run.xml
is "an entry's digest is that of its line without it" \
    "$(sed -n 2p "$L" | sed 's/ sha256="[0-9a-f]*"//' | tr -d '\n' | sha256sum | cut -c1-64)" \
    "$(sed -n 's/^<begin sha256="\([0-9a-f]*\)".*/\1/p' "$L")"
ok "the stored run is scored to the same bytes" sh -c \
    "'$G' score first --out '$T/again' --tap=none >/dev/null && cmp first/run.xml '$T/again/run.xml'"

one bad oversize
is "equipment that sends too much fails" "$live_code" 1
is "in the second submission" "$(field bad/plan.xml campaign submission)" 2

# Killed without mercy while the trials wait for answers.
live_play "$T/statement.xml" --defect silent
spawn "$G" run --eut "$T/statement.xml" --profile "$T/profile.xml" --suite 4.10.4.1 \
    --out "$T/lab/killed" --tap=none >/dev/null 2>&1
victim=$spawned
wait_for "its first trials" grep -qs 4.10.4.1 killed/run.xml.live ||
    wait_for "its journal" test -s killed/journal
kill -9 "$victim"
wait "$victim" 2>/dev/null
live_stop

one last ""
is "conforming equipment passes again" "$live_code" 0

expect_code "the campaign holds" 0 "$G" campaign ledger
cp "$T/out" "$T/shown"
ok "it is failed as a whole" grep -q '^campaign [0-9a-f]* *fail' "$T/shown"
ok "with four submissions" grep -q '4 submissions' "$T/shown"
ok "the one that passed" grep -qE '^ +1 .* pass +exit 0 .* first$' "$T/shown"
ok "the one that failed" grep -qE '^ +2 .* fail +exit 1 .* bad$' "$T/shown"
ok "the one that was killed counts, and is called interrupted" \
    grep -qE '^ +3 .* interrupted +no end in the ledger +killed$' "$T/shown"
ok "the equipment, its firmware and the head are named" sh -c \
    "grep -q 'reference meters, hardware loopback, firmware 1.0' '$T/shown' && grep -q '$(field "$T/statement.xml" identity firmware-sha256 || true)' '$T/shown' &&
     grep -q \"head .*$(tail -n 1 "$L" | sed 's/.* sha256="\([0-9a-f]*\)" n=.*/\1/')\" '$T/shown'"
ok "the row that failed once is failed, whatever passed later" \
    grep -qE '^ +fail +4.10.4.1/on-demand_Mtr-read_resp-data' "$T/shown"
expect_code "the campaign's own exit status is there on demand" 1 "$G" campaign ledger --exit-status
expect_code "the folder of a run leads to its ledger" 0 "$G" campaign "$T/lab/first"
ok "and shows the same" grep -q '4 submissions' "$T/out"
expect_code "so does that folder from inside" 0 sh -c "cd first && '$G' campaign ."
ok "colour is for terminals" sh -c "! grep -q '$(printf '\033')' '$T/shown'"
python3 - "$G" >"$T/tty" 2>&1 <<'PY'
import os, pty, sys
os.environ.pop("NO_COLOR", None)
pty.spawn([sys.argv[1], "campaign", "ledger"])
PY
ok "who get it" grep -q "$(printf '\033')\[1;31mfail" "$T/tty"

expect_code "programs take JSON" 0 "$G" campaign ledger --format json
cp "$T/out" "$T/json"
ok "which is some, and says the same" python3 - "$T/json" <<'PY'
import json, sys
c = json.load(open(sys.argv[1]))
assert c["outcome"] == "fail" and c["verifies"] and c["submissions"] == 4, c
assert [r["ended"] is None for r in c["runs"]] == [False, False, True, False], c
assert any(r["outcome"] == "fail" for r in c["rows"]) and c["runs"][1]["rows"]["fail"] > 0
PY
expect_code "another format is a usage error" 2 "$G" campaign ledger --format frob

# ---- the ledger changed by hand -----------------------------------------------------------------
# broken TITLE WANT: the ledger of the copy $T/m is changed; the fault names WANT
fresh() { rm -rf "$T/m" && cp -r "$T/lab" "$T/m"; }
M=$T/m/$L
broken() {
    expect_code "$1" 5 "$G" campaign "$M"
    ok "and named: $2" grep -qF -- "$2" "$T/err" "$T/out"
}
n=$(ledger_lines "$L")
wrong=0
for i in $(seq "$n"); do
    fresh
    sed -i "${i}d" "$M"
    code=0
    "$G" campaign "$M" >"$T/out" 2>"$T/err" || code=$?
    # The last line is missed by nothing but the run that it was about.
    if [ "$i" -lt "$n" ]; then want="$M:$i: entry $i is missing"; else want='interrupted'; fi
    { [ "$code" = 5 ] || [ "$i" = "$n" ]; } && grep -qF "$want" "$T/err" "$T/out" || wrong=$((wrong + 1))
    cp "$T/lab/$L" "$M"
    sed -i "${i}s/at=\"2/at=\"3/" "$M"
    code=0
    "$G" campaign "$M" >"$T/out" 2>"$T/err" || code=$?
    [ "$code" = 5 ] && grep -qF "$M:$i: its bytes do not give its digest" "$T/err" || wrong=$((wrong + 1))
done
is "each link taken out or altered is found, with its line" "$wrong" 0
fresh
sed -i '3{h;d};4G' "$M"
broken "links in another order are found" "$M:3: entry 4 stands before entry 3"
fresh
sed -n 2p "$L" >>"$M"
broken "a link copied to the end is found" "$M:$((n + 1)): entry 2 stands once more"
fresh
echo '<end sha256="0"/>' >>"$M"
broken "a link made by hand is found" "$M:$((n + 1)): is no entry of a ledger"

# The whole chain made anew, with the right digests, without the run that failed.
cat >"$T/forge.py" <<'PY'
import hashlib, re, sys
lines, keep, head = open(sys.argv[1]).read().splitlines(), [], "0" * 64
bad, submission = sys.argv[2], 0
for line in lines:
    if f' run="{bad}"' in line:
        continue
    name = re.match(r"<(\w+)", line).group(1)
    line = re.sub(r' sha256="\w+"', "", line, count=1)
    line = re.sub(r' n="\d+" before="\w+"', f' n="{len(keep) + 1}" before="{head}"', line)
    if name == "begin":
        submission += 1
        line = re.sub(r' submission="\d+"', f' submission="{submission}"', line)
    head = hashlib.sha256(line.encode()).hexdigest()
    keep.append(line.replace(f"<{name}", f'<{name} sha256="{head}"', 1))
open(sys.argv[1], "w").write("\n".join(keep) + "\n")
PY
fresh
python3 "$T/forge.py" "$M" "$(field bad/plan.xml plan nonce)"
broken "a chain made anew without a run is found by the runs behind it" "entries before this line were replaced"
ok "and by the run that is not in it" grep -qF "m/bad: is submission 2 of campaign" "$T/out"
fresh
sed -i "$((n - 1)),\$d" "$M"
broken "the last run taken out is found by its folder" "m/last: is submission 4 of campaign"
fresh
rm "$M"
expect_code "a deleted ledger is found by the runs that it bound" 5 "$G" campaign "$T/m/ledger"
is "all of them" "$(grep -c 'whose ledger is not there' "$T/out")" 4
expect_code "and by any one of them" 5 "$G" campaign "$T/m/first"
ok "which says what it was" grep -q 'is submission 1 of campaign' "$T/err"

# ---- the runs changed by hand -------------------------------------------------------------------
for f in plan.xml run.xml exchanges; do
    fresh
    printf ' ' >>"$T/m/bad/$f"
    broken "a run's $f that was changed is found" "$M:4: submission 2, run $(field bad/plan.xml plan nonce)"
    ok "and $f is named" grep -qE "$f is not the one" "$T/out"
done
fresh
mv "$T/m/first" "$T/m/swap" && mv "$T/m/bad" "$T/m/first" && mv "$T/m/swap" "$T/m/bad"
expect_code "runs that changed places do not count, and the fail stays" 1 "$G" campaign "$M" --exit-status
is "which is said of both" "$(grep -c 'has taken its folder' "$T/out")" 2
fresh
rm -r "$T/m/bad"
expect_code "without the folder of the run that failed the ledger holds" 0 "$G" campaign "$M"
ok "the row stays failed" grep -qE '^ +fail +4.10.4.1/on-demand_Mtr-read_resp-data .*failed in submission 2' "$T/out"
ok "and no other row passes, since its records could say otherwise" \
    grep -qE '^ +inconclusive +4.10.4.1/on-demand_Mtr-read_cmd .*submission 2 cannot be counted' "$T/out"

# ---- a power cut, and going on ------------------------------------------------------------------
cp -r "$T/lab" "$T/kept"
truncate -s -100 "$L"
expect_code "an append that was cut is no fault" 0 "$G" campaign "$L"
ok "and is told, with its line" grep -q "cut  *line $n, [0-9]* bytes" "$T/out"
size=$(stat -c %s "$L")
head -c "$size" "$L" >"$T/before"
one after ""
is "the next run goes on behind it" "$live_code" 0
ok "nothing that was there is lost" cmp -n "$size" "$L" "$T/before"
expect_code "the chain holds" 0 "$G" campaign "$L"
ok "with five submissions" grep -q '5 submissions' "$T/out"
ok "the cut line is told still" grep -q "cut  *line $n: " "$T/out"
ok "and bound by an entry" grep -q "^<cut .* left=\"$(sed -n "${n}p" "$L" | tr -d '\n' | sha256sum | cut -c1-64)\"" "$L"

# ---- going on with the run that was killed ------------------------------------------------------
killed=$(field killed/plan.xml plan nonce)
live_play "$T/statement.xml"
expect_code "what goes on with a run does so in its ledger" 2 "$G" run --resume killed --arm \
    --out "$T/lab/refused" --ledger "$T/others"
ok "which is said" grep -q "does not have run $killed, which this one follows" "$T/err"
ok "and no run was begun" test ! -e refused
mkdir -p "$T/far"
"$G" run --resume killed --arm --out "$T/far/resumed" --tap=none >"$T/out" 2>"$T/err" </dev/null
live_stop
is "also from another folder" "$(field "$T/far/resumed/plan.xml" campaign submission)" 6
ok "its beginning names the run before it" grep -q "^<begin .* submission=\"6\" after=\"$killed\"" "$L"
expect_code "and the campaign holds" 0 "$G" campaign "$L"
ok "and shows it" grep -q "goes on with run $killed" "$T/out"

# ---- what is no ledger of this campaign ---------------------------------------------------------
sed 's/firmware="1.0"/firmware="1.1"/; s/b1d9b56f/00000000/' "$T/statement.xml" >"$T/newer.xml"
refused() { # TITLE CODE TEXT LEDGER [STATEMENT]
    [ -f "$4" ] && cp "$4" "$T/before"
    expect_code "$1" "$2" "$G" run --eut "${5:-$T/statement.xml}" --profile "$T/profile.xml" --suite 4.10.4.1 \
        --ledger "$4" --out "$T/lab/refused"
    ok "which is said: $3" grep -qF -- "$3" "$T/err"
    [ -f "$4" ] && ok "the file stays as it was" cmp "$4" "$T/before"
    ok "no run was begun" test ! -e "$T/lab/refused"
}
refused "the ledger of other firmware is refused" 2 'another campaign: its firmware digest is' "$L" "$T/newer.xml"
: >"$T/empty.ledger"
refused "an emptied ledger is refused" 5 'is empty; a ledger is never without its first entry' "$T/empty.ledger"
head -c 3000 /dev/urandom >"$T/random.ledger"
refused "so is what is none" 2 'is no ledger' "$T/random.ledger"
sed 's/ version="1"/ version="2"/' "$L" >"$T/newer.ledger"
refused "and one of a newer version" 2 'version "2", this gridassay reads version "1"' "$T/newer.ledger"
sed '2d' "$L" >"$T/short.ledger"
refused "and one with a link missing" 5 "short.ledger:2: entry 2 is missing" "$T/short.ledger"
refused "a ledger that cannot be written ends the run before its first trial" 3 \
    "cannot be made" "$T/empty.ledger/deeper"
mkfifo "$T/pipe.ledger"
expect_code "a pipe is not waited for" 2 "$G" campaign "$T/pipe.ledger"
expect_code "a folder without a ledger is a configuration error" 2 "$G" campaign "$TOP/fixtures"
expect_code "so is what is not there" 2 "$G" campaign "$T/nowhere"
expect_code "an unknown flag is a usage error" 2 "$G" campaign --frobnicate
expect_code "campaign --help is fine" 0 "$G" campaign --help

# ---- starting over ------------------------------------------------------------------------------
STATEMENT=$T/newer.xml one newer "" --ledger "$T/lab/ledger"
is "new firmware is a new campaign, of its own accord" "$(field newer/plan.xml campaign submission)" 1
expect_code "two campaigns are listed, a line each" 0 "$G" campaign ledger
is "by their ids" "$(cut -d' ' -f1 "$T/out" | sort | tr '\n' ' ')" \
    "$(cd ledger && printf '%s\n' *.ledger | sed 's/.ledger//' | sort | tr '\n' ' ')"

key() { # NAME SUBJECT [CA]
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$T/$1.key" -subj "$2" \
        -out "$T/$1.csr" >/dev/null 2>&1
    if [ -n "${3:-}" ]; then
        openssl x509 -req -in "$T/$1.csr" -CA "$T/$3.pem" -CAkey "$T/$3.key" -CAcreateserial -days 2 -out "$T/$1.pem"
    else
        printf 'basicConstraints=critical,CA:TRUE\n' >"$T/ca.ext"
        openssl x509 -req -in "$T/$1.csr" -signkey "$T/$1.key" -extfile "$T/ca.ext" -days 2 -out "$T/$1.pem"
    fi >/dev/null 2>&1
}
key ca "/CN=Accreditation" && key lab "/CN=Test Lab/O=Metering" ca && key other "/CN=Somebody"
reset() { "$G" campaign reset "$L" "$@"; }
cp "$L" "$T/before"
expect_code "a reset wants a reason" 2 reset --key "$T/lab.key" --certificate "$T/lab.pem"
expect_code "which says something" 2 reset --reason "  " --key "$T/lab.key" --certificate "$T/lab.pem"
expect_code "and a key" 2 reset --reason why --certificate "$T/lab.pem"
expect_code "that fits its certificate" 2 reset --reason why --key "$T/other.key" --certificate "$T/lab.pem"
expect_code "in a ledger that is named" 2 "$G" campaign reset ledger --reason why --key "$T/lab.key" --certificate "$T/lab.pem"
ok "until then the ledger stays as it was" cmp "$L" "$T/before"
expect_code "a signed reset is appended" 0 reset --reason 'the "fixture" was miswired' \
    --key "$T/lab.key" --certificate "$T/lab.pem"
expect_code "the chain holds" 0 "$G" campaign "$L"
ok "the generation, its reason and who signed are shown" sh -c \
    "grep -q 'generation 2, reset 20.*: the \"fixture\" was miswired' '$T/out' && grep -q 'signed by .*CN=Test Lab' '$T/out'"
ok "and that nobody vouches for him yet" grep -q 'without --trust' "$T/out"
expect_code "with his authority it does" 0 "$G" campaign "$L" --trust "$T/ca.pem"
ok "which is shown" grep -q 'vouches for' "$T/out"
expect_code "with another one it does not" 5 "$G" campaign "$L" --trust "$T/other.pem"
ok "and says in which line" grep -q "$L:[0-9]*: the reset is not signed as it should be" "$T/err"
one anew ""
is "runs count anew" "$(field anew/plan.xml campaign submission) $(field anew/plan.xml campaign generation)" "1 2"
expect_code "the campaign passes" 0 "$G" campaign "$L" --exit-status
ok "and what came before is still shown" grep -qE '^ +2 .* fail +exit 1 .* bad$' "$T/out"

# Another profile is another campaign, which this one tells of; no run is needed to see that.
sed 's/name="each row a few times"/name="gentler"/' "$T/profile.xml" >"$T/gentler.xml"
expect_code "a run is never written over" 2 "$G" run --eut "$T/statement.xml" --profile "$T/gentler.xml" \
    --suite 4.10.4.1 --out anew
expect_code "the campaign still passes" 0 "$G" campaign "$L"
ok "and names the campaign about the same firmware under another profile" \
    grep -q 'is about the same firmware: 0 submissions in generation 1, under profile gentler' "$T/out"

one alone "" --ledger none
is "a run may stay out of every campaign" "$live_code" 0
ok "and makes no claim then" grep -q 'in no campaign\|no claim' alone/run.xml
is "its plan names none" "$(grep -c '<campaign ' alone/plan.xml)" 0
mkdir moved && mv ledger moved
expect_code "a run leads to a ledger elsewhere when told where" 0 "$G" campaign anew --ledger moved/ledger
done_testing
