local flow = require "flow"
local meter = require "meter"

return scenario {
  section = "4.11.4.5",
  use_case = "Meter Events",
  title = "A meter reports a security event",
  subject = "from",
  payloads = { "Security_Event", meter.read_cmd, meter.read_answer },

  preamble = meter.answers,
  trial = flow.each { { "Security_Event", code = "alarm code" } },
  postamble = meter.answers,
}
