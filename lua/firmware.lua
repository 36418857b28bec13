-- firmware - what is written into devices: images and programs, confirmed after the cut-over.
--
-- Images are made up here for payloads that the equipment's statement names no image for.

local told = require "told"

local firmware = {}

-- The lower ends of the document's ranges, with k the larger of its readings.
local K = 1024
-- One trial in so many cuts over later than at once.
local LATER = 10
local LATER_S = 1

---@class Update: Telling
---@field image string attribute that carries what is written
---@field k integer its size in k
---@field k_all integer? the same for the whole population, where that differs
---@field cut_over string? attribute; nil where devices cut over when they have it all

---@param what Update
---@return fun(t: Trial)
function firmware.trial(what)
  what.say = function(t, payload)
    local k = payload ~= what.one and what.k_all or what.k
    local said = { [what.image] = { image = k * K, seed = t.number } }
    if what.cut_over then
      said[what.cut_over] = t:now() + (t.number % LATER == LATER - 1 and LATER_S or 0)
    end
    return said
  end
  return told.trial(what)
end

---As most rows spell it.
firmware.CUT_OVER = "cut over time or cut over parameters"

return firmware
