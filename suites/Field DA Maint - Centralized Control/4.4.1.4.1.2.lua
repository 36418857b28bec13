local flow = require "flow"

local events = {
  { "FeederCapBank_alarm", code = "alarm code" },
  { "FeederFault_Detector_alarm", code = "alarm code" },
  { "FeederRecloser_alarm", code = "alarm code" },
  { "FeederRegulator_alarm", code = "alarm code" },
  { "FeederSensor_alarm", code = "alarm code" },
  { "FeederSwitch_alarm", code = "alarm code" },
}

return scenario {
  section = "4.4.1.4.1.2",
  use_case = "Field DA Maint - Centralized Control",
  title = "Devices on a feeder raise alarms",
  subject = "from",
  payloads = flow.names(events),

  trial = flow.each(events),
}
