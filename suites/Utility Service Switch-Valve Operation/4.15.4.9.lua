local service = require "service"

-- Devices whose provoked fault was not seen to be used up.
local armed = {}

return scenario {
  section = "4.15.4.9",
  use_case = "Utility Service Switch/Valve Operation",
  title = "An operation of a service valve fails at the meter",
  payloads = {
    { "valve_opr_cmd", direction = "send", section = "4.15.4.6" },
    { "valve_opr_fail_cmd-err", direction = "expect" },
    { "valve_opr_cmd_comm-err", direction = "expect" },
    { "valve_opr_cmd_ack", direction = "expect", section = "4.15.4.6" },
    { "valve_post-oper-info_resp-data", direction = "expect", section = "4.15.3" },
    { "valve_state_cmd", direction = "send", section = "4.15.4.8" },
    { "valve_state_cmd_resp-data", direction = "expect", section = "4.15.4.8" },
  },
  stimuli = { "valve-fault" },
  exclusive = true,
  power = true,

  preamble = service.close_all,

  -- The command that fails is one to close what is closed: should the fault not be there, supply
  -- stays on.
  trial = function(t)
    local device = t:eut()
    armed[device.index] = device
    t:stimulate "valve-fault"
    local cmd = t:send { "valve_opr_cmd", from = "CIS/Billing - Utility", to = device,
                         ["Meter ID"] = device.id, ["opr cmd"] = service.CLOSE }
    local told, why = t:expect { "valve_opr_fail_cmd-err", from = device, in_reply_to = cmd,
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
