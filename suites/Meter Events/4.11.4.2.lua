local flow = require "flow"
local meter = require "meter"

return scenario {
  section = "4.11.4.2",
  use_case = "Meter Events",
  title = "A meter reports that its configuration has changed",
  subject = "from",
  payloads = { "Configuration_Event", meter.read_cmd, meter.read_answer },

  preamble = meter.answers,
  trial = flow.each { { "Configuration_Event", code = "acknowledgement code" } },
  postamble = meter.answers,
}
