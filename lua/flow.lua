-- flow - the courses that most scenarios take. Each function gives a trial (or a postamble) to a scenario:
--
--   trial = flow.happen { { "FeederSwitch_alarm", "alarm code" }, ... }    events, one after the other
--   trial = flow.ask { { "SW_state_cmd", "SW_state_cmd_resp-data" }, ... } commands and their answers
--   trial, postamble = flow.operate(step_up, step_down)                    done, and taken back
--   postamble = flow.restore { "FeederSwitch_close_cmd", "FeederSwitch_close_ack" }
--
-- Which way a payload goes is the plan's to say; what passes between others than the equipment is passed
-- over. So a list may name the payloads of several kinds of device: a trial makes those of its subject.

local flow = {}

---A code that differs between a subject's successive trials.
---@param t Trial
---@return integer
function flow.code(t)
  return t.number % 255 + 1
end

---Events that are provoked, or that fall due, in this order. The second of a pair is the attribute that
---carries a code: what we provoke must show it.
---@param events { [1]: string, [2]: string? }[]
---@return fun(t: Trial)
function flow.happen(events)
  return function(t)
    for _, event in ipairs(events) do
      local message = { event[1] }
      if event[2] then
        message.value, message[event[2]] = flow.code(t), flow.code(t)
      end
      t:exchange(message)
    end
  end
end

---@class Asking
---@field [1] string the command
---@field [2] string its answer
---@field [3] string? a second answer, to others
---@field code string? attribute of the command that carries a code

---@param t Trial
---@param what Asking
---@param code integer?
---@return any? answer
local function ask(t, what, code)
  local message = { what[1] }
  if what.code then
    message.value, message[what.code] = code or flow.code(t), code or flow.code(t)
  end
  local command = t:exchange(message)
  local answer
  for i = 2, #what do
    answer = t:exchange { what[i], in_reply_to = command }
  end
  return answer
end
flow.asked = ask

---Commands, each answered before the next.
---@param commands Asking[]
---@return fun(t: Trial)
function flow.ask(commands)
  return function(t)
    for _, what in ipairs(commands) do
      ask(t, what)
    end
  end
end

---Sends a command to devices of the equipment, off the record of any row. All are told before any is
---heard, so that silent ones are waited for together.
---@param t Trial
---@param devices Device[]
---@param what Asking
---@param say table<string, any>? attributes
local function tell(t, devices, what, say)
  local told = {}
  for i, device in ipairs(devices) do
    local message = { what[1], to = device }
    for name, value in pairs(say or {}) do
      message[name] = value
    end
    told[i] = t:send(message)
  end
  for i, device in ipairs(devices) do
    t:expect { what[2], from = device, in_reply_to = told[i], within = 1, optional = true }
  end
end

---A postamble that leaves all devices of the equipment as this command leaves them.
---@param what Asking
---@param say table<string, any>? attributes
---@return fun(t: Trial)
function flow.restore(what, say)
  return function(t)
    if t:side(what[1]) == "to" then
      tell(t, t:devices(), what, say)
    end
  end
end

---An operation that is taken back by another, so that the next trial finds a device to operate, and a
---real one stays within its range. Played devices have nothing to take back. The postamble takes back what
---a trial that was cut short left.
---@param what Asking
---@param undo Asking
---@return fun(t: Trial) trial
---@return fun(t: Trial) postamble
function flow.operate(what, undo)
  local left = {}
  local function trial(t)
    local real = t:side(what[1]) == "to"
    if real then
      left[t.device.id] = true
    end
    ask(t, what)
    if real then
      ask(t, undo)
      left[t.device.id] = nil
    end
  end
  local function postamble(t)
    local devices = {}
    for _, device in ipairs(t:devices()) do
      if left[device.id] then
        devices[#devices + 1] = device
      end
    end
    tell(t, devices, undo)
  end
  return trial, postamble
end

return flow
