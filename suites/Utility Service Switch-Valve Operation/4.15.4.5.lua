local service = require "service"

return scenario {
  section = "4.15.4.5",
  use_case = "Utility Service Switch/Valve Operation",
  title = "An electric meter reports that its service switch was operated",
  payloads = {
    { "SW_post-oper-info_resp-data", direction = "expect" },
    { "SW_opr_cmd", direction = "send", section = "4.15.4.1" },
    { "SW_opr_cmd_ack", direction = "expect", section = "4.15.4.1" },
    { "SW_state_cmd", direction = "send", section = "4.15.4.3" },
    { "SW_state_cmd_resp-data", direction = "expect", section = "4.15.4.3" },
  },
  stimuli = { "switch-operated" },
  exclusive = true,
  power = true,

  preamble = service.close_all,

  trial = function(t)
    local device = t:eut()
    t:stimulate "switch-operated"
    t:expect { "SW_post-oper-info_resp-data", from = device, ["Meter ID"] = device.id }
  end,

  postamble = service.close_all,
}
