local service = require "service"

local course = service.failing(service.switch)

return scenario {
  section = "4.15.4.4",
  use_case = "Service Switch",
  title = "An operation of the service switch fails, at the meter or on the way to it",
  subject = "from",
  operation = "power",
  payloads = {
    "SW_opr_fail_cmd-err",
    "SW_opr_cmd_comm-err",
    { "SW_opr_cmd", section = "4.15.4.1" },
    { "SW_opr_cmd_ack", section = "4.15.4.1" },
    { "SW_state_cmd", section = "4.15.4.3" },
    { "SW_state_cmd_resp-data", section = "4.15.4.3" },
    { "SW_post-oper-info_resp-data", section = "4.15.4.5" },
  },

  trial = course.trial,
  postamble = course.postamble,
}
