local flow = require "flow"
local meter = require "meter"

return scenario {
  section = "4.11.4.4",
  use_case = "Meter Events",
  title = "An electric meter reports a disturbance of power quality",
  subject = "from",
  payloads = { "Power_Quality_Event", meter.read_cmd, meter.read_answer },

  preamble = meter.answers,
  trial = flow.each { { "Power_Quality_Event", code = "alarm code" } },
  postamble = meter.answers,
}
