-- 4.5 Distribution Customer Storage.
local make = require "bindings.make"
local code, eui64, text = make.code, make.eui64, make.text

local CONTROLS, EVENTS, METER = "StorageControls", "StorageEvents", "EndDeviceControls"

local function device(...)
  return { eui64 "device ID", ... }
end

local function meter(...)
  return { eui64 "Meter ID", ... }
end

return {
  -- 4.5.4.1 dispatch
  make.query("circuit-brk_device_status_cmd", "FeederDeviceStates", device(code "command code")),
  make.answer("circuit-brk_status_resp-data", "circuit-brk_device_status_cmd",
              "FeederDeviceStates", device(code { "response data", many = true })),
  make.query("distr_cust_storage_status_cmd", CONTROLS, device(code "command code")),
  make.answer("distr_cust_storage_status_resp-data", "distr_cust_storage_status_cmd", CONTROLS,
              device(code { "response data", many = true })),
  make.command("distr_cust_storage_discharge_cmd", CONTROLS, device(code "command code")),
  make.answer("distr_cust_storage_discharge_cmd_ack", "distr_cust_storage_discharge_cmd", CONTROLS,
              device(code "acknowledgement code")),
  make.command("distr_cust_storage_charge-rate_cmd", CONTROLS,
               device(code "command code", make.float32 "charging-rate-value")),
  make.answer("distr_cust_storage_charge-rate_cmd_ack", "distr_cust_storage_charge-rate_cmd",
              CONTROLS, device(code "acknowledgement code")),

  -- 4.5.4.2 islanding. The customers' two notices have no row: they are named by the second table
  -- only, and carry what the alarm and the alert do that they follow.
  make.event("distr_cust_storage_in-island-mode_alarm", EVENTS, device(code "alarm code")),
  make.event("distr_cust_storage_out-of-island-mode_alert", EVENTS, device(code "alert code")),
  make.event("on_distr-cust-strg_alarm", EVENTS, device(code "alarm code")),
  make.event("off_distr_cust_strg_alert1", EVENTS, device(code "alert code")),

  -- 4.5.4.3 capped use. The alerts go to others than who commanded.
  make.command("meter_capped_kwh_mode_cmd", METER, meter(code "command code")),
  make.answer("meter_capped_kwh_mode_cmd_ack", "meter_capped_kwh_mode_cmd", METER,
              meter(code "acknowledgement code")),
  make.notice("meter_in_capped_kwh_mode_alert", "meter_capped_kwh_mode_cmd", METER,
              meter(code "alert code", text "alert text")),
  make.command("meter_capped_kwh_mode_cancel_cmd", METER, meter(code "command code")),
  make.answer("meter_capped_kwh_mode_cancel_cmd_ack", "meter_capped_kwh_mode_cancel_cmd", METER,
              meter(code "acknowledgement code")),
  make.notice("meter_out_of_capped_kwh_mode_alert", "meter_capped_kwh_mode_cancel_cmd", METER,
              meter(code "alert code", text "alert text")),
}
