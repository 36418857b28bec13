local flow = require "flow"

local events = {
  { "fault_lock_out_alarm", code = "alarm code" },
}

return scenario {
  section = "4.4.1.7.3.4",
  use_case = "FCIR - Distr DAC",
  title = "A device locks out on a fault, which goes to the front end and on to the enterprise",
  subject = "from",
  payloads = flow.names(events),

  trial = flow.each(events),
}
