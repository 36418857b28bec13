"""verdicts RUN: a line for each criterion of each reading in scope, tab-separated:

    row  reading  class  criterion  word

row is the id, with its use case behind @ where several have that id; word a verdict or a status, or
"disturbed" where a word is inconclusive because the harness itself stood still.
class says how the exchange goes, from the plan: to-reply, to-read-back, to-answer, to-none,
from-command, from-stimulus, from-own, through-forward; then +own (it answers a message of the
equipment's own), +periods (coverage clauses), +population (a trial is a cluster), +after (a time
after an event), +image.
"""
import re
import sys
import xml.etree.ElementTree as ET


def local(e):
    return e.tag.split("}")[-1]


def children(e, name):
    return [c for c in e if local(c) == name]


def kind(plan_row, variant, images, own):
    role = variant.get("role") or plan_row.get("role")
    role = {"to-eut": "to", "from-eut": "from", "through-eut": "through"}.get(role, role)
    if role == "to":
        how = "answer" if plan_row.get("command") else plan_row.get("proof") or "none"
    else:
        how = variant.get("cause") or plan_row.get("cause")
    name = f"{role}-{how}"
    if role == "to" and int(plan_row.get("binding") or -1) in own:
        name += "+own"
    if any(int(c.get("period-ns")) > 0 for c in children(variant, "clause")):
        name += "+periods"
    if int(variant.get("population") or 0) > 0:
        name += "+population"
    if int(variant.get("after-ns") or -1) >= 0:
        name += "+after"
    if int(plan_row.get("binding") or -1) in images:
        name += "+image"
    return name


def main(folder):
    plan = ET.parse(folder + "/plan.xml").getroot()
    run = ET.parse(folder + "/run.xml").getroot()
    images = {i for i, b in enumerate(children(plan, "binding"))
              if any(f.get("type") == "image" for f in children(b, "field"))}
    sent = {r.get("payload") for r in children(plan, "row")
            if r.get("role") == "from" or any(v.get("role") == "from" for v in children(r, "variant"))}
    own = {i for i, b in enumerate(children(plan, "binding"))
           if any(a.get("payload") in sent for a in children(b, "answers"))}
    plan_rows, rows = children(plan, "row"), children(run, "row")
    assert [r.get("id") for r in plan_rows] == [r.get("id") for r in rows]
    ids = [r.get("id") for r in rows]
    for plan_row, row in zip(plan_rows, rows):
        name = row.get("id")
        if ids.count(name) > 1:
            name += "@" + re.sub(r"\s+", "_", row.get("use-case"))
        for pv, v in zip(children(plan_row, "variant"), children(row, "variant")):
            cls = kind(plan_row, pv, images, own)
            for c in children(v, "criterion"):
                word = c.get("verdict")
                word = c.get("status") if word in (None, "none") else word
                if word == "inconclusive" and int(c.get("disturbed") or 0) > 0:
                    word = "disturbed"
                print(name, v.get("leg"), cls, c.get("kind"), word, sep="\t")


if __name__ == "__main__":
    main(sys.argv[1])
