local flow = require "flow"

local events = {
  { "FeederCapBank_status_change_alert", code = "alert code" },
  { "FeederFault_Detector_status_change_alert", code = "alert code" },
  { "FeederRecloser_status_change_alert", code = "alert code" },
  { "FeederRegulator_status_change_alert", code = "alert code" },
  { "FeederSensor_status_change_alert", code = "alert code" },
  { "FeederSwitch_status_change_alert", code = "alert code" },
}

return scenario {
  section = "4.4.1.4.1.6",
  use_case = "Field DA Maint - Centralized Control",
  title = "Devices on a feeder report changes of their state",
  subject = "from",
  payloads = flow.names(events),

  trial = flow.each(events),
}
