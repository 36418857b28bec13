local flow = require "flow"

local done = { "FeederSwitch_open_cmd", "FeederSwitch_open_ack", code = "command code" }
local undone = { "FeederSwitch_close_cmd", "FeederSwitch_close_ack" }

return scenario {
  section = "4.4.1.5.1.11",
  use_case = "Volt/VAR - Centralized Control",
  title = "A feeder switch is opened",
  payloads = {
    "FeederSwitch_open_cmd",
    "FeederSwitch_open_ack",
    { "FeederSwitch_close_cmd", section = "4.4.1.5.1.10" },
    { "FeederSwitch_close_ack", section = "4.4.1.5.1.10" },
  },
  operation = "power",

  trial = flow.operate(done, undone),
  postamble = flow.restore(undone),
}
