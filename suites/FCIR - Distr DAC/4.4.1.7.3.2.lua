local fault = require "fault"
local flow = require "flow"

local query = { "circuit_device_status_cmd", "circuit_device_status_resp-data",
                code = "command code" }

return scenario {
  section = "4.4.1.7.3.2",
  use_case = "FCIR - Distr DAC",
  title = "After a fault, devices are asked for their state",
  payloads = { query[1], query[2], fault.alarm },

  trial = function(t)
    fault.happens(t)
    flow.run(t, query)
  end,
}
