local service = require "service"

-- The table of this section repeats the row of the electric service switch (4.15.4.5), though its
-- subject is the valve. The row is driven as it is written; a device with a valve is expected to send
-- the valve's payload of 4.15.3, which no row judges.
return scenario {
  section = "4.15.4.10",
  use_case = "Utility Service Switch/Valve Operation",
  title = "A meter reports that its service valve was operated",
  payloads = {
    { "SW_post-oper-info_resp-data", direction = "expect" },
    { "valve_post-oper-info_resp-data", direction = "expect", section = "4.15.3" },
    { "SW_opr_cmd", direction = "send", section = "4.15.4.1" },
    { "SW_opr_cmd_ack", direction = "expect", section = "4.15.4.1" },
    { "SW_state_cmd", direction = "send", section = "4.15.4.3" },
    { "SW_state_cmd_resp-data", direction = "expect", section = "4.15.4.3" },
    { "valve_opr_cmd", direction = "send", section = "4.15.4.6" },
    { "valve_opr_cmd_ack", direction = "expect", section = "4.15.4.6" },
    { "valve_state_cmd", direction = "send", section = "4.15.4.8" },
    { "valve_state_cmd_resp-data", direction = "expect", section = "4.15.4.8" },
  },
  stimuli = { "switch-operated" },
  exclusive = true,
  power = true,

  preamble = service.close_all,

  trial = function(t)
    local device = t:eut()
    t:stimulate "switch-operated"
    t:expect { service.of(device).information, from = device, ["Meter ID"] = device.id }
  end,

  postamble = service.close_all,
}
