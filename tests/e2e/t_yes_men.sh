#!/usr/bin/env bash
# Who is not the equipment gets no pass on any criterion of any row: a dead port, servers that say yes
# to everything, and an echo.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"
need_capture
command -v nginx >/dev/null || skip_all "nginx is not installed"

live_statement "$T/statement.xml"
live_profile "$T/profile.xml" demo

# nginx answering STATUS to all, at the equipment's port and at its control port (stimuli "work").
nginx_config() {
    mkdir -p "$T/nginx"
    cat >"$T/nginx.conf" <<CONF
daemon off;
pid $T/nginx/pid;
error_log $T/nginx/error.log crit;
events { worker_connections 4096; }
http {
    access_log off;
    client_body_temp_path $T/nginx/body; proxy_temp_path $T/nginx/proxy;
    fastcgi_temp_path $T/nginx/fastcgi; uwsgi_temp_path $T/nginx/uwsgi; scgi_temp_path $T/nginx/scgi;
    server { listen 127.0.0.1:$live_eut; location / { return $1 "$2"; } }
    server { listen 127.0.0.1:$live_control; location / { return $1 ""; } }
}
CONF
}

listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

no_pass() {
    local n
    n=$(wc -l <"$1/criteria")
    [ "$n" -ge 100 ] || { echo "only $n criteria in scope"; return 1; }
    ! grep ' pass$' "$1/criteria"
}

check() {
    live_run "$T/$1" "$T/statement.xml" "$T/profile.xml"
    criteria "$T/$1" >"$T/$1/criteria"
    ok "$1 gets no pass on any criterion of any row" no_pass "$T/$1"
    ok "$1 does not end in exit 0 or a harness error (it ended in $live_code)" \
        test "$live_code" = 1 -o "$live_code" = 4
}

check dead-port

for status in 200 202; do
    nginx_config "$status" ""
    spawn nginx -p "$T/nginx" -c "$T/nginx.conf" 2>"$T/nginx.err"
    wait_for "nginx" listening "$live_eut"
    check "nginx-$status"
    kill "$spawned"
    wait "$spawned" 2>/dev/null
done

cat >"$T/echo.py" <<'PY'
import asyncio, sys

async def serve(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = 0
            for line in head.lower().split(b"\r\n"):
                if line.startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            body = await reader.readexactly(length)
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nContent-Length: %d\r\n\r\n" % length + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()

async def main():
    servers = [await asyncio.start_server(serve, "127.0.0.1", int(p)) for p in sys.argv[1:]]
    await asyncio.gather(*(s.serve_forever() for s in servers))

asyncio.run(main())
PY
spawn python3 "$T/echo.py" "$live_eut" "$live_control"
wait_for "the echo server" listening "$live_eut"
check echo
done_testing
