local service = require "service"

-- The table of this section repeats the rows of the electric service switch (4.15.4.2), though its
-- subject is the valve. Rows are driven as they are written; a device with a valve is sent the
-- valve's payload of 4.15.3.
local course = service.cancelling()

return scenario {
  section = "4.15.4.7",
  use_case = "Service Switch",
  title = "The utility cancels an operation of a service valve",
  operation = "power",
  payloads = {
    "valve_opr_cancel_cmd",
    "SW_opr_cancel_cmd",
    "SW_opr_cmd_ack",
    { "valve_opr_cmd", section = "4.15.4.6" },
    { "valve_opr_cmd_ack", section = "4.15.4.6" },
    { "valve_state_cmd", section = "4.15.4.8" },
    { "valve_state_cmd_resp-data", section = "4.15.4.8" },
    { "valve_post-oper-info_resp-data", section = "4.15.4.10" },
    { "SW_opr_cmd", section = "4.15.4.1" },
    { "SW_state_cmd", section = "4.15.4.3" },
    { "SW_state_cmd_resp-data", section = "4.15.4.3" },
    { "SW_post-oper-info_resp-data", section = "4.15.4.5" },
  },

  trial = course.trial,
  postamble = course.postamble,
}
