local meter = require "meter"
local service = require "service"

return scenario {
  section = "4.15.4.8",
  use_case = "Utility Service Switch/Valve Operation",
  title = "The utility asks for the state of a service valve",
  payloads = {
    { "valve_state_cmd", direction = "send" },
    { "valve_state_cmd_resp-data", direction = "expect" },
    meter.read_cmd,
    meter.read_answer,
  },

  preamble = meter.answers,

  trial = function(t)
    local device = t:eut()
    local cmd = t:send { "valve_state_cmd", from = "CIS/Billing - Utility", to = device,
                         ["Meter ID"] = device.id, ["cmd code"] = service.QUERY }
    t:expect { "valve_state_cmd_resp-data", from = device, in_reply_to = cmd,
               ["Meter ID"] = device.id }
  end,

  postamble = meter.answers,
}
