"""Equipment of other hands for t_drive_sides.sh: it asks, forwards, acts and takes images.

drive_sides_eut.py EUT_PORT CONTROL_PORT LOG JOURNAL SUBJECT_PORT REQUESTER_PORT OTHER_PORT

By payload: ask_cmd is sent to the subject when provoked; fwd_cmd is forwarded to the subject and its
answer taken back, or fwd_comm_err told where that fails; group_cmd is answered by each of the devices;
set_cmd is consumed after a while, and given back when asked for; image_cmd comes in blocks and is
confirmed, image_up is sent in blocks when provoked; due_event is sent when provoked. Logged: what came,
with "held" when the journal had its id before.
"""
import asyncio
import base64
import hashlib
import os
import re
import signal
import sys
import time
from urllib.parse import parse_qs, urlsplit

EUT, CONTROL = int(sys.argv[1]), int(sys.argv[2])
LOG, JOURNAL = open(sys.argv[3], "w"), sys.argv[4]
SUBJECT, REQUESTER, OTHER = (int(x) for x in sys.argv[5:8])
CONSUMED, IMAGES, COUNT, TASKS = {}, {}, [0], set()


def later(work):
    """The loop itself keeps no task alive."""
    task = asyncio.ensure_future(work)
    TASKS.add(task)
    task.add_done_callback(TASKS.discard)


def tag(text, name):
    found = re.search(r"<(?:\w+:)?%s[^>]*>([^<]*)<" % re.escape(name), text)
    return found.group(1) if found else ""


def message(root, element, fields, id_="", correlation="", result="", noun="Things", there=""):
    COUNT[0] += 1
    id_ = id_ or "eut-%d" % COUNT[0]
    header = "<Verb>get</Verb><Noun>%s</Noun><Revision>2.0</Revision><Timestamp>2026-01-01T00:00:00Z" \
             "</Timestamp><Source>eut</Source><ReplyAddress>%s</ReplyAddress>" \
             "<MessageID>%s</MessageID><CorrelationID>%s</CorrelationID>" \
             % (noun, there or "http://127.0.0.1:%d/eut" % EUT, id_, correlation or id_)
    reply = "<Reply><Result>%s</Result></Reply>" % result if result else ""
    body = "".join("<%s>%s</%s>" % (k, v, k) for k, v in fields)
    payload = "<Payload><%s xmlns=\"urn:gridassay:payload:1\">%s</%s></Payload>" \
              % (element, body, element) if element else ""
    return ('<%s xmlns="http://iec.ch/TC57/2011/schema/message"><Header>%s</Header>%s%s</%s>'
            % (root, header, reply, payload, root)).encode()


def log(line):
    LOG.write("%s %d\n" % (line, time.monotonic_ns()))
    LOG.flush()


def held(correlation):
    with open(JOURNAL, "rb") as journal:
        journal.seek(max(0, journal.seek(0, 2) - 2000000))
        return "held" if correlation.encode() in journal.read() else "missing"


async def read_message(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    body = await reader.readexactly(int(length.group(1))) if length else b""
    return head.split(b" ")[1].decode(), body.decode()


async def post(port, body):
    """Status and body; 0 when the other side said nothing."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Type: application/xml\r\n"
                 b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)
    try:
        text = (await reader.read()).decode()
    except ConnectionError:
        text = ""
    writer.close()
    head, _, rest = text.partition("\r\n\r\n")
    return (int(head.split(" ")[1]) if head.startswith("HTTP") else 0), rest


def answer(writer, status, body=b""):
    writer.write(b"HTTP/1.1 %d X\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n"
                 % (status, len(body)) + body)


async def forward(writer, text, device, id_):
    status, back = await post(SUBJECT, message("RequestMessage", "fwd_cmd",
                                               [("ID", device), ("Word", tag(text, "Word"))]))
    log("forwarded %s %d" % (device, status))
    if status == 0:
        log("unreachable %s" % device)
        answer(writer, 200, message("ResponseMessage", "fwd_comm_err", [("ID", device)],
                                    correlation=id_, result="FAILED"))
        return
    word = tag(back, "Word")
    answer(writer, 200, message("ResponseMessage", "fwd_ack", [("ID", device), ("Word", word)],
                                correlation=id_, result="OK"))
    await post(OTHER, message("ResponseMessage", "fwd_ack", [("ID", device), ("Word", word)],
                              correlation=id_, result="OK"))


async def take_image(text, device, id_):
    digest = tag(text, "Digest")
    sum_, n = IMAGES.setdefault(id_, (hashlib.sha256(), [0]))
    sum_.update(base64.b64decode(tag(text, "Data")))
    n[0] += 1
    assert n[0] == int(tag(text, "Block")) and tag(text, "MessageID") == "%s/%d" % (id_, n[0])
    if n[0] == int(tag(text, "Blocks")):
        good = sum_.hexdigest() == digest
        log("image %s %s blocks=%d bytes=%s" % (id_, "whole" if good else "broken", n[0],
                                                tag(text, "Bytes")))
        await post(REQUESTER, message("ResponseMessage", "image_ack", [("ID", device)],
                                      correlation=id_, result="OK"))


async def group(id_, count):
    for i in range(count):
        await post(REQUESTER, message("ResponseMessage", "group_ack", [("ID", "%016X" % (0xE000 + i))],
                                      correlation=id_, result="OK"))


def read_back(writer, text):
    id_, about = tag(text, "CorrelationID"), re.findall(r"<MessageID>([^<]*)<", text)[-1]
    due, fields = CONSUMED.get(about, (1e18, []))
    ready = time.monotonic() >= due
    log("read-back %s %s %s" % (about, held(id_), "yes" if ready else "no"))
    answer(writer, 200, message("ResponseMessage", "set_cmd" if ready else "", fields,
                                correlation=id_, result="OK" if ready else "FAILED", noun="ReadBack"))


async def take(writer, text):
    id_, device = tag(text, "CorrelationID"), tag(text, "ID")
    if "<read-back" in text:
        read_back(writer, text)
        return
    payload = re.search(r"<Payload>\s*<([\w.-]+)", text).group(1)
    log("got %s %s %s %s %s" % (payload, tag(text, "MessageID"), device or "-",
                                held(tag(text, "MessageID").split("/")[0]), tag(text, "Source")))
    if payload == "fwd_cmd":
        await forward(writer, text, device, id_)
    elif payload == "group_cmd":
        answer(writer, 202)
        later(group(id_, int(tag(text, "Word"))))
    elif payload == "set_cmd":
        if tag(text, "Word") != "never":
            CONSUMED[id_] = (time.monotonic() + 0.05,
                             [("ID", device), ("Word", tag(text, "Word"))])
        answer(writer, 204)
    elif payload == "image_cmd":
        answer(writer, 204)
        later(take_image(text, device, id_))
    else:
        answer(writer, 204)


async def serve(reader, writer):
    try:
        while True:
            _, text = await read_message(reader)
            await take(writer, text)
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def send_image(device):
    content = os.urandom(70000)
    digest, blocks = hashlib.sha256(content).hexdigest(), 3
    for k in range(blocks):
        data = base64.b64encode(content[k * 32768:(k + 1) * 32768]).decode()
        body = message("RequestMessage", "image_up", [("ID", device), (
            "Image", "<Digest>%s</Digest><Bytes>%d</Bytes><Block>%d</Block><Blocks>%d</Blocks>"
                     "<Data>%s</Data>" % (digest, len(content), k + 1, blocks, data))],
            id_="up-%s/%d" % (device, k + 1), correlation="up-%s" % device)
        log("block %d %d" % (k + 1, (await post(SUBJECT, body))[0]))


async def ask(device, value):
    there = "http://127.0.0.1:%d/elsewhere" % OTHER if value == "elsewhere" else ""
    hostile = "ask-%s-&lt;![CDATA[%s&#9;" % (device, "x" * 300) if value == "hostile" else ""
    began = time.monotonic()
    status, body = await post(SUBJECT, message("RequestMessage", "ask_cmd",
                                               [("ID", device), ("Word", value)], id_=hostile, there=there))
    log("asked %s %d correlation=%s id=%s after=%dms" % (
        device, status, tag(body, "CorrelationID")[:120] or "-", tag(body, "MessageID") or "-",
        1000 * (time.monotonic() - began)))


async def control(reader, writer):
    try:
        while True:
            target, _ = await read_message(reader)
            at = urlsplit(target)
            query = parse_qs(at.query, keep_blank_values=True)
            name, device, value = at.path.split("/")[-1], query["device"][0], query["value"][0]
            log("stimulus %s %s %s" % (name, device or "-", value or "-"))
            writer.write(b"HTTP/1.1 204 Fine\r\n\r\n")
            if name == "ask_cmd":
                later(ask(device, value))
            elif name == "due_event":
                later(post(REQUESTER, message("EventMessage", name,
                                                              [("ID", device), ("Word", "now")])))
            elif name == "image_up":
                later(send_image(device))
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    await asyncio.start_server(serve, "127.0.0.1", EUT, backlog=4096)
    await asyncio.start_server(control, "127.0.0.1", CONTROL, backlog=4096)
    print("READY", flush=True)
    over = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, over.set)
    await over.wait()
    if TASKS:  # what is under way is still told
        await asyncio.wait(TASKS, timeout=5)


asyncio.run(main())
