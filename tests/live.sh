# shellcheck shell=bash disable=SC2154,SC2034
# For tests that run against equipment live on loopback. Sourced after tap.sh.

# Whether packets can be captured here at all; the test is skipped where not.
need_capture() {
    "$BIN/gridassay-capture" --probe --interface lo >/dev/null 2>&1 ||
        skip_all "live capture on lo is not permitted here"
}

# live_statement FILE [SED-EXPRESSION [NAME]]: a shipped statement (meters) on free ports of this
# machine. The calibration takes the port behind the last peer's, hence one more.
live_statement() {
    local from=$TOP/fixtures/equipment/${3:-meters}.xml ports old n=0 port expr=()
    live_control=$(grep -om1 'http://127.0.0.1:[0-9]*' "$from" | sed 's/.*://')
    live_eut=$(grep -m1 '<http ' "$from" | sed 's/.*port="\([0-9]*\)".*/\1/')
    read -ra old <<<"$(grep -o '<peer .*port="[0-9]*"' "$from" | sed 's/.*port="//;s/"//' | sort -n | tr '\n' ' ')"
    old=("$live_control" "$live_eut" "${old[@]}")
    read -ra ports <<<"$(free_ports $((${#old[@]} + 1)))"
    for port in "${old[@]}"; do
        expr+=(-e "s/\b$port\b/_${ports[n]}_/") # marked: it may be one of the old ones as well
        n=$((n + 1))
    done
    sed "${expr[@]}" -e 's/_\([0-9][0-9]*\)_/\1/g' ${2:+-e "$2"} "$from" >"$1"
    live_control=${ports[0]} live_eut=${ports[1]}
    export live_control live_eut
}

# live_profile FILE NAME [SED-EXPRESSION]: a shipped profile, driven faster.
live_profile() {
    sed -e 's/pace-per-s="[0-9]*"/pace-per-s="1500"/' \
        ${3:+-e "$3"} "$TOP/fixtures/profiles/$2.xml" >"$1"
}

# live_play STATEMENT ARGUMENT...: the reference equipment, ready; ended with live_stop.
live_play() {
    local statement=$1
    shift
    spawn "$BIN/gridassay" play "$statement" "$@" >"$T/play.out" 2>"$T/play.err"
    live_pid=$spawned
    wait_for "the equipment" grep -q ^READY "$T/play.out"
}

live_stop() {
    kill "$live_pid" 2>/dev/null
    wait "$live_pid" 2>/dev/null
}

# live_run OUT STATEMENT PROFILE ARGUMENT...: exit status in live_code. What ended without a result tells
# why in the test's own output.
live_run() {
    local out=$1 statement=$2 profile=$3
    shift 3
    live_code=0
    "$BIN/gridassay" run --eut "$statement" --profile "$profile" --out "$out" --arm "$@" \
        >"$out.tap" 2>"$out.err" </dev/null || live_code=$?
    case $live_code in
    0 | 1 | 4) ;;
    *) live_why "$out" ;;
    esac
}

# live_calm OUT STATEMENT PROFILE ARGUMENT...: the same. What a run left open because the machine held
# the harness itself up is said of the machine, so such a run is made anew, three in all; never one that
# passed, failed, or is open for another reason.
live_calm() {
    local out=$1 left ledger=()
    for left in 2 1 0; do
        live_run "$@" "${ledger[@]}"
        if [ "$live_code" -ne 4 ] || [ "$left" -eq 0 ] || ! live_held_up "$out"; then return; fi
        echo "# the machine held the run up: $(grep -c . "$out.held") criteria are open; made anew"
        rm -rf "$out"
        ledger=(--ledger none)
    done
}

# live_held_up OUT: whether everything that is open is so for the harness's disturbances.
live_held_up() {
    criteria "$1" disturbed | grep -E ' (disturbed|inconclusive|not-exercised|not-scorable)$' >"$1.held"
    [ -s "$1.held" ] && ! grep -qv ' disturbed$' "$1.held"
}

# live_why OUT: why the run did not end as it should.
live_why() {
    echo "# gridassay run: exit $live_code, result $([ -f "$1/run.xml" ] && echo there || echo missing)"
    grep '^gridassay' "$1.err" | tail -n 3 | sed 's/^/# /'
    grep '^fail\|^inconclusive\|^not \|^error' "$1.err" | grep -v '^not applicable' |
        head -n "${2:-3}" | sed 's/^/# /'
    [ ! -s "$T/play.err" ] || tail -n 2 "$T/play.err" | sed 's/^/# equipment: /'
}

# criteria RUN [disturbed]: "row leg criterion word" for each criterion in scope, word a verdict or a
# status; where asked for, "disturbed" for inconclusive because of the harness.
criteria() {
    python3 - "$1/run.xml" "${2:-}" <<'PY'
import sys
import xml.etree.ElementTree as ET
local = lambda e: e.tag.split("}")[-1]
for row in ET.parse(sys.argv[1]).getroot().iter():
    if local(row) != "row":
        continue
    for variant in row:
        if local(variant) != "variant":
            continue
        for c in variant:
            if local(c) == "criterion":
                word = c.get("verdict")
                if word in (None, "none"):
                    word = c.get("status")
                if sys.argv[2] and word == "inconclusive" and int(c.get("disturbed")) > 0:
                    word = sys.argv[2]
                print(row.get("id"), variant.get("leg"), c.get("kind"), word)
PY
}
