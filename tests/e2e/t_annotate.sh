#!/usr/bin/env bash
# gridassay report --format pcapng: a copy of the capture whose packets say what was judged of them,
# read by tshark; the capture itself stays as it is.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
export GRIDASSAY_HOME=$TOP
for p in python3 tshark mergecap editcap; do
    command -v $p >/dev/null || skip_all "$p is not installed"
done
HERE=$TOP/tests/golden
tshark() { command tshark -n "$@" 2>/dev/null; }
comments() { tshark -r "$1" -Y frame.comment -T fields -E aggregator='|' -e frame.number -e frame.comment; }
report() { "$BIN/gridassay" report "$@"; }

printf '%s\n' "20 read" "10 read answer=none every=0.2" "5 read turn=20" >"$T/case.txt"
python3 -B "$HERE/make.py" "$T/case.txt" "$T/run" >"$T/make.out" 2>&1 || cat "$T/make.out"
"$BIN/gridassay-judge" --plan "$T/run/plan.xml" --capture "$T/run/capture.pcapng" \
    --journal "$T/run/journal" --out "$T/run"
cp "$T/run/capture.pcapng" "$T/sealed"

expect_code "an annotated copy is written" 0 report "$T/run" --format pcapng --out "$T/copy.pcapng"
ok "the capture itself is untouched" cmp "$T/sealed" "$T/run/capture.pcapng"
ok "nothing else is left" test ! -e "$T/copy.pcapng.part"
report "$T/run" --format pcapng >"$T/piped"
ok "into a pipe the same bytes" cmp "$T/copy.pcapng" "$T/piped"
comments "$T/copy.pcapng" >"$T/comments"
python3 - "$T/run/exchanges" >"$T/frames" <<'PY'
import struct, sys
data = open(sys.argv[1], "rb").read()[16:]
frames = set()
for at in range(0, len(data), 112):
    if struct.unpack_from("<I", data, at)[0] == 0xffffffff:
        continue
    frames |= set(struct.unpack_from("<QQ", data, at + 56))
print(*sorted(frames - {0}), sep="\n")
PY
ok "tshark finds comments at the packets of exchanges, and at no others" \
    cmp <(cut -f1 "$T/comments") "$T/frames"
ok "which name row, trial, cause, latency and verdicts" grep -q \
    "on-demand_Mtr-read_cmd, leg 1, trial 0, origin (end is frame [0-9]*): ok after 0.010000 s; verdicts: reliability inconclusive, latency inconclusive" \
    "$T/comments"
ok "what is lost has an origin alone" grep -q "trial 20, origin: lost; verdicts:" "$T/comments"
ok "two exchanges at one packet have a comment each" grep -q "|gridassay: .*resp-data" "$T/comments"
ok "packets, times and bytes are the same" cmp \
    <(tshark -r "$T/copy.pcapng" -x -t e) <(tshark -r "$T/sealed" -x -t e)

# A capture of several sections and interfaces, as other tools write them: the same packets, cut into
# two files and put behind each other.
half=$(($(tshark -r "$T/sealed" | wc -l) / 2))
editcap -r "$T/sealed" "$T/one.pcapng" "1-$half"
editcap "$T/sealed" "$T/two.pcapng" "1-$half"
cat "$T/one.pcapng" "$T/two.pcapng" >"$T/sections.pcapng"
expect_code "a capture of two sections" 0 report "$T/run" --format pcapng \
    --capture "$T/sections.pcapng" --out "$T/sections.copy"
ok "has its comments at the same packets" cmp <(comments "$T/sections.copy") "$T/comments"
editcap -F pcap "$T/sealed" "$T/plain.pcap"
expect_code "a pcap file" 0 report "$T/run" --format pcapng --capture "$T/plain.pcap" --out "$T/pcap.copy"
ok "becomes pcapng with them" cmp <(comments "$T/pcap.copy") "$T/comments"
editcap -a 1:mine "$T/sealed" "$T/mine.pcapng"
report "$T/run" --format pcapng --capture "$T/mine.pcapng" --out "$T/mine.copy"
ok "comments that were there stay" grep -q '^1	mine$' <(comments "$T/mine.copy")

# --- what it refuses
expect_code "the capture is never written over" 2 report "$T/run" --format pcapng --out "$T/run/capture.pcapng"
ok "and stays" cmp "$T/sealed" "$T/run/capture.pcapng"
expect_code "another run's capture does not verify" 5 report "$T/run" --format pcapng \
    --capture "$T/one.pcapng" --out "$T/none.pcapng"
ok "no half copy is left" test ! -e "$T/none.pcapng" -a ! -e "$T/none.pcapng.part"
expect_code "a capture that is cut is not the run's" 2 report "$T/run" --format pcapng \
    --capture <(head -c 5000 "$T/sealed") --out "$T/none.pcapng"
expect_code "without a capture at hand" 2 report "$T/run/run.xml" --format pcapng --capture "$T/nowhere" \
    --out "$T/none.pcapng"
mkdir "$T/bare" && cp "$T/run/run.xml" "$T/run/exchanges" "$T/bare"
expect_code "or in its folder" 2 report "$T/bare" --format pcapng --out "$T/none.pcapng"
ok "it is said how to name it" grep -q -- "--capture FILE" "$T/err"
expect_code "--capture alone is a usage error" 2 report "$T/run" --capture "$T/sealed"
if [ -w /dev/full ]; then
    ok "a full disk is told" sh -c "'$BIN/gridassay' report '$T/run' --format pcapng >/dev/full 2>'$T/err'; test \$? = 3"
fi
done_testing
