"""What all golden cases are made of: pcapng, Ethernet to TCP, HTTP, the envelope, the journal.

Written from their documents; shares no code with the harness.
"""
import struct

NONCE = "0badcafe"
EUT = ("10.0.0.2", 18480)
HARNESS = ("10.0.0.1", 18490)
FIRST_ID = 0x00124B0000000000


def ns(seconds):
    whole, _, part = seconds.partition(".")
    sign = -1 if whole.startswith("-") else 1
    return sign * (abs(int(whole or "0")) * 10**9 + int((part + "000000000")[:9]))


def esc(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def element(name, attrs, body=""):
    head = "".join(' %s="%s"' % (k.replace("_", "-"), esc(str(v))) for k, v in attrs if v is not None)
    return "<%s%s>%s</%s>\n" % (name, head, body, name) if body else "<%s%s/>\n" % (name, head)


def field(name, path, kind, required=True, many=False):
    return element("field", [("name", name), ("path", path), ("type", kind),
                             ("required", "yes" if required else None), ("many", "yes" if many else None)])


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

def frame(src, dst, flags, seq, ack, data=b"", window=65000):
    tcp = struct.pack(">HHIIBBHHH", src[1], dst[1], seq & 0xffffffff, ack & 0xffffffff, 0x50, flags, window, 0, 0)
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

    def again(self, at, who, data):
        """What was sent last, once more."""
        to = self.other(who)
        self.c.add(at, frame(who, to, PSH | ACK, self.seq[who] - len(data), self.seq[to], data))

    def bare(self, at, who, window=65000, back=0, acks=None):
        """An ACK without data: of everything, or of acks; back: one byte before its place (a probe)."""
        to = self.other(who)
        self.c.add(at, frame(who, to, ACK, self.seq[who] - back, self.seq[to] if acks is None else acks,
                             window=window))

    def open(self, at, late=0, syns=()):
        for more in syns:
            self.c.add(at + more, frame(self.client, self.server, SYN, self.seq[self.client], 0))
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
