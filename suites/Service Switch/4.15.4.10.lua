local service = require "service"

-- The table of this section repeats the row of the electric service switch (4.15.4.5), though its
-- subject is the valve. The row is driven as it is written; a device with a valve sends the valve's
-- payload of 4.15.3.
local course = service.reporting()

return scenario {
  section = "4.15.4.10",
  use_case = "Service Switch",
  title = "A meter reports that its service valve was operated",
  subject = "from",
  operation = "power",
  payloads = {
    "valve_post-oper-info_resp-data",
    "SW_post-oper-info_resp-data",
    { "valve_opr_cmd", section = "4.15.4.6" },
    { "valve_opr_cmd_ack", section = "4.15.4.6" },
    { "valve_state_cmd", section = "4.15.4.8" },
    { "valve_state_cmd_resp-data", section = "4.15.4.8" },
    { "SW_opr_cmd", section = "4.15.4.1" },
    { "SW_opr_cmd_ack", section = "4.15.4.1" },
    { "SW_state_cmd", section = "4.15.4.3" },
    { "SW_state_cmd_resp-data", section = "4.15.4.3" },
  },

  trial = course.trial,
  postamble = course.postamble,
}
