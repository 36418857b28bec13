local service = require "service"

local course = service.operating()

return scenario {
  section = "4.15.4.1",
  use_case = "Service Switch",
  title = "The utility operates the service switch of an electric meter",
  operation = "power",
  payloads = {
    "SW_opr_cmd",
    "SW_opr_cmd_ack",
    { "SW_state_cmd", section = "4.15.4.3" },
    { "SW_state_cmd_resp-data", section = "4.15.4.3" },
    { "SW_post-oper-info_resp-data", section = "4.15.4.5" },
  },

  trial = course.trial,
  postamble = course.postamble,
}
