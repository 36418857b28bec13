local events = require "events"

return scenario {
  section = "4.12.4.3",
  use_case = "ORM",
  title = "A meter reports that power has returned",
  subject = "from",
  payloads = { "svc_rst_ntf_evnt_data" },

  trial = events.trial("svc_rst_ntf_evnt_data", "alert code"),
}
