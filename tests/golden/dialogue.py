"""Golden cases told message by message: any actors, roles and kinds of exchange.

Lines of a description (words as in a shell; "$" is the trial's number, "#" begins a remark):

    dialogue
    rule KEY=VALUE...            changes to RULES below
    start TIME                   first moment, "2026-03-08T05:00:00" in UTC
    eut ACTOR                    the equipment's actors; endpoint 0
    peer ACTOR                   played, endpoints p1, p2, ... in this order
    inside ACTOR                 of the equipment, numbered among the peers: sent to by its other actors
    binding NAME KIND [identity=PATH] [answers=NAME,NAME] [cut=PATH] [proves] PATH:TYPE[?]...
    row NAME KEY=VALUE...        changes to ROW below; another row of the same name: "row NAME/2 ..."
    trials COUNT [every=S]       the lines up to "end" are one trial; "each N LINE" says a line for
    end                          N devices: "%" is the device's number and %D its id, T "0.1~0.001" steps; CUT$
                                 is the time 10 s after the trial's beginning
    alone LINE                   a line outside of trials

What is said in a trial, T in seconds from its beginning:

    T attempt ROLE ROW|~PAYLOAD PLACE ID|- [dev=ID] [give=S] [expect=PATH:VALUE]   ~: judged by no row
    T stimulus NAME [dev=ID]
    T in PAYLOAD ID [re=ID] [at=PLACE] [PATH=VALUE] [omit=PATH]   we post it to the equipment
    T out PLACE PAYLOAD ID ...                                    the equipment posts it to a place of ours
    T back PAYLOAD|- ID re=ID ... [result=FAILED]                 HTTP 200 with it, to what was posted last
    T status CODE                                                 HTTP CODE without a body, likewise
    T hang                                                        the connection ends instead
    T image in|out PLACE PAYLOAD ID re=ID blocks=N [skip=N] [spoil=N] [gap=S]   a POST and its 204 for each block
    T tls PLACE                                                   bytes inside TLS to that place
    T timebase SHIFT FACTOR                                       the deployment's clock
"""
import base64
import calendar
import hashlib
import os
import re
import shlex
import struct
import time

from wire import (ACK, EUT, FIRST_ID, HARNESS, NONCE, PSH, Capture, Connection, Journal, element, envelope, ns,
                  post, status, text)

RULES = {"uncertainty": "0.00005", "linger": "0.05", "mode": "response", "zone": "UTC", "strict": "",
         "give_up": "60", "tail": "2", "devices": "5000", "factor": ""}

ROW = {"role": "from", "cause": "none", "from": "A", "to": "B", "proof": "", "reply": "", "command": "",
       "limit": "15", "pair": "", "size": "", "ratio": "98", "n": "149", "fail_at": "7", "accept": "",
       "lax_ratio": "", "lax_n": "", "lax_fail_at": "", "lax": "", "population": "", "after": "",
       "event": "the event", "window": "", "rate": "", "period": "", "secret": "", "coverage": "",
       "give_up": "", "watched": ""}

DAY = 86400 * 10**9
PLAIN = {"eui64": "00124B00000000FF", "text": "1", "code": "7", "uint16": "1", "uint32": "1", "float32": "12.5",
         "time": "2026-11-22T00:00:00Z", "hex": "00"}


class Words:
    """A line: its words, and KEY=VALUE of them apart."""

    def __init__(self, words):
        self.plain = [w for w in words if "=" not in w]
        self.named = dict(w.split("=", 1) for w in words if "=" in w)

    def get(self, key, default=""):
        return self.named.get(key, default)


class Dialogue:
    def __init__(self, lines):
        self.rules, self.places, self.rows, self.bindings = dict(RULES), [], [], []
        self.inside = set()
        self.capture, self.journal = Capture(), Journal()
        self.now = calendar.timegm((2026, 11, 22, 12, 0, 0)) * 10**9
        self.first, self.last, self.number, self.port = None, 0, 0, 20000
        self.open = []  # connections whose last message has no answer yet
        lines = [x for x in (line.split("#")[0].strip() for line in lines) if x]
        at = 1
        while at < len(lines):
            words = shlex.split(lines[at])
            if words[0] == "trials":
                end = at + 1 + lines[at + 1:].index("end")
                w = Words(words[2:])
                for _ in range(int(words[1])):
                    self.trial(lines[at + 1:end])
                    self.now += ns(w.get("every", "1"))
                at = end
            elif words[0] == "alone":
                self.begin()
                self.say(shlex.split(lines[at])[1:], self.now, "-", None)
            else:
                self.declare(words)
            at += 1

    # ---- what there is -----------------------------------------------------------------------------

    def declare(self, words):
        w = Words(words[1:])
        if words[0] == "rule":
            for k, v in w.named.items():
                if k not in self.rules:
                    raise SystemExit("unknown rule " + k)
                self.rules[k] = v
        elif words[0] == "start":
            self.now = calendar.timegm(time.strptime(words[1], "%Y-%m-%dT%H:%M:%S")) * 10**9
        elif words[0] == "idle":
            self.begin()
            self.now += ns(words[1])
            self.last = max(self.last, self.now)
        elif words[0] in ("eut", "peer", "inside"):
            self.places.append(words[1])
            if words[0] == "inside":
                self.inside.add(len(self.places) - 1)
        elif words[0] == "binding":
            fields = [re.match(r"([^:]+):([a-z0-9]+)(\??)$", f).groups() for f in w.plain[2:] if ":" in f]
            self.bindings.append({"name": w.plain[0], "kind": w.plain[1], "fields": fields,
                                  "proves": "proves" in w.plain, "identity": w.get("identity"),
                                  "cut": w.get("cut"), "answers": [a for a in w.get("answers").split(",") if a]})
        elif words[0] == "row":
            row = dict(ROW, name=words[1])
            for k, v in w.named.items():
                if k not in row:
                    raise SystemExit("unknown row key " + k)
                row[k] = v
            self.rows.append(row)
        else:
            raise SystemExit("unknown line " + " ".join(words))

    def address(self, place):
        i = 0 if place == "eut" else int(place[1:])
        return EUT if i == 0 else (HARNESS[0], HARNESS[1] + i - 1)

    def binding(self, name):
        return next(i for i, b in enumerate(self.bindings) if b["name"] == name)

    # ---- the plan ----------------------------------------------------------------------------------

    def variant(self, row):
        ours = row["role"] == "to"
        limit = ns(row["limit"]) if row["limit"] else -1
        lax = ns(row["lax"]) if row["lax"] else limit
        pair = ns(row["pair"]) if row["pair"] else -1
        size = int(row["size"]) if row["size"] else -1
        window = bool(row["window"] or row["after"])
        informative = bool(row["coverage"])
        timed = limit >= 0 and (ours or row["cause"] in ("command", "stimulus", "forward"))
        lat = "information" if informative else "yes" if timed else "not-scorable"

        def scored(name, word, why):
            return element("criterion", [("name", name), ("scored", word), ("why", None if word == "yes" else why)])
        body = scored("reliability", "not-applicable" if row["watched"] else "yes", "nothing announces it")
        body += scored("latency", lat, "nothing tells when it was due")
        body += scored("size", "yes" if size >= 0 else "not-applicable", "not its origin")
        body += scored("window", "yes" if window else "not-applicable", "24x7")
        if row["rate"]:
            body += scored("rate", "yes", None)
        if row["secret"]:
            body += scored("confidentiality", "yes", None)

        def clause(name, ratio, n, fail_at, period=0):
            return element(name, [("ratio-ppb", ns(ratio) // 100), ("period-ns", period), ("n", n),
                                  ("fail-at", fail_at), ("accept", row["accept"] if row["accept"] not in ("", "0") else None)])
        if row["coverage"]:
            body += clause("clause", "90", 29, 7, 6 * 3600 * 10**9) + clause("clause", "98", 149, 7, DAY)
            body += clause("clause", "99.5", 598, 7, 2 * DAY)
        else:
            body += clause("clause", row["ratio"], row["n"], row["fail_at"])
        if row["lax_ratio"]:
            body += clause("lax", row["lax_ratio"], row["lax_n"], row["lax_fail_at"])
        for span in row["window"].split(",") if row["window"] else []:
            a, b = span.split("-")
            body += element("window", [("from-s", int(float(a) * 3600)), ("to-s", int(float(b) * 3600))])
        rate = row["rate"].split("-") if row["rate"] else None
        return element("variant", [
            ("leg", "1"), ("mode", ""), ("class", ""), ("from", row["from"]), ("to", row["to"]),
            ("cause", row["cause"]), ("role", row["role"]), ("population", row["population"] or None),
            ("observed", row["watched"] or None),
            ("after-ns", ns(row["after"]) if row["after"] else None),
            ("after-event", row["event"] if row["after"] else None),
            ("rate-min", rate[0] if rate else None), ("rate-max", rate[-1] if rate else None),
            ("rate-period-ns", ns(row["period"]) if rate else None),
            ("latency-strict-ns", limit), ("latency-lax-ns", lax), ("pair-strict-ns", pair), ("pair-lax-ns", pair),
            ("latency-informative", "yes" if informative else None),
            ("lax-ppb", ns(row["lax_ratio"]) // 100 if row["lax_ratio"] else -1), ("size-min-bytes", -1),
            ("size-max-bytes", size), ("window-judged", "yes" if window else None), ("interpretations", ""),
            ("span", "end to end"), ("share-ppm", 1000000), ("trials", row["n"]), ("trials-max", 100000),
            ("give-up-ns", ns(row["give_up"] or self.rules["give_up"]))], body)

    def plan(self):
        r = self.rules
        with open("/usr/share/zoneinfo/" + r["zone"], "rb") as f:
            tzif = base64.b64encode(f.read()).decode()
        x = ('<?xml version="1.0" encoding="UTF-8"?>\n<plan xmlns="urn:gridassay:plan:1" version="1" nonce="%s">\n'
             % NONCE)
        x += element("claim", [("profile", "golden"), ("label", ""), ("claimable", "yes")])
        x += element("eut", [("vendor", "none"), ("model", "golden"), ("hardware", ""), ("firmware", ""),
                             ("firmware-sha256", "0" * 64), ("actors", self.places[0])])
        x += element("rules", [("confidence-ppm", 950000), ("uncertainty-ns", ns(r["uncertainty"])),
                               ("linger-ns", ns(r["linger"])), ("zone", r["zone"]), ("time-shift-ns", 0),
                               ("window-strict", "yes" if r["strict"] else None),
                               ("time-factor", r["factor"] or None)])
        x += "<tzif>%s</tzif>\n" % tzif
        x += element("driving", [("pace-per-s", 100), ("overlap-max", 1000), ("reply", r["mode"]),
                                 ("interface", "golden0"), ("filter", "tcp")])
        for i, actor in enumerate(self.places):
            host, port = self.address("p%d" % i if i else "eut")
            x += element("endpoint", [("index", i), ("actor", actor), ("eut", None if i and i not in self.inside else "yes"),
                                      ("address", host), ("port", port), ("path", "/"),
                                      ("inside", "yes" if i in self.inside else None)])
        x += element("group", [("index", 0), ("actor", self.places[0]), ("class", ""),
                               ("first-id", "%016X" % FIRST_ID), ("count", r["devices"]), ("endpoint", 0)])
        for i, b in enumerate(self.bindings):
            paths = [p for p, _, _ in b["fields"]]
            body = "".join(element("answers", [("payload", a)]) for a in b["answers"])
            body += "".join(element("field", [("name", p), ("path", p), ("type", t),
                                              ("required", None if q else "yes")]) for p, t, q in b["fields"])
            x += element("binding", [
                ("index", i), ("payload", b["name"]), ("element", b["name"]), ("kind", b["kind"]), ("verb", "v"),
                ("noun", "n"), ("identity", paths.index(b["identity"]) if b["identity"] else -1), ("echo", -1),
                ("cut-over", paths.index(b["cut"]) if b["cut"] else None),
                ("proves", "yes" if b["proves"] else None)], body)
        for i, row in enumerate(self.rows):
            name = row["name"].split("/")[0]
            x += element("row", [
                ("index", i), ("id", "golden/" + row["name"]), ("section", "golden"), ("payload", name),
                ("type", "x"), ("use-case", "golden"), ("role", row["role"]), ("cause", row["cause"]),
                ("reason", ""), ("command", row["command"] or None), ("reply", row["reply"] or None),
                ("proof", row["proof"] or None), ("binding", self.binding(name)), ("scenario", 0),
                ("operation", "")], self.variant(row))
        targets = "".join(element("target", [("row", i), ("variant", 0)]) for i in range(len(self.rows)))
        x += element("scenario", [("index", 0), ("file", "golden"), ("path", "golden"), ("sha256", "0" * 64),
                                  ("section", "golden"), ("use-case", "golden"), ("suite", "golden")],
                     element("case", [("mode", ""), ("groups", "0")], targets))
        return (x + "</plan>\n").encode()

    # ---- what is said ------------------------------------------------------------------------------

    def begin(self):
        if self.first is None:
            self.first = self.now - 10**9
            self.capture.stats(self.first, 0)

    def trial(self, lines):
        self.begin()
        n, start = self.number, self.now
        device = "%016X" % (FIRST_ID + n % 1000)
        self.journal.add(start - 50000, 2, struct.pack("<IIIq", 0, 0, n, start))
        self.said = start
        for line in lines:
            cut = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(start // 10**9 + 10))
            words = shlex.split(line.replace("CUT$", cut).replace("$", str(n)))
            if words[0] != "each":
                self.say(words, start, device, n)
                continue
            at, _, step = words[2].partition("~")
            for k in range(int(words[1])):
                own = "%016X" % (FIRST_ID + 1000 + k)
                moment = "%.9f" % (float(at) + k * float(step or "0"))
                self.say([moment] + [w.replace("%D", own).replace("%", str(k)) for w in words[3:]], start, own, n)
        self.journal.add(self.said + 40000, 5, struct.pack("<IIIB", 0, 0, n, 0))
        self.number += 1
        self.last = max(self.last, self.said + 10**6)

    def id(self, word):
        return "" if word in ("-", "") else word if word[0] == "e" else "ga-%s-%s" % (NONCE, word)

    def message(self, name, w, device, mid, extra=()):
        """The body; ids that begin with e are the equipment's, all others ours."""
        if name == "-":
            return envelope("ResponseMessage", "reply", "n", mid, self.id(w.get("re")), "", []).replace(
                b"<Payload>< xmlns=\"urn:gridassay:payload:1\"></></Payload>", b"").replace(
                b"OK", w.get("result", "OK").encode())
        b = self.bindings[self.binding(name)]
        fields = []
        for path, kind, _ in b["fields"]:
            if kind == "image":
                fields += [(path, extra)]
            elif path != w.get("omit"):
                fields.append((path, w.get(path, device if path == b["identity"] else PLAIN[kind])))
        root = {"request": "RequestMessage", "response": "ResponseMessage", "event": "EventMessage"}[
            w.get("kind", b["kind"])]
        body = envelope(root, "v", "n", mid, self.id(w.get("re")), name,
                        [(k, v if isinstance(v, str) else "".join("<%s>%s</%s>" % (p, t, p) for p, t in v))
                         for k, v in fields])
        if w.get("at"):
            host, port = self.address(w.get("at"))
            body = body.replace(b"<MessageID>", b"<ReplyAddress>http://%s:%d/</ReplyAddress><MessageID>"
                                % (host.encode(), port), 1)
        return body

    def post_it(self, at, inward, place, body):
        self.port += 1
        host = HARNESS[0] if inward else EUT[0]
        server = EUT if inward else self.address(place)
        con = Connection(self.capture, (host, 20000 + self.port % 40000), server)
        con.open(at - 10000)
        con.segment(at, con.client, PSH | ACK, post("/", body))
        self.open.append(con)

    def answer_it(self, at, code, body=b""):
        con = self.open.pop()
        con.segment(at, con.server, PSH | ACK, status(code, body))
        con.close(at + 5000)

    def say(self, words, start, device, n):
        at, verb, w = start + ns(words[0]), words[1], Words(words[2:])
        p = w.plain
        self.said = max(getattr(self, "said", at), at)
        if verb == "attempt":
            names = [r["name"] for r in self.rows]
            row = names.index(p[1]) if p[1] in names else 0xffffffff
            name = p[1].lstrip("~").split("/")[0]
            b = self.bindings[self.binding(name)]
            expect = [(next(i for i, f in enumerate(b["fields"]) if f[0] == path), v)
                      for path, v in [w.get("expect").split(":", 1)]] if w.get("expect") else []
            give = ns(w.get("give") or (self.rows[row]["give_up"] if row < len(names) else "") or
                      self.rules["give_up"])
            place = 0 if p[2] == "eut" else int(p[2][1:])
            body = struct.pack("<IIIIIIBIIqq", 0, 0, n, row, 0, int(w.get("sub", "0")),
                               ["send", "reply", "event", "answer", "through"].index(p[0]), self.binding(name),
                               place, at, give)
            body += text(self.id(p[3])) + text(w.get("dev", device)) + struct.pack("<I", len(expect))
            self.journal.add(at - 40000, 3, body + b"".join(struct.pack("<I", f) + text(v) for f, v in expect))
        elif verb == "stimulus":
            self.journal.add(at, 6, struct.pack("<III", 0, 0, n) + text(p[0]) + text(w.get("dev", device)))
        elif verb == "in":
            self.post_it(at, True, "eut", self.message(p[0], w, device, self.id(p[1])))
        elif verb == "out":
            self.post_it(at, False, p[0], self.message(p[1], w, device, self.id(p[2])))
        elif verb == "back":
            self.answer_it(at, 200, self.message(p[0], w, device, self.id(p[1])))
        elif verb == "status":
            self.answer_it(at, int(p[0]))
        elif verb == "hang":
            self.open.pop().close(at)
        elif verb == "image":
            self.image(at, p, w, device)
        elif verb == "tls":
            self.tls(at, p[0])
        elif verb == "timebase":
            self.journal.add(at, 13, struct.pack("<qqq", at, ns(p[0]), int(p[1])))
        else:
            raise SystemExit("unknown verb " + verb)

    def image(self, at, p, w, device):
        blocks, size = int(w.get("blocks")), 700
        whole = bytes(i * 7 % 251 for i in range(blocks * size - 13))
        for k in range(1, blocks + 1):
            data = whole[(k - 1) * size:k * size]
            if str(k) == w.get("spoil"):
                data = bytes([data[0] ^ 1]) + data[1:]
            parts = [("Digest", hashlib.sha256(whole).hexdigest()), ("Bytes", str(len(whole))), ("Block", str(k)),
                     ("Blocks", str(blocks)), ("Data", base64.b64encode(data).decode())]
            if str(k) != w.get("skip"):
                self.post_it(at, p[0] == "in", p[1], self.message(p[2], w, device, "%s/%d" % (self.id(p[3]), k), parts))
                self.answer_it(at + 1000000, 204)
            self.said = max(self.said, at + 2000000)
            at += ns(w.get("gap", "0.01"))

    def tls(self, at, place):
        self.port += 1
        server = self.address(place)
        con = Connection(self.capture, (HARNESS[0] if place == "eut" else EUT[0], 20000 + self.port % 40000), server)
        con.open(at - 10000)
        hello = bytes(range(200))
        con.segment(at, con.client, PSH | ACK, b"\x16\x03\x01" + struct.pack(">H", len(hello)) + b"\x01" + hello[1:])
        con.segment(at + 1000, con.server, PSH | ACK, b"\x16\x03\x03\x00\x40\x02" + bytes(63))
        con.segment(at + 2000, con.client, PSH | ACK, b"\x17\x03\x03\x00\x80" + bytes(128))
        con.close(at + 5000)

    # ---- files -------------------------------------------------------------------------------------

    def write(self, folder):
        os.makedirs(folder, exist_ok=True)
        plan = self.plan()
        with open(folder + "/plan.xml", "wb") as f:
            f.write(plan)
        last = max(self.last, self.now) + ns(self.rules["tail"])
        step = 10**8 if last - self.first < 300 * 10**9 else 60 * 10**9
        for at in range(self.first + step, last, step):
            self.capture.stats(at, 0)
            self.journal.add(at, 9)
        self.capture.stats(last, 0)
        self.capture.write(folder + "/capture.pcapng")
        self.journal.add(self.first, 1, text(NONCE) + text(hashlib.sha256(plan).hexdigest()))
        self.journal.add(last, 9)
        self.journal.add(last, 12, struct.pack("<B", 0) + text(""))
        self.journal.write(folder + "/journal")
