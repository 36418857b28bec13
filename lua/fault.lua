-- fault - the event that the windows of fault clearing, isolation and reconfiguration count from.

local fault = {}

-- Who locks out. The others only see it, and what they are told comes first in their trials.
local locks_out = { ["Feeder Recloser"] = true, ["Feeder Circuit Breaker"] = true }

---For a scenario to declare.
fault.alarm = { "fault_lock_out_alarm", section = "4.4.1.7.3.4" }

---The fault, before anything else in a trial.
---@param t Trial
function fault.happens(t)
  local payload = fault.alarm[1]
  if t:side(payload) ~= "from" or locks_out[t.device.actor] then
    t:exchange { payload, optional = true }
  end
end

return fault
