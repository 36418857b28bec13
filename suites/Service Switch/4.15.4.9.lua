local service = require "service"

local course = service.failing(service.valve)

return scenario {
  section = "4.15.4.9",
  use_case = "Service Switch",
  title = "An operation of a service valve fails, at the meter or on the way to it",
  subject = "from",
  operation = "power",
  payloads = {
    "valve_opr_fail_cmd-err",
    "valve_opr_cmd_comm-err",
    { "valve_opr_cmd", section = "4.15.4.6" },
    { "valve_opr_cmd_ack", section = "4.15.4.6" },
    { "valve_state_cmd", section = "4.15.4.8" },
    { "valve_state_cmd_resp-data", section = "4.15.4.8" },
    { "valve_post-oper-info_resp-data", section = "4.15.4.10" },
  },

  trial = course.trial,
  postamble = course.postamble,
}
