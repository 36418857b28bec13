#!/usr/bin/env bash
# gridassay report: consumers take what it writes, the same result gives the same bytes, and an
# unusable file is named with what was expected.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

report() { "$BIN/gridassay" report "$@"; }
# What is changed in it by hand changes what follows from it: of another form its claim is not held
# against it (t_claim.sh does that).
sample=$T/sample.xml
sed 's/ form="1"/ form="0"/' "$TOP/tests/golden/sample-run.xml" >"$sample"
mkdir "$T/run"
cp "$sample" "$T/run/run.xml"

# The same run with nothing but what passed and what is out of scope.
python3 - "$sample" "$T/good.xml" <<'PY'
import sys
import xml.etree.ElementTree as xml
run = xml.parse(sys.argv[1])
for row in run.getroot().findall("row"):
    if row.get("verdict") != "pass" and row.get("status") != "not-applicable":
        run.getroot().remove(row)
n = run.getroot().findall("row")
good = sum(row.get("verdict") == "pass" for row in n)
summary = run.getroot().find("summary")
for name in summary.keys():
    summary.set(name, "0")
summary.set("verdict", "pass")
summary.set("rows", str(len(n)))
summary.set("applicable", str(good))
summary.set("pass", str(good))
summary.set("not-applicable", str(len(n) - good))
run.write(sys.argv[2], encoding="UTF-8", xml_declaration=True)
PY

# --- formats
for format in summary tap junit html csv xml; do
    expect_code "$format is written" 0 report "$T/run" --format $format
    mv "$T/out" "$T/first.$format"
    ok "$format is not empty" test -s "$T/first.$format"
    expect_code "$format to a file" 0 report "$T/run" --format $format --output "$T/second.$format"
    ok "$format made twice is the same" cmp "$T/first.$format" "$T/second.$format"
    (cd / && TZ=Asia/Tokyo LC_ALL=C.UTF-8 "$BIN/gridassay" report "$T/run" --format $format) >"$T/third"
    ok "$format is the same in another folder, zone and locale" cmp "$T/first.$format" "$T/third"
done
ok "xml is the canonical result itself" cmp "$sample" "$T/first.xml"

# --- TAP in consumers
for form in 13 flat; do
    report "$T/good.xml" --format tap --tap $form >"$T/good.$form.tap"
    report "$T/run" --format tap --tap $form >"$T/bad.$form.tap"
    expect_code "prove accepts a run that passed ($form)" 0 prove --exec cat "$T/good.$form.tap"
    ok "without a parse error ($form)" sh -c "! grep -i 'parse error' '$T/out'"
    expect_code "prove fails one that did not ($form)" 1 prove --exec cat "$T/bad.$form.tap"
    ok "for its points, not for its form ($form)" sh -c "! grep -i 'parse error' '$T/out'"
done
cat >"$T/strict.pl" <<'PERL'
use TAP::Parser;
my ($file, $want) = @ARGV;
my $parser = TAP::Parser->new({ exec => ["cat", $file] });
my ($yaml, $failed) = (0, 0);
while (my $line = $parser->next) {
    $yaml++ if $line->is_yaml;
    $failed++ if $line->is_test && !$line->is_ok;
}
die "errors: " . join("; ", $parser->parse_errors) if $parser->parse_errors;
die "plan " . $parser->tests_planned . ", run " . $parser->tests_run
    if $parser->tests_planned != $parser->tests_run;
die "$yaml blocks of YAML" if $yaml < 5;
die "$failed failed, want $want" if $failed != $want;
PERL
ok "a strict reader finds every point and block (nested)" perl "$T/strict.pl" "$T/bad.13.tap" 4
ok "a strict reader finds every point and block (flat)" perl "$T/strict.pl" "$T/bad.flat.tap" 16
report "$T/run" --format tap --tap 14 >"$T/14.tap"
is "the strict form differs in its version line alone" \
    "$(diff "$T/14.tap" "$T/bad.13.tap" | grep -c '^[<>]')" 2

# --- the others
ok "JUnit matches the common shape" xmllint --noout --relaxng "$TOP/fixtures/schemas/junit.rng" \
    "$T/first.junit"
is "JUnit has a failing case for the row that failed" \
    "$(xmllint --xpath 'count(//failure[@type="fail"])' "$T/first.junit")" 2
ok "every line of the CSV has the fields of its header" python3 - "$T/first.csv" <<'PY'
import csv, sys
with open(sys.argv[1], newline="") as f:
    text = f.read()
rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
assert text.endswith("\r\n") and len(rows) > 6
assert {len(r) for r in rows} == {len(rows[0])}, {len(r) for r in rows}
PY
# --- rules, bounds and campaign in every format
ok "the CSV has rule, risks and bounds in columns of their own" python3 - "$T/first.csv" <<'PY'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
judged = [r for r in rows if r["criterion"] == "reliability" and r["outcome"] in ("pass", "fail")]
assert judged, rows
for r in judged:
    assert r["rule"] == "sequential" and r["consumer_risk"] == "0.050000000", r
    assert r["unit"] and int(r["decided_at"]) <= int(r["planned"]), r
assert all(r["rule"] == "" for r in rows if r["criterion"] in ("window", "")), rows
timed = [r for r in rows if r["p99_s"]]
assert any(r["p50_low_s"] and float(r["p50_low_s"]) <= float(r["p50_s"]) for r in timed), timed
PY
for form in tap junit html summary; do
    ok "$form has the number of submissions" \
        grep -qE 'submission [0-9]+ of generation|<dt>Submission<' "$T/first.$form"
done
sed 's/ accreditation="[^"]*"/ accreditation=""/' "$sample" >"$T/undeclared.xml"
report "$T/undeclared.xml" --format html >"$T/undeclared.html"
is "what the laboratory declared stands in the page, and what it did not as such" \
    "$(grep -c 'not declared' "$T/first.html") $(grep -c \
        '<dt>Accreditation</dt><dd class="nil">not declared' "$T/undeclared.html")" "0 1"
# A table as long as the format allows is drawn in no more time than the others.
python3 - "$sample" "$T/long.xml" <<'PY'
import re, sys
text = open(sys.argv[1], encoding="utf-8").read()
numbers = " ".join(["10000000"] * 99999)
text, n = re.subn(r' accepts="[^"]*" rejects="[^"]*"',
                  ' accepts="%s" rejects="%s"' % (numbers, numbers), text)
assert n > 0
text = re.sub(r'(<clause [^>]*) n="[0-9]+"', r'\1 n="10000000"', text)
open(sys.argv[2], "w", encoding="utf-8").write(text)
PY
expect_code "a rule too long to compute is told without its curve" 0 timeout 20 \
    "$BIN/gridassay" report "$T/long.xml" --format html

# --- a row that two use cases run, one of them no row of the document
python3 - "$sample" "$T/twice.xml" <<'PY'
import re, sys
text = open(sys.argv[1], encoding="utf-8").read()
row = re.search(r"  <row .*?</row>\n", text, re.S).group(0)
again = re.sub(r'use-case="[^"]*"', 'use-case="PrePay"', row, count=1)
again = re.sub(r'unlisted="[^"]*"', 'unlisted="yes"', again, count=1)
again = re.sub(r'note="[^"]*"', 'note="extrapolated, says the profile"', again, count=1)
open(sys.argv[2], "w", encoding="utf-8").write(text.replace(row, row + again, 1))
PY
for form in tap junit csv html; do report "$T/twice.xml" --format $form >"$T/twice.$form"; done
ok "TAP tells the use cases apart" grep -q "read_cmd (PrePay)" "$T/twice.tap"
ok "and has the note" grep -q 'note: "extrapolated, says the profile"' "$T/twice.tap"
ok "JUnit as well" grep -q 'read_cmd (PrePay)' "$T/twice.junit"
ok "and says that the row is our reading" grep -q 'name="unlisted"' "$T/twice.junit"
ok "the CSV has both in columns" python3 - "$T/twice.csv" <<'PY'
import csv, sys
rows = [r for r in csv.DictReader(open(sys.argv[1], newline="")) if r["use_case"] == "PrePay"]
assert rows and all(r["unlisted"] == "yes" for r in rows), rows
assert all(r["note"] == "extrapolated, says the profile" for r in rows), rows
PY
ok "in the page no two rows have one anchor" python3 - "$T/twice.html" <<'PY'
import re, sys
ids = re.findall(r' id="([^"]*)"', open(sys.argv[1], encoding="utf-8").read())
assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)
PY
ok "and our reading is marked" grep -q "our reading" "$T/twice.html"

ok "the page is well-formed and loads nothing" python3 - "$T/first.html" <<'PY'
import html.parser, sys
void = {"meta", "input", "br", "hr", "img", "link"}
class Page(html.parser.HTMLParser):
    stack = []
    def handle_starttag(self, tag, attrs):
        names = [n for n, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        for name, value in attrs:
            assert not name.startswith("on") and name not in ("src", "style"), (tag, name)
            assert name != "href" or value.startswith("#"), value
        if tag not in void:
            self.stack.append(tag)
    def handle_startendtag(self, tag, attrs):
        pass
    def handle_endtag(self, tag):
        assert self.stack and self.stack.pop() == tag, (tag, self.getpos())
page = Page()
text = open(sys.argv[1], encoding="utf-8").read()
page.feed(text)
assert not page.stack, page.stack
assert "://" not in text, "an address"
PY
ok "the summary names the row that failed before the one that passed" awk '
    /^fail .*on-demand_Mtr-read_resp-data/ { bad = NR }
    /^pass .*on-demand_Mtr-read_cmd/ { good = NR }
    END { exit !(bad > 0 && good > bad) }' "$T/first.summary"
ok "and how to see its packets" grep -q "tshark -r '$T/run/capture.pcapng' -Y 'frame.number >= 30" \
    "$T/first.summary"
ok "without colour in a pipe" sh -c "! grep -q '$(printf '\033')' '$T/first.summary'"

# --- exit status
expect_code "the run's own status on demand" 1 report "$T/run" --exit-status
expect_code "also when it is good" 0 report "$T/good.xml" --exit-status
expect_code "help" 0 report --help

# --- unusable
expect_code "no result is a usage error" 2 report
expect_code "an unknown flag is a usage error" 2 report "$T/run" --frobnicate
ok "which names the flag" grep -q -- '--frobnicate' "$T/err"
expect_code "an unknown format is a usage error" 2 report "$T/run" --format pdf
expect_code "an unknown form of TAP is a usage error" 2 report "$T/run" --format tap --tap 15
expect_code "a form of TAP without TAP is a usage error" 2 report "$T/run" --tap flat
expect_code "two results are a usage error" 2 report "$T/run" "$T/run"
expect_code "a missing result" 2 report "$T/nowhere"
ok "says what was expected" grep -q "nowhere: .*expected a run's folder or its run.xml" "$T/err"
mkdir "$T/empty"
expect_code "a folder without run.xml" 2 report "$T/empty"
ok "names the file" grep -q 'empty/run.xml' "$T/err"
: >"$T/nothing.xml"
expect_code "an empty file" 2 report "$T/nothing.xml"
head -c 3000 "$sample" >"$T/cut.xml"
expect_code "a truncated file" 2 report "$T/cut.xml" --format html
ok "names file and line" grep -q 'cut\.xml:[0-9]*: ' "$T/err"
is "and writes nothing" "$(wc -c <"$T/out")" 0
sed 's/run version="1"/run version="7"/' "$sample" >"$T/future.xml"
expect_code "another version" 2 report "$T/future.xml"
ok "says which" grep -q 'future.xml:2: version "7"' "$T/err"
sed 's/verdict="inconclusive"/verdict="perhaps"/' "$sample" >"$T/odd.xml"
expect_code "a word that is no verdict" 2 report "$T/odd.xml"
ok "is found at its line" grep -q 'odd\.xml:[0-9]*: ' "$T/err"
expect_code "a place that cannot be written is the harness's fault" 3 report "$T/run" --format html \
    --output "$T/nowhere/report.html"
if [ -w /dev/full ]; then
    ok "and so is a full disk" sh -c "'$BIN/gridassay' report '$T/run' >/dev/full 2>'$T/err'; test \$? = 3"
fi
done_testing
