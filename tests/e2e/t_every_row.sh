#!/usr/bin/env bash
# Every row of the table is driven, seen in a capture and scored: against three statements whose actors
# together have one end of each row. A few trials a row (a labelled profile); tools/full.sh does it whole.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"
need_capture

statements=(field-equipment systems head-end)
profile=$TOP/fixtures/profiles/few-trials.xml
for name in "${statements[@]}"; do
    live_statement "$T/$name.xml" '' "$name"
    live_play "$T/$name.xml" --profile "$profile"
    live_calm "$T/$name" "$T/$name.xml" "$profile"
    live_stop
    is "$name passes" "$live_code" 0
    case $live_code in 1 | 4) live_why "$T/$name" 40 ;; esac
done

"$BIN/gridassay" rows --format json >"$T/rows.json"
# Rows by what run.xml says of their exchanges, and by their payloads' elements in the captures.
python3 - "$T" "${statements[@]}" >"$T/missing" <<'PY'
import json, os, re, sys
import xml.etree.ElementTree as ET
folder, names = sys.argv[1], sys.argv[2:]
local = lambda e: e.tag.split("}")[-1]
want = {r["id"]: r["payload"] for r in json.load(open(folder + "/rows.json"))}
proved, seen = set(), set()
print(len(want), "rows")
for name in names:
    if not os.path.exists(f"{folder}/{name}/run.xml"):
        print("no result:", name)
        continue
    for row in ET.parse(f"{folder}/{name}/run.xml").getroot():
        if local(row) != "row":
            continue
        for v in row:
            frames = [int(c.get("frame-first")) for c in v if local(c) == "criterion" and
                      c.get("kind") == "reliability"]
            if local(v) == "variant" and int(v.get("delivered")) > 0 and frames[0] > 0:
                proved.add(row.get("id"))
    with open(f"{folder}/{name}/capture.pcapng", "rb") as f:
        seen |= set(re.findall(rb"<(?:[A-Za-z0-9]+:)?([A-Za-z_][A-Za-z0-9._-]*)", f.read()))
for row, payload in want.items():
    element = re.sub(r"[^A-Za-z0-9._-]", "", payload).encode()
    if row not in proved:
        print("no delivered exchange:", row)
    if element not in seen:
        print("not in a capture:", row)
PY
sed 's/^/# /' "$T/missing" | head -40
is "each of the rows, the unlisted ones too" "$(head -1 "$T/missing")" "210 rows"
is "has a delivered exchange with frames in a capture" "$(sed 1d "$T/missing" | wc -l)" 0
done_testing
