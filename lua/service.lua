-- service - the electric service switch and the gas or water service valve: same operations, other
-- names.

---@class Service
---@field operate string
---@field code string attribute of the operate command
---@field cancel string
---@field cancel_code string
---@field acknowledge string
---@field ask string
---@field ask_code string
---@field state string
---@field state_value string
---@field information string
---@field section string where the rows of operate and acknowledge stand
---@field ask_section string
local service = {}

---Command codes and the states that they lead to.
service.OPEN, service.CLOSE, service.QUERY = 0, 1, 2

---@type Service
service.switch = {
  operate = "SW_opr_cmd", code = "command code",
  cancel = "SW_opr_cancel_cmd", cancel_code = "command code",
  acknowledge = "SW_opr_cmd_ack",
  ask = "SW_state_cmd", ask_code = "command code",
  state = "SW_state_cmd_resp-data", state_value = "SW state",
  information = "SW_post-oper-info_resp-data",
  section = "4.15.4.1", ask_section = "4.15.4.3",
}

---@type Service
service.valve = {
  operate = "valve_opr_cmd", code = "opr cmd",
  cancel = "valve_opr_cancel_cmd", cancel_code = "command code",
  acknowledge = "valve_opr_cmd_ack",
  ask = "valve_state_cmd", ask_code = "cmd code",
  state = "valve_state_cmd_resp-data", state_value = "device state values",
  information = "valve_post-oper-info_resp-data",
  section = "4.15.4.6", ask_section = "4.15.4.8",
}

---What a device has: a valve, or a switch.
---@param device Device
---@return Service
function service.of(device)
  if device.actor:find("Gas", 1, true) or device.actor:find("Water", 1, true) then
    return service.valve
  end
  return service.switch
end

local BATCH = 1000
-- What devices send of their own accord after an operation is on its way by then.
local SETTLE_S = 0.3

---Brings every device of the case to the closed state, in batches: each is asked, and operated only
---when it says that it is not closed.
---@param t Trial
function service.close_all(t)
  local devices = t:devices()
  for first = 1, #devices, BATCH do
    local last = math.min(first + BATCH - 1, #devices)
    local asked, told = {}, {}
    for i = first, last do
      local d, s = devices[i], service.of(devices[i])
      asked[i] = t:send { s.ask, to = d, ["Meter ID"] = d.id, [s.ask_code] = service.QUERY }
    end
    for i = first, last do
      local d, s = devices[i], service.of(devices[i])
      local answer = t:expect { s.state, from = d, in_reply_to = asked[i], within = 1,
                                optional = true }
      if answer and tonumber(answer[s.state_value]) ~= service.CLOSE then
        told[#told + 1] = { d, s, t:send { s.operate, to = d, ["Meter ID"] = d.id,
                                           [s.code] = service.CLOSE } }
      end
    end
    for _, one in ipairs(told) do
      local d, s, cmd = one[1], one[2], one[3]
      t:expect { s.acknowledge, from = d, in_reply_to = cmd, within = 1, optional = true }
    end
    if #told > 0 then
      t:sleep(SETTLE_S)
    end
  end
end

---Waits for the message that a device sends of its own accord after an operation, so that it is not
---handed to another trial with one under way.
---@param t Trial
---@param device Device
---@param seconds number? 1 when left out
function service.drain(t, device, seconds)
  t:expect { service.of(device).information, from = device, within = seconds or 1, optional = true }
end

---Uses up faults that were provoked and not seen: the devices are told to close, which they are. All
---are told before any is heard, so that silent ones are waited for together.
---@param t Trial
---@param armed table<integer, Device> by index; emptied
function service.use_up(t, armed)
  local told = {}
  for index, d in pairs(armed) do
    told[#told + 1] = { d }
    armed[index] = nil
  end
  for _, one in ipairs(told) do
    local d, s = one[1], service.of(one[1])
    one[2] = t:send { s.operate, to = d, ["Meter ID"] = d.id, [s.code] = service.CLOSE }
  end
  for _, one in ipairs(told) do
    t:expect { service.of(one[1]).acknowledge, from = one[1], in_reply_to = one[2], within = 1,
               optional = true }
  end
end

return service
