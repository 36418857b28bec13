local fault = require "fault"
local flow = require "flow"
local service = require "service"

local operate = { "circuit_device_oper_cmd", "circuit_device_oper_cmd_ack", code = "command code" }
local other = { [service.OPEN] = service.CLOSE, [service.CLOSE] = service.OPEN }

return scenario {
  section = "4.4.1.7.3.1",
  use_case = "FCIR - Distr DAC",
  title = "After a fault, devices are operated to isolate it and to restore supply around it",
  payloads = { operate[1], operate[2], fault.alarm },
  operation = "power",

  -- Isolation opens devices, reconfiguration closes them; then the other is done, so that the next
  -- trial has one to operate.
  trial = function(t)
    local code = t.mode == "isolation" and service.OPEN or service.CLOSE
    fault.happens(t)
    flow.run(t, operate, code)
    if t:side(operate[1]) == "to" then
      flow.run(t, operate, other[code])
    end
  end,
  postamble = flow.restore(operate, { ["command code"] = service.CLOSE }),
}
