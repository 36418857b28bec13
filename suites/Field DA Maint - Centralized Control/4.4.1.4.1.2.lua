local flow = require "flow"

return scenario {
  section = "4.4.1.4.1.2",
  use_case = "Field DA Maint - Centralized Control",
  title = "Devices on a feeder raise alarms",
  subject = "from",
  payloads = {
    "FeederCapBank_alarm",
    "FeederFault_Detector_alarm",
    "FeederRecloser_alarm",
    "FeederRegulator_alarm",
    "FeederSensor_alarm",
    "FeederSwitch_alarm",
  },

  trial = flow.happen {
    { "FeederCapBank_alarm", "alarm code" },
    { "FeederFault_Detector_alarm", "alarm code" },
    { "FeederRecloser_alarm", "alarm code" },
    { "FeederRegulator_alarm", "alarm code" },
    { "FeederSensor_alarm", "alarm code" },
    { "FeederSwitch_alarm", "alarm code" },
  },
}
