local flow = require "flow"

local events = {
  { "circuit_device_self-init_status_resp-data", code = "response data" },
}

return scenario {
  section = "4.4.1.7.3.3",
  use_case = "FCIR - Distr DAC",
  title = "After a fault, devices report their state of their own accord",
  subject = "from",
  payloads = flow.names(events),

  trial = flow.each(events),
}
