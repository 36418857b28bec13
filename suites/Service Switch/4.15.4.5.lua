local service = require "service"

local course = service.reporting()

return scenario {
  section = "4.15.4.5",
  use_case = "Service Switch",
  title = "An electric meter reports that its service switch was operated",
  subject = "from",
  operation = "power",
  payloads = {
    "SW_post-oper-info_resp-data",
    { "SW_opr_cmd", section = "4.15.4.1" },
    { "SW_opr_cmd_ack", section = "4.15.4.1" },
    { "SW_state_cmd", section = "4.15.4.3" },
    { "SW_state_cmd_resp-data", section = "4.15.4.3" },
  },

  trial = course.trial,
  postamble = course.postamble,
}
