-- meter - what the scenarios share about meters.

local meter = {}

---Whether a device meters gas or water.
---@param device Device
---@return boolean
function meter.of_fluid(device)
  return device.actor:find("Gas", 1, true) ~= nil or device.actor:find("Water", 1, true) ~= nil
end

---The reading type that a meter of this medium has.
---@param device Device
---@return string
function meter.reading_type(device)
  return meter.of_fluid(device) and "m3" or "kWh"
end

---The two supporting payloads that `meter.answers` needs, to be declared by a scenario.
meter.read_cmd = { "on-demand_Mtr-read_cmd", section = "4.10.4.1" }
meter.read_answer = { "on-demand_Mtr-read_resp-data", section = "4.10.4.1" }

---Preamble and postamble of scenarios that change nothing: the first meter under test is read, off
---the record of any row, so that a connection stands and the equipment is seen to answer.
---@param t Trial
function meter.answers(t)
  if t:side("on-demand_Mtr-read_cmd") ~= "to" then
    return
  end
  local device = t:devices()[1]
  local asked = t:send { "on-demand_Mtr-read_cmd", to = device,
                         ["reading type desired"] = meter.reading_type(device) }
  t:expect { "on-demand_Mtr-read_resp-data", from = device, in_reply_to = asked, within = 1,
             optional = true }
end

return meter
