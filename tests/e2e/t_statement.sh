#!/usr/bin/env bash
# The statement of the equipment: templates for every actor, the checker, the document, and what an
# answer does to the plan, the run and the reports.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"

export GRIDASSAY_HOME=$TOP
G=$BIN/gridassay
EUT=$TOP/fixtures/equipment/meters.xml
PROFILE=$TOP/fixtures/profiles/demo.xml
says() { grep -Eq -- "$1" "$T/$2"; }
statement() { "$G" statement "$@"; }

# ---- a new one for every actor
statement --actors >"$T/actors"
is "the table has its actors" "$(wc -l <"$T/actors")" 47
bad=0
while read -r actor; do
    statement --new "$actor" >"$T/new.xml" || bad=$((bad + 1))
    statement --check "$T/new.xml" >"$T/new.out" || bad=$((bad + 1))
    grep -v ': W10[12] ' "$T/new.out" | grep -qv '^0 errors, ' && { bad=$((bad + 1)); echo "# $actor"; }
    xmllint --noout --nonet --relaxng "$TOP/fixtures/schemas/statement.rng" "$T/new.xml" 2>/dev/null || bad=$((bad + 1))
    "$G" plan --eut "$T/new.xml" --profile "$TOP/fixtures/profiles/sample.xml" --arm \
        --write "$T/new.plan" >/dev/null 2>"$T/new.err" || { bad=$((bad + 1)); head -n 1 "$T/new.err"; }
    grep -q '<limit kind="statement" text="the statement leaves ' "$T/new.plan" || { bad=$((bad + 1)); echo "# $actor: no limit"; }
done <"$T/actors"
is "each has a template that loads, checks but for what is unset, and plans a partial claim" "$bad" 0
expect_code "several actors make one equipment" 0 statement --new "2-Way Meter - Gas" "2-way meter – water"
is "with a list each" "$(grep -c '<items actor=' "$T/out")" 2
expect_code "an unknown actor is a usage error" 2 statement --new "Beer Meter"
ok "and told" says 'no actor of the requirement table; --actors' err

# ---- filled in it runs against the reference equipment
read -ra port <<<"$(free_ports 40 | tr '\n' ' ')"
statement --new OMS >"$T/oms.xml"
fill=(-e "s|method=\"prompt\" text=\"[^\"]*\"|method=\"POST\" url=\"http://127.0.0.1:${port[39]}/provoke/{stimulus}?device={device}\&amp;value={value}\"|")
fill+=(-e 's/vendor="unset" model="unset" hardware="unset" firmware="unset"/vendor="v" model="m" hardware="h" firmware="1"/')
fill+=(-e 's/firmware-sha256="0*"/firmware-sha256="b1d9b56f43f1f0ad23a2f6be37e0a1058cf7ee0aaec5ed5cca038545641406f0"/')
fill+=(-e 's/\(id="P\.\(http-2\|tls[a-z-]*\|reply-request\|own-schedule\|read-back\)".*\)support="unset"/\1support="no"/')
fill+=(-e 's/support="unset"/support="yes"/; s/reply="response"/& read-back="yes"/; s/\(id="P.read-back".*\)support="no"/\1support="yes"/')
fill+=(-e 's/values="" allowed="1.1"/values="1.1" allowed="1.1"/; s/values="" allowed="1\.\./values="1" allowed="1../')
for i in {0..30}; do fill+=(-e "s/port=\"$((18480 + i))\"/port=\"${port[i]}\"/"); done
sed -i "${fill[@]}" "$T/oms.xml"
expect_code "a template that is filled in passes the check for certification" 0 \
    statement --check --certification "$T/oms.xml"
ok "without a word" says '^0 errors, 0 warnings' out
if "$BIN/gridassay-capture" --probe --interface lo >/dev/null 2>&1; then
    live_profile "$T/profile.xml" sample 's/<rule [^>]*>/<rule confidence-percent="80" kind="short"\/>/'
    live_play "$T/oms.xml"
    live_run "$T/oms" "$T/oms.xml" "$T/profile.xml" --suite ORM
    is "and runs against the reference equipment: every row passes" "$live_code" 0
    ok "rows there were" grep -Eq '# [0-9]+ rows, [1-9]' "$T/oms.tap"
    is "the capture contradicts it nowhere" "$(grep -c '<contradiction' "$T/oms/run.xml")" 0
    live_stop

    # The same capture against a statement that denies what it shows.
    sed -e 's/\(id="U.orm".*\)support="yes"/\1support="no" remark="not yet"/' \
        -e 's/connection="keep-alive"/connection="per-exchange"/' "$T/oms.xml" >"$T/denies.xml"
    code=0
    "$G" score "$T/oms/capture.pcapng" --eut "$T/denies.xml" --profile "$T/profile.xml" \
        --out "$T/denied" >"$T/out" 2>"$T/err" </dev/null || code=$?
    ok "rows of a use case that is not claimed are not applicable, with the item" \
        says 'SKIP not applicable: the vendor does not claim it \(item U.orm of OMS\)' denied/report.tap
fi

# ---- a no to what is sent, seen in a live run of meters
if "$BIN/gridassay-capture" --probe --interface lo >/dev/null 2>&1; then
    live_statement "$T/meters.xml"
    live_profile "$T/few.xml" short-limits
    live_play "$T/meters.xml"
    live_run "$T/events" "$T/meters.xml" "$T/few.xml" --row 4.11.4.1/Audit_Application_Event
    live_stop
    is "a run whose statement fits says nothing of it" "$(grep -c contradict "$T/events/run.xml")" 0
    # Stimuli that need a credential: taken from where the statement says, and left nowhere.
    cat >"$T/guard.py" <<'PY'
import sys, urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
ThreadingHTTPServer.request_queue_size = 500
class Guard(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with open(sys.argv[3], "a") as f:
            f.write("%s\n" % self.headers.get("Authorization"))
        url = "http://127.0.0.1:%s%s" % (sys.argv[2], self.path)
        urllib.request.urlopen(urllib.request.Request(url, data=b"", method="POST")).read()
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *a):
        pass
ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Guard).serve_forever()
PY
    guard=$(free_ports 1)
    spawn python3 "$T/guard.py" "$guard" "$live_control" "$T/shown"
    sed -e "s/127.0.0.1:$live_control/127.0.0.1:$guard/; s/method=\"POST\"/& credential=\"bench\"/" \
        -e 's|<protocol|<credential name="bench" purpose="stimuli" env="BENCH_TOKEN_ABC"/>&|' \
        "$T/meters.xml" >"$T/guarded.xml"
    live_play "$T/meters.xml"
    sed 's/pace-per-s="[0-9]*"/pace-per-s="100"/' "$PROFILE" >"$T/slow.xml"
    export BENCH_TOKEN_ABC=sesame-42
    live_run "$T/guarded" "$T/guarded.xml" "$T/slow.xml" --row 4.11.4.1/Audit_Application_Event
    is "a run whose stimuli need a credential passes" "$live_code" 0
    is "which each of them shows" "$(sort -u "$T/shown")" "Bearer sesame-42"
    is "and which stands nowhere in its files" "$(grep -rlF sesame-42 "$T/guarded" "$T/guarded.tap" | wc -l)" 0
    unset BENCH_TOKEN_ABC
    live_run "$T/without" "$T/guarded.xml" "$T/few.xml" --row 4.11.4.1/Audit_Application_Event
    ok "without it the run does not begin" test "$live_code" -ne 0
    ok "and says what is missing" grep -q 'the environment has no BENCH_TOKEN_ABC' "$T/without.err"
    live_stop
    sed 's/credential="bench"/credential="bunch"/' "$T/guarded.xml" >"$T/unknown.xml"
    expect_code "a credential that is none is refused" 2 "$G" plan --eut "$T/unknown.xml" --profile "$T/few.xml"
    ok "with the place" says 'unknown.xml:[0-9]+: credential="bunch"' err
    sed '0,/ credential="bench"/s///' "$T/guarded.xml" >"$T/some.xml"
    expect_code "a credential that some stimuli alone show is refused" 2 \
        "$G" plan --eut "$T/some.xml" --profile "$T/few.xml"
    ok "for the others would show it too" says 'some.xml:[0-9]+: no credential, expected "bench"' err

    sed -e 's/\(id="R.4.11.4.1[^"]*"\) status="C.1" support="yes"/\1 support="no"/' \
        -e 's/00124B0001000000" count="600"/00124B0001000000" count="2"/' "$T/meters.xml" >"$T/no.xml"
    code=0
    "$G" score "$T/events/capture.pcapng" --eut "$T/no.xml" --profile "$T/few.xml" --out "$T/no" \
        >"$T/out" 2>"$T/err" </dev/null || code=$?
    is "the mandatory row is not run, which is no pass" "$code" 4
    ok "the payload that is denied and seen is a contradiction" \
        says '<contradiction kind="item" what="R.4.11.4.1/Audit_Application_Event of 2-Way Meter - Electr"' no/run.xml
    ok "and the devices beyond the declared ids" says '<contradiction kind="id"' no/run.xml
    ok "in the result by its schema" xmllint --noout --nonet --relaxng "$TOP/fixtures/schemas/run.rng" "$T/no/run.xml"
    for report in report.tap:'# contradiction: ' report.html:'The capture contradicts the statement' \
        junit.xml:'name="contradictions"' out:'contradiction: '; do
        file=${report%%:*}
        [ "$file" = out ] || file=no/$file
        ok "told in ${report%%:*}" says "${report#*:}" "$file"
    done
    ok "a claim is partial for it" says 'kind="contradiction"' no/run.xml
fi

# ---- what an answer does to the plan
plan() { "$G" plan --eut "$1" --profile "$PROFILE" --write "$T/plan.xml" "${@:2}"; }
expect_code "a statement that answers all limits no claim" 0 plan "$EUT"
is "by itself" "$(grep -c 'limit kind="statement"' "$T/plan.xml")" 0
sed 's/\(id="U.meter-events"\) status="O.1" support="yes"/\1 support="no"/' "$EUT" >"$T/eut.xml"
expect_code "no to a use case" 0 plan "$T/eut.xml"
ok "makes its rows not applicable, with the item" \
    says '4.11.4.1/Audit.* n/a .*the vendor does not claim it \(item U.meter-events of ' out
ok "and every claim partial" says '<limit kind="statement" text="the vendor does not claim that ' plan.xml
sed 's/\(id="R.4.11.4.1[^"]*"\) status="C.1" support="yes"/\1 support="no"/' "$EUT" >"$T/eut.xml"
expect_code "no to a mandatory row" 0 plan "$T/eut.xml"
ok "leaves it undriven" says '4.11.4.1/Audit.* not run .*says no to what is mandatory' out
ok "withheld in the plan" says 'id="4.11.4.1/Audit.*withheld="yes"' plan.xml
sed '/actor="2-Way Meter - Gas">/,/<\/items>/s/\(id="R.4.11.4.1[^"]*"\) status="C.1" support="yes"/\1 support="no"/' "$EUT" >"$T/eut.xml"
expect_code "of one actor alone" 0 plan "$T/eut.xml"
ok "leaves it to the others" says '4.11.4.1/Audit_Application_Event +from' out
sed 's/\(id="V.push"\) status="O.2" support="yes"/\1 support="no"/' "$EUT" >"$T/eut.xml"
expect_code "no to a mode" 0 plan "$T/eut.xml" --explain 4.10.4.4/Mtr-read_multi-interval-data_resp-data
ok "leaves the other one" says 'poll' out
is "and no reading of it" "$(grep -c 'leg push' "$T/out")" 0
sed 's/\(id="P.read-back"\) status="O" support="yes"/\1 support="unset"/' "$EUT" >"$T/eut.xml"
expect_code "an item that is unset" 0 plan "$T/eut.xml"
ok "makes a claim partial" says 'leaves 1 item of the equipment unset, the first is P.read-back' plan.xml
expect_code "and is refused for a certification" 6 "$G" run --certification --eut "$T/eut.xml" \
    --profile "$PROFILE" --out "$T/never"
ok "by its name" says 'unset, the first is P.read-back' err
sed 's/id="U.orm" status="O.1" support="yes"/id="U.mor" support="no"/' "$EUT" >"$T/eut.xml"
expect_code "a no to nothing is refused" 2 plan "$T/eut.xml"
ok "with file and line" says 'eut.xml:[0-9]+: support="no" to "U.mor"' err

# ---- bad input
sed 's/support="yes"/support="maybe"/' "$EUT" >"$T/eut.xml"
expect_code "another word for an answer is refused" 2 statement --check "$T/eut.xml"
ok "with the place, as message E001" says 'eut.xml:[0-9]+: .*E001' out
expect_code "so is a file that is none" 2 statement --check "$T/none.xml"
expect_code "and by the document" 2 statement "$T/none.xml"
for nothing in "--check" "--new" "--format html"; do
    # shellcheck disable=SC2086
    expect_code "$nothing alone is a usage error" 2 statement $nothing
done
expect_code "as are two of them" 2 statement --check --new "$EUT"
expect_code "and another format" 2 statement --format pdf "$EUT"
expect_code "--help lists the messages" 0 statement --help
is "all of them" "$(grep -cE '^  [EW][0-9]{3}[* ] ' "$T/out")" 26

# ---- the document
sed 's|<items>|<credential name="bench" purpose="its interface" env="BENCH_SECRET_XYZ"/><items>|' "$EUT" >"$T/eut.xml"
sed -i 's|provoke/valve-fault?|provoke/valve-fault?token=s3cr3t\&amp;|; s|vendor="gridassay"|vendor="\&lt;b\&gt;"|' "$T/eut.xml"
export BENCH_SECRET_XYZ=hush-hush
expect_code "the document as a page" 0 statement "$T/eut.xml" --format html --out "$T/doc.html"
ok "with every list" says '<h2>2-Way Meter - Water</h2>' doc.html
ok "and credentials by reference" says '<code>BENCH_SECRET_XYZ</code>' doc.html
is "without what they are, or a secret in a URL" "$(grep -cE 'hush-hush|s3cr3t' "$T/doc.html")" 0
is "escaped" "$(grep -c '<b> reference' "$T/doc.html")" 0
ok "fetching nothing" test "$(grep -cE '(src|href)="?http' "$T/doc.html")" = 0
expect_code "and as text" 0 statement "$T/eut.xml"
ok "with the state of things" says '^errors: 181 items, [0-9]+ supported' out
is "likewise" "$(grep -cE 'hush-hush|s3cr3t' "$T/out")" 0
expect_code "the checker finds the secret" 1 statement --check "$T/eut.xml"
ok "by number and line" says 'eut.xml:[0-9]+: E013 stimulus "valve-fault"' out
for f in "$TOP"/fixtures/equipment/*.xml; do
    statement --check --certification "$f" >"$T/out" || echo "# $f"
    grep -q '^0 errors' "$T/out" || bad=$((bad + 1))
done
is "every shipped statement passes the check for certification" "$bad" 0
done_testing
