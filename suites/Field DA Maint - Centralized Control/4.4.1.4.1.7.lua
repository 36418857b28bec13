local flow = require "flow"

local queries = {
  { "FeederCapBank_status_cmd", "FeederCapBank_status_resp-data", code = "query code" },
  { "FeederFault_Detector_status_cmd", "FeederFault_Detector_status_resp-data",
    code = "query operation" },
  { "FeederRecloser_status_cmd", "FeederRecloser_status_resp-data", code = "query code" },
  { "FeederRegulator_status_cmd", "FeederRegulator_status_resp-data", code = "command code" },
  { "FeederSensor_status_cmd", "FeederSensor_status_resp-data", code = "command code" },
  { "FeederSwitch_status_cmd", "FeederSwitch_status_resp-data", code = "command code" },
}

return scenario {
  section = "4.4.1.4.1.7",
  use_case = "Field DA Maint - Centralized Control",
  title = "Devices on a feeder are asked for their state",
  payloads = flow.names(queries),

  trial = flow.each(queries),
}
