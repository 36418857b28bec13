"""A plan.xml by hand, for tests of the driver alone: what it decides on is a few lines of Python.

from drive_plan import Plan; p = Plan(eut_port, {"Actor": port}, home); p.bind(...); p.row(...);
p.scenario(file, section, [case...]); p.write(path)
"""
import base64
import struct
from xml.sax.saxutils import quoteattr

SECOND = 1000000000
HEAD = b"TZif2" + bytes(15) + struct.pack(">6I", 0, 0, 0, 0, 1, 4) + bytes(6) + b"UTC\0"
UTC = base64.b64encode(HEAD + HEAD + b"\nUTC0\n").decode()  # RFC 8536


def element(name, attributes, inside=""):
    text = "".join(" %s=%s" % (k.rstrip("_").replace("_", "-"), quoteattr(str(v)))
                   for k, v in attributes.items() if v is not None)
    return "<%s%s>%s</%s>\n" % (name, text, inside, name)


class Plan:
    def __init__(self, eut_port, peers, control_port, give_up_s=1.0, pace=200, **rules):
        self.endpoints = [("EUT", True, eut_port, "/eut")] + \
            [(actor, False, port, "/" + actor.lower()) for actor, port in peers.items()]
        self.control, self.give_up, self.pace = control_port, give_up_s, pace
        self.groups, self.bindings, self.rows, self.scenarios, self.duties = [], [], [], [], []
        self.rules, self.reply = rules, "response"
        self.bind("read-back", "request", [("MessageID", "text"), ("DeviceID", "eui64")],
                  identity=-1, noun="ReadBack")

    def endpoint(self, actor):
        return [e[0] for e in self.endpoints].index(actor)

    def group(self, actor, first, count):
        self.groups.append((actor, first, count))
        return len(self.groups) - 1

    def bind(self, payload, kind, fields, answers=(), identity=0, noun="Things"):
        self.bindings.append((payload, kind, fields, answers, identity, noun))

    def index(self, payload):
        return [b[0] for b in self.bindings].index(payload)

    def row(self, payload, role, from_, to, trials=5, proof=None, cause="none", windows=(),
            section="9.9.9.1"):
        self.rows.append((payload, role, from_, to, trials, proof, cause, windows, section))
        return len(self.rows) - 1

    def scenario(self, path, section, cases, exclusive=True, power=False):
        self.scenarios.append((path, section, cases, exclusive, power))

    def text(self):
        e = element
        out = e("source", {"kind": "scenario", "path": "x", "sha256": "0" * 64})
        out += e("claim", {"profile": "p", "label": "test"})
        out += e("eut", {"vendor": "v", "model": "m", "hardware": "h", "firmware": "f",
                         "firmware_sha256": "0" * 64, "actors": "EUT"})
        rules = {"confidence_ppm": 950000, "uncertainty_ns": 100000, "linger_ns": 200000000,
                 "zone": "UTC", "time_shift_ns": 0}
        rules.update(self.rules)
        out += e("rules", rules) + e("tzif", {}, UTC)
        driving = {"pace_per_s": self.pace, "overlap_max": 1000, "reply": self.reply,
                   "interface": "lo", "filter": "tcp"}
        out += e("driving", driving)
        for i, (actor, eut, port, path) in enumerate(self.endpoints):
            out += e("endpoint", {"index": i, "actor": actor, "eut": "yes" if eut else None,
                                  "address": "127.0.0.1", "port": port, "path": path})
        for i, (actor, first, count) in enumerate(self.groups):
            out += e("group", {"index": i, "actor": actor, "class_": "", "first_id": first,
                               "count": count, "endpoint": self.endpoint(actor),
                               "played": None if actor == "EUT" else "yes"})
        for i, (payload, kind, fields, answers, identity, noun) in enumerate(self.bindings):
            inside = "".join(e("answers", {"payload": a}) for a in answers)
            inside += "".join(e("field", {"name": n, "path": n, "type": t, "required": "yes"})
                              for n, t in fields)
            out += e("binding", {"index": i, "payload": payload, "element": payload, "kind": kind,
                                 "verb": "get", "noun": noun, "identity": identity, "echo": -1},
                     inside)
        for i, (payload, role, from_, to, trials, proof, cause, windows, section) in \
                enumerate(self.rows):
            inside = "".join(e("criterion", {"name": n, "scored": "information", "why": "test"})
                             for n in ("reliability", "latency", "size", "window"))
            inside += "".join(e("window", {"from_s": a, "to_s": b}) for a, b in windows)
            variant = e("variant", {
                "leg": "1", "mode": "", "class_": "", "from_": from_, "to": to, "role": role,
                "cause": cause, "latency_strict_ns": -1, "latency_lax_ns": -1,
                "pair_strict_ns": -1, "pair_lax_ns": -1, "lax_ppb": -1, "size_min_bytes": -1,
                "size_max_bytes": -1, "window_always": None if windows else "yes",
                "interpretations": "", "span": "end to end", "share_ppm": 1000000,
                "trials": trials, "trials_max": trials,
                "give_up_ns": int(self.give_up * SECOND)}, inside)
            out += e("row", {"index": i, "id": "%s/%s" % (section, payload), "section": section,
                             "payload": payload, "type": "x", "use_case": "Test", "role": role,
                             "cause": cause, "reason": "test", "proof": proof,
                             "binding": self.index(payload), "scenario": 0, "operation": ""},
                     variant)
        for i, (path, section, cases, exclusive, power) in enumerate(self.scenarios):
            inside = ""
            for case in cases:
                targets = "".join(e("target", {"row": t[0], "variant": 0,
                                               "endpoint": t[1] if len(t) > 1 else None})
                                  for t in case["targets"])
                targets += "".join(
                    e("support", {"payload": s[0], "role": s[1], "binding": self.index(s[0])})
                    for s in case.get("support", ()))
                inside += e("case", {
                    "mode": "", "use_case": "Test", "groups": case["groups"],
                    "peers": case.get("peers"), "population": case.get("population"),
                    "whole_day": "yes" if case.get("whole_day") else None}, targets)
            out += e("scenario", {"index": i, "file": path, "path": path, "sha256": "0" * 64,
                                  "section": section, "use_case": "Test", "suite": "Test",
                                  "exclusive": "yes" if exclusive else None,
                                  "power": "yes" if power else None}, inside)
        out += e("stimulus", {"name": "*", "method": "POST",
                              "url": "http://127.0.0.1:%d/provoke/{stimulus}?device={device}"
                                     "&value={value}" % self.control})
        for payload, most, spacing_s in self.duties:
            out += e("duty", {"payload": payload, "most": most,
                              "spacing_ns": int(spacing_s * SECOND)})
        return '<?xml version="1.0"?>\n<plan xmlns="urn:gridassay:plan:1" version="1" ' \
               'nonce="0badcafe">\n%s</plan>\n' % out

    def write(self, path):
        with open(path, "w") as f:
            f.write(self.text())
