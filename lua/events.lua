-- events - the one course of all events: they happen, and the same code arrives.

local events = {}

---A code that differs between a device's successive trials.
---@param t Trial
---@return integer
function events.code(t)
  return t.number % 255 + 1
end

---@param payload string
---@param attribute string that carries the code
---@return fun(t: Trial)
function events.trial(payload, attribute)
  return function(t)
    local code = events.code(t)
    t:exchange { payload, value = code, [attribute] = code }
  end
end

return events
