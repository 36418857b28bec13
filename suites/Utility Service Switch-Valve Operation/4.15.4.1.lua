local service = require "service"

-- The state that each device was last told to take.
local told = {}

return scenario {
  section = "4.15.4.1",
  use_case = "Utility Service Switch/Valve Operation",
  title = "The utility operates the service switch of an electric meter",
  payloads = {
    { "SW_opr_cmd", direction = "send" },
    { "SW_opr_cmd_ack", direction = "expect" },
    { "SW_post-oper-info_resp-data", direction = "expect", section = "4.15.4.5" },
    { "SW_state_cmd", direction = "send", section = "4.15.4.3" },
    { "SW_state_cmd_resp-data", direction = "expect", section = "4.15.4.3" },
  },
  exclusive = true,
  power = true,

  preamble = service.close_all,

  trial = function(t)
    local device = t:eut()
    local code = told[device.index] == service.OPEN and service.CLOSE or service.OPEN
    told[device.index] = code
    local cmd = t:send { "SW_opr_cmd", from = "CIS/Billing - Utility", to = device,
                         ["Meter ID"] = device.id, ["command code"] = code }
    local done = t:expect { "SW_opr_cmd_ack", from = device, in_reply_to = cmd,
                            ["Meter ID"] = device.id }
    if done then
      service.drain(t, device)
    end
  end,

  postamble = service.close_all,
}
