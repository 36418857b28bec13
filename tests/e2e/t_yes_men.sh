#!/usr/bin/env bash
# Who is not the equipment gets no pass on any criterion of any row: a dead port, servers that say yes
# to everything, and an echo.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"
need_capture
command -v nginx >/dev/null || skip_all "nginx is not installed"

live_profile "$T/profile.xml" demo

# nginx answering STATUS to all, at the equipment's port and at its control port (stimuli "work").
start_nginx() { # name status
    mkdir "$T/$1.nginx"
    cat >"$T/$1.conf" <<CONF
daemon off;
pid $T/$1.nginx/pid;
error_log $T/$1.nginx/error.log crit;
events { worker_connections 4096; }
http {
    access_log off;
    client_body_temp_path $T/$1.nginx/body; proxy_temp_path $T/$1.nginx/proxy;
    fastcgi_temp_path $T/$1.nginx/fastcgi; uwsgi_temp_path $T/$1.nginx/uwsgi; scgi_temp_path $T/$1.nginx/scgi;
    server { listen 127.0.0.1:$live_eut; location / { return $2 ""; } }
    server { listen 127.0.0.1:$live_control; location / { return $2 ""; } }
}
CONF
    spawn nginx -p "$T/$1.nginx" -c "$T/$1.conf" 2>"$T/$1.nginx.err"
    wait_for "nginx" listening "$live_eut"
}

listening() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

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

# The four runs mostly wait, so they wait together. Each has ports of its own.
names=(dead-port nginx-200 nginx-202 echo)
runs=()
for name in "${names[@]}"; do
    live_statement "$T/$name.xml"
    case $name in
    nginx-*) start_nginx "$name" "${name#nginx-}" ;;
    echo)
        spawn python3 "$T/echo.py" "$live_eut" "$live_control"
        wait_for "the echo server" listening "$live_eut"
        ;;
    esac
    spawn "$BIN/gridassay" run --eut "$T/$name.xml" --profile "$T/profile.xml" --out "$T/$name" --arm --tap=none \
        >"$T/$name.out" 2>"$T/$name.err" </dev/null
    runs+=("$spawned")
done

no_pass() {
    local n
    n=$(wc -l <"$1/criteria")
    [ "$n" -ge 100 ] || { echo "only $n criteria in scope"; return 1; }
    ! grep ' pass$' "$1/criteria"
}

for i in "${!names[@]}"; do
    name=${names[i]}
    code=0
    wait "${runs[i]}" || code=$?
    criteria "$T/$name" >"$T/$name/criteria"
    ok "$name gets no pass on any criterion of any row" no_pass "$T/$name"
    ok "$name does not end in exit 0 or a harness error (it ended in $code)" \
        test "$code" = 1 -o "$code" = 4
done
done_testing
