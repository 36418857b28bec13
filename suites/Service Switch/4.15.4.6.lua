local service = require "service"

local course = service.operating()

return scenario {
  section = "4.15.4.6",
  use_case = "Service Switch",
  title = "The utility operates a service valve",
  operation = "power",
  payloads = {
    "valve_opr_cmd",
    "valve_opr_cmd_ack",
    { "valve_state_cmd", section = "4.15.4.8" },
    { "valve_state_cmd_resp-data", section = "4.15.4.8" },
    { "valve_post-oper-info_resp-data", section = "4.15.4.10" },
  },

  trial = course.trial,
  postamble = course.postamble,
}
