-- 4.14 Pricing: TOU, RTP and CPP are alike, and each goes to one device, a group or all.
local make = require "bindings.make"
local eui64, uint32 = make.eui64, make.uint32

local NOUN = "PricingStructures"
local all = {}

for _, tariff in ipairs { "TOU", "RTP", "CPP" } do
  local stem = tariff .. "_pricing-data"
  -- a start and a duration in one text, "2013-04-01T16:00:00Z/PT2H"
  local period = make.text(tariff .. " effective time period")
  local price = make.float32 { tariff .. " price data", many = true }
  for _, command in ipairs {
    make.command(stem .. "_cmd", NOUN, { eui64 "HAN device ID", period, price }),
    make.command(stem .. "_mltcst", NOUN,
                 { uint32 "HAN device multicast group ID", price, period }),
    make.command(stem .. "_brdcst", NOUN,
                 { uint32 "HAN device broadcast group ID", price, period }),
    make.answer(stem .. "_ack", { stem .. "_cmd", stem .. "_mltcst", stem .. "_brdcst" }, NOUN,
                { eui64 "HAN device ID", make.code "acknowledgement code" }),
  } do
    all[#all + 1] = command
  end
end

return all
