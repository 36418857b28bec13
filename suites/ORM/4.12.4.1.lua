local flow = require "flow"

return scenario {
  section = "4.12.4.1",
  use_case = "ORM",
  title = "Many meters lose power at once, and say so with their last gasp",
  subject = "from",
  population = true,
  payloads = { "otg_ntf_evnt_data" },

  trial = flow.each { { "otg_ntf_evnt_data", code = "event code" } },
}
