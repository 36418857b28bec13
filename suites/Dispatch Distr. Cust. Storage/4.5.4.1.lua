local flow = require "flow"

local charge = { "distr_cust_storage_charge-rate_cmd", "distr_cust_storage_charge-rate_cmd_ack",
                 code = "command code" }
local commands = {
  { "distr_cust_storage_status_cmd", "distr_cust_storage_status_resp-data",
    code = "command code" },
  { "circuit-brk_device_status_cmd", "circuit-brk_status_resp-data", code = "command code" },
  { "distr_cust_storage_discharge_cmd", "distr_cust_storage_discharge_cmd_ack",
    code = "command code" },
  charge,
}

return scenario {
  section = "4.5.4.1",
  use_case = "Dispatch Distr. Cust. Storage",
  title = "The storage's state and the breaker's decide on discharging and charging",
  payloads = flow.names(commands),
  operation = "power",

  trial = flow.each(commands),
  -- charging at no rate ends a discharge, too
  postamble = flow.restore(charge, { ["charging-rate-value"] = 0 }),
}
