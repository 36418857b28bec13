#!/usr/bin/env bash
# Equipment that wants TLS is driven with the statement's CA and credentials; what is inside can't be
# read from the capture, so its rows are not scorable, and say why.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"
need_capture
command -v openssl >/dev/null || skip_all "openssl is not installed"

certificate() { # name issuer-arguments...
    local name=$1
    shift
    openssl req -newkey rsa:2048 -nodes -keyout "$T/$name.key" -subj "/CN=$name" -addext "subjectAltName=IP:127.0.0.1" \
        -days 2 -out "$T/$name.pem" -x509 "$@" >/dev/null 2>&1
}
certificate ca
certificate meter -CA "$T/ca.pem" -CAkey "$T/ca.key" || {
    openssl req -newkey rsa:2048 -nodes -keyout "$T/meter.key" -subj /CN=meter -out "$T/meter.csr" >/dev/null 2>&1
    printf 'subjectAltName=IP:127.0.0.1\n' >"$T/ext"
    openssl x509 -req -in "$T/meter.csr" -CA "$T/ca.pem" -CAkey "$T/ca.key" -CAcreateserial -days 2 \
        -extfile "$T/ext" -out "$T/meter.pem" >/dev/null 2>&1
}

live_statement "$T/plain.xml"
sed -e "s#path=\"/meter\"#path=\"/meter\" tls=\"yes\"#" -e "s#  <interval-reads#  <tls ca=\"ca.pem\"/>\n  <interval-reads#" \
    "$T/plain.xml" >"$T/statement.xml"
live_profile "$T/profile.xml" demo
live_play "$T/statement.xml" --certificate "$T/meter.pem" --key "$T/meter.key"
live_run "$T/run" "$T/statement.xml" "$T/profile.xml" --suite 4.10.4.1
is "encrypted rows end in exit 4" "$live_code" 4
criteria "$T/run" >"$T/criteria"
ok "nothing of them is passed or failed" sh -c "! grep -E ' (pass|fail)\$' '$T/criteria'"
is "reliability, latency and size are not scorable" \
    "$(awk '$3 != "window" { print $4 }' "$T/criteria" | sort | uniq -c | sed 's/^ *//')" "$(printf '1 not-applicable\n5 not-scorable')"
ok "because they are encrypted" grep -q 'reason="[^"]*encrypted' "$T/run/run.xml"
done=$("$BIN/journal_dump" "$T/run/journal" | grep 'OUTCOME.*status=200' | grep -vc -- -cal-)
ok "though the equipment was driven and answered ($done times)" test "$done" -ge 149

# What is to be kept secret: inside TLS nobody can read it; in clear text the first frame tells.
secret() { # NAME STATEMENT
    live_run "$T/$1" "$2" "$T/secret.xml" --row 4.15.4.1/SW_opr_cmd
    criteria "$T/$1" | awk '$(NF - 1) == "confidentiality" { print $NF }' | sort -u
}
live_profile "$T/secret.xml" demo 's#<window [^>]*/>#&<optional confidentiality="yes"/>#'
is "what is to be kept secret is kept inside TLS" "$(secret secret "$T/statement.xml")" pass
ok "as frames show" grep -q 'kind="confidentiality".*bad="0".*frame-last="[1-9]' "$T/secret/run.xml"

# Another CA: the driver must not talk to it.
certificate stranger
sed 's#ca="ca.pem"#ca="stranger.pem"#' "$T/statement.xml" >"$T/distrust.xml"
live_run "$T/distrust" "$T/distrust.xml" "$T/profile.xml" --suite 4.10.4.1
is "a certificate of a stranger is not accepted" \
    "$("$BIN/journal_dump" "$T/distrust/journal" | grep 'OUTCOME.*status=200' | grep -vc -- -cal-)" 0
ok "and nothing passes (it ended in $live_code)" test "$live_code" = 1 -o "$live_code" = 4
live_stop

live_play "$T/plain.xml"
is "and in clear text it is not" "$(secret clear "$T/plain.xml")" fail
live_stop

# Equipment that wants to know who calls: nginx, which answers 200 to those with a certificate of the CA
# and 400 to others.
if command -v nginx >/dev/null; then
    certificate lab -CA "$T/ca.pem" -CAkey "$T/ca.key"
    mkdir "$T/nginx"
    cat >"$T/nginx.conf" <<CONF
daemon off;
pid $T/nginx/pid;
error_log $T/nginx/error.log crit;
events { worker_connections 1024; }
http {
    access_log off;
    client_body_temp_path $T/nginx/body; proxy_temp_path $T/nginx/proxy;
    fastcgi_temp_path $T/nginx/fastcgi; uwsgi_temp_path $T/nginx/uwsgi; scgi_temp_path $T/nginx/scgi;
    server {
        listen 127.0.0.1:$live_eut ssl;
        ssl_certificate $T/meter.pem; ssl_certificate_key $T/meter.key;
        ssl_client_certificate $T/ca.pem; ssl_verify_client on;
        location / { return 200 ""; }
    }
}
CONF
    spawn nginx -p "$T/nginx" -c "$T/nginx.conf" 2>"$T/nginx.err"
    wait_for "nginx" sh -c "ss -ltn | grep -q ':$live_eut '"
    answers() { "$BIN/journal_dump" "$T/$1/journal" | grep 'OUTCOME' | grep -v -- -cal- | grep -c "status=$2"; }
    live_run "$T/nobody" "$T/statement.xml" "$T/profile.xml" --suite 4.10.4.1
    ok "without a certificate the driver is turned away" test "$(answers nobody 400)" -ge 149
    sed 's#<tls ca="ca.pem"/>#<tls ca="ca.pem" certificate="lab.pem" key="lab.key"/>#' "$T/statement.xml" >"$T/known.xml"
    live_run "$T/known" "$T/known.xml" "$T/profile.xml" --suite 4.10.4.1
    ok "with the statement's it is let in" test "$(answers known 200)" -ge 149
    is "and a yes inside TLS is no pass" "$live_code" 4
fi
done_testing
