local service = require "service"

-- Devices whose provoked fault was not seen to be used up.
local armed = {}

return scenario {
  section = "4.15.4.4",
  use_case = "Utility Service Switch/Valve Operation",
  title = "An operation of the service switch fails at the meter",
  payloads = {
    { "SW_opr_cmd", direction = "send", section = "4.15.4.1" },
    { "SW_opr_fail_cmd-err", direction = "expect" },
    { "SW_opr_cmd_comm-err", direction = "expect" },
    { "SW_opr_cmd_ack", direction = "expect", section = "4.15.4.1" },
    { "SW_post-oper-info_resp-data", direction = "expect", section = "4.15.4.5" },
    { "SW_state_cmd", direction = "send", section = "4.15.4.3" },
    { "SW_state_cmd_resp-data", direction = "expect", section = "4.15.4.3" },
  },
  stimuli = { "switch-fault" },
  exclusive = true,
  power = true,

  preamble = service.close_all,

  -- The command that fails is one to close what is closed: should the fault not be there, supply
  -- stays on.
  trial = function(t)
    local device = t:eut()
    armed[device.index] = device
    t:stimulate "switch-fault"
    local cmd = t:send { "SW_opr_cmd", from = "CIS/Billing - Utility", to = device,
                         ["Meter ID"] = device.id, ["command code"] = service.CLOSE }
    local told, why = t:expect { "SW_opr_fail_cmd-err", from = device, in_reply_to = cmd,
                                 ["Meter ID"] = device.id }
    if told then
      armed[device.index] = nil
    elseif why == "other" then
      service.drain(t, device, 0.2)
    end
  end,

  postamble = function(t)
    service.use_up(t, armed)
    service.close_all(t)
  end,
}
