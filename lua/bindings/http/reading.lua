-- 4.10 Meter Reading.
local make = require "bindings.make"
local code, eui64, float32, text, time, uint32 =
  make.code, make.eui64, make.float32, make.text, make.time, make.uint32

local NOUN = "MeterReadings"
local ON_DEMAND = "on-demand_Mtr-read_cmd"

---@return BindingField[]
local function readings()
  return { eui64 "device ID", time "reading period", text "reading type",
           float32 { "reading data", many = true } }
end

return {
  make.query(ON_DEMAND, NOUN, { eui64 "Meter ID", text "reading type desired" }),
  make.answer("on-demand_Mtr-read_resp-data", ON_DEMAND, NOUN,
              { eui64 "Meter ID", text "reading type", float32 { "reading data", many = true } }),
  make.answer("on-demand_Mtr-read_cmd_err", ON_DEMAND, NOUN,
              { eui64 "Meter ID", code "failure code" }),
  make.notice("on-demand_Mtr-read_cmd_comm_err", ON_DEMAND, NOUN,
              { eui64 "Meter ID", code "failure code", eui64 "sending device ID" }),

  make.event("Mtr-read_data_resp-data", NOUN, readings()),

  -- the period in minutes up to now
  make.query("Mtr-read_multi-interval-data_cmd", NOUN,
             { eui64 "device ID", make.uint16 "period of time to be reported",
               text "reading type" }),
  -- pushed, it travels in an EventMessage: recognition goes by the element, never by the kind
  make.answer("Mtr-read_multi-interval-data_resp-data", "Mtr-read_multi-interval-data_cmd", NOUN,
              readings()),

  make.query("bulk_Mtr-read_cmd", NOUN,
             { uint32 "group(cycle)ID", text "data-elements-groups", time "data-date" }),
  make.answer("bulk_Mtr-read_resp-data", "bulk_Mtr-read_cmd", NOUN,
              { uint32 "group(cycle)ID", text { "data-elements-group ID", many = true },
                time "data-date" },
              { echo = "group(cycle)ID" }),
}
