#!/bin/bash
# gridassay import reads alike what LibreOffice and an npm library write, and the CSV of the same cells.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
export GRIDASSAY_HOME=$TOP TMPDIR=$T

if [ ! -x "$BIN/gridassay" ]; then
    echo "Bail out! no program $BIN/gridassay"
    exit 1
fi
import() { "$BIN/gridassay" import --quiet --title "One table" "$@"; } # else by the names of files
skip() {
    tap_count=$((tap_count + 1))
    echo "ok $tap_count # SKIP $1"
}

# Cells that spreadsheets store as numbers, shares, dates and times, and texts that look like them.
head='Rqmt Ref,Row Type,Data-Flow Ref,Data Flow From Actor,Data Flow to Actor,Requirements,Payload Name,Payload Type,Daily Clock Periods of Primary Occurrence,How Often,Reliability,Latency,App Payload Size'
rate='25 per 1000 per | ElectrMtr per | day'
cat >"$T/own.csv" <<EOT
$head
2026-08-04,P,1Aa + 1B,MDMS,2-Way Meter – Elec,"The MDMS shall send ""it"", so",own_cmd,cmd,7AM - 10PM,$rate,99.5%,< 5 sec,50
1.5,C,1B,MDMS,AMI Head-End(j),,own_cmd,cmd,24x7,$rate,99%,< 2 sec,50
007x,P,1Ab,MDMS,"IPD, Cust. EMS","two
lines, it may",other_cmd,alarm,5AM - 9AM or 3PM - 7PM,$rate,> 98%,"< 15 sec,< 1 hr",25 - 278
12:30PM,P,1Ab,MDMS,DAPjm,-5,third_cmd,alarm,24x7,$rate,90%,< 1 min,1600
EOT
"$BIN/gridassay" rows --format csv >"$T/spec.csv"
import "$T/own.csv" --out "$T/own.xml"
import "$T/spec.csv" --out "$T/spec.xml"
ok "the CSV is read" test -s "$T/own.xml" -a -s "$T/spec.xml"

# LibreOffice: once with everything as it guesses, once (the long cells) as text.
if command -v soffice >/dev/null; then
    convert() { # CSV FILTER
        timeout 120 soffice "-env:UserInstallation=file://$T/office" --headless "--infilter=CSV:$2" \
            --convert-to "xlsx:Calc MS Excel 2007 XML" --outdir "$T/lo" "$1" >"$T/lo.log" 2>&1
    }
    ok "LibreOffice writes a workbook, cells as it takes them" convert "$T/own.csv" 44,34,76,1,,1033,false,true
    ok "with numbers, shares and dates in it" sh -c \
        "unzip -p '$T/lo/own.xlsx' xl/worksheets/sheet1.xml 2>/dev/null | grep -q '<v>0.995</v>' ||
         python3 -c 'import sys, zipfile; assert b\"<v>0.995</v>\" in zipfile.ZipFile(sys.argv[1]).read(\"xl/worksheets/sheet1.xml\")' '$T/lo/own.xlsx'"
    import "$T/lo/own.xlsx" --out "$T/lo.xml"
    ok "it reads as the CSV does" cmp "$T/own.xml" "$T/lo.xml"
    ok "LibreOffice writes the specification's table" convert "$T/spec.csv" 44,34,76,1,,1033,true,false
    import "$T/lo/spec.xlsx" --out "$T/lo-spec.xml"
    ok "it is the same table" cmp "$T/spec.xml" "$T/lo-spec.xml"
else
    skip "soffice is not installed (libreoffice-calc-nogui)"
fi

# The npm library, pinned in tests/npm.
cat >"$T/write.js" <<'EOT'
const XLSX = require('xlsx');
const fs = require('fs');
const [own, out, shared] = process.argv.slice(2);
const rows = XLSX.read(fs.readFileSync(own, 'utf8'), { type: 'string', raw: true }).Sheets.Sheet1;
const data = XLSX.utils.sheet_to_json(rows, { header: 1, raw: true, defval: '' });
const sheet = XLSX.utils.aoa_to_sheet(data);
for (const at of Object.keys(sheet)) {
  const cell = sheet[at];
  if (at[0] === '!' || cell.t !== 's') continue;
  const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(cell.v), time = /^(\d\d):(\d\d)PM$/.exec(cell.v);
  if (/^-?\d+(\.\d+)?$/.test(cell.v)) sheet[at] = { t: 'n', v: Number(cell.v) };
  else if (/^\d+(\.\d+)?%$/.test(cell.v)) sheet[at] = { t: 'n', v: parseFloat(cell.v) / 100, z: '0.0%' };
  else if (day) sheet[at] = { t: 'n', z: 'yyyy-mm-dd', v: Date.UTC(day[1], day[2] - 1, day[3]) / 864e5 + 25569 };
  else if (time) sheet[at] = { t: 'n', z: 'h:mm AM/PM', v: (time[1] * 60 + Number(time[2])) / 1440 };
  else if (at === 'L2') sheet[at] = { t: 's', v: cell.v, f: '"< 5"&" sec"' };
  else if (at.startsWith('K')) sheet[at] = cell;
}
const book = XLSX.utils.book_new();
XLSX.utils.book_append_sheet(book, XLSX.utils.aoa_to_sheet([['not this one']]), 'First');
XLSX.utils.book_append_sheet(book, sheet, 'Reqmts-Combined');
XLSX.writeFile(book, out, { bookSST: shared === 'shared', compression: true });
EOT
if ! command -v npm >/dev/null; then
    skip "npm is not installed"
else
    cp "$TOP/tests/npm/package.json" "$TOP/tests/npm/package-lock.json" "$T"
    # Without a network it is told at once, not after npm's own minute of trying.
    if (cd "$T" && timeout 120 npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 \
        --fetch-retry-mintimeout=1000 --fetch-timeout=30000) >"$T/npm.log" 2>&1; then
        for kind in shared inline; do
            ok "the npm library writes a workbook, strings $kind" node "$T/write.js" "$T/own.csv" "$T/npm.xlsx" $kind
            import "$T/npm.xlsx" --out "$T/npm.xml"
            ok "it reads as the CSV does" cmp "$T/own.xml" "$T/npm.xml"
        done
        ok "and the specification's table" node "$T/write.js" "$T/spec.csv" "$T/npm-spec.xlsx" shared
        import "$T/npm-spec.xlsx" --out "$T/npm-spec.xml"
        ok "is the same table" cmp "$T/spec.xml" "$T/npm-spec.xml"
    else
        skip "npm cannot install tests/npm: $({ grep -m1 -i error "$T/npm.log" || echo "no answer in time"; } | tr -d '#')"
    fi
fi
done_testing
