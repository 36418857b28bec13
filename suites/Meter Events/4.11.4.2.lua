local events = require "events"
local meter = require "meter"

return scenario {
  section = "4.11.4.2",
  use_case = "Meter Events",
  title = "A meter reports that its configuration has changed",
  payloads = {
    { "Configuration_Event", direction = "expect" },
    meter.read_cmd,
    meter.read_answer,
  },
  stimuli = { "configuration-event" },
  exclusive = true,

  preamble = meter.answers,
  trial = events.trial("Configuration_Event", "acknowledgement code", "configuration-event"),
  postamble = meter.answers,
}
