"""Servers that nobody would want, and one that counts. For t_speaker.sh.

usage: speak_peers.py FOLDER: writes FOLDER/port when it listens, appends to FOLDER/log a line for every
request body that arrived ("<path> <length>"). What a connection meets is told by the path.
"""
import os
import socket
import struct
import sys
import threading
import time

folder = sys.argv[1]
lock = threading.Lock()


def log(text):
    with lock, open(os.path.join(folder, "log"), "a") as f:
        f.write(text + "\n")


def read_request(conn):
    data = b""
    while b"\r\n\r\n" not in data:
        more = conn.recv(65536)
        if not more:
            return None, None, None
        data += more
    head, body = data.split(b"\r\n\r\n", 1)
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, value = line.split(b":", 1)
        if name.lower() == b"content-length":
            length = int(value)
    while len(body) < length:
        body += conn.recv(65536)
    path = head.split(b" ")[1].decode()
    log("%s %d" % (path, len(body)))
    return path, head, body


def flood(conn, first, piece):
    conn.sendall(first)
    while True:
        conn.sendall(piece)


def serve(conn):
    conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    ok = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine"
    try:
        served = 0
        while True:
            path, head, body = read_request(conn)
            if path is None:
                return
            served += 1
            if path == "/fine":
                conn.sendall(ok)
            elif path == "/head":  # what was sent, back
                conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(head), head))
                log(head.decode().replace("\r\n", "|"))
            elif path == "/dies-on-reuse":  # the second request of a connection meets its end
                if served == 2:
                    conn.close()
                    return
                conn.sendall(ok)
            elif path == "/interim":
                conn.sendall(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + ok)
            elif path == "/endless-interim":
                flood(conn, b"", b"HTTP/1.1 100 Continue\r\nX-A: b\r\n\r\n" * 100)
            elif path == "/endless-header":
                flood(conn, b"HTTP/1.1 200 OK\r\n", b"X-Filler: aaaaaaaaaaaaaaaaaaaaaaa\r\n" * 100)
            elif path == "/endless-line":
                flood(conn, b"HTTP/1.1 200 OK\r\nX-Filler: ", b"a" * 10000)
            elif path == "/endless-body":
                flood(conn, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                      b"2710\r\n" + b"a" * 10000 + b"\r\n")
            elif path == "/huge":
                conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
            elif path == "/drip":
                for i in range(len(ok)):
                    conn.sendall(ok[i:i + 1])
                    time.sleep(1)
            elif path == "/reset":
                conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\nhalf")
                conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                conn.close()
                return
            elif path == "/short":
                conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\nhalf")
                conn.close()
                return
            elif path == "/garbage":
                conn.sendall(bytes(range(128, 256)) * 4)
                conn.close()
                return
            elif path == "/redirect":
                conn.sendall(b"HTTP/1.1 302 Found\r\nLocation: /fine\r\nContent-Length: 0\r\n\r\n")
            elif path == "/silent":
                time.sleep(60)
            else:
                conn.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    except OSError:
        pass
    finally:
        conn.close()


listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("127.0.0.1", 0))
listener.listen(200)
with open(os.path.join(folder, "port.part"), "w") as f:
    f.write(str(listener.getsockname()[1]))
os.rename(os.path.join(folder, "port.part"), os.path.join(folder, "port"))
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
