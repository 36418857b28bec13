local events = require "events"
local meter = require "meter"

return scenario {
  section = "4.11.4.5",
  use_case = "Meter Events",
  title = "A meter reports a security event",
  payloads = {
    { "Security_Event", direction = "expect" },
    meter.read_cmd,
    meter.read_answer,
  },
  stimuli = { "security-event" },
  exclusive = true,

  preamble = meter.answers,
  trial = events.trial("Security_Event", "alarm code", "security-event"),
  postamble = meter.answers,
}
