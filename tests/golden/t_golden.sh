#!/usr/bin/env bash
# Verdicts derived by hand: each folder holds a description of the traffic, what must come out, and the
# derivation. The files are made by make.py, which shares no code with the harness.
. "$(dirname "$0")/../tap.sh"
HERE=$TOP/tests/golden
export GRIDASSAY_HOME=$TOP
command -v python3 >/dev/null || skip_all "python3 is not installed"
[ -e /usr/share/zoneinfo/America/New_York ] || skip_all "no zone data on this machine"

judge() { # folder out
    local journal=()
    [ -e "$1/journal" ] && journal=(--journal "$1/journal")
    "$BIN/gridassay-judge" --plan "$1/plan.xml" --capture "$1/capture.pcapng" \
        "${journal[@]:+${journal[@]}}" --out "$2"
}

# What a pool of this one run says of its rows, without capture and journal.
pooled() { # folder
    "$BIN/pool_result" "$1/pool.xml" "$1/plan.xml" "$1/exchanges" &&
        python3 -B "$HERE/same_rows.py" "$1/run.xml" "$1/pool.xml"
}

for folder in "$HERE"/*/; do
    name=$(basename "$folder")
    made=$T/$name
    if ! python3 -B "$HERE/make.py" "$folder/case.txt" "$made" >"$T/make.out" 2>&1; then
        ok "$name: its files are made" cat "$T/make.out" /nonexistent
        continue
    fi
    judge "$made" "$made" >"$T/judge.out" 2>&1 || cat "$T/judge.out"
    ok "$name: the verdicts are those of the derivation" \
        python3 "$HERE/check.py" "$made/run.xml" "$folder/expected"
    ok "$name: the records alone tell the same" pooled "$made"
done

# The same files elsewhere, and followed while they grow, give the same bytes.
mkdir -p "$T/elsewhere" "$T/followed"
cp "$T"/pass-at-n/{plan.xml,journal,capture.pcapng} "$T/elsewhere"
ok "the same files in another folder are judged" judge "$T/elsewhere" "$T/elsewhere"
ok "run.xml does not tell where its files lay" cmp "$T/pass-at-n/run.xml" "$T/elsewhere/run.xml"
ok "nor does the exchanges file" cmp "$T/pass-at-n/exchanges" "$T/elsewhere/exchanges"

# grow FROM TO: appends FROM to TO in pieces of odd sizes.
grow() {
    python3 - "$1" "$2" <<'PY'
import sys, time
data = open(sys.argv[1], "rb").read()
with open(sys.argv[2], "ab", buffering=0) as f:
    at = 0
    while at < len(data):
        f.write(data[at:at + 4099])
        at += 4099
        time.sleep(0.002)
PY
}
follow() {
    local from=$1 to=$2
    : >"$to/journal"
    : >"$to/capture.pcapng"
    {
        grow "$from/journal" "$to/journal" &
        writer=$!
        grow "$from/capture.pcapng" "$to/capture.pcapng"
        wait "$writer"
        echo FINISH
    } |
        "$BIN/gridassay-judge" --plan "$from/plan.xml" --capture "$to/capture.pcapng" \
            --journal "$to/journal" --out "$to" --follow >"$to/told"
}
ok "a growing run is followed to its end" follow "$T/pass-at-n" "$T/followed"
ok "followed or later: run.xml is the same, byte for byte" \
    cmp "$T/pass-at-n/run.xml" "$T/followed/run.xml"
ok "and the exchanges file" cmp "$T/pass-at-n/exchanges" "$T/followed/exchanges"
is "the decision on the reply row is told once, with its number of outcomes" \
    "$(grep -c '^DECIDED 1 0 149$' "$T/followed/told")" 1
is "every row is told final" "$(grep -c '^ROW ' "$T/followed/told")" 4
mkdir -p "$T/followed-fail"
ok "a failing run is followed to its end" follow "$T/seven-in-598" "$T/followed-fail"
ok "and is the same later" cmp "$T/seven-in-598/run.xml" "$T/followed-fail/run.xml"

# Nor does it matter for the other kinds of exchange.
for name in through population-one-lost image-cut-over read-back rate-inside sequential-fail \
    doubt-thinned calibrated resent-explains zero-window; do
    mkdir -p "$T/followed-$name"
    ok "$name: followed while it grows" follow "$T/$name" "$T/followed-$name"
    ok "$name: and the same later" cmp "$T/$name/run.xml" "$T/followed-$name/run.xml"
done

# Bad input.
expect_code "a missing plan is a fault of the input" 2 "$BIN/gridassay-judge" --plan "$T/no.xml" \
    --capture "$T/pass-at-n/capture.pcapng" --out "$T"
expect_code "an empty capture too" 2 "$BIN/gridassay-judge" --plan "$T/pass-at-n/plan.xml" \
    --capture /dev/null --out "$T"
expect_code "a journal of another plan too" 2 "$BIN/gridassay-judge" \
    --plan "$T/pass-at-n/plan.xml" --capture "$T/pass-at-n/capture.pcapng" \
    --journal "$T/limit-exact/journal" --out "$T"
expect_code "an unknown argument is wrong usage" 2 "$BIN/gridassay-judge" --frobnicate
mkdir -p "$T/cut"
head -c 60001 "$T/pass-at-n/capture.pcapng" >"$T/cut/capture.pcapng"
cp "$T"/pass-at-n/{plan.xml,journal} "$T/cut"
ok "a capture cut in the middle of a packet is judged as far as it goes" judge "$T/cut" "$T/cut"
ok "and its result says so" grep -q 'ended="the capture is cut' "$T/cut/run.xml"
is "nothing passes on it" "$(grep -c 'verdict="pass"' "$T/cut/run.xml")" 0
done_testing
