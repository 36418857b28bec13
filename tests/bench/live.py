"""What a live run achieved, read off its own evidence: live.py FOLDER -> lines of "name<TAB>value"."""
import array
import os
import struct
import sys
import xml.etree.ElementTree as ET

RECORD, ORIGIN, HEADER = 112, 24, 16  # harness/score/README.md: the file exchanges

folder = sys.argv[1]
root = ET.parse(os.path.join(folder, "run.xml")).getroot()
evidence, bias = root.find("evidence"), root.find("bias")
commands = next(r for r in root.iter("row") if r.get("payload") == "on-demand_Mtr-read_cmd")
attempts = sum(int(v.get("attempts")) for v in commands.iter("variant"))

with open(os.path.join(folder, "exchanges"), "rb") as f:
    records = f.read()[HEADER:]
sent, took = array.array("q"), array.array("q")
for at in range(0, len(records), RECORD):
    origin, _, latency = struct.unpack_from("<qqq", records, at + ORIGIN)
    if origin != 0:
        sent.append(origin)
    if latency >= 0:
        took.append(latency)
span = (max(sent) - min(sent)) / 1e9
took = sorted(took)
us = lambda ns: "%.0f" % (int(ns) / 1000)
late = os.stat(os.path.join(folder, "run.xml")).st_mtime - int(evidence.get("last-ns")) / 1e9

print("exchanges\t%d" % attempts)
print("span\t%.1f" % span)
print("rate\t%.0f" % (attempts / span))
print("frames\t%s" % evidence.get("frames"))
print("dropped\t%s" % evidence.get("dropped"))
print("stalls\t%s" % evidence.get("stalls"))
print("steps\t%s" % evidence.get("clock-steps"))
print("verdict\t%s" % root.find("summary").get("verdict"))
print("scored\t%.1f" % late)
print("turnaround\t%s, %s, %s" % (us(took[len(took) // 2]), us(took[len(took) * 99 // 100]), us(took[-1])))
print("bias\t%s, %s, %s" % (us(bias.get("p50-ns")), us(bias.get("p99-ns")), us(bias.get("worst-ns"))))
