#!/usr/bin/env python3
"""Turns the text description of a golden case into plan.xml, capture.pcapng and journal.

    make.py CASE/case.txt FOLDER

Shares no code with the harness (see wire.py). A description whose first line is "dialogue" goes to
dialogue.py; lines of the others:

    plan KEY=VALUE...        changes to the plan below (see PLAN)
    foreign                  no journal: a capture from elsewhere
    start TIME               first moment, "2026-03-08T05:00:00" in UTC
    COUNT read KEY=VALUE...  on-demand reads; COUNT push ..., COUNT event ... likewise
    idle SECONDS             nothing but heartbeats
    decided ROW USED         the journal says that the judge decided a row so
    COUNT calibrate turn=S   exchanges with the calibration responder, before the first trial
"""
import base64
import calendar
import hashlib
import os
import struct
import sys
import time

sys.dont_write_bytecode = True
import dialogue  # noqa: E402
from wire import (ACK, EUT, FIRST_ID, HARNESS, NONCE, PSH, RST, SYN, Capture, Connection, Journal, element,
                  envelope, field, frame, ns, post, status, text)


PLAN = {
    "ratio": "98", "n": "149", "fail_at": "7", "limit": "15", "lax": "", "size": "100",
    "uncertainty": "0.00005", "linger": "0.05", "give_up": "60", "mode": "response", "zone": "UTC",
    "window": "", "strict": "", "share": "1000000", "lax_ratio": "", "lax_n": "", "lax_fail_at": "",
    "event_cause": "stimulus",
    # Another rule than the short one: its kind, and accepts and rejects with commas between.
    "kind": "", "accepts": "", "rejects": "", "clustering": "1",
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
    "syns": "",       # the SYN is sent again, so long after the first: commas between
    "synack": "",     # the equipment sends its SYN-ACK again, so long after the first byte
    "again": "",      # the request is sent again, so long after its first byte: commas between
    "acked": "",      # the equipment acknowledges it then, without data
    "closed": "0",    # the equipment's window was closed for so long before the first byte
    "open": "no",     # the connection was open before the capture began
    "dropped": "0",   # packets that the capture counts as lost during it
    "every": "0.1",   # to the next exchange
    "stall": "0",     # the harness stood still during it, for so long
    "push": "ok",     # ok none: of events and pushes
}


# ---- plan ------------------------------------------------------------------------------------------

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
    if p["kind"] and ratio is None:
        return element(name, [("ratio-ppb", ns(p["ratio"]) // 100), ("period-ns", period), ("kind", p["kind"]),
                              ("n", p["n"]), ("accepts", p["accepts"].replace(",", " ")),
                              ("rejects", p["rejects"].replace(",", " "))])
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


def plan_xml(p, calibrated):
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
    x += element("risks", [("kind", p["kind"] or "short"), ("consumer-ppm", 50000), ("producer-ppm", 50000),
                           ("producer-own-ppm", 50000), ("discrimination-milli", 3000),
                           ("clustering-ppm", ns(p["clustering"]) // 100000)])
    x += element("endpoint", [("index", 0), ("actor", meter), ("eut", "yes"), ("address", EUT[0]),
                              ("port", EUT[1]), ("path", "/meter")])
    x += element("endpoint", [("index", 1), ("actor", cis), ("address", HARNESS[0]),
                              ("port", HARNESS[1]), ("path", "/cis")])
    if calibrated:
        x += element("endpoint", [("index", 2), ("actor", "calibration responder"), ("address", RESPONDER[0]),
                                  ("port", RESPONDER[1]), ("path", "/")])
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


# ---- cases -----------------------------------------------------------------------------------------

RESPONDER = (HARNESS[0], HARNESS[1] + 1)


class Case:
    def __init__(self, lines):
        self.p = dict(PLAN)
        self.foreign = False
        self.capture, self.journal = Capture(), Journal()
        self.now = calendar.timegm((2026, 11, 22, 12, 0, 0)) * 10**9
        self.trial = self.calibrations = 0
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
            con.open(at - 10000 - ns(x["syn"]) - ns(x["closed"]), ns(x["syn"]), [ns(t) for t in x["syns"].split(",") if t])
        if x["closed"] != "0":  # probed 0.2 s after the window closed, and then every second
            con.bare(at - ns(x["closed"]), EUT, window=0)
            for probe in range(at - ns(x["closed"]) + 2 * 10**8, at - 10**6, 10**9):
                con.bare(probe, client, back=1)
                con.bare(probe + 1000, EUT, window=0)
            con.bare(at - 500, EUT)
        body = envelope("RequestMessage", "get", "MeterReadings", cid, cid, "on-demand_Mtr-read_cmd",
                        [("MeterID", device), ("ReadingTypeDesired", "kWh")])
        con.segment(at, client, PSH | ACK, post("/meter", body))
        for more in [ns(t) for t in x["again"].split(",") if t]:
            con.again(at + more, client, post("/meter", body))
        if x["synack"]:
            self.capture.add(at + ns(x["synack"]), frame(EUT, client, SYN | ACK, 5000, 1001))
        if x["acked"]:
            con.bare(at + ns(x["acked"]), EUT)
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

    def calibrate(self, x):
        at, n = self.now, self.calibrations
        self.calibrations += 1
        cid, client = "ga-%s-cal-%d" % (NONCE, n), (HARNESS[0], 10000 + n)
        self.journal.add(at - 30000, 3, struct.pack("<IIIIIIBIIqq", 0xffffffff, 0, n, 0xffffffff, 0xffffffff, 0, 0,
                                                    0, 2, at, 3 * 10**9) + text(cid) + text("") + struct.pack("<I", 0))
        con = Connection(self.capture, client, RESPONDER)
        con.open(at - 10000)
        con.segment(at, client, PSH | ACK, post("/", envelope(
            "RequestMessage", "get", "MeterReadings", cid, cid, "on-demand_Mtr-read_cmd", [])))
        con.segment(at + ns(x["turn"]), RESPONDER, PSH | ACK, status(200))
        self.outcome(at + ns(x["turn"]) + 20000, cid, client[1], 0, 0, 200)
        con.close(at + ns(x["turn"]) + 30000)

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
        plan = plan_xml(self.p, self.calibrations > 0)
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
        lines = f.read().splitlines()
    kind = dialogue.Dialogue if lines[0] == "dialogue" else Case
    kind(lines).write(sys.argv[2])


main()
