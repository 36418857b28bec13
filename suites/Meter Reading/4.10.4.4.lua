local meter = require "meter"
local told = require "told"

local INTERVAL_MINUTES = 240

return scenario {
  section = "4.10.4.4",
  use_case = "Meter Reading",
  title = "A meter delivers interval data, by itself or when polled",
  payloads = {
    "Mtr-read_multi-interval-data_cmd",
    "Mtr-read_multi-interval-data_resp-data",
    meter.read_cmd,
    meter.read_answer,
  },

  preamble = meter.answers,

  trial = function(t)
    local command
    if t.mode == "poll" then
      command = told.request(t, "Mtr-read_multi-interval-data_cmd", {
        ["period of time to be reported"] = INTERVAL_MINUTES,
        ["reading type"] = meter.reading_type(t.device),
      })
    end
    t:exchange { "Mtr-read_multi-interval-data_resp-data", in_reply_to = command }
  end,

  postamble = meter.answers,
}
