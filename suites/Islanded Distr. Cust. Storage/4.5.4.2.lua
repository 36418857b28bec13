local flow = require "flow"

-- Four parts of one way: the storage tells, the front end and the regional controller pass on, and
-- load management tells the customers, which no row of the document lists.
local events = {
  { "distr_cust_storage_in-island-mode_alarm", code = "alarm code" },
  { "on_distr-cust-strg_alarm", code = "alarm code" },
  { "distr_cust_storage_out-of-island-mode_alert", code = "alert code" },
  { "off_distr_cust_strg_alert1", code = "alert code" },
}

return scenario {
  section = "4.5.4.2",
  use_case = "Islanded Distr. Cust. Storage",
  title = "Storage goes into islanded mode and out of it, and customers are told",
  subject = "from",
  payloads = flow.names(events),

  trial = flow.each(events),
}
