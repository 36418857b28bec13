local service = require "service"

-- The state that each device was last told to take.
local told = {}

return scenario {
  section = "4.15.4.6",
  use_case = "Utility Service Switch/Valve Operation",
  title = "The utility operates a service valve",
  payloads = {
    { "valve_opr_cmd", direction = "send" },
    { "valve_opr_cmd_ack", direction = "expect" },
    { "valve_post-oper-info_resp-data", direction = "expect", section = "4.15.3" },
    { "valve_state_cmd", direction = "send", section = "4.15.4.8" },
    { "valve_state_cmd_resp-data", direction = "expect", section = "4.15.4.8" },
  },
  exclusive = true,
  power = true,

  preamble = service.close_all,

  trial = function(t)
    local device = t:eut()
    local code = told[device.index] == service.OPEN and service.CLOSE or service.OPEN
    told[device.index] = code
    local cmd = t:send { "valve_opr_cmd", from = "CIS/Billing - Utility", to = device,
                         ["Meter ID"] = device.id, ["opr cmd"] = code }
    local done = t:expect { "valve_opr_cmd_ack", from = device, in_reply_to = cmd,
                            ["Meter ID"] = device.id }
    if done then
      service.drain(t, device)
    end
  end,

  postamble = service.close_all,
}
