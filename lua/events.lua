-- events - the one course of all meter events: provoke, and see the same code arrive.

local events = {}

---A code that differs between a device's successive trials.
---@param t Trial
---@return integer
function events.code(t)
  return t.number % 255 + 1
end

---@param payload string
---@param attribute string that carries the code
---@param stimulus string
---@return fun(t: Trial)
function events.trial(payload, attribute, stimulus)
  return function(t)
    local meter = t:eut()
    local code = events.code(t)
    t:stimulate(stimulus, { value = code })
    t:expect { payload, from = meter, to = "MDMS", ["Meter ID"] = meter.id, [attribute] = code }
  end
end

return events
