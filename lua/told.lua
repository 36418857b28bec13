-- told - requests to one device, or to all of them at once, that each acknowledges.

local told = {}

---A request with what it says. Equipment under test that sends one of its own accord knows nothing
---of what we would have said.
---@param t Trial
---@param payload string
---@param said table<string, any>?
---@param more table<string, any>? what t:exchange takes beside
---@return any
function told.request(t, payload, said, more)
  local message = { payload }
  for name, value in pairs(more or {}) do
    message[name] = value
  end
  if t:side(payload, message.from) ~= "from" then
    for name, value in pairs(said or {}) do
      message[name] = value
    end
  end
  return t:exchange(message)
end

---What a message said, where it is known: what equipment has made up itself is answered with its
---own words.
---@param exchange any what t:exchange gave
---@param attribute string
---@param otherwise any
---@return any
function told.word(exchange, attribute, otherwise)
  local known = exchange and exchange[attribute]
  if known == nil or known == "" then
    return otherwise
  end
  return known
end

---@class Telling
---@field one string payload that reaches one device
---@field all string[]? payloads that reach the whole population
---@field answer string
---@field say (fun(t: Trial, payload: string): table<string, any>)? attributes of the request
---@field right (fun(t: Trial, request: any): table<string, any>)? attributes of the answer

---@param what Telling
---@return fun(t: Trial)
function told.trial(what)
  local function tell(t, payload)
    local sent = told.request(t, payload, what.say and what.say(t, payload))
    local known = what.right and t:side(payload) ~= "none"
    local answer = known and what.right(t, sent) or {}
    answer[1], answer.in_reply_to = what.answer, sent
    t:exchange(answer)
  end
  return function(t)
    if #t.population == 0 then
      tell(t, what.one)
      return
    end
    for _, payload in ipairs(what.all) do
      tell(t, payload)
    end
  end
end

return told
