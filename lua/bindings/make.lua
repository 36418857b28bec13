-- make - words that make bindings short: fields by type, and the five shapes that payloads have.
--
-- A field's path is its attribute in CamelCase unless it is given. Whatever a shape sets can be set
-- otherwise in the table that it is given.

local make = {}

---@param name string
---@return string "DataElementsGroups" of "data-elements-groups"
local function camel(name)
  return (name:gsub("%w+", function(word)
    return word:sub(1, 1):upper() .. word:sub(2)
  end):gsub("%W", ""))
end

---One maker for each type: make.code "alarm code", make.code { "SW state", path = "..." }.
for _, kind in ipairs {
  "text", "eui64", "time", "code", "uint16", "uint32", "float32", "hex", "image",
} do
  make[kind] = function(attribute)
    local field = type(attribute) == "table" and attribute or { attribute }
    return { name = field[1], path = field.path or camel(field[1]), type = kind,
             required = field.required, many = field.many }
  end
end

---@param payload string
---@param kind "request"|"response"|"event"
---@param verb string
---@param noun string
---@param fields BindingField[]
---@param more table? whatever else the binding has
---@return Binding
local function binding(payload, kind, verb, noun, fields, more)
  local made = { payload = payload, element = payload:gsub("[^%w._-]", ""), kind = kind, verb = verb,
                 noun = noun, fields = fields }
  -- what opens with an EUI-64 is about that device, meter or account
  if fields[1].type == "eui64" then
    made.identity = fields[1].name
  end
  for key, value in pairs(more or {}) do
    made[key] = value
  end
  return made
end

---Asks for something.
function make.query(payload, noun, fields, more)
  return binding(payload, "request", "get", noun, fields, more)
end

---Has something done.
function make.command(payload, noun, fields, more)
  return binding(payload, "request", "create", noun, fields, more)
end

---What only its receiver can have sent. It names the device that the command named.
---@param commands string|string[] payloads that it answers
function make.answer(payload, commands, noun, fields, more)
  local made = binding(payload, "response", "reply", noun, fields, more)
  made.reply_to = commands
  made.echo = made.echo or made.identity
  if made.proves == nil then
    made.proves = true
  end
  return made
end

---An answer of somebody else, or to somebody else: it does not prove that the command was consumed.
function make.notice(payload, commands, noun, fields)
  return make.answer(payload, commands, noun, fields, { proves = false })
end

---Something happened, or fell due.
function make.event(payload, noun, fields, more)
  return binding(payload, "event", "created", noun, fields, more)
end

return make
