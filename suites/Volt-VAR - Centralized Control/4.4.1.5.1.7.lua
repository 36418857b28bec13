local flow = require "flow"

local trial, postamble = flow.operate(
  { "FeederRegulator_step_up_cmd", "FeederRegulator_step_up_ack", code = "command code" },
  { "FeederRegulator_step_down_cmd", "FeederRegulator_step_down_ack" })

return scenario {
  section = "4.4.1.5.1.7",
  use_case = "Volt/VAR - Centralized Control",
  title = "A voltage regulator is stepped up",
  payloads = {
    "FeederRegulator_step_up_cmd",
    "FeederRegulator_step_up_ack",
    { "FeederRegulator_step_down_cmd", section = "4.4.1.5.1.8" },
    { "FeederRegulator_step_down_ack", section = "4.4.1.5.1.8" },
  },
  operation = "power",

  trial = trial,
  postamble = postamble,
}
