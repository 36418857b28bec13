# shellcheck shell=bash disable=SC2034
# The few lines that let a shell test speak TAP. Sourced first: . "$(dirname "$0")/../tap.sh"
#
# $T is a folder of the test's own, kept when a test failed or KEEP=1. $BIN holds the programs, $TOP the
# checkout. Processes started with `spawn` are ended by their pid when the test ends, however it ends.
export LC_ALL=C TZ=UTC NO_COLOR=1
set -u
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BIN=${GRIDASSAY_BIN:-$TOP/build/rel/bin}
T=$(mktemp -d "${TMPDIR:-/tmp}/gridassay-test.XXXXXX")
tap_count=0
tap_failures=0
tap_pids=()
PATH=$PATH:/usr/sbin:/sbin

tap_cleanup() {
    local p
    for p in "${tap_pids[@]:+${tap_pids[@]}}"; do kill "$p" 2>/dev/null; done
    for p in "${tap_pids[@]:+${tap_pids[@]}}"; do wait "$p" 2>/dev/null; done
    if [ "$tap_failures" -gt 0 ] || [ -n "${KEEP:-}" ]; then
        echo "# kept: $T"
    else
        rm -rf "$T"
    fi
}
trap tap_cleanup EXIT
trap 'exit 1' INT TERM

# ok "title" command...: passes when the command succeeds.
ok() {
    local title=$1
    shift
    tap_count=$((tap_count + 1))
    if "$@" >"$T/ok.out" 2>&1; then
        echo "ok $tap_count - $title"
    else
        echo "not ok $tap_count - $title"
        echo "# failed: $*"
        head -n 20 "$T/ok.out" | tr -d '\000' | sed 's/^/# /'
        tap_failures=$((tap_failures + 1))
    fi
}

# is "title" got want
is() {
    tap_count=$((tap_count + 1))
    if [ "$2" = "$3" ]; then
        echo "ok $tap_count - $1"
    else
        echo "not ok $tap_count - $1"
        printf '%s\n' "got:  $2" "want: $3" | sed 's/^/# /'
        tap_failures=$((tap_failures + 1))
    fi
}

# expect_code "title" code command...: output is left in $T/out and $T/err.
expect_code() {
    local title=$1 want=$2 got=0
    shift 2
    "$@" >"$T/out" 2>"$T/err" </dev/null || got=$?
    is "$title" "$got" "$want"
    if [ "$got" != "$want" ]; then head -n 10 "$T/err" | sed 's/^/# stderr: /'; fi
}

# spawn command...: in the background, ended at the end; its pid in $spawned.
spawn() {
    "$@" &
    spawned=$!
    tap_pids+=("$spawned")
}

# wait_for "what" command...: until it succeeds, at most TEST_TIMEOUT_S (20) seconds.
wait_for() {
    local what=$1 deadline=$((SECONDS + ${TEST_TIMEOUT_S:-20}))
    shift
    until "$@" >/dev/null 2>&1; do
        if [ "$SECONDS" -ge "$deadline" ]; then
            echo "# gave up waiting for $what"
            return 1
        fi
        sleep 0.05
    done
}

# free_ports n: that many TCP ports in a row on 127.0.0.1 that nobody holds now, outside of those that the
# system gives to clients as far as there are enough others.
free_ports() {
    python3 - "$1" <<'PY'
import random, socket, sys
n = int(sys.argv[1])
try:
    low, high = map(int, open("/proc/sys/net/ipv4/ip_local_port_range").read().split())
except OSError:
    low, high = 32768, 60999
ranges = [r for r in ((10000, min(low, 32000)), (high + 1, 65536)) if r[1] - r[0] >= 40 * n]
below, above = ranges[0] if ranges else (10000, 32000)
while True:
    first = random.randrange(below, above - n)
    held = [socket.socket() for _ in range(n)]
    try:
        for i, s in enumerate(held):
            s.bind(("127.0.0.1", first + i))
        break
    except OSError:
        continue
    finally:
        for s in held:
            s.close()
print(*range(first, first + n))
PY
}

skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}

done_testing() {
    echo "1..$tap_count"
    [ "$tap_failures" -eq 0 ]
    exit
}
