local flow = require "flow"

-- The code differs from trial to trial; the last one is the plain configuration.
return scenario {
  section = "4.4.1.5.1.6",
  use_case = "Volt/VAR - Centralized Control",
  title = "A voltage regulator gets a new configuration",
  payloads = { "FeederRegulator_new_config_cmd", "FeederRegulator_new_config_ack" },
  operation = "power",

  trial = flow.each {
    { "FeederRegulator_new_config_cmd", "FeederRegulator_new_config_ack",
      code = "command code" },
  },
  postamble = flow.restore { "FeederRegulator_new_config_cmd", "FeederRegulator_new_config_ack" },
}
