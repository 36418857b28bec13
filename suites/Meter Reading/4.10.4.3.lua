local meter = require "meter"

return scenario {
  section = "4.10.4.3",
  use_case = "Meter Reading",
  title = "A meter delivers its scheduled register snapshot",
  payloads = {
    { "Mtr-read_data_resp-data", direction = "expect" },
    meter.read_cmd,
    meter.read_answer,
  },
  stimuli = { "register-snapshot" },
  exclusive = true,

  preamble = meter.answers,

  trial = function(t)
    local device = t:eut()
    t:stimulate "register-snapshot"
    t:expect { "Mtr-read_data_resp-data", from = device, to = "AMI Head-End(j)",
               ["device ID"] = device.id }
  end,

  postamble = meter.answers,
}
