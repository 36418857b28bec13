local flow = require "flow"

local events = {
  { "FeederCapBank_deviation_alert", code = "alert code" },
  { "FeederFault_Detector_deviation_alert", code = "alert code" },
  { "FeederRecloser_deviation_alert", code = "alert code" },
  { "FeederRegulator_deviation_alert", code = "alert code" },
  { "FeederSensor_deviation_alert", code = "alert code" },
  { "FeederSwitch_deviation_alert", code = "alert code" },
}

return scenario {
  section = "4.4.1.4.1.3",
  use_case = "Field DA Maint - Centralized Control",
  title = "Devices on a feeder report deviations",
  subject = "from",
  payloads = flow.names(events),

  trial = flow.each(events),
}
