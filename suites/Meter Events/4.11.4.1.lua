local flow = require "flow"
local meter = require "meter"

return scenario {
  section = "4.11.4.1",
  use_case = "Meter Events",
  title = "A meter reports an application event for the audit",
  subject = "from",
  payloads = { "Audit_Application_Event", meter.read_cmd, meter.read_answer },

  preamble = meter.answers,
  trial = flow.each { { "Audit_Application_Event", code = "event type/Code" } },
  postamble = meter.answers,
}
