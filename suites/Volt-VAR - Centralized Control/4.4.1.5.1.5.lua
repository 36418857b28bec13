local flow = require "flow"

-- The code differs from trial to trial; the last one is the plain configuration.
return scenario {
  section = "4.4.1.5.1.5",
  use_case = "Volt/VAR - Centralized Control",
  title = "A recloser gets a new configuration",
  payloads = { "FeederRecloser_new_config_cmd", "FeederRecloser_new_config_ack" },
  operation = "power",

  trial = flow.each {
    { "FeederRecloser_new_config_cmd", "FeederRecloser_new_config_ack",
      code = "configuration command" },
  },
  postamble = flow.restore { "FeederRecloser_new_config_cmd", "FeederRecloser_new_config_ack" },
}
