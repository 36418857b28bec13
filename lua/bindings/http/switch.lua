-- 4.15 Utility Service Switch / Valve Operation.
local make = require "bindings.make"
local code, eui64, float32, hex = make.code, make.eui64, make.float32, make.hex

local NOUN = "EndDeviceControls"

local function meter(...)
  return { eui64 "Meter ID", ... }
end

return {
  -- the electric service switch
  make.command("SW_opr_cmd", NOUN, meter(code "command code")),
  make.command("SW_opr_cancel_cmd", NOUN, meter(code "command code"), { verb = "cancel" }),
  make.answer("SW_opr_cmd_ack", { "SW_opr_cmd", "SW_opr_cancel_cmd" }, NOUN,
              meter(code "acknowledgement code")),
  make.query("SW_state_cmd", NOUN, meter(code "command code")),
  -- the attribute "response data", by the parts that the row names
  make.answer("SW_state_cmd_resp-data", "SW_state_cmd", NOUN,
              meter(code { "SW state", path = "ResponseData/SWState" },
                    float32 { "voltage", path = "ResponseData/Voltage" },
                    float32 { "amps", path = "ResponseData/Amps" })),
  make.answer("SW_opr_fail_cmd-err", { "SW_opr_cmd", "SW_opr_cancel_cmd" }, NOUN,
              meter(code "failure code")),
  make.notice("SW_opr_cmd_comm-err", { "SW_opr_cmd", "SW_opr_cancel_cmd", "SW_state_cmd" }, NOUN,
              meter(code "failure code", eui64 "sending device ID")),
  make.event("SW_post-oper-info_resp-data", NOUN, meter(hex "Meter oper extended data")),

  -- The gas or water service valve. Its cancellation and its report after an operation are described
  -- in 4.15.3 without rows of their own: 4.15.4.7 and 4.15.4.10 repeat the switch's, whose attributes
  -- they have here.
  make.command("valve_opr_cmd", NOUN, meter(code "opr cmd", make.time "scheduled time")),
  make.command("valve_opr_cancel_cmd", NOUN, meter(code "command code"), { verb = "cancel" }),
  make.answer("valve_opr_cmd_ack", { "valve_opr_cmd", "valve_opr_cancel_cmd" }, NOUN,
              meter(code { "acknowlwdgement code", path = "AcknowledgementCode" })),
  -- the row leaves out the comma: "Meter ID cmd code"
  make.query("valve_state_cmd", NOUN, meter(code "cmd code")),
  make.answer("valve_state_cmd_resp-data", "valve_state_cmd", NOUN,
              meter(code { "device state values", many = true })),
  make.answer("valve_opr_fail_cmd-err", { "valve_opr_cmd", "valve_opr_cancel_cmd" }, NOUN,
              meter(code "err-code")),
  make.notice("valve_opr_cmd_comm-err",
              { "valve_opr_cmd", "valve_opr_cancel_cmd", "valve_state_cmd" }, NOUN,
              meter(code "err-code")),
  make.event("valve_post-oper-info_resp-data", NOUN, meter(hex "Meter oper extended data")),
}
