"""Compares the requirement table with the specification's text, without any code of the harness.

usage: t_rows_seed.py SPECIFICATION.txt TABLE.xml ROWS.json    speaks TAP

The text has a table's cells one a line, each behind a tab. A cell may go on in lines without a tab,
also behind empty lines; a table ends at a line without a tab where a row is complete, or at the
header of the next table.
"""
import json
import re
import sys
import xml.etree.ElementTree as ET

ROW = ["Payload Name", "Payload Type", "Payload Attributes", "PAP02 Baseload (routine)",
       "PAP02 Highload (full load)", "Originating Actor", "Destination Actor", "Reliability",
       "Latency", "When", "How Often", "Payload Size"]
FACTS = ["Payload Name", "Description", "CSWG LICs", "C-I-A", "Confidentiality", "Integrity",
         "Availability"]
LEG = ["Originating Actor", "Destination Actor", "Latency", "Reliability", "Payload Size - bytes",
       "Payload Name"]
COLUMNS = ["attributes", "baseload", "highload", "from", "to", "reliability", "latency", "when",
           "how_often", "size"]
NS = "{urn:gridassay:requirements:1}"


def read_tables(lines):
    """Yields (header, section, cells) for each table with one of the three headers."""
    section, header, cells, blank = None, None, [], False
    at = 0
    while at < len(lines):
        found = next((h for h in (ROW, FACTS, LEG)
                      if lines[at:at + len(h)] == ["\t" + c for c in h]), None)
        if found:
            if header:
                yield header, section_of_table, cells
            header, cells, section_of_table, blank = found, [], section, 0
            at += len(found)
            continue
        line = lines[at]
        at += 1
        heading = re.match(r" ?(\d+(?:\.\d+)+)\s", line)
        if header is None:
            if heading:
                section = heading.group(1)
        elif line.startswith("\t"):
            cells.append(line[1:])
            blank = 0
        elif line == "":
            blank += 1
        elif heading or (blank and len(cells) % len(header) == 0):
            yield header, section_of_table, cells
            header = None
            if heading:
                section = heading.group(1)
        else:
            cells[-1] += "\n" * (blank + 1) + line
            blank = 0
    if header:
        yield header, section_of_table, cells


count = failed = 0


def check(good, title, *notes):
    global count, failed
    count += 1
    print(("ok" if good else "not ok"), count, "-", title)
    if not good:
        failed += 1
        for note in notes[:20]:
            print("#", note)


def fold(text):
    return " ".join(text.split())


def main():
    lines = open(sys.argv[1], encoding="utf-8").read().split("\n")
    root = ET.parse(sys.argv[2]).getroot()
    shown = json.load(open(sys.argv[3], encoding="utf-8"))

    rows, facts, legs, tables = [], {}, [], 0
    for header, section, cells in read_tables(lines):
        if header is LEG:
            while cells:
                n = 5 if cells[0] == "Sub-Totals" else 6
                legs.append(cells[:n])
                cells = cells[n:]
            continue
        n = len(header)
        if len(cells) % n:
            check(False, f"the table in {section} has whole rows", f"{len(cells)} cells")
        for i in range(0, len(cells) - n + 1, n):
            if header is ROW:
                rows.append((section, cells[i:i + n]))
            else:
                facts.setdefault(cells[i], set()).add((cells[i + 2], cells[i + 3]))
        tables += header is ROW

    check(tables == 82, "the text has 82 scenario tables", tables)
    check(len(root.findall(NS + "table")) == 82, "the file has 82 tables")
    check(len(rows) == 206, "the text has 206 rows", len(rows))
    mine = [(t.get("section"), r) for t in root.findall(NS + "table") for r in t.findall(NS + "row")]
    unlisted = [r for _, r in mine if r.find(NS + "unlisted") is not None]
    mine = [(s, r) for s, r in mine if r not in unlisted]
    check(len(mine) == 206, "the file has 206 rows", len(mine))
    check(len(unlisted) == 4, "and 4 that the text has in no table", len(unlisted))

    wrong, names = [], []
    for (section, cells), (my_section, row) in zip(rows, mine):
        if section != my_section or row.get("id") != section + "/" + cells[0] or \
                row.get("payload") != cells[0] or row.get("type") != cells[1]:
            names.append(f"{section} {cells[:2]} against {my_section} {row.attrib}")
        for name, cell in zip(COLUMNS, cells[2:]):
            have = row.find(NS + name).findtext(NS + "written") or ""
            if have != cell:
                wrong.append(f"{row.get('id')} {name}: {have!r}, text {cell!r}")
    check(not names, "sections, payloads and types are the text's, in its order", *names)
    check(not wrong, "all 2060 cells are the text's, to the byte", *wrong)

    shown = [s for s in shown if s["unlisted"] is None]
    wrong = [f"{s['id']} {name}: {s[name]!r}"
             for (_, cells), s in zip(rows, shown) for name, cell in zip(COLUMNS, cells[2:])
             if s[name] != fold(cell)]
    check(len(shown) == 206 and not wrong, "gridassay rows shows the cells, folded", *wrong)

    wrong = []
    listed = {p.get("name"): p for p in root.findall(NS + "payload")}
    for name, values in facts.items():
        have = listed.get(name)
        if have is None or (have.get("lics"), have.get("cia")) not in values:
            wrong.append(f"{name}: {values}, {None if have is None else have.attrib}")
    check(not wrong, "categories and C-I-A levels are the payload tables'", *wrong)
    missing = {c[0] for _, c in rows} - set(facts)
    check(len(missing) == 8 and all(listed[m].get("why") for m in missing),
          "the eight payloads without them say why", *missing)
    wanted = {c[0] for _, c in rows} | set(facts) | {leg[5] for leg in legs if len(leg) == 6}
    check(set(listed) == wanted and len(wanted) == 206, "206 payloads are named, and no other",
          *(set(listed) ^ wanted))

    parts = [p for t in root.findall(NS + "table") for p in t.findall(NS + "part")]
    wrong = []
    for leg, part in zip(legs, parts):
        have = [part.get("from"), part.get("to"), part.get("latency"), part.get("reliability"),
                part.get("size"), part.get("payload")]
        want = leg if len(leg) == 6 else [leg[0], ""] + leg[1:4] + [None]
        if have != want:
            wrong.append(f"{have} against {want}")
    check(len(legs) == len(parts) == 10 and not wrong,
          "the eight legs and two sub-totals of 4.5.4.2 are the text's", *wrong)

    # A note speaks of the document: its sections exist, and so do the names that it quotes.
    text = "\n".join(lines)
    sections = set(re.findall(r"^ ?(\d+(?:\.\d+)+)\s", text, re.M))
    wrong, notes = [], root.findall(NS + "erratum") + root.findall(NS + "interpretation")
    for note in notes:
        words = fold(" ".join(note.itertext()))
        named = set(re.findall(r"\b4\.\d+(?:\.\d+)+\b", words)) | {note.get("section")}
        wrong += [f"{note.get('id')}: no section {s}" for s in named - sections]
        wrong += [f"{note.get('id')}: no name {w}"
                  for w in re.findall(r"[A-Za-z][\w-]*_[\w-]+", words) if w.rstrip("-") not in text]
    check(len(notes) > 150 and not wrong, "sections and names that notes quote are the text's",
          *wrong)
    wrong = []
    for leg in root.iter(NS + "leg"):
        words = fold(leg.findtext(NS + "ground"))
        wrong += [f"{words}: no section {s}"
                  for s in set(re.findall(r"\b4\.\d+(?:\.\d+)+\b", words)) - sections]
    check(not wrong, "so are the sections in the grounds of legs", *wrong)

    # Numbers in a parsed form have to come from somewhere: every number of a latency or size cell
    # shows up in its parsed form, in seconds or as it is.
    unit = {"sec": 1, "min": 60, "hr": 3600, "day": 86400}
    wrong = []
    for _, row in mine:
        cell = row.find(NS + "latency")
        text = cell.findtext(NS + "written")
        want = sorted(int(n) * unit[u] for n, u in re.findall(r"(\d+) ?(sec|min|hr|day)", text))
        have = sorted(int(x.get(a)) for x in cell for a in ("min_s", "max_s") if x.get(a))
        if want != have:
            wrong.append(f"{row.get('id')} {text!r}: {have}, want {want}")
    check(not wrong, "every latency of every cell is in its parsed form, in seconds", *wrong)
    wrong = []
    for _, row in mine:
        cell = row.find(NS + "size")
        text = re.sub(r"for .*?(?= - |,|$)", "", fold(cell.findtext(NS + "written")))
        want = {int(n.replace(",", "")) for n in re.findall(r"\d{1,3}(?:,\d{3})+|\d+", text)}
        have = {int(x.get(a)) for x in cell for a in ("min", "max") if x.get(a)}
        if want != have:
            wrong.append(f"{row.get('id')} {text!r}: {have}, want {want}")
    check(not wrong, "every figure of every size cell is in its parsed form", *wrong)
    wrong = []
    for _, row in mine:
        for name in ("from", "to"):
            cell = row.find(NS + name)
            want = [fold(a) for a in cell.findtext(NS + "written").split(",")]
            have = [x.get("name") for x in cell if x.get("name")]
            if want != have:
                wrong.append(f"{row.get('id')} {name}: {have}, want {want}")
    check(not wrong, "every actor of every cell is in its parsed form", *wrong)
    print(f"1..{count}")
    return 1 if failed else 0


sys.exit(main())
