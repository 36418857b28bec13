#!/bin/bash
# The reference equipment, seen by clients and servers that are not ours.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"

export GRIDASSAY_HOME=$TOP
play=$BIN/gridassay-play
electr=00124B0001000000 business=00124B0002000001 gas=00124B0003000002 water=00124B0005000003
live_statement "$T/statement.xml"
statement=$T/statement.xml
peer() { sed -n "s/.*actor=\"$1\" address=\"127.0.0.1\" port=\"\([0-9]*\)\" path=\"\([^\"]*\)\".*/\1\2/p" "$statement"; }
billing=http://127.0.0.1:$(peer "CIS.Billing - Utility") mdms=http://127.0.0.1:$(peer MDMS)

client() { python3 "$TOP/tests/e2e/play_client.py" "$@"; }
ask() { client command "$live_eut" "$@"; }
start() { # start ARGUMENT...: the equipment, ready
    : >"$T/play.out"
    spawn "$play" "$statement" "$@" >"$T/play.out" 2>"$T/play.err"
    equipment=$spawned
    wait_for "the equipment" grep -q ^READY "$T/play.out" && return
    echo "Bail out! the equipment does not start: $(cat "$T/play.err")"
    exit 1
}
stop() { # its exit status in $ended
    kill "$equipment"
    wait "$equipment"
    ended=$?
}
provoke() { curl -s -o /dev/null -w '%{http_code}' -X POST "http://127.0.0.1:$live_control/provoke/$1?device=$2&value=${3-}"; }
received() { grep -c . "$T/peers/log" 2>/dev/null || true; }
# after N [PATTERN [K]]: the K-th message with the pattern that comes after the first N
after() {
    # shellcheck disable=SC2016
    wait_for "a message" sh -c '[ "$(tail -n "+$2" "$1" | grep -c -- "$3")" -ge "$4" ]' \
        - "$T/peers/log" "$(($1 + 1))" "${2-}" "${3-1}"
    tail -n "+$(($1 + 1))" "$T/peers/log" | grep -- "${2-}" | sed -n "${3-1}p"
}
mkdir "$T/peers"
: >"$T/peers/log"
spawn python3 "$TOP/tests/e2e/play_client.py" collect "$statement" "$T/peers"
collector=$spawned
wait_for "the peers" test -s "$T/peers/ready"

# --- conforming: commands -------------------------------------------------------------------------
start --port-file "$T/where"
is "READY tells both addresses" "$(cat "$T/play.out")" \
    "READY 127.0.0.1:$live_eut control 127.0.0.1:$live_control"
is "the port file tells them too" "READY $(cat "$T/where")" "$(cat "$T/play.out")"
shape() { sed -E 's/=[0-9]+\.[0-9]+/=#/g; s/=[0-9]{4}-[^ ]*Z/=TIME/g; s/(ReadingData=#)( ReadingData=#)*/\1/'; }
is "a read on demand" "$(ask on-demand_Mtr-read_cmd MeterID=$electr ReadingTypeDesired=kWh | shape)" \
    "200 ResponseMessage reply MeterReadings ga-test-1.1-1 OK on-demand_Mtr-read_resp-data MeterID=$electr ReadingType=kWh ReadingData=#"
is "of water too" "$(ask on-demand_Mtr-read_cmd MeterID=$water ReadingTypeDesired=m3 correlation=x-7 | shape)" \
    "200 ResponseMessage reply MeterReadings x-7 OK on-demand_Mtr-read_resp-data MeterID=$water ReadingType=m3 ReadingData=#"
is "interval reads, polled" \
    "$(ask Mtr-read_multi-interval-data_cmd DeviceID=$gas PeriodOfTimeToBeReported=240 ReadingType=m3 | shape)" \
    "200 ResponseMessage reply MeterReadings ga-test-1.1-1 OK Mtr-read_multi-interval-data_resp-data DeviceID=$gas ReadingPeriod=TIME ReadingType=m3 ReadingData=#"
state() { ask SW_state_cmd MeterID=$electr CommandCode=2 | grep -o 'SWState=.*' | shape; }
is "the switch is closed at first" "$(state)" "SWState=1 ResponseData/Voltage=# ResponseData/Amps=#"
n=$(received)
is "it is opened" "$(ask SW_opr_cmd MeterID=$electr CommandCode=0)" \
    "200 ResponseMessage reply EndDeviceControls ga-test-1.1-1 OK SW_opr_cmd_ack MeterID=$electr AcknowledgementCode=0"
is "and says so to billing of its own accord" "$(after "$n" "^CIS/Billing-Util.*post-oper" | sed 's/Data=[0-9A-F]*$/Data=HEX/')" \
    "CIS/Billing-Utility EventMessage created EndDeviceControls - - SW_post-oper-info_resp-data MeterID=$electr MeterOperExtendedData=HEX"
is "whoever else is to know gets a copy" "$(after "$n" ^MDMS.*ack | cut -d' ' -f1,2,5-7)" \
    "MDMS ResponseMessage ga-test-1.1-1 OK SW_opr_cmd_ack"
is "now it is open, no current flows" "$(ask SW_state_cmd MeterID=$electr CommandCode=2 | grep -o 'SWState=.\|Amps=.*')" \
    "$(printf 'SWState=0\nAmps=0.00')"
n=$(received)
is "opening it again is acknowledged" "$(ask SW_opr_cmd MeterID=$electr CommandCode=0 | cut -d' ' -f1,6,7)" \
    "200 OK SW_opr_cmd_ack"
is "a cancel is acknowledged" "$(ask SW_opr_cancel_cmd MeterID=$electr CommandCode=0 | cut -d' ' -f1,6,7)" \
    "200 OK SW_opr_cmd_ack"
is "an unknown code fails" "$(ask SW_opr_cmd MeterID=$electr CommandCode=9 | cut -d' ' -f1,6-)" \
    "200 FAILED SW_opr_fail_cmd-err MeterID=$electr FailureCode=22"
valve() { ask "$1" "MeterID=$gas" "${@:2}" | cut -d' ' -f1,6-; }
is "a valve is asked" "$(valve valve_state_cmd CmdCode=2)" \
    "200 OK valve_state_cmd_resp-data MeterID=$gas DeviceStateValues=1"
is "a valve's operation is cancelled" "$(valve valve_opr_cancel_cmd CommandCode=1)" \
    "200 OK valve_opr_cmd_ack MeterID=$gas AcknowledgementCode=0"
is "a valve is shut" "$(valve valve_opr_cmd OprCmd=0 ScheduledTime=2026-01-01T00:00:00Z)" \
    "200 OK valve_opr_cmd_ack MeterID=$gas AcknowledgementCode=0"
is "no state changed in between: only the valve spoke" "$(after "$n" ^CIS.*EventMessage | cut -d' ' -f1,2,7,8)" \
    "CIS/Billing-Utility EventMessage valve_post-oper-info_resp-data MeterID=$gas"
first=$(ask on-demand_Mtr-read_cmd MeterID=$electr ReadingTypeDesired=kWh | grep -o 'Data=.*')
second=$(ask on-demand_Mtr-read_cmd MeterID=$electr ReadingTypeDesired=kWh | grep -o 'Data=.*')
ok "registers grow" awk "BEGIN { exit !(${second#*=} > ${first#*=}) }"

# --- faults and events ----------------------------------------------------------------------------
is "a metrology fault is provoked" "$(provoke on-demand_Mtr-read_cmd_err $water 33)" 204
is "the next read fails by it" "$(ask on-demand_Mtr-read_cmd MeterID=$water ReadingTypeDesired=m3 | cut -d' ' -f1,2,6-)" \
    "200 ResponseMessage FAILED on-demand_Mtr-read_cmd_err MeterID=$water FailureCode=33"
is "and it is used up" "$(ask on-demand_Mtr-read_cmd MeterID=$water ReadingTypeDesired=m3 | cut -d' ' -f6)" OK
provoke SW_opr_fail_cmd-err $electr >"$T/out"
is "a switch fault without a code fails too" "$(ask SW_opr_cmd MeterID=$electr CommandCode=1 | cut -d' ' -f1,6-)" \
    "200 FAILED SW_opr_fail_cmd-err MeterID=$electr FailureCode=7"
is "the switch stays as it was" "$(ask SW_state_cmd MeterID=$electr CommandCode=2 | grep -o 'SWState=.')" SWState=0
provoke valve_opr_fail_cmd-err $gas 12 >"$T/out"
is "a valve's fault" "$(valve valve_opr_cmd OprCmd=1 ScheduledTime=2026-01-01T00:00:00Z)" \
    "200 FAILED valve_opr_fail_cmd-err MeterID=$gas ErrCode=12"
event() { # event STIMULUS DEVICE VALUE: status and the message that came
    local n
    n=$(received)
    echo "$(provoke "$@") $(after "$n" "$1" | shape)"
}
is "an audit event" "$(event Audit_Application_Event $electr 11)" \
    "204 MDMS EventMessage created EndDeviceEvents - - Audit_Application_Event MeterID=$electr EventTypeCode=11"
is "a configuration event" "$(event Configuration_Event $gas 12)" \
    "204 MDMS EventMessage created EndDeviceEvents - - Configuration_Event MeterID=$gas AcknowledgementCode=12"
is "a fault event" "$(event Fault_Error_Alarm_Event $water 13)" \
    "204 MDMS EventMessage created EndDeviceEvents - - Fault_Error_Alarm_Event MeterID=$water AlarmCode=13"
is "a power quality event" "$(event Power_Quality_Event $business 14)" \
    "204 MDMS EventMessage created EndDeviceEvents - - Power_Quality_Event MeterID=$business AlarmCode=14"
is "a security event" "$(event Security_Event $electr 15)" \
    "204 MDMS EventMessage created EndDeviceEvents - - Security_Event MeterID=$electr AlarmCode=15"
is "a register snapshot" "$(event Mtr-read_data_resp-data $gas)" \
    "204 AMIHead-End(j) EventMessage created MeterReadings - - Mtr-read_data_resp-data DeviceID=$gas ReadingPeriod=TIME ReadingType=m3 ReadingData=#"
is "interval readings, pushed" "$(event Mtr-read_multi-interval-data_resp-data $business)" \
    "204 AMIHead-End(j) EventMessage created MeterReadings - - Mtr-read_multi-interval-data_resp-data DeviceID=$business ReadingPeriod=TIME ReadingType=kWh ReadingData=#"
n=$(received)
is "a switch that is operated in the field" "$(provoke SW_post-oper-info_resp-data $electr) $(after "$n" ^CIS.*post-oper |
    cut -d' ' -f1,2,7,8)" \
    "204 CIS/Billing-Utility EventMessage SW_post-oper-info_resp-data MeterID=$electr"
is "has changed its state" "$(ask SW_state_cmd MeterID=$electr CommandCode=2 | grep -o 'SWState=.')" SWState=1
ok "all that came is well-formed" sh -c "xmllint --nonet --noout '$T'/peers/*.xml"
is "interval readings stay between the bounds of their row" "$(for i in "$T"/peers/*.xml; do
    client=$(grep -o '<ReadingData>' "$i" | wc -l)
    if [ "$client" -gt 1 ]; then echo $((8 + 4 + 3 + 4 * client)); fi
done | awk '{ print ($1 >= 200 && $1 <= 1600) ? "inside" : "outside " $1 }')" inside

# --- what is refused ------------------------------------------------------------------------------
is "an unknown device" "$(ask on-demand_Mtr-read_cmd MeterID=00124B00010FFFFF ReadingTypeDesired=kWh)" "404 empty"
is "a device of another kind" "$(ask SW_opr_cmd MeterID=$water CommandCode=0)" "422 empty"
is "a payload that no meter takes" "$(ask bulk_Mtr-read_cmd GroupCycleID=1 DataElementsGroups=a)" "422 empty"
is "a payload that nobody knows" "$(ask nonsense_cmd MeterID=$electr)" "422 empty"
is "an attribute that is missing" "$(ask SW_opr_cmd MeterID=$electr)" "422 empty"
is "an attribute that is no value of its type" "$(ask SW_opr_cmd MeterID=$electr CommandCode=on)" "422 empty"
status() { curl -s -o /dev/null -w '%{http_code}' "$@"; }
is "no XML" "$(status -d 'nothing' "http://127.0.0.1:$live_eut/meter")" 400
is "an empty body" "$(status -X POST "http://127.0.0.1:$live_eut/meter")" 400
is "another path" "$(status -d '<a/>' "http://127.0.0.1:$live_eut/elsewhere")" 404
python3 -c 'print("<a>" * 100000)' >"$T/deep.xml"
is "XML without a bottom" "$(status --data-binary @"$T/deep.xml" "http://127.0.0.1:$live_eut/meter")" 400
is "a stimulus that is not declared" "$(provoke nonsense $electr 1)" 404
is "a stimulus for an unknown device" "$(provoke Audit_Application_Event 0000000000000001 1)" 404
is "a stimulus for a device of another kind" "$(provoke Power_Quality_Event $water 1)" 422
is "a code that is none" "$(provoke SW_opr_fail_cmd-err $electr 999)" 422
is "a stimulus is a POST" "$(status "http://127.0.0.1:$live_control/provoke/Audit_Application_Event?device=$electr&value=1")" 405
stop
is "SIGTERM ends it cleanly" "$ended" 0
is "it said nothing else" "$(cat "$T/play.err")" ""

# --- answers by request ---------------------------------------------------------------------------
start --reply request
n=$(received)
is "an answer by request is accepted at first" \
    "$(ask on-demand_Mtr-read_cmd MeterID=$electr ReadingTypeDesired=kWh "reply=$mdms" correlation=r-1)" "202 empty"
is "then it comes to the address given" "$(after "$n" | shape)" \
    "MDMS ResponseMessage reply MeterReadings r-1 OK on-demand_Mtr-read_resp-data MeterID=$electr ReadingType=kWh ReadingData=#"
is "nothing is sent to an address that the statement does not list" \
    "$(ask on-demand_Mtr-read_cmd MeterID=$electr ReadingTypeDesired=kWh reply=http://127.0.0.1:9/x)" "422 empty"
kill -INT "$equipment"
wait "$equipment"
is "SIGINT ends it too" $? 0

# --- defects --------------------------------------------------------------------------------------
read_it() { ask on-demand_Mtr-read_cmd "MeterID=$electr" ReadingTypeDesired=kWh "$@"; }
body() { # a command's body for curl
    printf '<RequestMessage><Header><CorrelationID>c-1</CorrelationID></Header><Payload><on-demand_Mtr-read_cmd><MeterID>%s</MeterID><ReadingTypeDesired>kWh</ReadingTypeDesired></on-demand_Mtr-read_cmd></Payload></RequestMessage>' "$electr"
}
curl_it() { body | curl -s --data-binary @- "$@" "http://127.0.0.1:$live_eut/meter"; }
took() { python3 - "$@" <<'PY'
import subprocess, sys, time
least, most = float(sys.argv[1]), float(sys.argv[2])
start = time.monotonic()
subprocess.run(sys.argv[3:], check=True, stdout=subprocess.DEVNULL)
t = time.monotonic() - start
print("as expected" if least <= t <= most else t)
PY
}
body >"$T/body.xml"
url=http://127.0.0.1:$live_eut/meter

start --defect late=1000@on-demand_Mtr-read_resp-data
is "late: an answer takes its time" "$(took 1.0 5 curl -sf --data-binary @"$T/body.xml" "$url")" "as expected"
is "late: another payload does not" \
    "$(took 0 0.9 curl -s -X POST "http://127.0.0.1:$live_control/provoke/Audit_Application_Event?device=$electr&value=1")" "as expected"
stop
start --defect late=1000
n=$(received)
provoke Audit_Application_Event $electr 1 >"$T/out"
is "late: an event is not there at once" "$(received)" "$n"
is "late: but comes" "$(after "$n" | cut -d' ' -f7)" Audit_Application_Event
stop

start --defect lossy=3
is "lossy: every third answer is lost, the connection dropped" \
    "$(for _ in 1 2 3 4 5 6; do curl_it -o /dev/null -w '%{exitcode} '; done)" "0 0 52 0 0 52 "
n=$(received)
for i in 1 2 3 4; do provoke Audit_Application_Event $electr $i >"$T/out"; after $((n + i - 1 - i / 3)) >"$T/out" & done
wait_for "three events" sh -c "[ \$(grep -c . '$T/peers/log') -ge $((n + 3)) ]"
is "lossy: every third event too" "$(tail -n +$((n + 1)) "$T/peers/log" | grep -o 'Code=.*' | sort | tr '\n' ' ')" \
    "Code=1 Code=2 Code=4 "
stop

start --defect oversize
bytes() { # canonical size of "MeterID=.. ReadingType=.. ReadingData=.. Extension=.."
    grep -o 'Extension=x*' | awk -v fixed="$1" '{ print fixed + length($0) - length("Extension=") }'
}
is "oversize: one byte above the row's 100" "$(read_it | bytes $((8 + 3 + 4)))" 101
n=$(received)
provoke Security_Event $electr 1 >"$T/out"
is "oversize: one byte above the row's 278" "$(after "$n" | bytes $((8 + 1)))" 279
stop

start --defect oversize=30@on-demand_Mtr-read_resp-data --defect lossy=2@on-demand_Mtr-read_resp-data --truth "$T/truth"
is "oversize by so many bytes" "$(read_it correlation=t-1 | bytes $((8 + 3 + 4)))" 130
read_it correlation=t-2 >"$T/out" 2>&1
stop
is "what it knows itself: an answer of that size, and a loss" "$(sed -E 's/ [0-9]{19}/ #/g' "$T/truth")" \
    "$(printf '%s\n' 'sent t-1 on-demand_Mtr-read_resp-data # # 130' 'lost t-2 on-demand_Mtr-read_resp-data')"
# shellcheck disable=SC2016
ok "the answer left after the order was taken" awk '$1 == "sent" && $5 < $4 { exit 1 }' "$T/truth"

start --defect incomplete
is "incomplete: the last attribute is missing" "$(read_it | cut -d' ' -f1,7-)" \
    "200 on-demand_Mtr-read_resp-data MeterID=$electr ReadingType=kWh"
stop
start --defect wrong-content
is "wrong-content: another device's id" "$(read_it | cut -d' ' -f1,8)" "200 MeterID=00124B0001000001"
stop
start --defect wrong-correlation
is "wrong-correlation: nobody's" "$(read_it | cut -d' ' -f1,5,6 | sed 's/nobody-[^ ]*/nobody/')" "200 nobody OK"
stop
start --defect duplicate
n=$(received)
is "duplicate: the answer comes" "$(read_it "reply=$billing" correlation=d-1 | cut -d' ' -f1,5)" "200 d-1"
is "duplicate: and comes again by request" "$(after "$n" | cut -d' ' -f1,2,5)" "CIS/Billing-Utility ResponseMessage d-1"
n=$(received)
provoke Audit_Application_Event $electr 1 >"$T/out"
is "duplicate: an event comes" "$(after "$n" | cut -d' ' -f7)" Audit_Application_Event
is "duplicate: twice" "$(after $((n + 1)) | cut -d' ' -f7)" Audit_Application_Event
stop
start --defect malformed
read_it "save=$T/cut.xml" >"$T/out"
is "malformed: no XML, in whole HTTP" "$(cut -d' ' -f1,2 "$T/out")" "200 not-well-formed"
ok "malformed: not for xmllint either" sh -c "! xmllint --nonet --noout '$T/cut.xml'"
stop
start --defect silent
is "silent: no answer" "$(curl_it -m 0.3 -o /dev/null -w '%{exitcode}')" 28
n=$(received)
is "silent: the control address still answers" "$(provoke Audit_Application_Event $electr 1)" 204
stop
is "silent: no event" "$(received)" "$n"
is "silent: callers that wait do not keep it" "$ended" 0
start --defect reorder=2000
is "reorder: the second overtakes the first" "$(client order "$live_eut" $electr $gas)" "$gas $electr"
stop
start --defect deep-xml=500
read_it "save=$T/deep.xml" >"$T/out"
is "deep-xml: elements in each other" "$(grep -o '<a>' "$T/deep.xml" | wc -l) $(xmllint --huge --xpath 'count(//*[count(ancestor::*) > 400])' "$T/deep.xml")" "500 102"
stop
start --defect many-elements=5000
read_it "save=$T/many.xml" >"$T/out"
is "many-elements: so many" "$(xmllint --xpath 'count(//*[local-name() = "a"])' "$T/many.xml")" 5000
stop
start --defect entity-bomb
read_it "save=$T/bomb.xml" >"$T/out" 2>&1
ok "entity-bomb: entities of entities" grep -q '<!DOCTYPE.*<!ENTITY e8 .*&e8;' "$T/bomb.xml"
ok "entity-bomb: a parser that expands them gives up" sh -c "! xmllint --nonet --noent --noout '$T/bomb.xml'"
stop

start --defect incomplete --only 4.15.4.1/SW_opr_cmd_ack
is "--only: the row's payload is touched" "$(ask SW_opr_cancel_cmd MeterID=$electr CommandCode=0 | cut -d' ' -f7-)" \
    "SW_opr_cmd_ack MeterID=$electr"
is "--only: others are not" "$(read_it | grep -c ReadingData)" 1
stop

# Broken HTTP, over bare sockets.
start --defect slow-drip=2
is "slow-drip: byte by byte" "$(client bytes "$live_eut" 0.4 | grep -o 'first.*OK\|pieces=[a-z]*')" \
    "$(printf 'first=HTTP/1.1 200 OK\npieces=bytes')"
stop
start --defect reset
is "reset: half a body, then RST" "$(client bytes "$live_eut" 2 | sed -E 's,body=([0-9]+)/([0-9]+),\1 \2,' |
    awk '{ print $1, $2, $3, $4, ($5 == int($6 / 2)) ? "half" : $5 "/" $6, $NF }')" "first=HTTP/1.1 200 OK head=whole half end=reset"
stop
start --defect endless-header
is "endless-header: no end of it" "$(client bytes "$live_eut" 0.5 | cut -d' ' -f1-4,7,8)" \
    "first=HTTP/1.1 200 OK head=open total=long end=open"
is "endless-header: curl's ceiling meets it" "$(curl_it -m 5 -o /dev/null -w '%{exitcode}')" 56
stop
start --defect endless-body
is "endless-body: no end of it" "$(client bytes "$live_eut" 0.5 | cut -d' ' -f1-4,7,8)" \
    "first=HTTP/1.1 200 OK head=whole total=long end=open"
is "endless-body: its pieces are valid" "$(curl_it -m 0.3 -o "$T/body" -w '%{exitcode}')" 28
ok "endless-body: and hold bytes" test "$(wc -c <"$T/body")" -gt 20000
stop
start --defect garbage
is "garbage: no HTTP" "$(client bytes "$live_eut" 2 | awk '{ print $1, $NF }')" "first=binary end=closed"
stop
start --defect garbage@SW_opr_cmd_ack
is "broken HTTP leaves other payloads whole" "$(read_it | shape | cut -d' ' -f1,6,7)" "200 OK on-demand_Mtr-read_resp-data"
is "also twice on a connection" "$(body | curl -s -o /dev/null -o /dev/null -w '%{http_code}%{num_connects} ' --data-binary @- "$url" "$url")" "2001 2000 "
stop

# Events are broken in the same way, towards the one who listens.
kill "$collector"
wait "$collector"
mdms_port=${mdms#http://127.0.0.1:}
mdms_port=${mdms_port%%/*}
broken_event() { # DEFECT SECONDS
    local listener
    python3 "$TOP/tests/e2e/play_client.py" swallow "$mdms_port" "$2" >"$T/swallowed" &
    listener=$!
    wait_for "a listener" sh -c "ss -Hltn 'sport = :$mdms_port' | grep -q ."
    start --defect "$1"
    provoke Security_Event $electr 1 >"$T/out"
    wait $listener
    stop
    sed -E 's/body=0.*total/body total/; s/body=[1-9].*total/body+ total/; s/total=[0-9]+/total=short/' "$T/swallowed"
}
is "reset: an event" "$(broken_event reset 3)" "first=POST /mdms HTTP/1.1 head=whole body+ total=short end=reset"
is "slow-drip: an event" "$(broken_event slow-drip=20 0.5)" "first=POST /mdms HTTP/1.1 head=open body total=short end=open"
is "endless-header: an event" "$(broken_event endless-header 0.5)" "first=POST /mdms HTTP/1.1 head=open body total=long end=open"
is "endless-body: an event" "$(broken_event endless-body 0.5)" "first=POST /mdms HTTP/1.1 head=whole body+ total=long end=open"
is "garbage: an event" "$(broken_event garbage 3)" "first=binary head=open body total=short end=closed"

# --- other ways to start --------------------------------------------------------------------------
mkdir -p "$T/home/fixtures/equipment"
ln -s "$TOP/lua" "$T/home/lua"
ln -s "$TOP/fixtures/requirements" "$TOP/fixtures/schemas" "$T/home/fixtures"
cp "$statement" "$T/home/fixtures/equipment/meters.xml"
shipped=$statement
statement="2-Way Meter - Gas"
GRIDASSAY_HOME=$T/home
start
is "an actor alone is played by the statement that ships" \
    "$(ask valve_state_cmd MeterID=$gas CmdCode=2 | cut -d' ' -f1,7)" "200 valve_state_cmd_resp-data"
is "without the devices of others" "$(read_it)" "404 empty"
stop
GRIDASSAY_HOME=$TOP
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$T/key.pem" -out "$T/cert.pem" -days 2 \
    -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 2>/dev/null
statement=$T/tls.xml
sed -e 's/<http /<http tls="yes" /' -e 's,<interval-reads,<tls ca="cert.pem"/>&,' "$shipped" >"$statement"
start --certificate "$T/cert.pem" --key "$T/key.pem"
is "TLS is served" "$(curl -s --cacert "$T/cert.pem" --data-binary @"$T/body.xml" -o /dev/null -w '%{http_code}' \
    "https://127.0.0.1:$live_eut/meter")" 200
is "the control address stays plain" "$(provoke SW_opr_fail_cmd-err $electr)" 204
stop
expect_code "TLS without a certificate is refused" 2 "$play" "$statement"
ok "with line and what is missing" grep -q 'tls.xml:[0-9]*: TLS needs --certificate and --key' "$T/err"
statement=$shipped

# --- the responder without delay ------------------------------------------------------------------
spawn "$play" --calibrate 127.0.0.1:0 --port-file "$T/where.cal" >"$T/cal.out"
equipment=$spawned
wait_for "the responder" test -s "$T/where.cal"
live_eut=$(sed 's/.*://' "$T/where.cal")
is "the responder copies the correlation" "$(read_it correlation=cal-7)" \
    "200 ResponseMessage reply MeterReadings cal-7 OK"
is "twice on a connection" "$(curl -s -o /dev/null -o /dev/null -w '%{http_code}%{num_connects} ' -d x \
    "http://127.0.0.1:$live_eut/" "http://127.0.0.1:$live_eut/")" "2001 2000 "
expect_code "a responder's port in use" 3 "$play" --calibrate "127.0.0.1:$live_eut"
ok "is told with address and port" grep -q "127.0.0.1:$live_eut: Address already in use" "$T/err"
stop
is "the responder ends cleanly" "$ended" 0

# --- bad input ------------------------------------------------------------------------------------
expect_code "--help explains" 0 "$play" --help
ok "on standard output" grep -q '^usage: gridassay-play' "$T/out"
expect_code "--defect list tells all" 0 "$play" --defect list
is "a line each" "$(wc -l <"$T/out")" 19
refused() { # TITLE CODE PATTERN ARGUMENT...
    expect_code "$1" "$2" "$play" "${@:4}"
    ok "and told: $3" grep -Eq "^gridassay-play: .*$3" "$T/err"
}
refused "an unknown defect" 2 'no defect "rude", expected one of: late, lossy,.*many-elements' "$statement" --defect rude
refused "an unknown option" 2 'no option --loud, expected --defect' "$statement" --loud
refused "an option without its value" 2 '--defect wants a value' "$statement" --defect
refused "a value of no use" 2 'lossy=0, expected k from 1' "$statement" --defect lossy=0
refused "a defect of an unknown payload" 2 'no payload or row "nothing" for defect late' "$statement" --defect late@nothing
refused "an unknown row" 2 'no payload or row "4.99/x"' "$statement" --defect late --only 4.99/x
refused "no statement" 2 'expected a statement, an actor' --seed 1
refused "two statements" 2 'not also "b.xml"' "$statement" b.xml
refused "a missing statement" 2 "$T/none.xml: cannot be opened" "$T/none.xml"
refused "an unknown actor" 2 'declares devices of actor "AMI Head-End"' "AMI Head-End"
refused "a seed that is none" 2 '--seed x, expected a whole number' "$statement" --seed x
refused "a zone that is none" 2 'time zone: .*Nowhere: cannot be opened' "$statement" --zone Nowhere
refused "a zone outside of the zones" 2 'expected the name of a zone' "$statement" --zone ../../etc/passwd
refused "a reply mode that is none" 2 'expected response or request' "$statement" --reply maybe
: >"$T/empty.xml"
refused "an empty statement" 2 "$T/empty.xml: is empty" "$T/empty.xml"
head -c 700 "$statement" >"$T/cut-off.xml"
refused "a statement cut off" 2 "$T/cut-off.xml:[0-9]+: not well-formed" "$T/cut-off.xml"
read -ra own <<<"$(free_ports 1)"
spawn python3 -m http.server "${own[0]}" --bind 127.0.0.1 >"$T/holder" 2>&1
wait_for "somebody at the port" sh -c "ss -Hltn 'sport = :${own[0]}' | grep -q ."
sed "s/port=\"[0-9]*\" path=\"\/meter\"/port=\"${own[0]}\" path=\"\/meter\"/" "$statement" >"$T/taken.xml"
refused "a port in use" 3 "cannot listen on 127.0.0.1:${own[0]}: Address already in use" "$T/taken.xml"
refused "also for bare sockets" 3 "cannot listen on 127.0.0.1:${own[0]}: Address already in use" "$T/taken.xml" --defect reset
sed "s/127.0.0.1:[0-9]*\/provoke/127.0.0.1:${own[0]}\/provoke/" "$statement" >"$T/taken.xml"
refused "a control port in use" 3 "cannot listen on 127.0.0.1:${own[0]}: Address already in use" "$T/taken.xml"
done_testing
