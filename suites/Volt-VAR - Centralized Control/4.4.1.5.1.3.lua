local flow = require "flow"

local done = { "FeederCapBank_open_cmd", "FeederCapBank_open_ack", code = "command code" }
local undone = { "FeederCapBank_close_cmd", "FeederCapBank_close_ack" }

return scenario {
  section = "4.4.1.5.1.3",
  use_case = "Volt/VAR - Centralized Control",
  title = "A capacitor bank is opened",
  payloads = {
    "FeederCapBank_open_cmd",
    "FeederCapBank_open_ack",
    { "FeederCapBank_close_cmd", section = "4.4.1.5.1.2" },
    { "FeederCapBank_close_ack", section = "4.4.1.5.1.2" },
  },
  operation = "power",

  trial = flow.operate(done, undone),
  postamble = flow.restore(done),
}
