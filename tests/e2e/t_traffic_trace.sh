#!/usr/bin/env bash
# A trace of payloads drives equipment: what the file says is on the wire at its times, beside trials
# whose verdicts it leaves alone.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"
need_capture

# 60 electric meters, read on demand 20000 times a day each: within 15 h, 22 a second.
live_profile "$T/profile.xml" few-trials 's#</profile>#<traffic><interface dataflow="1D" source="test"/>\
    <events take="listed" source="test"/>\
    <event row="4.10.4.1/on-demand_Mtr-read_cmd" leg="1" source="test">\
      <often times="20000" source="test"/></event>\
    <event row="4.10.4.1/on-demand_Mtr-read_resp-data" leg="1" source="test">\
      <often times="20000" source="test"/></event>\
  </traffic>&#'
live_statement "$T/statement.xml" ""
"$BIN/gridassay" traffic --profile "$T/profile.xml" --trace "$T/trace.csv" --endpoints 60 --seed 7 \
    --from 12:00 --length 4 >"$T/made"
down=$(grep -c ',down,' "$T/trace.csv")
ok "the trace has commands and answers ($(cat "$T/made"))" test "$down" -gt 60 -a \
    "$(grep -c ',up,' "$T/trace.csv")" -gt 60

run=(--mode highload --suite 4.10.4.1 --trace "$T/trace.csv")
"$BIN/gridassay" plan --eut "$T/statement.xml" --profile "$T/profile.xml" "${run[@]}" >"$T/plan"
ok "the plan says how many of its payloads are sent" grep -q "^trace .*of which $down are sent" "$T/plan"
ok "and which rows are the equipment's own" \
    grep -q 'left out .*on-demand_Mtr-read_resp-data (trace): no message to this equipment' "$T/plan"

live_play "$T/statement.xml"
live_run "$T/run" "$T/statement.xml" "$T/profile.xml" "${run[@]}"
live_stop
is "all rows of the suite pass" "$live_code" 0
is "nothing of the trace stayed unsent" "$(grep -c 'did not go' "$T/run.err")" 0

# On the wire, by the capture: one request for each payload, at the trace's distances.
tshark -r "$T/run/capture.pcapng" -Y http.request -T fields -e frame.time_epoch -e http.file_data \
    2>/dev/null | python3 -c '
import re, sys
for line in sys.stdin:
    at, body = line.rstrip("\n").split("\t")
    try:
        body = bytes.fromhex(body.replace(":", "")).decode()
    except ValueError:
        pass
    m = re.search(r"MessageID>ga-[0-9a-f]*-bg-([0-9]+)<", body)
    if m and "on-demand_Mtr-read_cmd" in body:
        print(m.group(1), at, re.search(r"MeterID>([0-9A-F]{16})<", body).group(1))' >"$T/wire"
is "the capture has each payload once" "$(sort -un "$T/wire" | wc -l)" "$down"
python3 - "$T/trace.csv" "$T/wire" >"$T/apart" <<'PY'
import csv, sys
due = [float(r["time_s"]) for r in csv.DictReader(open(sys.argv[1])) if r["direction"] == "down"]
seen = [float(l.split()[1]) for l in sorted(open(sys.argv[2]), key=lambda l: int(l.split()[0]))]
off = sorted((s - seen[0]) - (d - due[0]) for s, d in zip(seen, due))
print("%.4f %.4f %.4f" % (off[0], off[len(off) // 2], off[-1]))
PY
read -r least middle most <"$T/apart"
# A busy machine may hold some of them up, so half of them are held to it.
ok "at the times that the trace has (least $least, median $middle, most $most s)" \
    awk -v m="$middle" 'BEGIN { exit !(m < 0.5 && m > -0.5) }'
ok "to many devices" test "$(cut -d' ' -f3 "$T/wire" | sort -u | wc -l)" -gt 20

"$BIN/gridassay" score "$T/run" --out "$T/again" --tap=none >/dev/null
ok "live verdicts are those of the stored files" cmp "$T/run/run.xml" "$T/again/run.xml"
ok "the plan names the trace among its sources" grep -q 'source kind="trace" .*trace.csv' "$T/run/plan.xml"

refused() { # TITLE EXIT PATTERN ARGUMENT...
    local title=$1 want=$2 pattern=$3 code=0
    shift 3
    "$BIN/gridassay" plan --eut "$T/statement.xml" --profile "$T/profile.xml" "$@" \
        >/dev/null 2>"$T/refused" || code=$?
    is "$title: exit status" "$code" "$want"
    ok "$title: $(head -1 "$T/refused")" grep -q "$pattern" "$T/refused"
}
refused "a trace without highload" 2 'beside the trials of --mode highload' --trace "$T/trace.csv"
echo 'time_s,row,endpoint' >"$T/bad.csv"
refused "a trace without a column" 2 'bad.csv:1: no column reading' --mode highload --trace "$T/bad.csv"
printf 'time_s,row,reading,endpoint\n2,4.10.4.1/on-demand_Mtr-read_cmd,1,1\n1.5,x,1,1\n' >"$T/bad.csv"
refused "a trace out of order" 2 'bad.csv:3: column 1: it is before' --mode highload --trace "$T/bad.csv"
printf 'time_s,row,reading,endpoint\n2,nobody,1,1\n' >"$T/bad.csv"
refused "a trace of an unknown row" 2 'row "nobody" is none' --mode highload --trace "$T/bad.csv"
grep -e ^number -e ,up, "$T/trace.csv" >"$T/bad.csv"
refused "a trace of nothing for this equipment" 6 'none of its .* payloads goes' --mode highload \
    --trace "$T/bad.csv"
refused "no trace there" 2 'none.csv' --mode highload --trace "$T/none.csv"
done_testing
