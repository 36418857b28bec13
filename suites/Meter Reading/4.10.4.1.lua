local meter = require "meter"

return scenario {
  section = "4.10.4.1",
  use_case = "Meter Reading",
  title = "A meter is read on demand",
  payloads = {
    { "on-demand_Mtr-read_cmd", direction = "send" },
    { "on-demand_Mtr-read_resp-data", direction = "expect" },
  },

  preamble = meter.answers,

  trial = function(t)
    local device = t:eut()
    local cmd = t:send { "on-demand_Mtr-read_cmd", from = "CIS/Billing - Utility", to = device,
                         ["Meter ID"] = device.id,
                         ["reading type desired"] = meter.reading_type(device) }
    t:expect { "on-demand_Mtr-read_resp-data", from = device, in_reply_to = cmd,
               ["Meter ID"] = device.id }
  end,

  postamble = meter.answers,
}
