#!/usr/bin/env bash
# Deployment profiles (4.20.3): the codes of the document and back, what each leaves of the table, held
# against the table itself; what the plan says of it; contradictions; a run.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"

export GRIDASSAY_HOME=$TOP
G=$BIN/gridassay
EUT=$TOP/fixtures/equipment
says() { grep -qF -- "$1" "$T/$2"; }
profiles() { "$G" profiles "$@"; }
plan() { "$G" plan "$@"; }

# --- the command ------------------------------------------------------------------------------------
expect_code "--help is no error" 0 profiles --help
ok "and names the exit codes" says "6 the decisions contradict" out
expect_code "the profiles of the document" 0 profiles
ok "are 132 with those combined" says "18 profiles of AMI and 6 of DA are named; each with each, joined by +, 108: 132" out
ok "of its 948" says "counts 72 and 12, with 864 combined 948 in all" out
ok "and the other 816 are not made up" says "It names 132 of them; the other 816" out
ok "irregular codes tell how" says "not DDSIsF: the letter of the D-SCADA network is dropped" out
profiles --format csv >"$T/all.csv"
is "as CSV they are 24 lines" "$(sed 1d "$T/all.csv" | wc -l)" 24
expect_code "--decisions lists the options" 0 profiles --decisions
ok "also what no code has" says "via WAN via fieldFANGway" out
expect_code "as JSON" 0 profiles ACvIW+DDAAD --format json
ok "it is JSON" python3 -m json.tool "$T/out"

expect_code "decisions find their code" 0 profiles --decide a=AMI --decide b=with --decide c=with \
    --decide c=InMtr --decide c=3rdPty --decide d=direct --decide "e=via InterExtranetGway via WAN"
is "which is told" "$(head -1 "$T/out")" ARHEM3CdIW
expect_code "those that make none" 0 profiles --decide a=DA --decide h=decentralized \
    --decide "i=AMI network" --decide "i=independent management" --decide "i=via WAN"
ok "get none" says "No profile that the document names decides so." out

refused() { # TITLE CODE TEXT ARGUMENT...
    local title=$1 want=$2 text=$3
    shift 3
    expect_code "$title" "$want" profiles "$@"
    ok "$title: told" says "$text" err
    is "$title: in one line" "$(wc -l <"$T/err")" 1
}
refused "an unknown code" 2 '"ACxW" is no deployment profile' ACxW
refused "two of AMI" 2 "expected one profile of AMI + one of DA" ACdW+ACvW
refused "the wrong way round" 2 "expected one profile of AMI + one of DA" DCSIW+ACvW
refused "three" 2 "expected one profile of AMI + one of DA" ACvW+DCSIW+DDAAD
refused "nothing behind the +" 2 '"" is no deployment profile' ACvW+
refused "a settled decision" 6 'code ACvW has settled that as "via MDMS"' ACvW --decide d=direct
refused "an unknown option" 2 "expected electr, gas, water" ACvW --decide f=steam
refused "an unknown decision" 2 "expected a to k" ACvW --decide z=1
refused "no value" 2 "expected LETTER=VALUE" ACvW --decide f
refused "what does not arise" 6 "does not arise" ACvW --decide g=PCT
refused "enrolled without providers" 6 "no retail providers" ACvW --decide f=electr+
refused "a decision that is missing" 2 "is not made" --decide a=AMI
refused "two codes" 2 "unexpected argument" ACvW ACdW
refused "an unknown flag" 2 "unknown option --what" --what
refused "an unknown format" 2 "table, json or csv" --format xml
expect_code "no row at all contradicts itself" 6 profiles DCSIW --decide "k=Meter Reading"
ok "and says so" says "leave no row" err

# --- each code against the table, by rules typed here and nowhere read -------------------------------
command -v python3 >/dev/null || skip_all "python3 is not installed"
"$G" rows --format json >"$T/rows.json"
for code in $(sed 1d "$T/all.csv" | cut -d, -f1) ARHEMCvIW+DDIsF ACdIW+DCSIRsF AHE3CdIW+DDAAD; do
    profiles "$code" --rows --format csv >"$T/$code.csv" || echo "$code failed"
done
python3 - "$T" >"$T/differs" <<'PY'
import csv, glob, json, os, re, sys
folder = sys.argv[1]
rows = json.load(open(folder + "/rows.json"))
HAN = {"IPD", "Cust. EMS", "PCT", "PHEV", "Smart Appliance", "Load Cntl Device"}
def actor_in(a, code):
    ami = next((c for c in code.split("+") if c[0] == "A"), "")
    da = next((c for c in code.split("+") if c[0] == "D"), "")
    rep, han = ami[:2] == "AR", "HE" in ami
    over_dap = da in ("DCSARsF", "DDARsF", "DDAAD")
    if a in ("Field Tool", "OMS"): return True
    if a.endswith("REPi"): return rep
    if a in HAN: return han
    if a == "ESI - In Meter": return "EM" in ami
    if a == "ESI - 3rd Party": return "3" in ami
    if a in ("ESI - Utility", "FAN gateway - field"): return False
    if a == "FAN gateway - sub": return da != "" and da != "DCSIW"
    if a in ("AMI Head-End(j)", "DAPjm"): return ami != "" or over_dap
    if a.startswith("DAC"): return da[:2] == "DD"
    if a == "Distr. SCADA FEP": return da != "" and da != "DDAAD"
    if a.startswith(("Feeder", "Distr. Cust.")) or a in ("DMS", "Analytic DB"): return da != ""
    return ami != ""
def use_in(u, code):
    ami = any(c[0] == "A" for c in code.split("+"))
    da = next((c for c in code.split("+") if c[0] == "D"), "")
    if u == "Field DA Maint - Centralized Control": return da != ""
    if u in ("Volt/VAR - Centralized Control", "DSDR - Centralized Control") or u.endswith("DMS"):
        return da[:2] == "DC"
    if u.startswith("FCIR"): return da[:2] == "DD"
    if "Storage" in u: return da[:2] == "DD" and ami
    if u in ("PHEV", "Premise Network Admin"): return "HE" in code
    if u.startswith("Firmware"): return True
    return ami
n = 0
for path in glob.glob(folder + "/[AD]*.csv"):
    code = os.path.basename(path)[:-4]
    said = {(r["row"], r["use case"]): r for r in csv.DictReader(open(path, newline=""))}
    for r in rows:
        for u in r["use_case"]:
            legs = [v for v in r["variants"] if v["use_case"] in ("", u)]
            want = use_in(u, code) and any(
                any(actor_in(a, code) for a in v["from"]) and any(actor_in(a, code) for a in v["to"])
                for v in legs)
            got = said.pop((r["id"], u))
            n += 1
            if (got["is"] == "in") != want:
                print(code, r["id"], u, got["is"], got["why"])
            if got["is"] == "out" and not re.match(r"decision [a-k] \(.+\) leaves out ", got["why"]):
                print(code, r["id"], "no decision:", got["why"])
    if said:
        print(code, "rows that are not in the table", list(said)[:3])
print(n, "compared")
PY
sed -n 1,20p "$T/differs" | sed 's/^/# /'
is "every row under every code is in or out as the table has it, with the decision" \
    "$(cat "$T/differs")" "7425 compared"

# --- the plan ---------------------------------------------------------------------------------------
for pair in ACvIW:meters ARHEM3CvIW:head-end DCSIRsF:dms DDIsF:dac ACdIW+DCSIRsF:field-equipment; do
    code=${pair%:*}
    expect_code "the shipped profile $code makes a plan" 0 plan --arm --eut "$EUT/${pair#*:}.xml" \
        --profile "$TOP/fixtures/profiles/$code.xml" --write "$T/plan.xml"
    ok "$code: every row stands in it" says "275 rows:" out
    ok "$code: by its schema" xmllint --noout --nonet --relaxng "$TOP/fixtures/schemas/plan.rng" \
        "$T/plan.xml"
    is "$code: with each decision" \
        "$(grep -o '<decision letter="."' "$T/plan.xml" | cut -d'"' -f2 | sort -u | tr -d '\n')" abcdefghijk
    ok "$code: and its code" grep -q "deployment=\"$code\"" "$T/plan.xml"
done

A=$TOP/fixtures/profiles/ACvIW.xml
explain() { plan --arm --eut "$EUT/$1.xml" --profile "$2" --explain "$3"; }
expect_code "--explain tells a row's reasons" 0 explain meters "$A" 4.10.4.1/on-demand_Mtr-read_cmd
sed -n '/^  chain/,$p' "$T/out" >"$T/chain"
is "from the profile by decision, use case, actor and path to the role" \
    "$(sed -n '2,/^  chain/s/^    \([a-z][a-z ]*[a-z]\)   *.*/\1/p' "$T/chain" | tr '\n' ' ')" \
    "profile decision use case actor path role "
ok "with the profile's line and code" says "ACvIW.xml:7): deployment ACvIW" chain
ok "who is out by whose decision" says \
    "2-Way Meter - Gas: left out by decision f (Meters: electr; example: no gas and no water is sold)" chain
ok "the way" says "through AMI Head-End(j), DAPjm" chain
ok "and the role" says "to the EUT as 2-Way Meter - Electr" chain
expect_code "of a row without ends" 0 explain meters "$A" 4.6.4.2/Vol_load_shed_reqst
ok "the decision" says "not applicable: decision c (HANs: without; code ACvIW) leaves out IPD, Cust. EMS" out
expect_code "of another use case" 0 explain meters "$A" 4.4.1.5.1.2/FeederCapBank_close_cmd
ok "the decision, too" says "leaves out the use case Volt/VAR - Centralized Control" out
expect_code "of equipment that is partly left out" 0 plan --eut "$EUT/meters.xml" --profile "$A"
ok "what is left is under test" grep -qx "  *as 2-Way Meter - Electr" "$T/out"
expect_code "a profile without a deployment" 0 explain meters "$TOP/fixtures/profiles/demo.xml" \
    4.10.4.1/on-demand_Mtr-read_cmd
ok "says so" says "declares no deployment: every actor is in play" out
ok "with its own path" says "through AMI Head-End(j), DAPjm" out

# Devices in a provider's programs hear of it, others of the utility.
R=$TOP/fixtures/profiles/ARHEM3CvIW.xml
expect_code "enrolled devices" 0 explain load-management "$R" 4.6.4.1/Load_mgm_reqst
ok "are told apart" says "IPD: in play by decision g" out
ok "from those that are not" grep -q "IPD: in play .*; in no program of a retail provider" "$T/out"
plan --arm --eut "$EUT/load-management.xml" --profile "$R" --format xml >"$T/plan.xml"
python3 - "$T/plan.xml" >"$T/pairs" <<'PY'
import sys, xml.etree.ElementTree as ET
local = lambda e: e.tag.split("}")[-1]
for row in ET.parse(sys.argv[1]).getroot():
    if local(row) == "row" and row.get("payload") == "Load_mgm_reqst":
        for v in row:
            if local(v) == "variant":
                print(v.get("leg"), "|", v.get("from"), "|", v.get("to"))
PY
ok "a provider's request goes to thermostats and meters, and to no display" \
    grep -Eq '^1-enrolled.*LMS - REPi.*PCT' "$T/pairs"
ok "none of its own" test "$(grep -c '^1-enrolled.*IPD' "$T/pairs")" = 0
ok "the utility's to displays" grep -Eq '^1 .*LMS - Utility.*IPD' "$T/pairs"

# --- what contradicts itself -------------------------------------------------------------------------
change() { sed "$@" "$A" >"$T/p.xml"; }
wrong() { # TITLE CODE TEXT: of the plan with $T/p.xml
    expect_code "$1" "$2" plan --eut "$EUT/${4:-meters}.xml" --profile "$T/p.xml"
    ok "$1: told" says "$3" err
    is "$1: in one line" "$(wc -l <"$T/err")" 1
    ok "$1: nothing else" test ! -s "$T/out"
}
change -e 's/code="ACvIW"/code="ACvIX"/'
wrong "an unknown code" 2 'p.xml:7: "ACvIX" is no deployment profile'
change -e 's/decision="f" value="electr"/decision="d" value="direct"/'
wrong "a decision against the code" 6 'p.xml:8: decision d, "direct": code ACvIW has settled that'
change -e 's/value="electr"/value="steam"/'
wrong "an unknown option" 2 'p.xml:8: "steam" is no option of decision f, expected electr, gas, water'
change -e 's/value="electr"/value="electr" enrolled="yes"/'
wrong "programs without providers" 6 "there are no retail providers"
change -e '/<zone/i <use-case name="Volt/VAR - Centralized Control"/>'
wrong "a profile that selects no rows" 6 "p.xml:7: the profile selects no row"
change -e 's/<deployment code="ACvIW"/<deployment/'
wrong "decisions that are not made" 2 "decision a (AMI or DA) is not made"
change -e '/<deployment/,/<\/deployment>/d' -e '/<endpoints/d'
wrong "neither a deployment nor a use case" 2 "a profile of nothing"
change -e 's/<select /<choose /'
wrong "another element" 2 "p.xml:"
change -e ''
wrong "equipment that is left out" 6 "leaves out DMS, which is all that" dms
change -e 's/value="electr"/value="gas"/' -e '/<endpoints/d'
expect_code "meters of another kind" 0 plan --eut "$EUT/meters.xml" --profile "$T/p.xml"
ok "are all that is under test" grep -qx "  *as 2-Way Meter - Gas" "$T/out"
way() { change -e "/<zone/i <path use-case=\"Service Switch\" $1"; }
way 'dataflow="1Ab + 1Cba + 1Cc + 1D"/>'
wrong "a path against a decision" 6 "has 1Ab, which the deployment has not: decision d (CIS to AMI Head-End: via MDMS; code ACvIW)"
way 'dataflow="1Aa + 1B + 1Cba + 1Cc + 1Dg"/>'
wrong "a path to meters that are left out" 6 "decision f (Meters: electr"
way 'dataflow="1Aa + 1B + 1Cba + 1Cc + 1D"/>'
expect_code "the path that was decided" 0 plan --arm --eut "$EUT/mdms.xml" --profile "$T/p.xml" \
    --explain 4.15.4.1/SW_opr_cmd
ok "is taken, over the MDMS" says "through the EUT as MDMS" out
sed -e 's/code="ACvIW"/code="ACdIW"/' -e '/<zone/i <path use-case="Service Switch"><via actor="MDMS"/></path>' \
    "$A" >"$T/p.xml"
expect_code "with billing at the head-end directly" 0 plan --arm --eut "$EUT/mdms.xml" \
    --profile "$T/p.xml" --explain 4.15.4.1/SW_opr_cmd
ok "the MDMS is off the path, by that decision" says \
    "decision d (CIS to AMI Head-End: direct; code ACdIW) takes MDMS off the way between them" out

# --- a run -------------------------------------------------------------------------------------------
"$BIN/gridassay-capture" --probe --interface lo >/dev/null 2>&1 || { done_testing; exit; }
live_statement "$T/statement.xml"
sed -e 's/pace-per-s="[0-9]*"/pace-per-s="1500"/' -e 's/<rule confidence-percent="95"/& kind="short"/' \
    -e 's/version="1" name=/label="a test" &/' \
    -e 's|^</profile>|  <overlay row="*" reliability-percent="30" source="a test"/>&|' "$A" >"$T/profile.xml"
live_play "$T/statement.xml" --profile "$T/profile.xml"
live_run "$T/run" "$T/statement.xml" "$T/profile.xml" --suite "Meter Reading" --suite "Meter Events"
live_stop
is "the deployment's rows are driven and pass" "$live_code" 0
[ "$live_code" -eq 0 ] || grep -v '^not applicable' "$T/run.err" | head -20 | sed 's/^/# /'
ok "the result tells the deployment" grep -q 'deployment="ACvIW"' "$T/run/run.xml"
ok "and its decisions" grep -q '<decision letter="d" about="CIS to AMI Head-End" chosen="via MDMS"' "$T/run/run.xml"
ok "the report tells why rows are out" grep -q "leaves out IPD, Cust. EMS" "$T/run/report.html"
done_testing
