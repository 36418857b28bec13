-- meter - what the scenarios share about meters.

local meter = {}

---The reading type that a meter of this medium has.
---@param device Device
---@return string
function meter.reading_type(device)
  if device.actor:find("Gas", 1, true) or device.actor:find("Water", 1, true) then
    return "m3"
  end
  return "kWh"
end

---The two supporting payloads that `meter.read` needs, to be declared by a scenario.
meter.read_cmd = { "on-demand_Mtr-read_cmd", direction = "send", section = "4.10.4.1" }
meter.read_answer = { "on-demand_Mtr-read_resp-data", direction = "expect", section = "4.10.4.1" }

---Reads devices once, off the record of any row: they answer, and a fault that waited for the next
---command is used up. All are asked before any is heard, so that silent ones are waited for together.
---@param t Trial
---@param devices Device[]
function meter.read(t, devices)
  local asked = {}
  for i, d in ipairs(devices) do
    asked[i] = t:send { "on-demand_Mtr-read_cmd", to = d, ["Meter ID"] = d.id,
                        ["reading type desired"] = meter.reading_type(d) }
  end
  for i, d in ipairs(devices) do
    t:expect { "on-demand_Mtr-read_resp-data", from = d, in_reply_to = asked[i], within = 1,
               optional = true }
  end
end

---Preamble and postamble of scenarios that change nothing: the first device is read, so that a
---connection stands and the equipment is seen to answer.
---@param t Trial
function meter.answers(t)
  meter.read(t, { t:devices()[1] })
end

return meter
