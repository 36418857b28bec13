local failure = require "failure"
local meter = require "meter"

local fault = failure.of { command = "on-demand_Mtr-read_cmd",
                           answer = "on-demand_Mtr-read_resp-data",
                           error = "on-demand_Mtr-read_cmd_err" }

return scenario {
  section = "4.10.4.2",
  use_case = "Meter Reading",
  title = "A read on demand fails, at the meter or on the way to it",
  subject = "from",
  payloads = {
    "on-demand_Mtr-read_cmd_err",
    "on-demand_Mtr-read_cmd_comm_err",
    meter.read_cmd,
    meter.read_answer,
  },

  preamble = meter.answers,

  trial = function(t)
    local say = { ["reading type desired"] = meter.reading_type(t.device) }
    fault.happen(t, say)
    failure.on_the_way(t, { command = "on-demand_Mtr-read_cmd", say = say,
                            error = "on-demand_Mtr-read_cmd_comm_err" })
  end,

  postamble = fault.use_up,
}
