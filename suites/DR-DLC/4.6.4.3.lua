local told = require "told"

-- No ids of 4.6.4.1, which may run at the same time.
local OTHERS = 100000

return scenario {
  section = "4.6.4.3",
  use_case = "DR-DLC",
  title = "A customer opts out of a load-control event that is under way",
  subject = "from",
  payloads = {
    "Load_mgm_opt_out",
    { "Load_mgm_reqst", section = "4.6.4.1" },
    { "Load_mgm_req_ack", section = "4.6.4.1" },
  },

  trial = function(t)
    local id = OTHERS + t.number
    local request = t:exchange { "Load_mgm_reqst", ["event ID"] = id }
    id = told.word(request, "event ID", id)
    t:exchange { "Load_mgm_req_ack", in_reply_to = request, ["event ID"] = id }
    t:exchange { "Load_mgm_opt_out", value = id, ["event ID"] = id }
  end,
}
