"""What a live run achieved, from its own evidence: rate, drops, bias."""
import sys
import xml.etree.ElementTree as ET

folder = sys.argv[1]
root = ET.parse(folder + "/run.xml").getroot()
every = list(root.iter())
name = lambda e: e.tag.split("}")[-1]
capture = next((e for e in ET.parse(folder + "/manifest.xml").getroot() if name(e) == "capture"), None)
best = None
for row in every:
    if name(row) != "row":
        continue
    for v in row:
        if name(v) == "variant" and v.get("attempts") and int(v.get("attempts")) > 0:
            span = (int(v.get("last-ns")) - int(v.get("first-ns"))) / 1e9
            if span > 0:
                best = (int(v.get("attempts")), span, row.get("verdict"))
bias = next((e for e in every if name(e) in ("bias", "calibration")), None)
if best:
    print("live:             %d exchanges in %.2f s, %.0f a second, verdict %s" % (best[0], best[1], best[0] / best[1], best[2]))
if capture is not None:
    print("capture:          %s frames, %s dropped" % (capture.get("frames"), capture.get("dropped")))
if bias is not None:
    print("harness bias:     " + ", ".join("%s %s" % (k, v) for k, v in sorted(bias.attrib.items())))
