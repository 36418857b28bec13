"""Talks to the reference equipment with nothing but Python's own HTTP and XML. For t_play.sh.

  play_client.py command PORT PAYLOAD FIELD=VALUE... [reply=URL] [correlation=ID] [save=FILE]
      prints "status root verb noun correlation result payload FIELD=VALUE ..."
  play_client.py collect STATEMENT FOLDER
      listens for every actor of the statement; a line in FOLDER/log for each message that comes:
      "actor root verb noun correlation result payload FIELD=VALUE ..."; the bodies as FOLDER/N.xml
      FOLDER/behave tells what is answered, a line for an element: "ELEMENT drop" closes the connection,
      "ELEMENT hang" says nothing, "ELEMENT ANSWER FIELD=VALUE ..." answers 200 with a ResponseMessage in
      which {FIELD} stands for the request's; else 204
  play_client.py send PORT/PATH ROOT PAYLOAD FIELD=VALUE... [reply=URL] [correlation=ID] [id=ID]
      any message; prints as command does
  play_client.py image PORT/PATH PAYLOAD FIELD=VALUE... path=NAME bytes=N [spoil=yes] [reply=URL]
      an image in blocks; prints the status of each
  play_client.py back PORT/PATH MESSAGE DEVICE     reads a consumed message back; prints as command does
  play_client.py order PORT DEVICE DEVICE          which of two overlapping commands is answered first
  play_client.py bytes PORT SECONDS                how the raw answer to a command looks
  play_client.py swallow PORT SECONDS              listens; what the first connection sends
"""
import base64
import hashlib
import http.client
import http.server
import os
import socket
import sys
import threading
import time
import xml.etree.ElementTree as ET


def local(element):
    return element.tag.split("}")[-1]


def child(element, name):
    return next((c for c in element if local(c) == name), None) if element is not None else None


def text(element, name):
    found = child(element, name)
    return found.text if found is not None and found.text else "-"


def leaves(element, prefix=""):
    for c in element:
        path = prefix + local(c)
        if len(c):
            yield from leaves(c, path + "/")
        else:
            yield "%s=%s" % (path, c.text or "")


def summary(body):
    try:
        root = ET.fromstring(body)
    except ET.ParseError:
        return "not-well-formed"
    header, payload = child(root, "Header"), child(root, "Payload")
    words = [local(root), text(header, "Verb"), text(header, "Noun"), text(header, "CorrelationID"),
             text(child(root, "Reply"), "Result")]
    for element in payload if payload is not None else []:
        words.append(local(element))
        words.extend(leaves(element))
    return " ".join(words)


def message(payload, fields, correlation, reply):
    inner = "".join("<%s>%s</%s>" % (k, v, k) for k, v in fields)
    return ('<?xml version="1.0"?><m:RequestMessage xmlns:m="http://iec.ch/TC57/2011/schema/message">'
            "<m:Header><m:Verb>get</m:Verb><m:Noun>MeterReadings</m:Noun><m:Revision>2.0</m:Revision>"
            "<m:ReplyAddress>%s</m:ReplyAddress><m:MessageID>%s</m:MessageID>"
            "<m:CorrelationID>%s</m:CorrelationID></m:Header><m:Payload>"
            '<p:%s xmlns:p="urn:gridassay:payload:1" xmlns="urn:gridassay:payload:1">%s</p:%s>'
            "</m:Payload></m:RequestMessage>" %
            (reply, correlation, correlation, payload, inner, payload))


def read_command(device):
    return message("on-demand_Mtr-read_cmd", [("MeterID", device), ("ReadingTypeDesired", "kWh")],
                   "ga-test-1.1-1", "-")


def envelope(root, payload, fields, **header):
    """Paths with a slash nest; neighbours of one outer name share it."""
    inner, outer = "", None
    for path, value in fields:
        first, slash, rest = path.rpartition("/")
        if outer is not None and outer != first:
            inner += "</%s>" % outer
            outer = None
        if slash and outer is None:
            inner += "<%s>" % first
            outer = first
        inner += "<%s>%s</%s>" % (rest, value, rest)
    if outer is not None:
        inner += "</%s>" % outer
    head = "".join("<%s>%s</%s>" % (k, header[k], k) for k in
                   ("Verb", "Noun", "Source", "ReplyAddress", "MessageID", "CorrelationID")
                   if header.get(k))
    reply = "<Reply><Result>OK</Result></Reply>" if root == "ResponseMessage" else ""
    return ('<%s xmlns="http://iec.ch/TC57/2011/schema/message"><Header>%s</Header>%s<Payload>'
            '<%s xmlns="urn:gridassay:payload:1">%s</%s></Payload></%s>'
            % (root, head, reply, payload, inner, payload, root))


def options_of(words, **known):
    fields = []
    for word in words:
        key, value = word.split("=", 1)
        if key in known:
            known[key] = value
        else:
            fields.append((key, value))
    return fields, known


def send(where, root, payload, *words):
    fields, o = options_of(words, reply=None, correlation=None, id=None, source=None)
    try:
        status, body = post(where, envelope(root, payload, fields, Verb="create", Noun="Test",
                                            Source=o["source"], ReplyAddress=o["reply"],
                                            MessageID=o["id"] or o["correlation"],
                                            CorrelationID=o["correlation"]))
    except (OSError, http.client.HTTPException) as e:
        status, body = type(e).__name__, b""
    print(status, summary(body) if body else "empty")


def image(where, payload, *words):
    fields, o = options_of(words, reply=None, correlation="ga-test-image", path=None, bytes="1000",
                           spoil=None)
    data = bytes(i * 7 % 251 for i in range(int(o["bytes"])))
    blocks = [data[i:i + 32768] for i in range(0, len(data), 32768)]
    digest = hashlib.sha256(data + (b"x" if o["spoil"] else b"")).hexdigest()
    said = []
    for n, block in enumerate(blocks, 1):
        parts = [(o["path"] + "/" + k, v) for k, v in
                 (("Digest", digest), ("Bytes", len(data)), ("Block", n), ("Blocks", len(blocks)),
                  ("Data", base64.b64encode(block).decode()))]
        said.append(post(where, envelope("RequestMessage", payload, fields + parts, Verb="create",
                                         Noun="Test", ReplyAddress=o["reply"],
                                         MessageID="%s/%d" % (o["correlation"], n),
                                         CorrelationID=o["correlation"]))[0])
    print(*said)


def back(where, message_id, device):
    fields = [("MessageID", message_id), ("DeviceID", device)]
    status, body = post(where, envelope("RequestMessage", "read-back", fields, Verb="get",
                                        Noun="ReadBack", MessageID="rb-1", CorrelationID="rb-1"))
    print(status, summary(body) if body else "empty")


def post(where, body):
    port, slash, path = str(where).partition("/")
    c = http.client.HTTPConnection("127.0.0.1", int(port), timeout=10)
    c.request("POST", "/" + (path if slash else "meter"), body, {"Content-Type": "application/xml"})
    answer = c.getresponse()
    return answer.status, answer.read()


def command(port, payload, *words):
    options = {"reply": "-", "correlation": "ga-test-1.1-1", "save": None}
    fields = []
    for word in words:
        key, value = word.split("=", 1)
        if key in options:
            options[key] = value
        else:
            fields.append((key, value))
    try:
        status, body = post(port,
                            message(payload, fields, options["correlation"], options["reply"]))
    except OSError as e:
        sys.exit(str(e))
    if options["save"]:
        with open(options["save"], "wb") as f:
            f.write(body)
    print(status, summary(body) if body else "empty")


def collect(statement, folder):
    lock, count = threading.Lock(), [0, 0]

    class Server(http.server.ThreadingHTTPServer):
        request_queue_size = 1024

        def handle_error(self, request, address):
            pass

    def listen(actor, address, port, path):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with lock:
                    count[0] += 1
                    with open(os.path.join(folder, "%d.xml" % count[0]), "wb") as f:
                        f.write(body)
                    with open(os.path.join(folder, "log"), "a") as f:
                        f.write("%s%s %s\n" % (actor.replace(" ", ""), "" if self.path == path else "?",
                                               summary(body)))
                self.behave(body)

            def behave(self, body):
                root = ET.fromstring(body)
                element = next(iter(child(root, "Payload")), None)
                name = local(element) if element is not None else "-"
                try:
                    with open(os.path.join(folder, "behave")) as f:
                        lines = [line.split() for line in f]
                except FileNotFoundError:
                    lines = []
                said = next((line[1:] for line in lines if line[:1] == [name]), None)
                if said == ["drop"]:
                    self.close_connection = True
                    return
                if said == ["hang"]:
                    threading.Event().wait(3)
                    self.close_connection = True
                    return
                answer = b""
                if said:
                    asked = dict(leaf.split("=", 1) for leaf in leaves(element))
                    with lock:
                        count[1] += 1
                        mine = "peer-%d" % count[1]
                    answer = envelope("ResponseMessage", said[0],
                                      [word.format(**asked).split("=", 1) for word in said[1:]],
                                      Verb="reply", Noun="Test", Source=actor, MessageID=mine,
                                      CorrelationID=text(child(root, "Header"), "CorrelationID")
                                      ).encode()
                self.send_response(200 if answer else 204)
                if answer:
                    self.send_header("Content-Type", "application/xml")
                    self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args):
                pass

        server = Server((address, port), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()

    for e in ET.parse(statement).getroot():
        if local(e) == "peer":
            listen(e.get("actor"), e.get("address"), int(e.get("port")), e.get("path"))
    open(os.path.join(folder, "ready"), "w").write("yes\n")
    threading.Event().wait()


def order(port, *devices):
    answered = []

    def ask(device):
        post(port, read_command(device))
        answered.append(device)

    first = threading.Thread(target=ask, args=(devices[0],))
    first.start()
    time.sleep(0.05)
    ask(devices[1])
    first.join()
    print(" ".join(answered))


def raw_bytes(port, seconds):
    body = read_command("00124B0001000000").encode()
    s = socket.create_connection(("127.0.0.1", int(port)))
    s.sendall(b"POST /meter HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    describe(s, float(seconds))


def swallow(port, seconds):
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", int(port)))
    listener.listen()
    listener.settimeout(10)
    describe(listener.accept()[0], float(seconds))


def describe(s, seconds):
    data, pieces, end = b"", 0, "open"
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        s.settimeout(max(0.001, until - time.monotonic()))
        try:
            more = s.recv(65536)
        except ConnectionResetError:
            end = "reset"
            break
        except TimeoutError:
            break
        if not more:
            end = "closed"
            break
        data += more
        pieces += 1
    first = data.split(b"\r\n", 1)[0]
    head, blank, body = data.partition(b"\r\n\r\n")
    announced = [h for h in head.split(b"\r\n") if h.lower().startswith(b"content-length:")]
    print("first=%s head=%s body=%d/%s pieces=%s total=%s end=%s" % (
        first.decode("ascii", "replace") if first.isascii() else "binary",
        "whole" if blank else "open", len(body),
        announced[0].split(b":")[1].strip().decode() if announced else "-",
        "single" if pieces <= 2 else "many" if pieces * 2 < len(data) else "bytes",
        "long" if len(data) > 100000 else len(data), end))


if __name__ == "__main__":
    {"command": command, "collect": collect, "order": order, "send": send,
     "image": image, "back": back, "bytes": raw_bytes,
     "swallow": swallow}[sys.argv[1]](*sys.argv[2:])
