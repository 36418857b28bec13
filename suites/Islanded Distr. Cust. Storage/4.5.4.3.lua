local flow = require "flow"

-- Who is at home hears of both from the meter.
local cap = { "meter_capped_kwh_mode_cmd", "meter_capped_kwh_mode_cmd_ack",
              "meter_in_capped_kwh_mode_alert", code = "command code" }
local cancel = { "meter_capped_kwh_mode_cancel_cmd", "meter_capped_kwh_mode_cancel_cmd_ack",
                 "meter_out_of_capped_kwh_mode_alert", code = "command code" }

return scenario {
  section = "4.5.4.3",
  use_case = "Islanded Distr. Cust. Storage",
  title = "A meter is told to cap the use of an islanded customer, and to end that",
  payloads = flow.names { cap, cancel },

  trial = flow.each { cap, cancel },
  postamble = flow.restore(cancel),
}
