local flow = require "flow"

local status = { "distr_cust_storage_status_cmd", code = "command code" }
local told = "distr_cust_storage_status_resp-data"
local charge = { "distr_cust_storage_charge-rate_cmd", "distr_cust_storage_charge-rate_cmd_ack",
                 code = "command code" }
local commands = {
  { "circuit-brk_device_status_cmd", "circuit-brk_status_resp-data", code = "command code" },
  { "distr_cust_storage_discharge_cmd", "distr_cust_storage_discharge_cmd_ack",
    code = "command code" },
  charge,
}

return scenario {
  section = "4.5.4.1",
  use_case = "Dispatch Distr. Cust. Storage",
  title = "The storage's state and the breaker's decide on discharging and charging",
  payloads = flow.names { status, { told }, table.unpack(commands) },
  operation = "power",

  -- the substation's controller passes the storage's state on
  trial = function(t)
    local asked = flow.run(t, status)
    t:exchange { told, from = "Distr. Cust. Storage", in_reply_to = asked }
    t:exchange { told, from = "DAC - sub" }
    for _, command in ipairs(commands) do
      flow.run(t, command)
    end
  end,
  -- charging at no rate ends a discharge, too
  postamble = flow.restore(charge, { ["charging-rate-value"] = 0 }),
}
