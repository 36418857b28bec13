local flow = require "flow"
local meter = require "meter"

return scenario {
  section = "4.11.4.3",
  use_case = "Meter Events",
  title = "A meter reports a fault",
  subject = "from",
  payloads = { "Fault_Error_Alarm_Event", meter.read_cmd, meter.read_answer },

  preamble = meter.answers,
  trial = flow.each { { "Fault_Error_Alarm_Event", code = "alarm code" } },
  postamble = meter.answers,
}
