local flow = require "flow"

return scenario {
  section = "4.4.1.4.1.3",
  use_case = "Field DA Maint - Centralized Control",
  title = "Devices on a feeder report deviations",
  subject = "from",
  payloads = {
    "FeederCapBank_deviation_alert",
    "FeederFault_Detector_deviation_alert",
    "FeederRecloser_deviation_alert",
    "FeederRegulator_deviation_alert",
    "FeederSensor_deviation_alert",
    "FeederSwitch_deviation_alert",
  },

  trial = flow.happen {
    { "FeederCapBank_deviation_alert", "alert code" },
    { "FeederFault_Detector_deviation_alert", "alert code" },
    { "FeederRecloser_deviation_alert", "alert code" },
    { "FeederRegulator_deviation_alert", "alert code" },
    { "FeederSensor_deviation_alert", "alert code" },
    { "FeederSwitch_deviation_alert", "alert code" },
  },
}
