local flow = require "flow"

-- The code differs from trial to trial; the last one is the plain configuration.
return scenario {
  section = "4.4.1.5.1.12",
  use_case = "Volt/VAR - Centralized Control",
  title = "A feeder switch gets a new configuration",
  payloads = { "FeederSwitch_new_config_cmd", "FeederSwitch_new_config_ack" },
  operation = "power",

  trial = flow.each {
    { "FeederSwitch_new_config_cmd", "FeederSwitch_new_config_ack",
      code = "configuration command" },
  },
  postamble = flow.restore { "FeederSwitch_new_config_cmd", "FeederSwitch_new_config_ack" },
}
