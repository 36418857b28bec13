local told = require "told"

-- Acknowledgements name the event that they are for.
local function event_id(t)
  return t.number + 1
end

return scenario {
  section = "4.6.4.1",
  use_case = "DR-DLC",
  title = "Devices are told to reduce their load, one by one or all at once, and acknowledge it",
  payloads = {
    "Load_mgm_reqst",
    "Load_mgm_req_ack",
    { "Load_mgm_reqst_mltcst", population = true },
    { "Load_mgm_reqst_brdcst", population = true },
  },

  trial = told.trial {
    one = "Load_mgm_reqst",
    all = { "Load_mgm_reqst_mltcst", "Load_mgm_reqst_brdcst" },
    answer = "Load_mgm_req_ack",
    say = function(t)
      return { ["event ID"] = event_id(t) }
    end,
    right = function(t, request)
      return { ["event ID"] = told.word(request, "event ID", event_id(t)) }
    end,
  },
}
