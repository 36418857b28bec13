-- failure - commands that end in an error: at the device, or on the way to it.

local told = require "told"

local failure = {}

---@class Failing
---@field command string
---@field answer string? what the device sends when it does not fail
---@field error string the payload that tells of the failure
---@field say table<string, any>? attributes of the command
---@field value any? what equipment that sends the command of its own accord is told to say
---@field from string? the command's originating actor, where its payload goes both ways

---@class Fault
---@field happen fun(t: Trial, say: table<string, any>?): any, string? the fault's course in a trial
---@field use_up fun(t: Trial) for postambles: what was provoked and not seen

---A fault of the device itself. Equipment under test is made to have it, before the command that
---shows it.
---@param what Failing
---@return Fault
function failure.of(what)
  -- Devices whose provoked fault was not seen to be used up, by index: what they were to be told.
  local armed = {}

  local function happen(t, say)
    say = say or what.say
    local ours = t:side(what.command) == "to"
    if ours then
      armed[t.device.index] = say or {}
      t:stimulate(what.error)
    end
    local command = told.request(t, what.command, say, { value = what.value })
    local seen, why = t:exchange { what.error, in_reply_to = command }
    if seen and ours then
      armed[t.device.index] = nil
    end
    return seen, why
  end

  -- All are told before any is heard, so that silent ones are waited for together.
  local function use_up(t)
    local asked = {}
    for _, device in ipairs(t:devices()) do
      local say = armed[device.index]
      if say then
        local message = { what.command, to = device }
        for name, value in pairs(say) do
          message[name] = value
        end
        armed[device.index] = nil
        asked[#asked + 1] = { device, t:send(message) }
      end
    end
    for _, one in ipairs(asked) do
      t:expect { what.answer, from = one[1], in_reply_to = one[2], within = 1, optional = true }
    end
  end

  return { happen = happen, use_up = use_up }
end

---The device is not to be reached: the last actor that the command came to tells. When that is the
---equipment under test the failure is made: whoever is next on the way does not answer.
---@param t Trial
---@param what Failing
function failure.on_the_way(t, what)
  local side = t:side(what.error)
  if side == "none" then
    return
  end
  local deaf = side == "from" or nil
  if deaf and t:side(what.command, what.from) == "to" then
    -- the device and who tells of it are both the equipment's: nobody of ours can be deaf
    t:stimulate(what.error)
    deaf = nil
  end
  local command = told.request(t, what.command, what.say,
                               { value = what.value, deaf = deaf, from = what.from })
  t:exchange { what.error, in_reply_to = command }
end

return failure
