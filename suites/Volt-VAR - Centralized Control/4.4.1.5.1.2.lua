local flow = require "flow"

local done = { "FeederCapBank_close_cmd", "FeederCapBank_close_ack", code = "command code" }
local undone = { "FeederCapBank_open_cmd", "FeederCapBank_open_ack" }

return scenario {
  section = "4.4.1.5.1.2",
  use_case = "Volt/VAR - Centralized Control",
  title = "A capacitor bank is closed",
  payloads = {
    "FeederCapBank_close_cmd",
    "FeederCapBank_close_ack",
    { "FeederCapBank_open_cmd", section = "4.4.1.5.1.3" },
    { "FeederCapBank_open_ack", section = "4.4.1.5.1.3" },
  },
  operation = "power",

  trial = flow.operate(done, undone),
  postamble = flow.restore(undone),
}
