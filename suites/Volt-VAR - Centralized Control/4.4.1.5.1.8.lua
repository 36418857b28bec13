local flow = require "flow"

local trial, postamble = flow.operate(
  { "FeederRegulator_step_down_cmd", "FeederRegulator_step_down_ack", code = "command code" },
  { "FeederRegulator_step_up_cmd", "FeederRegulator_step_up_ack" })

return scenario {
  section = "4.4.1.5.1.8",
  use_case = "Volt/VAR - Centralized Control",
  title = "A voltage regulator is stepped down",
  payloads = {
    "FeederRegulator_step_down_cmd",
    "FeederRegulator_step_down_ack",
    { "FeederRegulator_step_up_cmd", section = "4.4.1.5.1.7" },
    { "FeederRegulator_step_up_ack", section = "4.4.1.5.1.7" },
  },
  operation = "power",

  trial = trial,
  postamble = postamble,
}
