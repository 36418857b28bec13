local flow = require "flow"

-- The code differs from trial to trial; the last one is the plain configuration.
return scenario {
  section = "4.4.1.5.1.4",
  use_case = "Volt/VAR - Centralized Control",
  title = "A capacitor bank gets a new configuration",
  payloads = { "FeederCapBank_new_config_cmd", "FeederCapBank_new_config_ack" },
  operation = "power",

  trial = flow.each {
    { "FeederCapBank_new_config_cmd", "FeederCapBank_new_config_ack",
      code = "configuration command" },
  },
  postamble = flow.restore { "FeederCapBank_new_config_cmd", "FeederCapBank_new_config_ack" },
}
