-- flow - the courses that most scenarios take. A scenario lists its messages once:
--
--   local alarms = { { "FeederSwitch_alarm", code = "alarm code" }, ... }
--   local queries = { { "SW_state_cmd", "SW_state_cmd_resp-data", code = "command code" }, ... }
--     payloads = flow.names(queries), trial = flow.each(queries)
--   local trial, postamble = flow.operate(step_up, step_down)
--   postamble = flow.restore(close)
--
-- Which way a payload goes is the plan's to say; what passes between others than the equipment is
-- passed over. So a list may name the payloads of several kinds of device: a trial makes those of
-- its subject.

local flow = {}

---An event, a transfer, or a command with its answers.
---@class Course
---@field [1] string payload
---@field [2] string? its answer
---@field [3] string? a second answer, to others
---@field code string? attribute of the first that carries a code: what we provoke must show it

---A code that differs between a subject's successive trials.
---@param t Trial
---@return integer
function flow.code(t)
  return t.number % 255 + 1
end

---All payloads, for a scenario to declare.
---@param courses Course[]
---@return string[]
function flow.names(courses)
  local names = {}
  for _, course in ipairs(courses) do
    table.move(course, 1, #course, #names + 1, names)
  end
  return names
end

---@param t Trial
---@param course Course
---@param code integer? other than that of the trial
---@return any command what went first
function flow.run(t, course, code)
  local message = { course[1] }
  if course.code then
    code = code or flow.code(t)
    message.value, message[course.code] = code, code
  end
  local command = t:exchange(message)
  for i = 2, #course do
    t:exchange { course[i], in_reply_to = command }
  end
  return command
end

---One after the other.
---@param courses Course[]
---@return fun(t: Trial)
function flow.each(courses)
  return function(t)
    for _, course in ipairs(courses) do
      flow.run(t, course)
    end
  end
end

---Sends a command to devices of the equipment, off the record of any row.
---@param t Trial
---@param devices Device[]
---@param course Course
---@param say table<string, any>? attributes
local function tell(t, devices, course, say)
  if #devices == 0 then
    return
  end
  local message = { course[1], to = devices }
  for name, value in pairs(say or {}) do
    message[name] = value
  end
  t:exchange { course[2], in_reply_to = t:exchange(message), within = 1 }
end

---A postamble that leaves all devices of the equipment as this command leaves them.
---@param course Course
---@param say table<string, any>? attributes
---@return fun(t: Trial)
function flow.restore(course, say)
  return function(t)
    if t:side(course[1]) == "to" then
      tell(t, t:devices(), course, say)
    end
  end
end

---An operation that is taken back by another, so that the next trial finds a device to operate, and
---a real one stays within its range. Played devices have nothing to take back. The postamble takes
---back what a trial that was cut short left.
---@param done Course
---@param undone Course
---@return fun(t: Trial) trial
---@return fun(t: Trial) postamble
function flow.operate(done, undone)
  local left = {}
  local function trial(t)
    local real = t:side(done[1]) == "to"
    if real then
      left[t.device.id] = true
    end
    flow.run(t, done)
    if real then
      flow.run(t, undone)
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
    tell(t, devices, undone)
  end
  return trial, postamble
end

return flow
