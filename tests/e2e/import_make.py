"""Spreadsheets for the tests of gridassay import, written by the zip and XML rules alone.

    import_make.py workbook OUT.xlsx        one good workbook with all kinds of cells
    import_make.py bad KIND OUT.xlsx        one with a fault
    import_make.py rows N OUT.xlsx          N rows, one in 25 a parent; N parents with --parents
    import_make.py table SEED OUT.xml       a random table of one's own
"""
import random
import sys
import zipfile
from xml.sax.saxutils import escape, quoteattr

HEAD = ["Rqmt Ref", "Row Type", "Data-Flow Ref", "Data Flow From Actor", "Data Flow to Actor",
        "Requirements", "Payload Name", "Payload Type",
        "Daily Clock Periods of Primary Occurrence", "How Often", "Reliability", "Latency",
        "App Payload Size"]
RATE = "25 per 1000 per | ElectrMtr per | day"
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" ' \
     'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def name(column):
    text = ""
    column += 1
    while column:
        text = chr(65 + (column - 1) % 26) + text
        column = (column - 1) // 26
    return text


class Book:
    def __init__(self):
        self.strings, self.sheets, self.formats = [], [], []
        self.at = {}
        self.extra = ""     # behind the rows of the first sheet
        self.prefix = ""    # before the root element of the first sheet
        self.properties = ""

    def shared(self, text):
        if text not in self.at:
            self.at[text] = len(self.strings)
            self.strings.append("<si><t xml:space=\"preserve\">%s</t></si>" % escape(text))
        return self.at[text]

    def cell(self, ref, value):
        """A text, a number, (number, format), or raw XML in a list."""
        if isinstance(value, list):
            return value[0].replace("REF", ref)
        if isinstance(value, tuple):
            if value[1] not in self.formats:
                self.formats.append(value[1])
            return '<c r="%s" s="%d"><v>%r</v></c>' % (ref, 1 + self.formats.index(value[1]), value[0])
        if isinstance(value, (int, float)):
            return '<c r="%s"><v>%r</v></c>' % (ref, value)
        return '<c r="%s" t="s"><v>%d</v></c>' % (ref, self.shared(value)) if value else ""

    def sheet(self, title, rows, first=1):
        xml = ""
        for i, row in enumerate(rows):
            r = first + i
            xml += '<row r="%d">%s</row>' % (
                r, "".join(self.cell(name(c) + str(r), v) for c, v in enumerate(row)))
        self.sheets.append((title, xml))

    def write(self, path, level=None, names=None):
        files = {
            "[Content_Types].xml":
                '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": '<Relationships><Relationship Id="a" Type="%s/officeDocument" '
                           'Target="xl/workbook.xml"/></Relationships>' % REL,
            "xl/workbook.xml": "<workbook %s>%s<sheets>%s</sheets></workbook>" % (
                NS, self.properties, "".join('<sheet name=%s sheetId="%d" r:id="s%d"/>' % (
                    quoteattr(t), i + 1, i) for i, (t, _) in enumerate(self.sheets))),
            "xl/_rels/workbook.xml.rels": "<Relationships>%s%s</Relationships>" % (
                "".join('<Relationship Id="s%d" Type="%s/worksheet" Target="worksheets/s%d.xml"/>' % (
                    i, REL, i) for i in range(len(self.sheets))),
                '<Relationship Id="t" Type="%s/sharedStrings" Target="/xl/sharedStrings.xml"/>'
                '<Relationship Id="u" Type="%s/styles" Target="../xl/styles.xml"/>' % (REL, REL)),
            "xl/sharedStrings.xml": "<sst %s>%s</sst>" % (NS, "".join(self.strings)),
            "xl/styles.xml": "<styleSheet %s><numFmts>%s</numFmts><cellStyleXfs><xf numFmtId=\"9\"/>"
                             "</cellStyleXfs><cellXfs><xf numFmtId=\"0\"/>%s</cellXfs></styleSheet>" % (
                NS, "".join('<numFmt numFmtId="%d" formatCode=%s/>' % (170 + i, quoteattr(f))
                            for i, f in enumerate(self.formats) if isinstance(f, str)),
                "".join('<xf numFmtId="%d"/>' % (f if isinstance(f, int) else 170 + i)
                        for i, f in enumerate(self.formats))),
        }
        for i, (_, xml) in enumerate(self.sheets):
            files["xl/worksheets/s%d.xml" % i] = "%s<worksheet %s><sheetData>%s</sheetData>%s</worksheet>" % (
                self.prefix if i == 0 else "", NS, xml, self.extra if i == 0 else "")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as z:
            for file, text in files.items():
                if names is None or file in names:
                    z.writestr(file, text)


def row(ref, kind="P", payload="own_cmd", **cells):
    r = [ref, kind, "1Aa + 1B" if kind == "P" else "1B", "MDMS", "2-Way Meter - Electr",
         "The MDMS shall send it", payload, "cmd", "7AM - 10PM", RATE, "> 98%", "< 15 sec", 25]
    for k, v in cells.items():
        r[HEAD.index(k.replace("_", " ")) if k.replace("_", " ") in HEAD else
          {"size": 12, "when": 8, "often": 9, "req": 5, "flow": 2, "to": 4}[k]] = v
    return r


def workbook(path):
    b = Book()
    b.sheet("Notes", [["nothing of it is read", 1]])
    b.sheet("Reqmts-Combined", [
        ["A title above the headings"],
        HEAD,
        row("r1", Reliability=(0.995, '"> "0.0%'), Latency=(5, '"< "0" sec"'), size=50.0),
        row("r2", "C", Reliability=(0.99, 10), Latency="< 2 sec", size=(50, 3)),
        row("r3", payload="inline_cmd",
            Reliability=['<c r="REF" t="inlineStr"><is><r><t xml:space="preserve">&gt; </t></r><r><t>98%</t></r>'
                         '<rPh sb="0" eb="1"><t>aside</t></rPh></is></c>'],
            Latency=['<c r="REF" t="str"><f>A1&amp;B1</f><v>&lt; 15 sec</v></c>'],
            size=['<c r="REF"><f>10*5</f><v>5.0E1</v></c>'],
            req="a line_x000D__x000A_and one that shall follow"),
        row((45000, 14), payload="date_cmd", to=(45000.75, 22),
            req=(0.3125, "h:mm AM/PM"), often=RATE),
    ], first=3)
    b.sheet("Payload_attrib_LIC-CIA-rtnl", [
        ["Payload Name", "Payload Type", "Payload Description", "Payload Attributes",
         "Security LICs - NISTIR 7628", "Payload C-I-A Risk Values"],
        ["own_cmd", "cmd", "none", "Meter ID, own value", "13/14", "H-M-L"],
        ["inline_cmd", "cmd", "none", "Meter ID", "13", "L-H-L"],
        ["date_cmd", "cmd", "none", "Meter ID", "13", "L-L-L"],
        ["idle_cmd", "cmd", "none", "Meter ID", "13", "L-L-L"]])
    b.write(path)


def bad(kind, path):
    b = Book()
    rows = [HEAD, row("1"), row("2", "C")]
    if kind == "merged":
        b.extra = '<mergeCells count="1"><mergeCell ref="K2:K3"/></mergeCells>'
    elif kind == "formula":
        rows[1] = row("1", Latency=['<c r="REF" t="str"><f>A1&amp;"x"</f></c>'])
    elif kind == "error":
        rows[1] = row("1", Latency=['<c r="REF" t="e"><f>1/0</f><v>#DIV/0!</v></c>'])
    elif kind == "laughs":
        b.prefix = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
            '<!ENTITY %s "%s">' % (chr(98 + i), ("&%s;" % chr(97 + i)) * 10) for i in range(9)) + "]>"
        rows[1] = row("1", Latency=['<c r="REF" t="inlineStr"><is><t>&j;</t></is></c>'])
    elif kind == "missing":
        rows = [r[:11] + r[12:] for r in rows]
    elif kind == "string":
        rows[1] = row("1", Latency=['<c r="REF" t="s"><v>99</v></c>'])
    elif kind == "order":
        rows[1] = row("1", Latency=['<c r="B2"><v>1</v></c>'])
    if kind == "bomb":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("_rels/.rels", " " * (64 << 20))
        return
    if kind == "encrypted":
        with open(path, "wb") as f:
            f.write(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(4096))
        return
    b.sheet("Reqmts-Combined", rows)
    b.write(path, names=["[Content_Types].xml", "_rels/.rels"] if kind == "hollow" else None)
    if kind == "cut":
        with open(path, "r+b") as f:
            f.truncate(900)


def many(n, path, parents):
    b = Book()
    rows, p = [HEAD], 0
    for i in range(n):
        parent = parents or i % 25 == 0
        p += parent
        rows.append(row(i + 1, "P" if parent else "C", payload="payload_%d_cmd" % p, size=25 + i % 90,
                        req="The MDMS shall send number %d" % i))
    b.sheet("Reqmts-Combined", rows)
    b.write(path)


def table(seed, path):
    """Any table that the schema allows and the grammar reads: a CSV of it has to hold all of it."""
    r = random.Random(seed)
    words = ["plain", "a, b", 'say "so"', "two\nlines", "semi;colon", " ends ", "<&>", "–", "#1"]
    actors = ["MDMS", "2-Way Meter - Electr", "DAPjm", "Cust. EMS", "Own Actor %d" % seed]
    cases = ["Own case %d; no" % i if False else "Own case %d" % i for i in range(r.randint(1, 3))]
    out = ['<requirements xmlns="urn:gridassay:requirements:1" version="1" document=%s edition="%d">' % (
        quoteattr(r.choice(["own", "a & b"])), seed)]
    for i, c in enumerate(cases):
        out.append('<use-case name="%s" section="%d" chapter=%s>%s</use-case>' % (
            c, i + 1, quoteattr(r.choice(["chapter", "chapter, x"])),
            "<needs>%s</needs>" % cases[0] if i else ""))
    out.append('<interpretation id="own" section="1"><reading>so</reading><ground>%s</ground>'
               '</interpretation>' % escape(r.choice(words)).strip())
    out.append('<erratum id="slip" section="1.1"><slip>x, y</slip><reason>z</reason></erratum>')
    n = r.randint(1, 12)
    for i in range(n):
        out.append('<payload name="p%d" section="1" %s/>' % (
            i, r.choice(['why="none"', 'lics="13/14" cia="H-M-L"'])))
    cells = {}
    for i in range(n):
        section = str(1 + i * len(cases) // n)
        a, z = r.sample(actors, 2)
        trigger = 'trigger="command" command="p0"' if i and r.random() < .4 else 'trigger="%s"' % (
            r.choice(["event", "schedule"]))
        latency, limits = r.choice([("&lt; 5 sec", [("max_s", "5")]), ("&lt; 1 min", [("max_s", "60")])])
        ask = r.choice(["The %s shall" % a, "It may, or not", "as %s" % r.choice(words), ""])
        word = "may" if "may" in ask else "shall"
        requirement = ""
        if r.random() < .7:
            requirement = '<requirement ref="%s" word="%s">%s</requirement>' % (
                r.choice(["", "R%d" % i]), word, escape(ask))
            if requirement.startswith('<requirement ref="" ') and not ask:
                requirement = ""
        cells[i] = section
        out.append('<table section="%s"><row id="%s/p%d" payload="p%d" type="cmd" %s%s><serves>%s</serves>%s' % (
            section, section, i, i, trigger, r.choice(["", ' dataflow="1Aa + 1B"']), r.choice(cases), requirement))
        out.append('<attributes><written>Meter ID</written><attribute name="Meter ID"/></attributes>')
        out.append(r.choice([
            '<baseload><written>X - DSDR</written><flag set="yes" mode="DSDR"/></baseload>',
            '<baseload><written/><unresolved text="" why="nothing is written here"/></baseload>']))
        out.append('<highload><written>0</written><flag set="no"/></highload>')
        out.append('<from><written>%s</written><actor group="1" name="%s"/></from>' % (a, a))
        out.append('<to><written>%s,\n%s</written><actor group="1" name="%s"/><actor group="2" name="%s"/></to>' % (
            z, a, z, a))
        out.append('<reliability><written>&gt; 99.5%</written><share group="1" percent="99.5" strict="yes"/>'
                   '</reliability>')
        out.append('<latency><written>%s</written><limit %s/></latency>' % (
            latency, " ".join('%s="%s"' % x for x in limits)))
        out.append('<when><written>24x7</written><always/></when>')
        out.append('<how_often><written>See REQMTS Table</written><unresolved text="See REQMTS Table" '
                   'why="the document refers to a spreadsheet that it does not contain"/></how_often>')
        out.append('<size><written>%d</written><bytes min="%d" max="%d"/></size>' % (i + 1, i + 1, i + 1))
        for leg in range(r.randint(1, 3)):
            out.append('<leg id="%d"><from>%s</from><to>%s</to><reliability>&gt; 99.5%%</reliability>'
                       '<latency>%s</latency><when>24x7</when><how_often>See REQMTS Table</how_often>'
                       '<size>%d</size><ground>%s</ground>%s</leg>' % (
                           leg, a, r.choice([z, a]), latency, i + 1, escape(r.choice(words)),
                           r.choice(["", '<leans on="own"/>'])))
        out.append("</row>")
        for k in range(r.randint(0, 2)):
            child = r.choice(["", '<child ref="C%d" leg="0" type="cmd" when="" how_often="" word="%s">%s</child>' % (
                k, word, escape(ask))])
            out.append('<part from="%s" to="%s" latency="%s" reliability="&gt; 99%%" size="9" payload="p%d"'
                       '%s%s>%s</part>' % (a, z, latency, i,
                                           ' row="%s/p%d"' % (section, i) if child or r.random() < .5 else "",
                                           r.choice(["", ' dataflow="1B"']), child))
        out.append("</table>")
    out.append("</requirements>")
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(out))


what, args = sys.argv[1], sys.argv[2:]
if what == "workbook":
    workbook(args[0])
elif what == "bad":
    bad(args[0], args[1])
elif what == "rows":
    many(int(args[0]), args[1], "--parents" in args)
else:
    table(int(args[0]), args[1])
