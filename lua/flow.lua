-- flow - the courses that most scenarios take. Each function gives a trial (or a postamble) to a scenario:
--
--   trial = flow.happen { { "FeederSwitch_alarm", "alarm code" }, ... }    events, one after the other
--   trial = flow.ask { { "SW_state_cmd", "SW_state_cmd_resp-data" }, ... } commands and their answers
--   trial = flow.operate { ... undo = ... }                                the same, and taken back
--   postamble = flow.restore("FeederSwitch_close_cmd", "FeederSwitch_close_ack")
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

---An operation that is taken back by another, so that the next trial finds a device to operate, and a
---real one stays within its range. Played devices have nothing to take back.
---@param what Asking
---@param undo Asking
---@return fun(t: Trial)
function flow.operate(what, undo)
  return function(t)
    ask(t, what)
    if t:side(what[1]) == "to" then
      ask(t, undo)
    end
  end
end

---The devices of the equipment are left as this command leaves them. All are told before any is heard,
---so that silent ones are waited for together.
---@param command string
---@param answer string
---@param say table<string, any>? attributes
---@return fun(t: Trial)
function flow.restore(command, answer, say)
  return function(t)
    if t:side(command) ~= "to" then
      return
    end
    local told = {}
    for i, device in ipairs(t:devices()) do
      local message = { command, to = device }
      for name, value in pairs(say or {}) do
        message[name] = value
      end
      told[i] = { device, t:send(message) }
    end
    for _, one in ipairs(told) do
      t:expect { answer, from = one[1], in_reply_to = one[2], within = 1, optional = true }
    end
  end
end

return flow
