local flow = require "flow"

return scenario {
  section = "4.4.1.4.1.6",
  use_case = "Field DA Maint - Centralized Control",
  title = "Devices on a feeder report changes of their state",
  subject = "from",
  payloads = {
    "FeederCapBank_status_change_alert",
    "FeederFault_Detector_status_change_alert",
    "FeederRecloser_status_change_alert",
    "FeederRegulator_status_change_alert",
    "FeederSensor_status_change_alert",
    "FeederSwitch_status_change_alert",
  },

  trial = flow.happen {
    { "FeederCapBank_status_change_alert", "alert code" },
    { "FeederFault_Detector_status_change_alert", "alert code" },
    { "FeederRecloser_status_change_alert", "alert code" },
    { "FeederRegulator_status_change_alert", "alert code" },
    { "FeederSensor_status_change_alert", "alert code" },
    { "FeederSwitch_status_change_alert", "alert code" },
  },
}
