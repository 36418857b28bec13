#!/usr/bin/env bash
# The method is documented by the report: what shaped the plan stands in plan.xml, the same in run.xml,
# in one section of report.html and in the summary; and scoring the stored run again gives it again.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"
need_capture

live_statement "$T/statement.xml"
live_profile "$T/profile.xml" sample
sed -i 's|</profile>|<interpretation id="4.10.4.1-latency-set" take="strictest" reason="contract 7 \&amp; annex"/></profile>|' \
    "$T/profile.xml"
live_play "$T/statement.xml"
live_run "$T/run" "$T/statement.xml" "$T/profile.xml" --row 4.10.4.1/on-demand_Mtr-read_cmd
live_stop
is "a run of one row passes" "$live_code" 0

method() { sed -n '/<method /,/<\/method>/p' "$1"; }
method "$T/run/plan.xml" >"$T/planned"
method "$T/run/run.xml" >"$T/told"
ok "the plan has a method" test -s "$T/planned"
ok "run.xml has the same, to the byte" cmp "$T/planned" "$T/told"
is "and the same digests of all inputs" "$(grep '<source ' "$T/run/run.xml")" \
    "$(grep '<source ' "$T/run/plan.xml")"
for file in profile.xml statement.xml; do
    ok "among them that of $file" grep -q "$file\" sha256=\"$(sha256sum "$T/$file" | cut -c1-64)\"" \
        "$T/run/run.xml"
done
ok "the document and its edition" grep -q 'table-edition="5.1"' "$T/told"
ok "the version that planned" grep -qF "tool=\"$("$BIN/gridassay" --version | head -n 1 | cut -d' ' -f2)\"" "$T/told"
ok "a choice with its reason" grep -q 'name="4.10.4.1-latency-set" text="the strictest reading" source="contract 7 &amp; annex"' "$T/told"
ok "what the command line selected" grep -q 'kind="selection" where="\*" name="row"' "$T/told"

"$BIN/gridassay" score "$T/run" --out "$T/again" --tap=none >/dev/null
ok "scored again it is the same" cmp "$T/run/run.xml" "$T/again/run.xml"

sed -n '/<section id="method">/,/<\/main>/p' "$T/run/report.html" >"$T/section"
for words in "SG Network System Requirements Specification" "Values, with their sources" \
    "contract 7 &amp; annex" "How the capture was made" "How it was decided" "Interpretations used" \
    "Inputs and their digests" "$(sha256sum "$T/statement.xml" | cut -c1-64)"; do
    ok "the section of the report has: $words" grep -qF "$words" "$T/section"
done
"$BIN/gridassay" report "$T/run" >"$T/summary"
ok "the summary has it in short" grep -q '^method: SG Network System Requirements Specification, edition 5.1' "$T/summary"

# Runs of before it was thought of.
python3 - "$T/run" <<'PY'
import re, sys
for name in ("plan.xml", "run.xml"):
    with open(f"{sys.argv[1]}/{name}") as f:
        text = f.read()
    text = re.sub(r" *<method .*?</method>\n", "", text, flags=re.S)
    if name == "run.xml":
        text = re.sub(r" *<source [^\n]*\n", "", text)
        text = re.sub(r"(<claim .*? actors=\"[^\"]*\").*?</claim>", r"\1/>", text, flags=re.S)
    with open(f"{sys.argv[1]}/older-{name}", "w") as f:
        f.write(text)
PY
expect_code "a run of an older version is reported" 0 "$BIN/gridassay" report "$T/run/older-run.xml" --format html
ok "which says what it lacks" grep -q 'did not document them all' "$T/out"

# Damaged.
sed 's/<value kind="pace"/<valve kind="pace"/' "$T/run/run.xml" >"$T/bad.xml"
expect_code "a damaged method is refused" 2 "$BIN/gridassay" report "$T/bad.xml"
ok "with file and line" grep -Eq 'bad.xml:[0-9]+: ' "$T/err"
done_testing
