#!/bin/bash
# The reference equipment as other actors than meters: what it asks, passes on, remembers and takes.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"

export GRIDASSAY_HOME=$TOP
play=$BIN/gridassay-play
client() { python3 "$TOP/tests/e2e/play_client.py" "$@"; }
peer() { sed -n "/actor=\"$1\"/s/.*port=\"\([0-9]*\)\" path=\"\([^\"]*\)\".*/http:\/\/127.0.0.1:\1\2/p" "$statement"; }

# scene NAME [ARGUMENT...]: the statement of that name on free ports, its peers and the equipment.
scene() {
    local name=$1 path
    shift
    statement=$T/$name.xml
    rm -rf "$T/peers"
    mkdir "$T/peers"
    live_statement "$statement" "" "$name"
    path=$(sed -n '/<http /s/.*path="\/\([^"]*\)".*/\1/p' "$statement")
    eut=$live_eut/$path
    : >"$T/peers/log"
    spawn python3 "$TOP/tests/e2e/play_client.py" collect "$statement" "$T/peers"
    peers=$spawned
    wait_for "the peers" test -s "$T/peers/ready"
    : >"$T/play.out"
    spawn "$play" "$statement" "$@" >"$T/play.out" 2>"$T/play.err"
    equipment=$spawned
    wait_for "the equipment" grep -q ^READY "$T/play.out" && return
    echo "Bail out! the equipment does not start: $(cat "$T/play.err")"
    exit 1
}
end() {
    kill "$equipment" "$peers"
    wait "$equipment"
    is "$1: it ends cleanly and says nothing" "$? $(cat "$T/play.err")" "0 "
    wait "$peers"
}
provoke() { curl -s -o /dev/null -w '%{http_code}' -X POST "http://127.0.0.1:$live_control/provoke/$1?device=$2&value=${3-}"; }
behave() { printf '%s\n' "$@" >"$T/peers/behave"; }
received() { grep -c . "$T/peers/log" || true; }
# after N PATTERN [K]: the K-th message with the pattern behind the first N
after() {
    # shellcheck disable=SC2016
    wait_for "a message" sh -c '[ "$(tail -n "+$2" "$1" | grep -c -- "$3")" -ge "$4" ]' \
        - "$T/peers/log" "$(($1 + 1))" "$2" "${3-1}"
    tail -n "+$(($1 + 1))" "$T/peers/log" | grep -- "$2" | sed -n "${3-1}p"
}
ids() { sed -E 's/play-[0-9a-f]+-[0-9]+/ID/g; s/=[0-9]{4}-[^ ]*Z/=TIME/g'; }

# --- a distribution management system -------------------------------------------------------------
bank=00124B0025000003
scene dms
behave "FeederCapBank_close_cmd FeederCapBank_close_ack DeviceID={DeviceID} AcknowledgementCode=1"
is "a DMS is told to close a capacitor bank" "$(provoke FeederCapBank_close_cmd $bank 7)" 204
is "it tells the bank" "$(after 0 FeederCapBank_close_cmd | ids)" \
    "FeederCapBank RequestMessage create FeederControls ID - FeederCapBank_close_cmd DeviceID=$bank CommandCode=7"
wait_for "the answer" sh -c "python3 '$TOP/tests/e2e/play_client.py' back $eut peer-1 $bank | grep -q OK"
is "it remembers the answer" "$(client back "$eut" peer-1 $bank)" \
    "200 ResponseMessage reply ReadBack rb-1 OK FeederCapBank_close_ack DeviceID=$bank AcknowledgementCode=1"
is "not as another device's" "$(client back "$eut" peer-1 00124B0025000004)" \
    "200 ResponseMessage reply ReadBack rb-1 FAILED"
is "an alarm is taken" "$(client send "$eut" EventMessage FeederCapBank_alarm DeviceID=$bank AlarmCode=9 id=al-1)" \
    "204 empty"
is "and given back as it was" "$(client back "$eut" al-1 $bank)" \
    "200 ResponseMessage reply ReadBack rb-1 OK FeederCapBank_alarm DeviceID=$bank AlarmCode=9"
is "what never came is not" "$(client back "$eut" al-2 $bank)" "200 ResponseMessage reply ReadBack rb-1 FAILED"
is "a command for a bank is not for a DMS" \
    "$(client send "$eut" RequestMessage FeederCapBank_open_cmd DeviceID=$bank CommandCode=1 correlation=c-1)" "422 empty"
is "an id too long" "$(client send "$eut" EventMessage FeederCapBank_alarm DeviceID=$bank AlarmCode=9 \
    "id=$(head -c 400 /dev/zero | tr '\0' x)")" "400 empty"
is "a device of nobody's" "$(client send "$eut" EventMessage FeederCapBank_alarm DeviceID=00000000000000AA \
    AlarmCode=9)" "404 empty"
end "a DMS"

for defect in silent lossy=1; do
    scene dms --defect "$defect@FeederCapBank_alarm"
    timeout 0.5 python3 "$TOP/tests/e2e/play_client.py" send "$eut" EventMessage FeederCapBank_alarm DeviceID=$bank AlarmCode=9 id=al-1 \
        >"$T/out" 2>&1
    is "$defect: what is swallowed is not remembered" "$(client back "$eut" al-1 $bank)" \
        "200 ResponseMessage reply ReadBack rb-1 FAILED"
    end "$defect"
done

# --- feeder devices -------------------------------------------------------------------------------
scene feeder-devices
bank=$(sed -n '/actor="Feeder Cap Bank"/s/.*first-id="\([^"]*\)".*/\1/p' "$statement")
dms=$(peer DMS)
is "a capacitor bank acknowledges" "$(client send "$eut" RequestMessage FeederCapBank_close_cmd DeviceID="$bank" \
    CommandCode=3 correlation=c-1 "reply=$dms")" \
    "200 ResponseMessage reply FeederControls c-1 OK FeederCapBank_close_ack DeviceID=$bank AcknowledgementCode=1"
is "it gives an alarm" "$(provoke FeederCapBank_alarm "$bank" 44)" 204
is "to the DMS" "$(after 0 "^DMS")" \
    "DMS EventMessage created FeederDeviceEvents - - FeederCapBank_alarm DeviceID=$bank AlarmCode=44"
end "feeder devices"

# --- a billing system -----------------------------------------------------------------------------
scene cis
meter=$(sed -n '/actor="2-Way Meter - Electr"/s/.*first-id="\([^"]*\)".*/\1/p' "$statement" | head -n 1)
display=$(sed -n '/actor="IPD"/s/.*first-id="\([^"]*\)".*/\1/p' "$statement" | head -n 1)
[ -n "$display" ] || display=$(grep -A1 'actor="IPD"' "$statement" | sed -n 's/.*first-id="\([^"]*\)".*/\1/p')
[ -n "$meter" ] || meter=$(grep -A1 'actor="2-Way Meter - Electr"' "$statement" | sed -n 's/.*first-id="\([^"]*\)".*/\1/p' | head -n 1)
behave "SW_opr_cmd SW_opr_cmd_ack MeterID={MeterID} AcknowledgementCode=0"
is "a billing system opens a switch" "$(provoke SW_opr_cmd "$meter" 0)" 204
is "by a request to the meter" "$(after 0 SW_opr_cmd | ids)" \
    "2-WayMeter-Electr RequestMessage create EndDeviceControls ID - SW_opr_cmd MeterID=$meter CommandCode=0"
for i in 1 2 3 4 5 6 7 8 9 10; do provoke "prepay_msg_%5B1of10%5D_resp-data" "$display" $i >"$T/out"; done
is "ten messages for prepayment are ten stimuli" "$(after 0 prepay_msg 10 >"$T/out"
grep -o 'prepay_msg.*CommandCode=[0-9]*' "$T/peers/log" | sed 's/.*=//' | sort -n | tr '\n' ' ')" "1 2 3 4 5 6 7 8 9 10 "
end "a billing system"

# --- a vehicle, and who lowers loads --------------------------------------------------------------
scene phev
car=$(sed -n '/<group actor="PHEV"/s/.*first-id="\([^"]*\)".*/\1/p' "$statement")
is "a vehicle answers an offer with its state" "$(client send "$eut" RequestMessage PHEV_pwr_chrg_rate_negot-thrd \
    DeviceID="$car" PriceRateTier=1 PowerChargeRateLevel=2 DROrTOURiderRates=none correlation=c-1 \
    "reply=$(peer "LMS - Utility")" | cut -d' ' -f1,2,5-8)" \
    "200 ResponseMessage c-1 OK PHEV_pwr_chrg_status_resp-data DeviceID=$car"
provoke PHEV_pwr_chrg_rate_negot-thrd "$car" >"$T/out"
is "and makes one of its own" "$(after 0 "^LMS-Utility.*negot-thrd" | cut -d' ' -f1,2,7,8)" \
    "LMS-Utility RequestMessage PHEV_pwr_chrg_rate_negot-thrd DeviceID=$car"
end "a vehicle"

scene meters
meter=00124B0001000007
lms=$(peer "LMS - Utility")
event="EventID=77 EventTimeAndDuration=now RandomizationValueForStartAndStop=1 LoadAdjustmentPercentage=2 MaximumDutyCycle=3 CriticalityLevel=4"
# shellcheck disable=SC2086
is "a load-control event is acknowledged by its id" "$(client send "$eut" RequestMessage Load_mgm_reqst \
    DeviceID=$meter MacAddress=$meter $event correlation=c-1 "reply=$lms" | cut -d' ' -f1,7-11)" \
    "200 Load_mgm_req_ack DeviceID=$meter MacAddress=$meter AcknowledgementCode=1 EventID=77"
provoke Load_mgm_opt_out $meter >"$T/out"
is "the customer opts out of that event" "$(after 0 "^LMS-Utility.*opt_out" | cut -d' ' -f1,2,7-)" \
    "LMS-Utility RequestMessage Load_mgm_opt_out DeviceID=$meter MacAddress=$meter EventID=77"
n=$(received)
# shellcheck disable=SC2086
is "an event for all is accepted" "$(client send "$eut" RequestMessage Load_mgm_reqst_brdcst BroadcastID=1 $event \
    correlation=b-1 "reply=$lms")" "202 empty"
after "$n" Load_mgm_req_ack 1200 >"$T/out"
is "every device acknowledges it, once" "$(tail -n "+$((n + 1))" "$T/peers/log" | grep -o 'b-1 OK Load_mgm_req_ack DeviceID=[0-9A-F]*' |
    sort -u | wc -l) $(($(received) - n))" "1200 1200"
end "meters"

# --- images ---------------------------------------------------------------------------------------
scene meters
update="metrology_firmware_update_cmd DeviceID=$meter Timeout=60 FirmwareVersionNumber=2.1 path=FirmwareUpdate"
at="CutOverTimeOrCutOverParameters"
# shellcheck disable=SC2086
is "an image comes in blocks" "$(client image "$eut" $update $at=2026-01-01T00:00:00Z bytes=70000 correlation=i-1 \
    "reply=$(peer "AMI Head-End(j)")")" "204 204 204"
is "it is confirmed to who is to know" "$(after 0 "^MDMS.*confirmation" | cut -d' ' -f5-)" \
    "i-1 OK metrology_firmware_update_confirmation DeviceID=$meter SuccessOrFailNotification=1 FirmwareRevisionInformation=2.1"
n=$(received)
soon=$(date -u -d '+2 seconds' +%Y-%m-%dT%H:%M:%SZ)
# shellcheck disable=SC2086
client image "$eut" $update $at="$soon" bytes=40000 correlation=i-2 >"$T/out"
is "before the cut-over nothing is said" "$(received)" "$n"
after "$n" "^MDMS.*i-2 OK" >"$T/out"
ok "after it, it is" test "$(date -u +%Y-%m-%dT%H:%M:%SZ)" '>' "$(date -u -d "$soon - 1 second" +%Y-%m-%dT%H:%M:%SZ)"
# shellcheck disable=SC2086
client image "$eut" $update $at=2026-01-01T00:00:00Z bytes=40000 spoil=yes correlation=i-3 >"$T/out"
is "another digest than it should have" "$(after "$n" "^MDMS.*i-3" | cut -d' ' -f6-9)" \
    "FAILED metrology_firmware_update_confirmation DeviceID=$meter SuccessOrFailNotification=2"
is "a block out of turn" "$(client send "$eut" RequestMessage metrology_firmware_update_cmd DeviceID=$meter Timeout=60 \
    FirmwareVersionNumber=2.1 $at=2026-01-01T00:00:00Z "FirmwareUpdate/Digest=$(printf %064d 1)" FirmwareUpdate/Bytes=70000 \
    FirmwareUpdate/Block=2 FirmwareUpdate/Blocks=3 FirmwareUpdate/Data=AAAA correlation=i-4)" "409 empty"
end "images"

# --- a head-end with ten thousand meters behind it ------------------------------------------------
scene head-end
meter=00124B0001000000 last=00124B000100176F
cis=$(peer "CIS.Billing - Utility") lms=$(peer "LMS - Utility")
behave "SW_opr_cmd SW_opr_cmd_ack MeterID={MeterID} AcknowledgementCode=0" \
    "on-demand_Mtr-read_cmd drop" "SW_state_cmd hang"
is "a command passes through, and its answer" "$(client send "$eut" RequestMessage SW_opr_cmd MeterID=$last CommandCode=1 \
    correlation=c-1 "reply=$cis")" \
    "200 ResponseMessage reply EndDeviceControls c-1 OK SW_opr_cmd_ack MeterID=$last AcknowledgementCode=0"
is "the meter got it as it was" "$(after 0 ^2-WayMeter)" \
    "2-WayMeter-Electr RequestMessage create EndDeviceControls c-1 - SW_opr_cmd MeterID=$last CommandCode=1"
is "a copy goes to the MDMS" "$(after 0 ^MDMS)" \
    "MDMS ResponseMessage reply EndDeviceControls c-1 OK SW_opr_cmd_ack MeterID=$last AcknowledgementCode=0"
n=$(received)
is "a meter that drops the connection" "$(client send "$eut" RequestMessage on-demand_Mtr-read_cmd MeterID=$meter \
    ReadingTypeDesired=kWh correlation=c-2 "reply=$cis")" \
    "200 ResponseMessage reply MeterReadings c-2 FAILED on-demand_Mtr-read_cmd_comm_err MeterID=$meter FailureCode=9 SendingDeviceID=00124B0010000000"
is "a meter that says nothing" "$(client send "$eut" RequestMessage SW_state_cmd MeterID=$meter CommandCode=1 \
    correlation=c-3 "reply=$cis" | cut -d' ' -f1,2,5-7)" \
    "200 ResponseMessage c-3 FAILED SW_opr_cmd_comm-err"
n=$(received)
is "an event goes up" "$(client send "$eut" EventMessage Audit_Application_Event MeterID=$meter EventTypeCode=5 id=e-1)" \
    "204 empty"
is "as it came" "$(after "$n" ^MDMS)" \
    "MDMS EventMessage created EndDeviceEvents - - Audit_Application_Event MeterID=$meter EventTypeCode=5"
n=$(received)
# shellcheck disable=SC2086
is "an event for all is accepted" "$(client send "$eut" RequestMessage Load_mgm_reqst_brdcst BroadcastID=1 $event \
    correlation=b-1 "reply=$lms")" "202 empty"
is "and passed on once to each kind" "$(after "$n" Load_mgm_reqst_brdcst >"$T/out"
tail -n "+$((n + 1))" "$T/peers/log" | grep -c "^2-WayMeter-Electr .*Load_mgm_reqst_brdcst")" 1
is "meters answer it through the head-end" "$(client send "$eut" ResponseMessage Load_mgm_req_ack DeviceID=$meter \
    MacAddress=$meter AcknowledgementCode=1 EventID=77 EstimationOfLoadReduction=1 correlation=b-1 id=a-1)" "204 empty"
is "to who asked" "$(after "$n" Load_mgm_req_ack | cut -d' ' -f1,2,5-8)" \
    "LMS-Utility ResponseMessage b-1 OK Load_mgm_req_ack DeviceID=$meter"
is "an image is sent" "$(provoke metrology_program_update_cmd $meter)" 204
after "$n" metrology_program_update_cmd >"$T/out"
ok "of the size that the row says" test "$(sed 's/.*Bytes=\([0-9]*\).*/\1/' "$T/out")" -gt 25599
end "a head-end"

for defect in lossy=1 late=700 reorder=3000 wrong-content duplicate silent; do
    scene head-end --defect $defect
    case $defect in
    lossy=1) is "lossy: nothing is passed on" "$(client send "$eut" EventMessage Audit_Application_Event MeterID=$meter \
        EventTypeCode=5 id=e-1) $(received)" "RemoteDisconnected empty 0" ;;
    late=700) client send "$eut" EventMessage Audit_Application_Event MeterID=$meter EventTypeCode=5 id=e-1 >"$T/out"
        is "late: nothing is passed on at once" "$(received)" 0
        is "late: but then" "$(after 0 ^MDMS | cut -d' ' -f7)" "Audit_Application_Event" ;;
    reorder=3000) for code in 1 2; do
            client send "$eut" EventMessage Audit_Application_Event MeterID=$meter EventTypeCode=$code id=e-$code >"$T/out"
        done
        is "reorder: the second is passed on first" "$(after 0 ^MDMS 2 >"$T/out"
            grep -o 'Code=.' "$T/peers/log" | tr '\n' ' ')" "Code=2 Code=1 " ;;
    wrong-content) client send "$eut" EventMessage Audit_Application_Event MeterID=$meter EventTypeCode=5 id=e-1 >"$T/out"
        is "wrong-content: another device's id is passed on" "$(after 0 ^MDMS | cut -d' ' -f8)" "MeterID=00124B0001000001" ;;
    duplicate) client send "$eut" EventMessage Audit_Application_Event MeterID=$meter EventTypeCode=5 id=e-1 >"$T/out"
        is "duplicate: passed on twice" "$(after 0 ^MDMS 2 | cut -d' ' -f7)" "Audit_Application_Event" ;;
    silent) is "silent: nothing comes back" "$(timeout 0.5 python3 "$TOP/tests/e2e/play_client.py" send "$eut" \
        EventMessage Audit_Application_Event MeterID=$meter EventTypeCode=5 id=e-1) $(received)" " 0" ;;
    esac
    end "$defect"
done

# --- the deployment's clock -----------------------------------------------------------------------
# Interval reads are pushed around the clock; registers are told when they are due. ODW's bulk data
# has the night: 10 pm to 6 am.
scene cis --zone America/New_York
account=00124B0013000000
bulk=bulk_Cust_Subset_Acct_Info_Util_data
at() { date -u -d "$1" +%s; }
is "without a clock it is due at once" "$(provoke $bulk $account) $(after 0 ^ODW | cut -d' ' -f7)" "204 $bulk"
n=$(received)
is "the clock is set" "$(provoke clock "" "$(at '2026-01-15 17:00 UTC');3600")" 204
is "at noon it is not due" "$(provoke $bulk $account) $(received)" "204 $n"
is "at ten in the evening it is" "$(after "$n" ^ODW | cut -d' ' -f7)" $bulk
n=$(received)
provoke clock "" "$(at '2026-01-15 17:00 UTC');1" >"$T/out"
provoke $bulk $account >"$T/out"
is "a clock set back lets go of what waits" "$(received) $(provoke clock "" "$(date +%s);1") $(after "$n" ^ODW | cut -d' ' -f7)" \
    "$n 204 $bulk"
is "a clock that is none" "$(provoke clock "" "noon;2")" 422
end "a clock"
scene cis --zone America/New_York --defect out-of-window
provoke clock "" "$(at '2026-01-15 17:00 UTC');1" >"$T/out"
provoke $bulk $account >"$T/out"
is "out-of-window: at noon, at once" "$(after 0 ^ODW | cut -d' ' -f7)" $bulk
end "out-of-window"
done_testing
