#!/usr/bin/env python3
"""check.py run.xml expected: every line of expected holds in the result.

    ROW CRITERION WORD [N [BAD [INDETERMINATE]]]   cause ROW NAME N   row ROW WORD   exit N
    none ROW CRITERION   (it is not shown)         says ROW CRITERION TEXT
    decided ROW CRITERION UNITS                    clustering ROW CRITERION PPM
    percentile ROW NAME NS LOW HIGH                uncertainty NS TEXT
    failed ROW UNIT...                             hops ROW BUDGET-S link|eut:ACTOR=P99-S...

ROW is a short name below, or what stands behind "golden/" in a row's id.
"""
import sys
import xml.etree.ElementTree as ET

NAMES = {"cmd": "on-demand_Mtr-read_cmd", "reply": "on-demand_Mtr-read_resp-data",
         "event": "Audit_Application_Event", "push": "Mtr-read_multi-interval-data_resp-data"}


def word(e):
    return e.get("status") if e.get("verdict") == "none" else e.get("verdict")


def main():
    run = ET.parse(sys.argv[1]).getroot()
    rows = {r.get("id").partition("/")[2]: r for r in run.findall("row")}
    rows.update({short: rows[name] for short, name in NAMES.items() if name in rows})
    wrong = 0
    with open(sys.argv[2], encoding="utf-8") as f:
        for line in f:
            w = line.split()
            if w[0] == "exit":
                got = ["exit", run.find("summary").get("exit")]
            elif w[0] == "row":
                got = ["row", w[1], word(rows[w[1]])]
            elif w[0] == "cause":
                n = sum(int(c.get("n")) for c in rows[w[1]].iter("cause") if c.get("name") == w[2])
                got = ["cause", w[1], w[2], str(n)]
            elif w[0] == "none":
                shown = [c for c in rows[w[1]].iter("criterion") if c.get("kind") == w[2]]
                got = w if not shown else ["shown"]
            elif w[0] in ("decided", "clustering"):
                c = next(c for c in rows[w[1]].iter("criterion") if c.get("kind") == w[2])
                got = w[:3] + [c.get({"decided": "decided-at", "clustering": "clustering-ppm"}[w[0]])]
            elif w[0] == "percentile":
                p = next(rows[w[1]].iter("percentiles"))
                got = w[:3] + [p.get(w[2] + end) for end in ("-ns", "-low-ns", "-high-ns")]
            elif w[0] == "uncertainty":
                rules = run.find("rules")
                got = ["uncertainty", rules.get("uncertainty-ns")] + rules.get("uncertainty-from").split()
            elif w[0] == "failed":
                got = w[:2] + next(rows[w[1]].iter("clause")).get("failed-at").split()
            elif w[0] == "hops":
                h = next(rows[w[1]].iter("hops"))
                got = w[:2] + ["%g" % (int(h.get("budget-ns")) / 1e9)] + [
                    "%s:%s=%g" % ("link" if x.get("link") == "yes" else
                                  "eut" if x.get("equipment") == "yes" else "ours",
                                  x.get("at").replace(" ", "_"), int(x.get("p99-ns")) / 1e9) for x in h]
            elif w[0] == "says":
                c = next(c for c in rows[w[1]].iter("criterion") if c.get("kind") == w[2])
                want = " ".join(w[3:])
                got = w if want in c.get("reason") else [c.get("reason")]
            else:
                c = next(c for c in rows[w[0]].iter("criterion") if c.get("kind") == w[1])
                got = [w[0], w[1], word(c), c.get("n"), c.get("bad"), c.get("indeterminate")][:len(w)]
            if got != w:
                wrong += 1
                print("want: %s\ngot:  %s" % (" ".join(w), " ".join(got)))
                for c in rows.get(w[0] if w[0] in rows else "", []) and rows[w[0]].iter("criterion"):
                    if c.get("kind") == w[1]:
                        print("      " + c.get("reason"))
    return 1 if wrong else 0


sys.exit(main())
