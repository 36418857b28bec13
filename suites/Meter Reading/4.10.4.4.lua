local meter = require "meter"

local INTERVAL_MINUTES = 240

return scenario {
  section = "4.10.4.4",
  use_case = "Meter Reading",
  title = "A meter delivers interval data, by itself or when polled",
  payloads = {
    { "Mtr-read_multi-interval-data_cmd", direction = "send" },
    { "Mtr-read_multi-interval-data_resp-data", direction = "expect" },
    meter.read_cmd,
    meter.read_answer,
  },
  modes = { "push", "poll" },
  stimuli = { "interval-push" },
  exclusive = true,

  preamble = meter.answers,

  trial = function(t)
    local device = t:eut()
    if t.mode == "push" then
      t:stimulate "interval-push"
      t:expect { "Mtr-read_multi-interval-data_resp-data", from = device, to = "AMI Head-End(j)",
                 ["device ID"] = device.id }
      return
    end
    local cmd = t:send { "Mtr-read_multi-interval-data_cmd", from = "MDMS", to = device,
                         ["device ID"] = device.id,
                         ["period of time to be reported"] = INTERVAL_MINUTES,
                         ["reading type"] = meter.reading_type(device) }
    t:expect { "Mtr-read_multi-interval-data_resp-data", from = device, in_reply_to = cmd,
               ["device ID"] = device.id }
  end,

  postamble = meter.answers,
}
