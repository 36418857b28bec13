local flow = require "flow"

local done = { "FeederSwitch_close_cmd", "FeederSwitch_close_ack", code = "command code" }
local undone = { "FeederSwitch_open_cmd", "FeederSwitch_open_ack" }

return scenario {
  section = "4.4.1.5.1.10",
  use_case = "Volt/VAR - Centralized Control",
  title = "A feeder switch is closed",
  payloads = {
    "FeederSwitch_close_cmd",
    "FeederSwitch_close_ack",
    { "FeederSwitch_open_cmd", section = "4.4.1.5.1.11" },
    { "FeederSwitch_open_ack", section = "4.4.1.5.1.11" },
  },
  operation = "power",

  trial = flow.operate(done, undone),
  postamble = flow.restore(done),
}
