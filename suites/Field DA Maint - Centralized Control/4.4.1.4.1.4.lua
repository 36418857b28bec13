local flow = require "flow"

return scenario {
  section = "4.4.1.4.1.4",
  use_case = "Field DA Maint - Centralized Control",
  title = "Devices on a feeder report that an operation failed",
  subject = "from",
  payloads = {
    "FeederCapBank_Operate_failure",
    "FeederRecloser_Operate_failure",
    "FeederRegulator_Operate_failure",
    "FeederSwitch_Operate_failure",
  },

  trial = flow.happen {
    { "FeederCapBank_Operate_failure", "failure code" },
    { "FeederRecloser_Operate_failure", "failure code" },
    { "FeederRegulator_Operate_failure", "alarm code" },
    { "FeederSwitch_Operate_failure", "alarm code" },
  },
}
