local flow = require "flow"

local queries = {
  { "FeederCapBank_sensor_data_cmd", "FeederCapBank_sensor_data_resp-data", code = "command code" },
  { "FeederFault_Detector_sensor_data_cmd", "FeederFault_Detector_sensor_data_resp-data",
    code = "command code" },
  { "FeederRecloser_sensor_data_cmd", "FeederRecloser_sensor_data_resp-data",
    code = "command code" },
  { "FeederRegulator_sensor_data_cmd", "FeederRegulator_sensor_data_resp-data",
    code = "command code" },
  { "FeederSensor_sensor_data_cmd", "FeederSensor_sensor_data_resp-data", code = "sensor data" },
  { "FeederSwitch_sensor_data_cmd", "FeederSwitch_sensor_data_resp-data", code = "command code" },
}

return scenario {
  section = "4.4.1.4.1.5",
  use_case = "Field DA Maint - Centralized Control",
  title = "Devices on a feeder are asked for what they measure",
  payloads = flow.names(queries),

  trial = flow.each(queries),
}
