local flow = require "flow"

local discharge = { "distr_cust_storage_discharge_cmd", "distr_cust_storage_discharge_cmd_ack",
                    code = "command code" }
local charge = { "distr_cust_storage_charge-rate_cmd", "distr_cust_storage_charge-rate_cmd_ack",
                 code = "command code" }

return scenario {
  section = "4.5.4.1",
  use_case = "Dispatch Distr. Cust. Storage",
  title = "The breaker's state and the storage's decide on discharging and charging",
  payloads = {
    "distr_cust_storage_status_cmd",
    "distr_cust_storage_status_resp-data",
    "circuit-brk_device_status_cmd",
    "circuit-brk_status_resp-data",
    "distr_cust_storage_discharge_cmd",
    "distr_cust_storage_discharge_cmd_ack",
    "distr_cust_storage_charge-rate_cmd",
    "distr_cust_storage_charge-rate_cmd_ack",
  },
  operation = "power",

  trial = flow.ask {
    { "circuit-brk_device_status_cmd", "circuit-brk_status_resp-data", code = "command code" },
    { "distr_cust_storage_status_cmd", "distr_cust_storage_status_resp-data",
      code = "command code" },
    discharge,
    charge,
  },
  -- charging at no rate ends a discharge, too
  postamble = flow.restore(charge, { ["charging-rate-value"] = 0 }),
}
