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

---Reads a device once, off the record of any row: it answers, and a fault that waited for the next
---command is used up.
---@param t Trial
---@param device Device
---@return Message?
function meter.read(t, device)
  local cmd = t:send { "on-demand_Mtr-read_cmd", to = device, ["Meter ID"] = device.id,
                       ["reading type desired"] = meter.reading_type(device) }
  return (t:expect { "on-demand_Mtr-read_resp-data", from = device, in_reply_to = cmd, within = 1,
                     optional = true })
end

---Preamble and postamble of scenarios that change nothing: the first device is read, so that a
---connection stands and the equipment is seen to answer.
---@param t Trial
function meter.answers(t)
  local first = t:devices()[1]
  if first then
    meter.read(t, first)
  end
end

return meter
