local told = require "told"

-- Both ends are systems of the enterprise: no meter takes part.
local function cycle(t)
  return t.number + 1
end

return scenario {
  section = "4.10.4.5",
  use_case = "Meter Reading",
  title = "Readings are handed over in bulk within the enterprise",
  payloads = { "bulk_Mtr-read_cmd", "bulk_Mtr-read_resp-data" },

  trial = told.trial {
    one = "bulk_Mtr-read_cmd",
    answer = "bulk_Mtr-read_resp-data",
    say = function(t)
      return { ["group(cycle)ID"] = cycle(t), ["data-elements-groups"] = "Register" }
    end,
    right = function(t, request)
      return { ["group(cycle)ID"] = told.word(request, "group(cycle)ID", cycle(t)) }
    end,
  },
}
