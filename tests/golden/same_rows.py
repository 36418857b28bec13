"""same_rows.py A B: two run.xml tell the same of every row: what the records alone can give."""
import sys
import xml.etree.ElementTree as ET

# Examples and hops hold what only the capture has.
SKIP = {"example", "hops"}


def rows(path):
    root = ET.parse(path).getroot()
    return [e for e in root.iter() if e.tag.endswith("}row")]


def differ(a, b, at):
    tag = a.tag.split("}")[-1]
    if tag != b.tag.split("}")[-1] or a.attrib != b.attrib or (a.text or "").strip() != (b.text or "").strip():
        print(f"# {at}/{tag}:\n#   {a.attrib} {a.text}\n#   {b.attrib} {b.text}")
        return True
    mine = [x for x in a if x.tag.split("}")[-1] not in SKIP]
    theirs = [x for x in b if x.tag.split("}")[-1] not in SKIP]
    if len(mine) != len(theirs):
        print(f"# {at}/{tag}: {len(mine)} and {len(theirs)} elements")
        return True
    return any([differ(x, y, f"{at}/{tag}") for x, y in zip(mine, theirs)])


one, other = rows(sys.argv[1]), rows(sys.argv[2])
same = len(one) == len(other) and not any([differ(x, y, "") for x, y in zip(one, other)])
sys.exit(0 if same else 1)
