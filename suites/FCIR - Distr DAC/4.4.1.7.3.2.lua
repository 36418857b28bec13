local flow = require "flow"

-- The fault comes first: it is what the windows count from.
return scenario {
  section = "4.4.1.7.3.2",
  use_case = "FCIR - Distr DAC",
  title = "After a fault, devices are asked for their state",
  payloads = {
    "circuit_device_status_cmd",
    "circuit_device_status_resp-data",
    { "fault_lock_out_alarm", section = "4.4.1.7.3.4" },
  },

  trial = function(t)
    t:exchange { "fault_lock_out_alarm", optional = true }
    flow.run(t, { "circuit_device_status_cmd", "circuit_device_status_resp-data",
                    code = "command code" })
  end,
}
