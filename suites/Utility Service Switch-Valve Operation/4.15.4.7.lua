local service = require "service"

-- The table of this section repeats the rows of the electric service switch (4.15.4.2), though its
-- subject is the valve. Rows are driven as they are written; a device with a valve is sent the valve's
-- payloads of 4.15.3, which no row judges.
return scenario {
  section = "4.15.4.7",
  use_case = "Utility Service Switch/Valve Operation",
  title = "The utility cancels an operation of a service valve",
  payloads = {
    { "SW_opr_cancel_cmd", direction = "send" },
    { "SW_opr_cmd_ack", direction = "expect" },
    { "valve_opr_cancel_cmd", direction = "send", section = "4.15.3" },
    { "valve_opr_cmd_ack", direction = "expect", section = "4.15.4.6" },
    { "valve_opr_cmd", direction = "send", section = "4.15.4.6" },
    { "valve_post-oper-info_resp-data", direction = "expect", section = "4.15.3" },
    { "valve_state_cmd", direction = "send", section = "4.15.4.8" },
    { "valve_state_cmd_resp-data", direction = "expect", section = "4.15.4.8" },
    { "SW_opr_cmd", direction = "send", section = "4.15.4.1" },
    { "SW_post-oper-info_resp-data", direction = "expect", section = "4.15.4.5" },
    { "SW_state_cmd", direction = "send", section = "4.15.4.3" },
    { "SW_state_cmd_resp-data", direction = "expect", section = "4.15.4.3" },
  },
  exclusive = true,
  power = true,

  preamble = service.close_all,

  -- What is cancelled is a command to close what is closed: cancelled or not, supply stays on, and a device
  -- that reports changes of state has none to report.
  trial = function(t)
    local device = t:eut()
    local has = service.of(device)
    local operate = t:send { has.operate, from = "CIS/Billing - Utility", to = device,
                             ["Meter ID"] = device.id, [has.code] = service.CLOSE }
    local operated = t:expect { has.acknowledge, from = device, in_reply_to = operate,
                                optional = true, within = 1 }
    local cancel = t:send { has.cancel, from = "CIS/Billing - Utility", to = device,
                            ["Meter ID"] = device.id, [has.cancel_code] = service.CLOSE }
    t:expect { has.acknowledge, from = device, in_reply_to = cancel, ["Meter ID"] = device.id }
    if operated then
      service.drain(t, device, 0.2)
    end
  end,

  postamble = service.close_all,
}
