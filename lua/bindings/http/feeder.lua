-- 4.4 Distribution Automation: monitoring and maintenance, Volt/VAR (which DSDR borrows), and fault
-- clearing, isolation and reconfiguration.
local make = require "bindings.make"
local code, eui64, float32, text = make.code, make.eui64, make.float32, make.text

local EVENTS, DATA, STATES, CONTROLS, CONFIG =
  "FeederDeviceEvents", "FeederMeasurements", "FeederDeviceStates", "FeederControls", "FeederConfig"

local all = {}

local function add(binding)
  all[#all + 1] = binding
end

local function event(payload, attribute)
  add(make.event(payload, EVENTS, { eui64 "device ID", code(attribute) }))
end

-- 4.4.1.4.1.2 to 4.4.1.4.1.7, the kinds of device in the order of the tables. `fails`: how an operation that
-- failed is coded; `asks`: what the queries of data and of the state carry.
for _, device in ipairs {
  { "FeederCapBank", fails = "failure code", asks = { "command code", "query code" } },
  { "FeederFault_Detector", asks = { "command code", "query operation" } },
  { "FeederRecloser", fails = "failure code", asks = { "command code", "query code" } },
  { "FeederRegulator", fails = "alarm code", asks = { "command code", "command code" } },
  { "FeederSensor", asks = { "sensor data", "command code" } },
  { "FeederSwitch", fails = "alarm code", asks = { "command code", "command code" } },
} do
  local name = device[1]
  event(name .. "_alarm", "alarm code")
  event(name .. "_deviation_alert", "alert code")
  if device.fails then
    event(name .. "_Operate_failure", device.fails)
  end
  event(name .. "_status_change_alert", "alert code")

  add(make.query(name .. "_sensor_data_cmd", DATA, { eui64 "device ID", code(device.asks[1]) }))
  add(make.answer(name .. "_sensor_data_resp-data", name .. "_sensor_data_cmd", DATA,
                  { eui64 "device ID", float32 { "response data", many = true } }))

  local told = { code { "response data", many = true } }
  if name == "FeederFault_Detector" then
    told = { code "condition", text { "history if available", required = false } }
  elseif name == "FeederSensor" then
    told = { code "sensor status" }
  end
  add(make.query(name .. "_status_cmd", STATES, { eui64 "device ID", code(device.asks[2]) }))
  add(make.answer(name .. "_status_resp-data", name .. "_status_cmd", STATES,
                  { eui64 "device ID", table.unpack(told) }))
end

-- 4.4.1.5.1.2 to 4.4.1.5.1.12: what is done, by which noun, what the command carries beside the device
for _, operation in ipairs {
  { "FeederCapBank_close", CONTROLS, code "command code" },
  { "FeederCapBank_open", CONTROLS, code "command code" },
  { "FeederCapBank_new_config", CONFIG, code "configuration command",
    text "configuration information" },
  { "FeederRecloser_new_config", CONFIG, code "configuration command" },
  { "FeederRegulator_new_config", CONFIG, code "command code" },
  { "FeederRegulator_step_up", CONTROLS, code "command code" },
  { "FeederRegulator_step_down", CONTROLS, code "command code" },
  { "FeederSensor_new_config", CONFIG, code "command code" },
  { "FeederSwitch_close", CONTROLS, code "command code" },
  { "FeederSwitch_open", CONTROLS, code "command code" },
  { "FeederSwitch_new_config", CONFIG, code "configuration command",
    text "configuration information" },
} do
  local name, noun = operation[1], operation[2]
  add(make.command(name .. "_cmd", noun, { eui64 "device ID", table.unpack(operation, 3) }))
  add(make.answer(name .. "_ack", name .. "_cmd", noun,
                  { eui64 "device ID", code "acknowledgement code" }))
end

-- 4.4.1.7.3
add(make.command("circuit_device_oper_cmd", CONTROLS, { eui64 "device ID", code "command code" }))
add(make.answer("circuit_device_oper_cmd_ack", "circuit_device_oper_cmd", CONTROLS,
                { eui64 "device ID", code "acknowledgement code" }))
add(make.query("circuit_device_status_cmd", STATES, { eui64 "device ID", code "command code" }))
add(make.answer("circuit_device_status_resp-data", "circuit_device_status_cmd", STATES,
                { eui64 "device ID", code { "response data", many = true } }))
add(make.event("circuit_device_self-init_status_resp-data", STATES,
               { eui64 "device ID", code { "response data", many = true } }))
event("fault_lock_out_alarm", "alarm code")

return all
