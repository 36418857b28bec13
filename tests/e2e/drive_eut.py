"""A meter of other hands for t_drive.sh: asyncio, standard library only.

drive_eut.py EUT_PORT CONTROL_PORT LOG MODE DELAY_S MDMS_PORT JOURNAL NMS_PORT

MODE: response, request (answer 202, reply by a POST of its own), silent, noisy (as request, with each
message twice, garbage before it and an unknown payload behind it). Every command that arrives is logged
with the monotonic clock and whether the journal's file holds it: "cmd CORRELATION DEVICE held|missing
ns"; every stimulus: "stimulus NAME DEVICE VALUE ns".
"""
import asyncio
import re
import sys
import time
from urllib.parse import parse_qs, urlsplit

EUT, CONTROL, LOG, MODE = int(sys.argv[1]), int(sys.argv[2]), open(sys.argv[3], "w"), sys.argv[4]
DELAY, MDMS, NMS = float(sys.argv[5]), int(sys.argv[6]), int(sys.argv[8])
ARMED, TASKS = set(), set()


def later(work):
    """The loop itself keeps no task alive."""
    task = asyncio.ensure_future(work)
    TASKS.add(task)
    task.add_done_callback(TASKS.discard)


def tag(text, name):
    found = re.search(r"<(?:\w+:)?%s[^>]*>([^<]*)<" % re.escape(name), text)
    return found.group(1) if found else ""


def envelope(root, correlation, element, fields):
    header = "<Verb>reply</Verb><Noun>MeterReadings</Noun><Revision>2.0</Revision>" \
             "<Timestamp>2026-01-01T00:00:00Z</Timestamp><Source>meter</Source><MessageID>m</MessageID>"
    if correlation:
        header += "<CorrelationID>%s</CorrelationID>" % correlation
    body = "".join("<%s>%s</%s>" % (k, v, k) for k, v in fields)
    return ('<%s xmlns="http://iec.ch/TC57/2011/schema/message"><Header>%s</Header><Payload>'
            '<%s xmlns="urn:gridassay:payload:1">%s</%s></Payload></%s>'
            % (root, header, element, body, element, root)).encode()


def answer_to(text):
    correlation, device = tag(text, "CorrelationID"), tag(text, "MeterID")
    if device in ARMED:
        ARMED.discard(device)
        return envelope("ResponseMessage", correlation, "on-demand_Mtr-read_cmd_err",
                        [("MeterID", device), ("FailureCode", 7)])
    return envelope("ResponseMessage", correlation, "on-demand_Mtr-read_resp-data",
                    [("MeterID", device), ("ReadingType", "kWh"), ("ReadingData", "12.5")])


def log(line):
    LOG.write("%s %d\n" % (line, time.monotonic_ns()))
    LOG.flush()


async def read_message(reader):
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: *(\d+)", head)
    body = await reader.readexactly(int(length.group(1))) if length else b""
    return head.split(b" ")[1].decode(), body.decode()


async def post(url, body):
    at = urlsplit(url)
    reader, writer = await asyncio.open_connection(at.hostname, at.port)
    writer.write(b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/xml\r\n"
                 b"Content-Length: %d\r\nConnection: close\r\n\r\n" % (at.path.encode(), len(body)) + body)
    try:
        await reader.read()
    except ConnectionError:  # what is said to garbage may end in a reset
        pass
    writer.close()


async def send(url, body):
    if MODE != "noisy":
        await post(url, body)
        return
    await post(url, b"\x00<garbage")
    await post(url, b"")
    await post(url, body)
    await post(url, body)
    await post(url, envelope("EventMessage", "", "no_such_payload", [("MeterID", "1")]))
    await post(url, envelope("EventMessage", "ga-00000000-0.0-0", "on-demand_Mtr-read_resp-data", []))


def copies(body):
    """What failed is told to others too."""
    if b"_cmd_err" in body:
        for port, path in (MDMS, "mdms"), (NMS, "nms"):
            later(send("http://127.0.0.1:%d/%s" % (port, path), body))


async def meter(reader, writer):
    try:
        while True:
            _, text = await read_message(reader)
            correlation = tag(text, "CorrelationID")
            with open(sys.argv[7], "rb") as journal:  # its end, where the last records are
                journal.seek(max(0, journal.seek(0, 2) - 200000))
                held = correlation.encode() in journal.read()
            log("cmd %s %s %s" % (correlation, tag(text, "MeterID"), "held" if held else "missing"))
            if MODE == "silent":
                await reader.read()
                return
            await asyncio.sleep(DELAY)
            if MODE == "response":
                body = answer_to(text)
                copies(body)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n"
                             b"Content-Length: %d\r\n\r\n" % len(body) + body)
            else:
                writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
                body = answer_to(text)
                copies(body)
                later(send(tag(text, "ReplyAddress"), body))
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def control(reader, writer):
    try:
        while True:
            target, _ = await read_message(reader)
            at = urlsplit(target)
            query = parse_qs(at.query, keep_blank_values=True)
            name, device, value = at.path.split("/")[-1], query["device"][0], query["value"][0]
            log("stimulus %s %s %s" % (name, device, value or "-"))
            if name == "on-demand_Mtr-read_cmd_err":
                ARMED.add(device)
            if name == "refused-event":
                writer.write(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")
                continue
            writer.write(b"HTTP/1.1 204 Fine\r\n\r\n")
            if name == "Audit_Application_Event" and MODE != "silent":
                url = "http://127.0.0.1:%d/mdms" % MDMS
                later(send(url, envelope(
                    "EventMessage", "", "Audit_Application_Event",
                    [("MeterID", device), ("EventTypeCode", value)])))
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    await asyncio.start_server(meter, "127.0.0.1", EUT, backlog=4096)
    await asyncio.start_server(control, "127.0.0.1", CONTROL, backlog=4096)
    print("READY", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
