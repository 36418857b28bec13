-- How each payload of 4.10, 4.11 and 4.15 travels in an HTTP body: data only, compiled once into C.
--
-- A field's `name` is the attribute as the payload's row spells it, slips included; `path` is where it
-- stands below the payload's element. The type decides the canonical length (harness/probe/binding.h).
-- A payload of kind "response" that comes unasked (the pushed interval reads of 4.10.4.4) travels in an
-- EventMessage with the verb "created": recognition goes by the element, never by the kind.

---@alias FieldType "text"|"eui64"|"time"|"code"|"uint16"|"uint32"|"float32"|"hex"

---@class BindingField
---@field name string attribute of the row
---@field path string below the payload element; one "/" nests
---@field type FieldType
---@field required boolean? must be present and not empty; true when not given
---@field many boolean? may repeat

---@class Binding
---@field payload string
---@field element string local name inside Payload
---@field kind "request"|"response"|"event"
---@field verb string
---@field noun string
---@field reply_to string|string[]|nil payloads it answers
---@field identity string? name of the field that names the EUT's device
---@field echo string? name of a field that must equal the request's of that name
---@field proves boolean? it proves that the command it answers was consumed
---@field fields BindingField[]

---@type Binding[]
return {
  -- 4.10 Meter Reading -----------------------------------------------------------------------------
  {
    payload = "on-demand_Mtr-read_cmd", element = "on-demand_Mtr-read_cmd",
    kind = "request", verb = "get", noun = "MeterReadings", identity = "Meter ID",
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "reading type desired", path = "ReadingTypeDesired", type = "text" },
    },
  },
  {
    payload = "on-demand_Mtr-read_resp-data", element = "on-demand_Mtr-read_resp-data",
    kind = "response", verb = "reply", noun = "MeterReadings", reply_to = "on-demand_Mtr-read_cmd",
    identity = "Meter ID", echo = "Meter ID", proves = true,
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "reading type", path = "ReadingType", type = "text" },
      { name = "reading data", path = "ReadingData", type = "float32", many = true },
    },
  },
  {
    payload = "on-demand_Mtr-read_cmd_err", element = "on-demand_Mtr-read_cmd_err",
    kind = "response", verb = "reply", noun = "MeterReadings", reply_to = "on-demand_Mtr-read_cmd",
    identity = "Meter ID", echo = "Meter ID", proves = true,
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "failure code", path = "FailureCode", type = "code" },
    },
  },
  {
    payload = "on-demand_Mtr-read_cmd_comm_err", element = "on-demand_Mtr-read_cmd_comm_err",
    kind = "response", verb = "reply", noun = "MeterReadings", reply_to = "on-demand_Mtr-read_cmd",
    identity = "Meter ID", echo = "Meter ID",
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "failure code", path = "FailureCode", type = "code" },
      { name = "sending device ID", path = "SendingDeviceID", type = "eui64" },
    },
  },
  {
    payload = "Mtr-read_data_resp-data", element = "Mtr-read_data_resp-data",
    kind = "event", verb = "created", noun = "MeterReadings", identity = "device ID",
    fields = {
      { name = "device ID", path = "DeviceID", type = "eui64" },
      { name = "reading period", path = "ReadingPeriod", type = "time" },
      { name = "reading type", path = "ReadingType", type = "text" },
      { name = "reading data", path = "ReadingData", type = "float32", many = true },
    },
  },
  {
    payload = "Mtr-read_multi-interval-data_cmd", element = "Mtr-read_multi-interval-data_cmd",
    kind = "request", verb = "get", noun = "MeterReadings", identity = "device ID",
    fields = {
      { name = "device ID", path = "DeviceID", type = "eui64" },
      -- minutes up to now
      { name = "period of time to be reported", path = "PeriodOfTimeToBeReported", type = "uint16" },
      { name = "reading type", path = "ReadingType", type = "text" },
    },
  },
  {
    payload = "Mtr-read_multi-interval-data_resp-data",
    element = "Mtr-read_multi-interval-data_resp-data",
    kind = "response", verb = "reply", noun = "MeterReadings",
    reply_to = "Mtr-read_multi-interval-data_cmd",
    identity = "device ID", echo = "device ID", proves = true,
    fields = {
      { name = "device ID", path = "DeviceID", type = "eui64" },
      { name = "reading period", path = "ReadingPeriod", type = "time" },
      { name = "reading type", path = "ReadingType", type = "text" },
      { name = "reading data", path = "ReadingData", type = "float32", many = true },
    },
  },
  {
    payload = "bulk_Mtr-read_cmd", element = "bulk_Mtr-read_cmd",
    kind = "request", verb = "get", noun = "MeterReadings",
    fields = {
      { name = "group(cycle)ID", path = "GroupCycleID", type = "uint32" },
      { name = "data-elements-groups", path = "DataElementsGroups", type = "text" },
      { name = "data-date", path = "DataDate", type = "time" },
    },
  },
  {
    payload = "bulk_Mtr-read_resp-data", element = "bulk_Mtr-read_resp-data",
    kind = "response", verb = "reply", noun = "MeterReadings", reply_to = "bulk_Mtr-read_cmd",
    echo = "group(cycle)ID", proves = true,
    fields = {
      { name = "group(cycle)ID", path = "GroupCycleID", type = "uint32" },
      { name = "data-elements-group ID", path = "DataElementsGroupID", type = "text", many = true },
      { name = "data-date", path = "DataDate", type = "time" },
    },
  },

  -- 4.11 Meter System Events -----------------------------------------------------------------------
  {
    payload = "Audit_Application_Event", element = "Audit_Application_Event",
    kind = "event", verb = "created", noun = "EndDeviceEvents", identity = "Meter ID",
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "event type/Code", path = "EventTypeCode", type = "code" },
    },
  },
  {
    payload = "Configuration_Event", element = "Configuration_Event",
    kind = "event", verb = "created", noun = "EndDeviceEvents", identity = "Meter ID",
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "acknowledgement code", path = "AcknowledgementCode", type = "code" },
    },
  },
  {
    payload = "Fault_Error_Alarm_Event", element = "Fault_Error_Alarm_Event",
    kind = "event", verb = "created", noun = "EndDeviceEvents", identity = "Meter ID",
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "alarm code", path = "AlarmCode", type = "code" },
    },
  },
  {
    payload = "Power_Quality_Event", element = "Power_Quality_Event",
    kind = "event", verb = "created", noun = "EndDeviceEvents", identity = "Meter ID",
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "alarm code", path = "AlarmCode", type = "code" },
    },
  },
  {
    payload = "Security_Event", element = "Security_Event",
    kind = "event", verb = "created", noun = "EndDeviceEvents", identity = "Meter ID",
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "alarm code", path = "AlarmCode", type = "code" },
    },
  },

  -- 4.15 Utility Service Switch / Valve Operation: the electric service switch ---------------------
  {
    payload = "SW_opr_cmd", element = "SW_opr_cmd",
    kind = "request", verb = "create", noun = "EndDeviceControls", identity = "Meter ID",
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "command code", path = "CommandCode", type = "code" },
    },
  },
  {
    payload = "SW_opr_cancel_cmd", element = "SW_opr_cancel_cmd",
    kind = "request", verb = "cancel", noun = "EndDeviceControls", identity = "Meter ID",
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "command code", path = "CommandCode", type = "code" },
    },
  },
  {
    payload = "SW_opr_cmd_ack", element = "SW_opr_cmd_ack",
    kind = "response", verb = "reply", noun = "EndDeviceControls",
    reply_to = { "SW_opr_cmd", "SW_opr_cancel_cmd" },
    identity = "Meter ID", echo = "Meter ID", proves = true,
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "acknowledgement code", path = "AcknowledgementCode", type = "code" },
    },
  },
  {
    payload = "SW_state_cmd", element = "SW_state_cmd",
    kind = "request", verb = "get", noun = "EndDeviceControls", identity = "Meter ID",
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "command code", path = "CommandCode", type = "code" },
    },
  },
  {
    payload = "SW_state_cmd_resp-data", element = "SW_state_cmd_resp-data",
    kind = "response", verb = "reply", noun = "EndDeviceControls", reply_to = "SW_state_cmd",
    identity = "Meter ID", echo = "Meter ID", proves = true,
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      -- the attribute "response data", by the parts that the row names
      { name = "SW state", path = "ResponseData/SWState", type = "code" },
      { name = "voltage", path = "ResponseData/Voltage", type = "float32" },
      { name = "amps", path = "ResponseData/Amps", type = "float32" },
    },
  },
  {
    payload = "SW_opr_fail_cmd-err", element = "SW_opr_fail_cmd-err",
    kind = "response", verb = "reply", noun = "EndDeviceControls",
    reply_to = { "SW_opr_cmd", "SW_opr_cancel_cmd" },
    identity = "Meter ID", echo = "Meter ID", proves = true,
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "failure code", path = "FailureCode", type = "code" },
    },
  },
  {
    payload = "SW_opr_cmd_comm-err", element = "SW_opr_cmd_comm-err",
    kind = "response", verb = "reply", noun = "EndDeviceControls",
    reply_to = { "SW_opr_cmd", "SW_opr_cancel_cmd", "SW_state_cmd" },
    identity = "Meter ID", echo = "Meter ID",
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "failure code", path = "FailureCode", type = "code" },
      { name = "sending device ID", path = "SendingDeviceID", type = "eui64" },
    },
  },
  {
    payload = "SW_post-oper-info_resp-data", element = "SW_post-oper-info_resp-data",
    kind = "event", verb = "created", noun = "EndDeviceControls", identity = "Meter ID",
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "Meter oper extended data", path = "MeterOperExtendedData", type = "hex" },
    },
  },

  -- 4.15, the gas or water service valve -----------------------------------------------------------
  {
    payload = "valve_opr_cmd", element = "valve_opr_cmd",
    kind = "request", verb = "create", noun = "EndDeviceControls", identity = "Meter ID",
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "opr cmd", path = "OprCmd", type = "code" },
      { name = "scheduled time", path = "ScheduledTime", type = "time" },
    },
  },
  -- Described in 4.15.3 without a row of its own: 4.15.4.7 repeats the switch's row in its place, and
  -- its attributes are that row's.
  {
    payload = "valve_opr_cancel_cmd", element = "valve_opr_cancel_cmd",
    kind = "request", verb = "cancel", noun = "EndDeviceControls", identity = "Meter ID",
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "command code", path = "CommandCode", type = "code" },
    },
  },
  {
    payload = "valve_opr_cmd_ack", element = "valve_opr_cmd_ack",
    kind = "response", verb = "reply", noun = "EndDeviceControls",
    reply_to = { "valve_opr_cmd", "valve_opr_cancel_cmd" },
    identity = "Meter ID", echo = "Meter ID", proves = true,
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "acknowlwdgement code", path = "AcknowledgementCode", type = "code" },
    },
  },
  {
    payload = "valve_state_cmd", element = "valve_state_cmd",
    kind = "request", verb = "get", noun = "EndDeviceControls", identity = "Meter ID",
    fields = {
      -- the row leaves out the comma: "Meter ID cmd code"
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "cmd code", path = "CmdCode", type = "code" },
    },
  },
  {
    payload = "valve_state_cmd_resp-data", element = "valve_state_cmd_resp-data",
    kind = "response", verb = "reply", noun = "EndDeviceControls", reply_to = "valve_state_cmd",
    identity = "Meter ID", echo = "Meter ID", proves = true,
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "device state values", path = "DeviceStateValues", type = "code", many = true },
    },
  },
  {
    payload = "valve_opr_fail_cmd-err", element = "valve_opr_fail_cmd-err",
    kind = "response", verb = "reply", noun = "EndDeviceControls",
    reply_to = { "valve_opr_cmd", "valve_opr_cancel_cmd" },
    identity = "Meter ID", echo = "Meter ID", proves = true,
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "err-code", path = "ErrCode", type = "code" },
    },
  },
  {
    payload = "valve_opr_cmd_comm-err", element = "valve_opr_cmd_comm-err",
    kind = "response", verb = "reply", noun = "EndDeviceControls",
    reply_to = { "valve_opr_cmd", "valve_opr_cancel_cmd", "valve_state_cmd" },
    identity = "Meter ID", echo = "Meter ID",
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "err-code", path = "ErrCode", type = "code" },
    },
  },
  -- As valve_opr_cancel_cmd: 4.15.4.10 repeats the switch's row.
  {
    payload = "valve_post-oper-info_resp-data", element = "valve_post-oper-info_resp-data",
    kind = "event", verb = "created", noun = "EndDeviceControls", identity = "Meter ID",
    fields = {
      { name = "Meter ID", path = "MeterID", type = "eui64" },
      { name = "Meter oper extended data", path = "MeterOperExtendedData", type = "hex" },
    },
  },
}
