local meter = require "meter"

-- Devices whose provoked fault was not seen to be used up.
local armed = {}

return scenario {
  section = "4.10.4.2",
  use_case = "Meter Reading",
  title = "A read on demand fails at the meter",
  payloads = {
    meter.read_cmd,
    { "on-demand_Mtr-read_cmd_err", direction = "expect" },
    { "on-demand_Mtr-read_cmd_comm_err", direction = "expect" },
    meter.read_answer,
  },
  stimuli = { "metrology-fault" },
  exclusive = true,

  preamble = meter.answers,

  trial = function(t)
    local device = t:eut()
    armed[device.index] = device
    t:stimulate "metrology-fault"
    local cmd = t:send { "on-demand_Mtr-read_cmd", from = "CIS/Billing - Utility", to = device,
                         ["Meter ID"] = device.id,
                         ["reading type desired"] = meter.reading_type(device) }
    if t:expect { "on-demand_Mtr-read_cmd_err", from = device, in_reply_to = cmd,
                  ["Meter ID"] = device.id } then
      armed[device.index] = nil
    end
  end,

  postamble = function(t)
    local left = {}
    for _, device in ipairs(t:devices()) do
      if armed[device.index] then
        armed[device.index] = nil
        left[#left + 1] = device
      end
    end
    meter.read(t, left)
  end,
}
