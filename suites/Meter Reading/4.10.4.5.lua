-- Both ends are systems of the enterprise: no meter takes part. It runs when the equipment under test
-- is the MDMS or the head-end that answers.

-- Readings change nothing in such a system: there is no state to bring about or to return to.
local function nothing() end

return scenario {
  section = "4.10.4.5",
  use_case = "Meter Reading",
  title = "Readings are handed over in bulk within the enterprise",
  payloads = {
    { "bulk_Mtr-read_cmd", direction = "send" },
    { "bulk_Mtr-read_resp-data", direction = "expect" },
  },

  preamble = nothing,

  trial = function(t)
    local system = t:eut()
    local cycle = t.number + 1
    local cmd = t:send { "bulk_Mtr-read_cmd", to = system, ["group(cycle)ID"] = cycle,
                         ["data-elements-groups"] = "Register" }
    t:expect { "bulk_Mtr-read_resp-data", from = system, in_reply_to = cmd,
               ["group(cycle)ID"] = cycle }
  end,

  postamble = nothing,
}
