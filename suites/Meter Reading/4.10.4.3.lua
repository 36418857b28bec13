local meter = require "meter"

return scenario {
  section = "4.10.4.3",
  use_case = "Meter Reading",
  title = "A meter delivers its scheduled register snapshot",
  subject = "from",
  payloads = { "Mtr-read_data_resp-data", meter.read_cmd, meter.read_answer },

  preamble = meter.answers,

  trial = function(t)
    t:exchange { "Mtr-read_data_resp-data" }
  end,

  postamble = meter.answers,
}
