local meter = require "meter"
local told = require "told"

return scenario {
  section = "4.10.4.1",
  use_case = "Meter Reading",
  title = "A meter is read on demand",
  payloads = { "on-demand_Mtr-read_cmd", "on-demand_Mtr-read_resp-data" },

  preamble = meter.answers,

  trial = told.trial {
    one = "on-demand_Mtr-read_cmd",
    answer = "on-demand_Mtr-read_resp-data",
    say = function(t)
      return { ["reading type desired"] = meter.reading_type(t.device) }
    end,
  },

  postamble = meter.answers,
}
