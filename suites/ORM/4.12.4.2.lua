local flow = require "flow"

return scenario {
  section = "4.12.4.2",
  use_case = "ORM",
  title = "A data aggregation point reports that it runs on its battery",
  subject = "from",
  payloads = { "batt_pwr_notification" },

  trial = flow.each { { "batt_pwr_notification", code = "status of mains power" } },
}
