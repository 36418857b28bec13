local flow = require "flow"
local service = require "service"

-- The fault comes first: it is what the windows count from. Isolation opens devices,
-- reconfiguration closes them; the other is done after it, so that the next trial finds a device to
-- operate.
local operation, answer = "circuit_device_oper_cmd", "circuit_device_oper_cmd_ack"

return scenario {
  section = "4.4.1.7.3.1",
  use_case = "FCIR - Distr DAC",
  title = "After a fault, devices are operated to isolate it and to restore supply around it",
  payloads = {
    operation,
    answer,
    { "fault_lock_out_alarm", section = "4.4.1.7.3.4" },
  },
  operation = "power",

  trial = function(t)
    local code = t.mode == "isolation" and service.OPEN or service.CLOSE
    t:exchange { "fault_lock_out_alarm", optional = true }
    flow.asked(t, { operation, answer, code = "command code" }, code)
    if t:side(operation) == "to" then
      flow.asked(t, { operation, answer, code = "command code" },
                 code == service.OPEN and service.CLOSE or service.OPEN)
    end
  end,
  postamble = flow.restore({ operation, answer }, { ["command code"] = service.CLOSE }),
}
