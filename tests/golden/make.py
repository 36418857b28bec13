#!/usr/bin/env python3
"""Turns the text description of a golden case into plan.xml, capture.pcapng and journal.

    make.py CASE/case.txt FOLDER

Shares no code with the harness: pcapng, Ethernet to TCP, HTTP, the envelope, the journal and the plan
are written here from their documents. Lines of a description:

    plan KEY=VALUE...        changes to the plan below (see PLAN)
    foreign                  no journal: a capture from elsewhere
    start TIME               first moment, "2026-03-08T05:00:00" in UTC
    COUNT read KEY=VALUE...  on-demand reads; COUNT push ..., COUNT event ... likewise
    idle SECONDS             nothing but heartbeats
    decided ROW USED         the journal says that the judge decided a row so
"""
import base64
import calendar
import hashlib
import os
import struct
import sys
import time

NONCE = "0badcafe"
EUT = ("10.0.0.2", 18480)
HARNESS = ("10.0.0.1", 18490)
FIRST_ID = 0x00124B0000000000

PLAN = {
    "ratio": "98", "n": "149", "fail_at": "7", "limit": "15", "lax": "", "size": "100",
    "uncertainty": "0.00005", "linger": "0.05", "give_up": "60", "mode": "response", "zone": "UTC",
    "window": "", "strict": "", "share": "1000000", "lax_ratio": "", "lax_n": "", "lax_fail_at": "",
    "event_cause": "stimulus",
}

# What one exchange does. Times in seconds after its first byte.
EXCHANGE = {
    "turn": "0.01",   # to the answer
    "drip": "0",      # from the answer's first byte to its last
    "answer": "ok",   # ok none bare http202 http503 echo other-id malformed incomplete other-device
                      # error gap refused
    "copies": "1",    # of an answer that comes as a request
    "pad": "0",       # canonical bytes more
    "syn": "0",       # the equipment answers the SYN so late
    "open": "no",     # the connection was open before the capture began
    "dropped": "0",   # packets that the capture counts as lost during it
    "every": "0.1",   # to the next exchange
    "stall": "0",     # the harness stood still during it, for so long
    "push": "ok",     # ok none: of events and pushes
}


def ns(seconds):
    whole, _, part = seconds.partition(".")
    sign = -1 if whole.startswith("-") else 1
    return sign * (abs(int(whole or "0")) * 10**9 + int((part + "000000000")[:9]))


# ---- plan ------------------------------------------------------------------------------------------

def esc(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def element(name, attrs, body=""):
    head = "".join(' %s="%s"' % (k.replace("_", "-"), esc(str(v))) for k, v in attrs if v is not None)
    return "<%s%s>%s</%s>\n" % (name, head, body, name) if body else "<%s%s/>\n" % (name, head)


def field(name, path, kind, required=True, many=False):
    return element("field", [("name", name), ("path", path), ("type", kind),
                             ("required", "yes" if required else None), ("many", "yes" if many else None)])


BINDINGS = [
    ("on-demand_Mtr-read_cmd", "request", "get", "MeterReadings", None, False, 0,
     [("Meter ID", "MeterID", "eui64"), ("reading type desired", "ReadingTypeDesired", "text")]),
    ("on-demand_Mtr-read_resp-data", "response", "reply", "MeterReadings", "on-demand_Mtr-read_cmd", True, 0,
     [("Meter ID", "MeterID", "eui64"), ("reading type", "ReadingType", "text"),
      ("reading data", "ReadingData", "float32")]),
    ("Audit_Application_Event", "event", "created", "EndDeviceEvents", None, False, 0,
     [("Meter ID", "MeterID", "eui64"), ("event type/Code", "EventCode", "code")]),
    ("Mtr-read_multi-interval-data_resp-data", "response", "reply", "MeterReadings", None, False, 0,
     [("device ID", "DeviceID", "eui64"), ("reading data", "ReadingData", "float32")]),
    ("on-demand_Mtr-read_cmd_err", "response", "reply", "MeterReadings", "on-demand_Mtr-read_cmd", True, 0,
     [("Meter ID", "MeterID", "eui64"), ("failure code", "FailureCode", "code")]),
]


def clause(p, name="clause", period=0, ratio=None, n=None, fail_at=None):
    return element(name, [("ratio-ppb", ns(ratio or p["ratio"]) // 100), ("period-ns", period),
                          ("n", n or p["n"]), ("fail-at", fail_at or p["fail_at"])])


def variant(p, who, clauses, size, window, informative=False, pair=True, cause="none"):
    strict = ns(p["limit"])
    lax = ns(p["lax"]) if p["lax"] else strict
    from_, to = who
    mine = "Meter" in from_
    scored = [("reliability", "yes", None),
              ("latency", "information" if informative else
               "not-scorable" if mine and cause == "none" else "yes",
               "coverage" if informative else "no stimulus" if mine and cause == "none" else None),
              ("size", "yes" if size >= 0 else "not-applicable", None if size >= 0 else "not ours"),
              ("window", "yes" if window else "not-applicable", None if window else "inherited")]
    body = "".join(element("criterion", [("name", n), ("scored", s), ("why", w)]) for n, s, w in scored)
    body += clauses
    if p["lax_ratio"]:
        body += clause(p, "lax", 0, p["lax_ratio"], p["lax_n"], p["lax_fail_at"])
    for span in (p["window"].split(",") if window else []):
        a, b = span.split("-")
        body += element("window", [("from-s", int(float(a) * 3600)), ("to-s", int(float(b) * 3600))])
    return element("variant", [
        ("leg", "1"), ("mode", ""), ("class", ""), ("from", from_), ("to", to), ("cause", cause),
        ("latency-strict-ns", strict), ("latency-lax-ns", lax),
        ("pair-strict-ns", strict if pair else -1), ("pair-lax-ns", lax if pair else -1),
        ("latency-informative", "yes" if informative else None),
        ("lax-ppb", ns(p["lax_ratio"]) // 100 if p["lax_ratio"] else -1), ("size-min-bytes", -1),
        ("size-max-bytes", size), ("window-judged", "yes" if window else None),
        ("interpretations", ""), ("span", "end to end"), ("share-ppm", p["share"]),
        ("trials", p["n"]), ("trials-max", 100000), ("give-up-ns", ns(p["give_up"]))], body)


def plan_xml(p):
    meter, cis, mdms = "2-Way Meter - Electr", "CIS/Billing - Utility", "MDMS"
    with open("/usr/share/zoneinfo/" + p["zone"], "rb") as f:
        tzif = base64.b64encode(f.read()).decode()
    x = '<?xml version="1.0" encoding="UTF-8"?>\n<plan xmlns="urn:gridassay:plan:1" version="1" nonce="%s">\n' % NONCE
    x += element("claim", [("profile", "golden"), ("label", ""), ("claimable", "yes")])
    x += element("eut", [("vendor", "none"), ("model", "golden"), ("hardware", ""), ("firmware", ""),
                         ("firmware-sha256", "0" * 64), ("actors", meter)])
    x += element("rules", [("confidence-ppm", 950000), ("uncertainty-ns", ns(p["uncertainty"])),
                           ("linger-ns", ns(p["linger"])), ("zone", p["zone"]), ("time-shift-ns", 0),
                           ("window-strict", "yes" if p["strict"] else None)])
    x += "<tzif>%s</tzif>\n" % tzif
    x += element("driving", [("pace-per-s", 100), ("overlap-max", 1000), ("reply", p["mode"]),
                             ("interface", "golden0"), ("filter", "tcp")])
    x += element("endpoint", [("index", 0), ("actor", meter), ("eut", "yes"), ("address", EUT[0]),
                              ("port", EUT[1]), ("path", "/meter")])
    x += element("endpoint", [("index", 1), ("actor", cis), ("address", HARNESS[0]),
                              ("port", HARNESS[1]), ("path", "/cis")])
    x += element("group", [("index", 0), ("actor", meter), ("class", ""), ("first-id", "%016X" % FIRST_ID),
                           ("count", 1000), ("endpoint", 0)])
    for i, (name, kind, verb, noun, answers, proves, identity, fields) in enumerate(BINDINGS):
        body = (element("answers", [("payload", answers)]) if answers else "") + "".join(field(*f) for f in fields)
        x += element("binding", [("index", i), ("payload", name), ("element", name), ("kind", kind),
                                 ("verb", verb), ("noun", noun),
                                 ("identity", identity), ("echo", -1), ("proves", "yes" if proves else None)],
                     body)
    day = 86400 * 10**9
    coverage = (clause(p, "clause", 6 * 3600 * 10**9, "90", "29", "7") + clause(p, "clause", day, "98", "149", "7")
                + clause(p, "clause", 2 * day, "99.5", "598", "7"))
    windowed = bool(p["window"])
    rows = [("on-demand_Mtr-read_cmd", "cmd", "to", "none", None, "on-demand_Mtr-read_resp-data", 0,
             variant(p, (cis, meter), clause(p), -1, False)),
            ("on-demand_Mtr-read_resp-data", "resp-data", "from", "command", "on-demand_Mtr-read_cmd", None, 1,
             variant(p, (meter, cis), clause(p), int(p["size"]), False, cause="command")),
            ("Audit_Application_Event", "alarm", "from", p["event_cause"], None, None, 2,
             variant(p, (meter, mdms), clause(p), int(p["size"]), windowed, pair=False, cause=p["event_cause"])),
            ("Mtr-read_multi-interval-data_resp-data", "resp-data", "from", "stimulus", None, None, 3,
             variant(p, (meter, mdms), coverage, -1, False, informative=True, pair=False, cause="stimulus"))]
    for i, (name, kind, role, cause, command, reply, binding, body) in enumerate(rows):
        x += element("row", [("index", i), ("id", "golden/" + name), ("section", "golden"), ("payload", name),
                             ("type", kind), ("use-case", "golden"), ("role", role), ("cause", cause),
                             ("reason", ""), ("command", command), ("reply", reply), ("binding", binding),
                             ("scenario", 0), ("operation", "")], body)
    targets = "".join(element("target", [("row", i), ("variant", 0)]) for i in range(len(rows)))
    x += element("scenario", [("index", 0), ("file", "golden"), ("path", "golden"), ("sha256", "0" * 64),
                              ("section", "golden"), ("use-case", "golden"), ("suite", "golden")],
                 element("case", [("mode", ""), ("groups", "0")], targets))
    return (x + "</plan>\n").encode()


# ---- messages --------------------------------------------------------------------------------------

def envelope(root, verb, noun, mid, cid, name, fields):
    inner = "".join("<%s>%s</%s>" % (k, v, k) for k, v in fields)
    reply = "<Reply><Result>OK</Result></Reply>" if root == "ResponseMessage" else ""
    cid = "<CorrelationID>%s</CorrelationID>" % cid if cid else ""
    return ('<%s xmlns="http://iec.ch/TC57/2011/schema/message"><Header><Verb>%s</Verb><Noun>%s</Noun>'
            '<Revision>2.0</Revision><Timestamp>2026-11-23T00:00:00Z</Timestamp><Source>golden</Source>'
            '<MessageID>%s</MessageID>%s</Header>%s<Payload><%s xmlns="urn:gridassay:payload:1">%s</%s></Payload></%s>'
            % (root, verb, noun, mid, cid, reply, name, inner, name, root)).encode()


def post(path, body):
    return ("POST %s HTTP/1.1\r\nHost: golden\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n"
            % (path, len(body))).encode() + body


def status(code, body=b""):
    return ("HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n" % (code, len(body))).encode() + body


# ---- capture ---------------------------------------------------------------------------------------

def frame(src, dst, flags, seq, ack, data=b""):
    tcp = struct.pack(">HHIIBBHHH", src[1], dst[1], seq & 0xffffffff, ack & 0xffffffff, 0x50, flags, 65000, 0, 0)
    ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp) + len(data), 0, 0x4000, 64, 6, 0,
                     bytes(map(int, src[0].split("."))), bytes(map(int, dst[0].split("."))))
    return b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0" + ip + tcp + data


SYN, ACK, FIN, RST, PSH = 2, 16, 1, 4, 8


class Capture:
    def __init__(self):
        self.items = []  # (ns, order, block)
        self.received = self.dropped = 0

    def add(self, at, data):
        self.items.append((at, len(self.items), "frame", data))

    def stats(self, at, dropped):
        self.items.append((at, len(self.items), "stats", dropped))

    def write(self, path):
        def block(kind, body):
            body += b"\0" * (-len(body) % 4)
            return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)

        def option(code, value):
            return struct.pack("<HH", code, len(value)) + value + b"\0" * (-len(value) % 4)

        out = [block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)),
               block(1, struct.pack("<HHI", 1, 0, 262144) + option(2, b"golden0") + option(9, b"\x09")
                     + option(0, b""))]
        frames = drops = 0
        for at, _, kind, what in sorted(self.items):
            if kind == "frame":
                frames += 1
                out.append(block(6, struct.pack("<IIIII", 0, at >> 32, at & 0xffffffff, len(what),
                                                len(what)) + what))
            else:
                drops += what
                out.append(block(5, struct.pack("<III", 0, at >> 32, at & 0xffffffff)
                                 + option(4, struct.pack("<Q", frames))
                                 + option(5, struct.pack("<Q", drops)) + option(0, b"")))
        with open(path, "wb") as f:
            f.write(b"".join(out))


class Connection:
    """Segments of one connection; sequence numbers move on even for what the capture misses."""

    def __init__(self, capture, client, server):
        self.c, self.client, self.server = capture, client, server
        self.seq = {client: 1000, server: 5000}

    def other(self, who):
        return self.server if who == self.client else self.client

    def segment(self, at, who, flags, data=b"", seen=True):
        to = self.other(who)
        if seen:
            self.c.add(at, frame(who, to, flags, self.seq[who], self.seq[to], data))
        self.seq[who] += len(data) + (1 if flags & (SYN | FIN) else 0)

    def open(self, at, late=0):
        self.segment(at, self.client, SYN)
        self.segment(at + late + 1000, self.server, SYN | ACK)
        self.segment(at + late + 2000, self.client, ACK)

    def close(self, at):
        self.segment(at, self.client, FIN | ACK)
        self.segment(at + 1000, self.server, FIN | ACK)
        self.segment(at + 2000, self.client, ACK)


# ---- journal ---------------------------------------------------------------------------------------

CRC = []
for i in range(256):
    for _ in range(8):
        i = i >> 1 ^ (0x82F63B78 if i & 1 else 0)
    CRC.append(i)


def crc32c(data):
    c = 0xffffffff
    for b in data:
        c = CRC[(c ^ b) & 255] ^ c >> 8
    return c ^ 0xffffffff


def text(s):
    return struct.pack("<H", len(s)) + s.encode()


class Journal:
    def __init__(self):
        self.items = []

    def add(self, at, kind, body=b""):
        self.items.append((at, len(self.items), kind, body))

    def attempt(self, at, trial, row, role, binding, endpoint, give_up, cid, device, expect=()):
        body = struct.pack("<IIIIIIBIIqq", 0, 0, trial, row, 0, 0, role, binding, endpoint, at, give_up)
        body += text(cid) + text(device) + struct.pack("<I", len(expect))
        self.add(at, 3, body + b"".join(struct.pack("<I", f) + text(v) for f, v in expect))

    def write(self, path):
        out = []
        for number, (at, _, kind, body) in enumerate(sorted(self.items)):
            rec = struct.pack("<HHIqq", kind, 1, number, at, at - 10**18) + body
            out.append(struct.pack("<II", len(rec), crc32c(rec)) + rec)
        with open(path, "wb") as f:
            f.write(b"".join(out))


# ---- cases -----------------------------------------------------------------------------------------

class Case:
    def __init__(self, lines):
        self.p = dict(PLAN)
        self.foreign = False
        self.capture, self.journal = Capture(), Journal()
        self.now = calendar.timegm((2026, 11, 22, 12, 0, 0)) * 10**9
        self.trial = 0
        self.ends = []
        self.first = None
        for line in lines:
            words = line.split("#")[0].split()
            if not words:
                continue
            if words[0] == "plan":
                for w in words[1:]:
                    k, _, v = w.partition("=")
                    if k not in self.p:
                        raise SystemExit("unknown plan key " + k)
                    self.p[k] = v
            elif words[0] == "foreign":
                self.foreign = True
            elif words[0] == "start":
                self.now = calendar.timegm(time.strptime(words[1], "%Y-%m-%dT%H:%M:%S")) * 10**9
            elif words[0] == "decided":
                self.now += 10**9
                self.journal.add(self.now, 11, struct.pack("<III", int(words[1]), 0, int(words[2])))
                self.ends.append(self.now)
            elif words[0] == "idle":
                self.begin()
                self.now += ns(words[1])
                self.ends.append(self.now)
            else:
                x = dict(EXCHANGE)
                for w in words[2:]:
                    k, _, v = w.partition("=")
                    if k not in x:
                        raise SystemExit("unknown exchange key " + k)
                    x[k] = v
                self.begin()
                for _ in range(int(words[0])):
                    getattr(self, words[1])(x)
                    self.now += ns(x["every"])

    def begin(self):
        if self.first is None:
            self.first = self.now - 10**9
            self.capture.stats(self.first, 0)

    def trial_begins(self):
        n, at = self.trial, self.now
        self.trial += 1
        self.journal.add(at - 50000, 2, struct.pack("<IIIq", 0, 0, n, at))
        device = "%016X" % (FIRST_ID + n % 1000)
        return n, at, device, "ga-%s-0.0-%d" % (NONCE, n)

    def disturb(self, x, at):
        if x["dropped"] != "0":
            self.capture.stats(at - 1000, 0)
            self.capture.stats(at + ns(x["turn"]) + 1000, int(x["dropped"]))
        if x["stall"] != "0":
            self.journal.add(at + ns(x["stall"]), 10, struct.pack("<qq", at, at + ns(x["stall"])))

    def read(self, x):
        n, at, device, cid = self.trial_begins()
        give_up = ns(self.p["give_up"])
        self.journal.attempt(at - 40000, n, 0, 0, 0, 0, give_up, cid, device)
        self.journal.attempt(at - 30000, n, 1, 1, 1, 1, give_up, cid, device)
        client = (HARNESS[0], 20000 + n % 40000)
        con = Connection(self.capture, client, EUT)
        done = at + ns(x["turn"]) + ns(x["drip"])
        answer = x["answer"]
        self.disturb(x, at)
        if answer == "refused":
            con.segment(at - 20000, client, SYN)
            con.segment(at - 10000, EUT, RST | ACK)
            self.outcome(at, cid, client[1], 111, 7, 0)
            self.end(n, at + 1000)
            return
        if x["open"] == "no":
            con.open(at - 10000 - ns(x["syn"]) , ns(x["syn"]))
        body = envelope("RequestMessage", "get", "MeterReadings", cid, cid, "on-demand_Mtr-read_cmd",
                        [("MeterID", device), ("ReadingTypeDesired", "kWh")])
        con.segment(at, client, PSH | ACK, post("/meter", body))
        fields = [("MeterID", device), ("ReadingType", "kWh"), ("ReadingData", "12.5")]
        if x["pad"] != "0":
            fields.append(("Extension", "x" * int(x["pad"])))
        rid, name = cid, "on-demand_Mtr-read_resp-data"
        if answer == "other-id":
            rid = "ga-%s-0.0-%d" % (NONCE, n + 100000)
        elif answer == "incomplete":
            fields = fields[:1] + [("ReadingType", "")] + fields[2:]
        elif answer == "other-device":
            fields[0] = ("MeterID", "00124B00FFFFFFFF")
        elif answer == "error":
            name, fields = "on-demand_Mtr-read_cmd_err", [("MeterID", device), ("FailureCode", "7")]
        reply = envelope("ResponseMessage", "reply", "MeterReadings", "r%d" % n, rid, name, fields)
        if answer == "malformed":
            reply = reply.replace(b"</Payload>", b"</Pay")
        code = {"bare": 200, "http202": 202, "http503": 503}.get(answer)
        if answer == "none":
            done = at + ns(self.p["give_up"])
        elif self.p["mode"] == "request" and code is None:
            con.segment(at + 5000, EUT, PSH | ACK, status(202))
            for k in range(int(x["copies"])):
                back = Connection(self.capture, (EUT[0], 30000 + (2 * n + k) % 30000), HARNESS)
                back.open(done + k * 1000000 - 10000)
                back.segment(done + k * 1000000, back.client, PSH | ACK, post("/cis", reply))
                back.segment(done + k * 1000000 + 5000, HARNESS, PSH | ACK, status(204))
                back.close(done + k * 1000000 + 9000)
        elif code is not None:
            con.segment(done, EUT, PSH | ACK, status(code))
        else:
            if answer == "echo":
                reply = body
            bytes_ = status(200, reply)
            if ns(x["drip"]) > 0:
                con.segment(at + ns(x["turn"]), EUT, PSH | ACK, bytes_[:10])
                bytes_ = bytes_[10:]
            if answer == "gap":
                con.segment(done, EUT, PSH | ACK, bytes_[:200], seen=False)
                bytes_ = bytes_[200:]
            con.segment(done, EUT, PSH | ACK, bytes_)
            con.segment(done + 500, client, ACK)
        if answer != "none":
            self.outcome(done + 20000, cid, client[1], 0, 0, code or 200)
        else:
            self.outcome(done + 20000, cid, client[1], 0, 28, 0)
        con.close(done + 30000)
        self.end(n, done + 40000)

    def outcome(self, at, cid, port, errno, curl, code):
        self.journal.add(at, 4, text(cid) + struct.pack("<iiiHQQ", errno, curl, code, port, 0, 0))

    def end(self, n, at):
        self.journal.add(at, 5, struct.pack("<IIIB", 0, 0, n, 0))
        self.ends.append(at + ns(self.p["linger"]) + 10**6)

    def sent_by_equipment(self, x, row, root, verb, noun, fields, expect):
        n, at, device, _ = self.trial_begins()
        give_up = ns(self.p["give_up"])
        self.journal.attempt(at - 40000, n, row, 2, row, 1, give_up, "", device, expect)
        self.journal.add(at, 6, struct.pack("<III", 0, 0, n) + text("provoke") + text(device))
        done = at + (give_up if x["push"] == "none" else ns(x["turn"]) + ns(x["drip"]))
        self.disturb(x, at)
        if x["push"] != "none":
            body = envelope(root, verb, noun, "e%d" % n, "", BINDINGS[row][0],
                            [(k, device if v is None else v) for k, v in fields])
            for k in range(int(x["copies"])):
                first = at + ns(x["turn"]) + k * 1000000
                con = Connection(self.capture, (EUT[0], 30000 + (2 * n + k) % 30000), HARNESS)
                con.open(first - 10000)
                message = post("/mdms", body)
                if ns(x["drip"]) > 0:
                    con.segment(first, con.client, PSH | ACK, message[:10])
                    message = message[10:]
                con.segment(first + ns(x["drip"]), con.client, PSH | ACK, message)
                con.segment(first + ns(x["drip"]) + 5000, HARNESS, PSH | ACK, status(204))
                con.close(first + ns(x["drip"]) + 9000)
        self.end(n, done + 40000)

    def event(self, x):
        self.sent_by_equipment(x, 2, "EventMessage", "created", "EndDeviceEvents",
                               [("MeterID", None), ("EventCode", "7")], [(1, "7")])

    def push(self, x):
        self.sent_by_equipment(x, 3, "EventMessage", "created", "MeterReadings",
                               [("DeviceID", None), ("ReadingData", "12.5")], [])

    def write(self, folder):
        os.makedirs(folder, exist_ok=True)
        plan = plan_xml(self.p)
        with open(folder + "/plan.xml", "wb") as f:
            f.write(plan)
        last = max(self.ends + [self.now]) + 2 * 10**9
        step = 10**8 if last - self.first < 300 * 10**9 else 60 * 10**9
        for at in range(self.first + step, last, step):
            self.capture.stats(at, 0)
            self.journal.add(at, 9)
        self.capture.stats(last, 0)
        self.capture.write(folder + "/capture.pcapng")
        if self.foreign:
            return
        self.journal.add(self.first, 1, text(NONCE) + text(hashlib.sha256(plan).hexdigest()))
        self.journal.add(last, 9)
        self.journal.add(last, 12, struct.pack("<B", 0) + text(""))
        self.journal.write(folder + "/journal")


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        Case(f.read().splitlines()).write(sys.argv[2])


main()
