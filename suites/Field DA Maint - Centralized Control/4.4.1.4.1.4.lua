local flow = require "flow"

local events = {
  { "FeederCapBank_Operate_failure", code = "failure code" },
  { "FeederRecloser_Operate_failure", code = "failure code" },
  { "FeederRegulator_Operate_failure", code = "alarm code" },
  { "FeederSwitch_Operate_failure", code = "alarm code" },
}

return scenario {
  section = "4.4.1.4.1.4",
  use_case = "Field DA Maint - Centralized Control",
  title = "Devices on a feeder report that an operation failed",
  subject = "from",
  payloads = flow.names(events),

  trial = flow.each(events),
}
