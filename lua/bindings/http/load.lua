-- 4.6 Demand Response. Requests to groups name no device; the answers to them do.
local make = require "bindings.make"
local code, eui64, float32, text, uint16, uint32 =
  make.code, make.eui64, make.float32, make.text, make.uint16, make.uint32

local NOUN = "EndDeviceControls"

---A load-control event behind what it is addressed to. Its time is a start and a duration in one text
---("2013-04-01T16:00:00Z/PT2H"); randomization in seconds; percentages as codes.
local function event(...)
  local fields = { ... }
  for _, field in ipairs {
    uint32 "event ID", text "event time and duration",
    uint16 "randomization value for start and stop", code "load adjustment percentage",
    code "maximum duty cycle", code "criticality level",
  } do
    fields[#fields + 1] = field
  end
  return fields
end

---@param commands string
local function acknowledges(payload, commands)
  return make.answer(payload, { commands, commands .. "_mltcst", commands .. "_brdcst" }, NOUN,
                     { eui64 "device ID", eui64 "mac address", code "acknowledgement code",
                       uint32 "event ID", float32 "estimation of load reduction" })
end

return {
  make.command("Load_mgm_reqst", NOUN, event(eui64 "device ID", eui64 "mac address")),
  make.command("Load_mgm_reqst_brdcst", NOUN, event(uint32 "broadcast ID")),
  make.command("Load_mgm_reqst_mltcst", NOUN, event(uint32 "device group ID")),
  acknowledges("Load_mgm_req_ack", "Load_mgm_reqst"),

  -- durations in minutes
  make.command("Vol_load_shed_reqst", NOUN,
               { eui64 "device ID", code "command code", uint16 "duration of event" }),
  make.command("Vol_load_shed_reqst_brdcst", NOUN,
               { code "command code", uint16 "duration of event" }),
  make.command("Vol_load_shed_reqst_mltcst", NOUN,
               { uint32 "group ID", code "command code", uint16 "duration of event" }),
  acknowledges("Vol_load_shed_req_ack", "Vol_load_shed_reqst"),

  make.command("Load_mgm_opt_out", NOUN,
               { eui64 "device ID", eui64 "mac address", uint32 "event ID" }, { verb = "cancel" }),
}
