local flow = require "flow"

return scenario {
  section = "4.12.4.3",
  use_case = "ORM",
  title = "A meter reports that power has returned",
  subject = "from",
  payloads = { "svc_rst_ntf_evnt_data" },

  trial = flow.each { { "svc_rst_ntf_evnt_data", code = "alert code" } },
}
