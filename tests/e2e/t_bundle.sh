#!/usr/bin/env bash
# A bundle holds what its run holds, verifies anywhere, and does not verify when anything in it was
# changed, however the rest was made to agree.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"
need_capture

G=$BIN/gridassay
live_statement "$T/statement.xml"
sed -i 's/reference meters/meters of the lab/' "$T/statement.xml"
live_profile "$T/profile.xml" few-trials
sed -i '0,/<use-case/s|  <use-case|  <laboratory name="Test House" address="1 Lane" accreditation="L-1" \
    authorised-by="A. Signer" customer="Secret Customer" clock="GPS"/>\n&|' "$T/profile.xml"
mkdir "$T/lab" "$T/tmp" "$T/forged"
cd "$T/lab" || exit 1
live_play "$T/statement.xml"
for run in first second; do
    live_run "$T/lab/$run" "$T/statement.xml" "$T/profile.xml" --suite 4.10.4.1
    is "the $run run passes" "$live_code" 0
done
"$G" run --resume first --out third --tap=none >/dev/null 2>&1
live_stop
export TMPDIR=$T/tmp

# How it is made.
expect_code "a run gives a bundle" 0 "$G" report second --format bundle
ok "which lies beside it" test -s second.bundle.zip
"$G" report second --format bundle --output again.zip >/dev/null
ok "the same run gives the same bytes" cmp second.bundle.zip again.zip
"$G" report first --format bundle --output first.zip >/dev/null
expect_code "a bundle is not written over" 2 "$G" report second --format bundle
ok "and says so" grep -q "exists: it is not written over" "$T/err"
expect_code "a key alone is a usage error" 2 "$G" report second --format bundle --key k.pem
expect_code "so is --publishable without a bundle" 2 "$G" report second --publishable
mkdir "$T/kept"
python3 -m zipfile -e "$T/lab/second.bundle.zip" "$T/kept"
ok "evidence, plan and result are in it as they are" sh -c "cd '$T/kept' && for f in plan.xml journal \
    capture.pcapng exchanges run.xml manifest.xml; do cmp \$f ../lab/second/\$f || exit 1; done"
ok "so are profile and statement" sh -c "cd '$T/kept/sources' && cmp *-profile.xml '$T/profile.xml' && \
    cmp *-statement.xml '$T/statement.xml'"
ok "its index matches its schema" xmllint --noout --nonet --relaxng "$TOP/fixtures/schemas/bundle.rng" \
    "$T/kept/bundle.xml"
index() { xmllint --xpath "string(//*[local-name()='$1']/@$2)" "$T/kept/bundle.xml"; }
is "the index names the laboratory" "$(index laboratory name)" "Test House"
is "its customer" "$(index customer name)" "Secret Customer"
is "the item" "$(index item model)" "meters of the lab"
is "the edition of the method" "$(index method edition)" "5.1"
is "what the clock is traced to" "$(index clock traced-to)" "GPS"
is "the submission" "$(index campaign submission)" 2
is "who answers for it" "$(index laboratory authorised-by)" "A. Signer"

# That it holds.
expect_code "it verifies" 0 "$G" verify second.bundle.zip
ok "and says so last" sh -c "tail -n 1 '$T/out' | grep -qx VERIFIED"
ok "that it is not signed" grep -q "^signature  none" "$T/out"
ok "and how many entries the ledger has" grep -q "5 entries up to this run, submission 2" "$T/out"
is "nothing is left behind" "$(ls "$T/tmp")" ""
cp second.bundle.zip "$T/tmp/moved.zip"
(cd / && TZ=Asia/Tokyo "$G" verify "$T/tmp/moved.zip" >/dev/null)
is "also from another place and time zone" $? 0
rm "$T/tmp/moved.zip"
expect_code "it can be kept unpacked" 0 "$G" verify second.bundle.zip --keep "$T/unpacked"
ok "and is that, then" cmp "$T/unpacked/bundle/capture.pcapng" second/capture.pcapng
expect_code "but not where something is" 2 "$G" verify second.bundle.zip --keep "$T/unpacked"
expect_code "a bundle that is not there is a usage error" 2 "$G" verify "$T/nothing.zip"
cp "$T/profile.xml" "$T/profile.was"
echo >>"$T/profile.xml"
"$G" report second --format bundle --output late.zip >/dev/null
ok "a profile that changed since the run changes nothing: the run kept its own" cmp second.bundle.zip late.zip
echo >>"$(ls second/sources/*-profile.xml)"
expect_code "without that there is no bundle" 5 "$G" report second --format bundle --output x.zip
ok "and it is named" grep -q "profile.xml: is not there, or is no longer" "$T/err"
ok "nothing is left of it" test ! -e x.zip
mv "$T/profile.was" "$T/profile.xml"
expect_code "with the original there is again" 0 "$G" report second --format bundle --output x.zip
ok "the same" cmp second.bundle.zip x.zip
rm x.zip late.zip

# Signed.
certificate() { # name issuer
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -subj "/CN=$1" -out "$1.csr" 2>/dev/null
    openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days 9 -out "$1.pem" 2>/dev/null
}
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -subj "/CN=Lab CA" -days 9 -out ca.pem 2>/dev/null
openssl req -x509 -newkey rsa:2048 -nodes -keyout other.key -subj "/CN=Other CA" -days 9 -out other.pem 2>/dev/null
certificate signer ca
expect_code "it can be signed" 0 "$G" report second --format bundle --output signed.zip --key signer.key --certificate signer.pem
expect_code "and verifies for who trusts the CA" 0 "$G" verify signed.zip --trust ca.pem
ok "naming the signer" grep -q "good, by CN=signer, trusted" "$T/out"
expect_code "for nobody who trusts another" 5 "$G" verify signed.zip --trust other.pem
ok "naming whom" grep -q "not trusted by other.pem" "$T/err"
expect_code "unsigned it does not do for who demands a signature" 5 "$G" verify second.bundle.zip --trust ca.pem
ok "and says so" grep -q "is not signed" "$T/err"
mkdir sig
python3 -m zipfile -e signed.zip sig
ok "openssl takes the signature too" openssl cms -verify -binary -inform DER -in sig/bundle.p7s \
    -content sig/bundle.xml -CAfile ca.pem -out /dev/null
expect_code "a key that is not the certificate's is refused" 2 "$G" report second --format bundle \
    --output x.zip --key ca.key --certificate signer.pem

# A run that goes on with another.
"$G" report third --format bundle >/dev/null
expect_code "one that goes on with another brings its records" 0 "$G" verify third.bundle.zip
ok "and says so" grep -q "^earlier    1 run" "$T/out"
"$G" report third --format bundle --publishable >/dev/null
expect_code "to be published as well" 0 "$G" verify third.publishable.zip

# A capture that came from elsewhere.
"$G" score second/capture.pcapng --eut "$T/statement.xml" --profile "$T/profile.xml" --out foreign --tap=none >/dev/null
expect_code "the result of a foreign capture needs it named" 2 "$G" report foreign --format bundle
expect_code "with it there is a bundle" 0 "$G" report foreign --format bundle --capture second/capture.pcapng
expect_code "that verifies" 0 "$G" verify foreign.bundle.zip
ok "and says that gridassay did not drive it" grep -q "did not drive" "$T/out"

# A campaign that somebody else started over.
"$G" campaign reset ledger --reason "because" --key other.key --certificate other.pem >/dev/null
live_play "$T/statement.xml"
live_run "$T/lab/fourth" "$T/statement.xml" "$T/profile.xml" --suite 4.10.4.1
live_stop
"$G" report fourth --format bundle --key signer.key --certificate signer.pem >/dev/null
expect_code "a campaign that was started over verifies" 0 "$G" verify fourth.bundle.zip
expect_code "but not for who does not trust the one who did it" 5 "$G" verify fourth.bundle.zip --trust ca.pem
ok "which names the ledger" grep -q "ledger:[0-9]*: .*not trusted by ca.pem" "$T/err"

# Changed by one byte, file by file: as it is, signed.
while read -r case name; do
    expect_code "one byte of $name changed: found" 5 "$G" verify "$T/forged/$case.zip" --trust ca.pem
    case $name in
    bundle.*) ok "by the signature" grep -q "bundle.p7s" "$T/err" ;;
    *) ok "and named" grep -qF "$name has SHA-256" "$T/err" ;;
    esac
    rm "$T/forged/$case.zip"
done < <(python3 "$TOP/tests/e2e/bundle_forge.py" --bytes signed.zip "$T/forged")
rm -f "$T"/forged/*

# Changed with everything else made to agree, unsigned; and zips that are an attack.
there() { find "$T" /tmp -maxdepth 1 -name '*outside*'; find "$T/lab" "$T/tmp" "$T/kept" | sort; }
before=$(there)
while read -r case said; do
    want=5
    [ "$case" != newer ] || want=2
    expect_code "$case: found" $want "$G" verify "$T/forged/$case.zip"
    ok "and told: $said" grep -qF -- "$said" "$T/err"
done < <(python3 "$TOP/tests/e2e/bundle_forge.py" second.bundle.zip first.zip "$T/forged")
expect_code "a verdict that was edited is told" 5 "$G" verify "$T/forged/verdict.zip"
ok "by row and criterion" grep -q "run.xml:[0-9]*: row 4.10.4.1/.*, criterion reliability differs" "$T/err"
is "nothing was written anywhere, nor left behind" "$(there)" "$before"

# What may be published.
expect_code "a run gives a publishable bundle" 0 "$G" report second --format bundle --publishable \
    --key signer.key --certificate signer.pem
expect_code "which verifies" 0 "$G" verify second.publishable.zip --trust ca.pem
ok "out of its records" grep -q "from the exchange records: the same" "$T/out"
mkdir pub
python3 -m zipfile -e second.publishable.zip pub
ok "without capture and journal" test ! -e pub/capture.pcapng -a ! -e pub/journal
nonce=$(sed -n 's/^<plan.* nonce="\([0-9a-f]*\)".*/\1/p' second/plan.xml)
device=$(sed -n 's/.*first-id="\([0-9A-F]*\)".*/\1/p' second/plan.xml | head -n 1 | cut -c1-10)
ok "the run has what is looked for" grep -q "$device" second/run.xml
ok "and nowhere in it an address, a device, a correlation, a port, a path or the customer" sh -c \
    "! grep -rE '127\.0\.0\.1|$device|ga-$nonce|$live_eut|http://|$T|Secret Customer' pub --exclude-dir=sources"
python3 - pub/published/exchanges "$device" <<'PY'
import struct, sys
data = open(sys.argv[1], "rb").read()
sys.exit(bytes.fromhex(sys.argv[2])[::-1] in data)
PY
is "nor a device in its records" $? 0
digest() { sha256sum "$1" | cut -c1-64; }
for f in plan.xml journal capture.pcapng run.xml; do
    ok "it names $f of the full bundle by its digest" grep -q "left-out name=\"$f\".*$(digest second/$f)" pub/bundle.xml
done
forge() { # case old new: of the published result, the index made to agree
    python3 - "$TOP/tests/e2e" second.publishable.zip "$T/forged/$1.zip" "$2" "$3" <<'PY'
import importlib.util, sys
spec = importlib.util.spec_from_file_location("forge", sys.argv[1] + "/bundle_forge.py")
forge = importlib.util.module_from_spec(spec)
sys_argv, sys.argv = sys.argv, ["", "--none"]
spec.loader.exec_module(forge)
good = forge.load(sys_argv[2])
name, old, new = "published/run.xml", sys_argv[4].encode(), sys_argv[5].encode()
assert old in good[name]
forge.save(sys_argv[3], forge.reindex({**good, name: good[name].replace(old, new, 1)}))
PY
}
forge published-verdict 'kind="latency" verdict="pass"' 'kind="latency" verdict="fail"'
expect_code "an edited verdict is found in it as well" 5 "$G" verify "$T/forged/published-verdict.zip"
ok "and told by row and criterion" grep -q "published/run.xml:[0-9]*: row .*, criterion latency" "$T/err"
forge published-plan "plan-digest=\"$(digest second/plan.xml)\"" "plan-digest=\"$(digest first/plan.xml)\""
expect_code "another run's plan too" 5 "$G" verify "$T/forged/published-plan.zip"
is "and nothing is left behind" "$(ls "$T/tmp")" ""
done_testing
