local service = require "service"

return scenario {
  section = "4.15.4.2",
  use_case = "Utility Service Switch/Valve Operation",
  title = "The utility cancels an operation of the service switch",
  payloads = {
    { "SW_opr_cancel_cmd", direction = "send" },
    { "SW_opr_cmd_ack", direction = "expect" },
    { "SW_opr_cmd", direction = "send", section = "4.15.4.1" },
    { "SW_post-oper-info_resp-data", direction = "expect", section = "4.15.4.5" },
    { "SW_state_cmd", direction = "send", section = "4.15.4.3" },
    { "SW_state_cmd_resp-data", direction = "expect", section = "4.15.4.3" },
  },
  exclusive = true,
  power = true,

  preamble = service.close_all,

  -- What is cancelled is a command to close a closed switch: cancelled or not, power stays on, and a
  -- device that reports changes of state has none to report.
  trial = function(t)
    local device = t:eut()
    local operate = t:send { "SW_opr_cmd", from = "CIS/Billing - Utility", to = device,
                             ["Meter ID"] = device.id, ["command code"] = service.CLOSE }
    local operated = t:expect { "SW_opr_cmd_ack", from = device, in_reply_to = operate,
                                optional = true, within = 1 }
    local cancel = t:send { "SW_opr_cancel_cmd", from = "CIS/Billing - Utility", to = device,
                            ["Meter ID"] = device.id, ["command code"] = service.CLOSE }
    t:expect { "SW_opr_cmd_ack", from = device, in_reply_to = cancel, ["Meter ID"] = device.id }
    if operated then
      service.drain(t, device, 0.2)
    end
  end,

  postamble = service.close_all,
}
