-- service - the electric service switch and the gas service valve: same operations, other names.

local failure = require "failure"
local meter = require "meter"

---@class Service
---@field operate string
---@field code string attribute of the operate command
---@field cancel string
---@field acknowledge string
---@field ask string
---@field ask_code string
---@field state string
---@field state_value string
---@field fail string the operation failed at the device
---@field lost string the operation failed on the way
---@field information string
local service = {}

---Command codes and the states that they lead to.
service.OPEN, service.CLOSE, service.QUERY = 0, 1, 2

---@type Service
service.switch = {
  operate = "SW_opr_cmd", code = "command code",
  cancel = "SW_opr_cancel_cmd",
  acknowledge = "SW_opr_cmd_ack",
  ask = "SW_state_cmd", ask_code = "command code",
  state = "SW_state_cmd_resp-data", state_value = "SW state",
  fail = "SW_opr_fail_cmd-err",
  lost = "SW_opr_cmd_comm-err",
  information = "SW_post-oper-info_resp-data",
}

---@type Service
service.valve = {
  operate = "valve_opr_cmd", code = "opr cmd",
  cancel = "valve_opr_cancel_cmd",
  acknowledge = "valve_opr_cmd_ack",
  ask = "valve_state_cmd", ask_code = "cmd code",
  state = "valve_state_cmd_resp-data", state_value = "device state values",
  fail = "valve_opr_fail_cmd-err",
  lost = "valve_opr_cmd_comm-err",
  information = "valve_post-oper-info_resp-data",
}

---What a device has: a valve, or a switch.
---@param device Device
---@return Service
function service.of(device)
  return meter.of_fluid(device) and service.valve or service.switch
end

local BATCH = 1000
-- What devices send of their own accord after an operation is on its way by then.
local SETTLE_S = 0.3

---Asks devices for their state, and closes those that say they are not closed. All are asked before
---any is heard, so that silent ones are waited for together.
---@param t Trial
---@param devices Device[]
local function close(t, devices)
  local asked, told = {}, {}
  for i, d in ipairs(devices) do
    local s = service.of(d)
    asked[i] = t:send { s.ask, to = d, [s.ask_code] = service.QUERY }
  end
  for i, d in ipairs(devices) do
    local s = service.of(d)
    local answer = t:expect { s.state, from = d, in_reply_to = asked[i], within = 1,
                              optional = true }
    if answer and tonumber(answer[s.state_value]) ~= service.CLOSE then
      told[#told + 1] = { d, s, t:send { s.operate, to = d, [s.code] = service.CLOSE } }
    end
  end
  for _, one in ipairs(told) do
    t:expect { one[2].acknowledge, from = one[1], in_reply_to = one[3], within = 1,
               optional = true }
  end
  if #told > 0 then
    t:sleep(SETTLE_S)
  end
end

-- Equipment under test whose supply the harness can switch: only then is there a state to keep.
local function switched_here(t, device)
  local s = service.of(device)
  return t:side(s.operate) == "to" and t:side(s.ask) == "to"
end

---What a scenario does to the supply of its devices, and the way back. A device is brought to the
---closed state when it is first used, and all that were used are brought there again in the end.
---@param trial fun(t: Trial, has: Service)
---@param before_end fun(t: Trial)?
---@return { trial: fun(t: Trial), postamble: fun(t: Trial) }
function service.course(trial, before_end)
  local used = {}
  return {
    trial = function(t)
      local device = t.device
      if not used[device.index] and switched_here(t, device) then
        used[device.index] = true
        close(t, { device })
      end
      trial(t, service.of(device))
    end,
    postamble = function(t)
      if before_end then
        before_end(t)
      end
      local batch = {}
      for _, device in ipairs(t:devices()) do
        if used[device.index] then
          used[device.index] = nil
          batch[#batch + 1] = device
        end
        if #batch == BATCH then
          close(t, batch)
          batch = {}
        end
      end
      close(t, batch)
    end,
  }
end

---Waits for the message that a device sends of its own accord after an operation, so that it is not
---handed to another trial with one under way.
---@param t Trial
---@param has Service
---@param seconds number
local function drain(t, has, seconds)
  if switched_here(t, t.device) then
    t:expect { has.information, from = t.device, within = seconds, optional = true }
  end
end

---Open and close by turns.
function service.operating()
  local last = {}
  return service.course(function(t, has)
    local code = last[t.device.index] == service.OPEN and service.CLOSE or service.OPEN
    last[t.device.index] = code
    local command = t:exchange { has.operate, value = code, [has.code] = code }
    if t:exchange { has.acknowledge, in_reply_to = command } then
      drain(t, has, 1)
    end
  end)
end

---What is cancelled is a command to close what is closed: cancelled or not, supply stays on, and a
---device that reports changes of state has none to report.
function service.cancelling()
  return service.course(function(t, has)
    local command = t:exchange { has.operate, value = service.CLOSE, [has.code] = service.CLOSE,
                                 optional = true }
    local operated = t:exchange { has.acknowledge, in_reply_to = command, optional = true,
                                  within = 1 }
    local cancel = t:exchange { has.cancel, value = service.CLOSE,
                                ["command code"] = service.CLOSE }
    t:exchange { has.acknowledge, in_reply_to = cancel }
    if operated then
      drain(t, has, 0.2)
    end
  end)
end

---The command that fails is one to close what is closed: should the fault not be there, supply
---stays on.
---@param has Service
function service.failing(has)
  local what = { command = has.operate, answer = has.acknowledge, error = has.fail,
                 say = { [has.code] = service.CLOSE }, value = service.CLOSE }
  local fault = failure.of(what)
  return service.course(function(t)
    local _, why = fault.happen(t)
    if why == "other" then
      drain(t, has, 0.2)
    end
    failure.on_the_way(t, { command = has.operate, error = has.lost, say = what.say,
                            value = what.value })
  end, fault.use_up)
end

---The device was operated, by whom ever, and says so.
function service.reporting()
  return service.course(function(t, has)
    t:exchange { has.information }
  end)
end

return service
