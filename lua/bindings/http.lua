-- How each payload travels in an HTTP body: data only, compiled once into C. One file a chapter of the
-- specification stands in http/, written with the words of make.lua.
--
-- A field's `name` is the attribute as the payload's row spells it, slips included; `path` is where it
-- stands below the payload's element. The type decides the canonical length (harness/probe/binding.h).
-- Recognition goes by the element, never by the kind: what answers may also come unasked.

---@alias FieldType "text"|"eui64"|"time"|"code"|"uint16"|"uint32"|"float32"|"hex"|"image"

---@class BindingField
---@field name string attribute of the row
---@field path string below the payload element; one "/" nests
---@field type FieldType
---@field required boolean? must be present and not empty; true when not given
---@field many boolean? may repeat

---@class Binding
---@field payload string
---@field element string local name inside Payload
---@field kind "request"|"response"|"event"
---@field verb string
---@field noun string
---@field reply_to string|string[]|nil payloads it answers
---@field identity string? name of the field that names the subject
---@field echo string? name of a field that must equal the request's of that name
---@field proves boolean? it proves that the command it answers was consumed
---@field cut_over string? name of the field that says when a long operation takes effect
---@field fields BindingField[]

local make = require "bindings.make"

---@type Binding[]
local all = {
  -- Asks the equipment for what it consumed. No row, and no proof of anything but by what it brings back.
  make.query("read-back", "ReadBack",
             { make.text "MessageID", make.text { "DeviceID", required = false } }),
}

for _, chapter in ipairs {
  "customer", "feeder", "storage", "load", "prepay", "vehicle", "update", "reading", "events",
  "outage", "premises", "price", "switch",
} do
  for _, binding in ipairs(require("bindings.http." .. chapter)) do
    all[#all + 1] = binding
  end
end

return all
