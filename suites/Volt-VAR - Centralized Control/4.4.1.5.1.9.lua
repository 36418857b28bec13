local flow = require "flow"

-- The code differs from trial to trial; the last one is the plain configuration.
return scenario {
  section = "4.4.1.5.1.9",
  use_case = "Volt/VAR - Centralized Control",
  title = "A feeder sensor gets a new configuration",
  payloads = { "FeederSensor_new_config_cmd", "FeederSensor_new_config_ack" },
  operation = "power",

  trial = flow.each {
    { "FeederSensor_new_config_cmd", "FeederSensor_new_config_ack",
      code = "command code" },
  },
  postamble = flow.restore { "FeederSensor_new_config_cmd", "FeederSensor_new_config_ack" },
}
