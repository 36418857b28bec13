local failure = require "failure"

local UTILITY, VEHICLE = "LMS - Utility", "PHEV"

-- The one payload of the thread goes both ways; its originating actor tells which way is meant.
return scenario {
  section = "4.8.4.2",
  use_case = "PHEV",
  title = "The utility and a vehicle negotiate the rate of charging",
  payloads = {
    "PHEV_pwr_chrg_rate_negot-thrd",
    "PHEV_pwr_chrg_status_resp-data",
    "PHEV_pwr_chrg_rate_comm_err",
  },

  trial = function(t)
    local offer = t:exchange { "PHEV_pwr_chrg_rate_negot-thrd", from = UTILITY }
    t:exchange { "PHEV_pwr_chrg_status_resp-data", in_reply_to = offer }
    t:exchange { "PHEV_pwr_chrg_rate_negot-thrd", from = VEHICLE }
    -- last what leaves the vehicle deaf
    for _, from in ipairs { VEHICLE, UTILITY } do
      failure.on_the_way(t, { command = "PHEV_pwr_chrg_rate_negot-thrd", from = from,
                              error = "PHEV_pwr_chrg_rate_comm_err" })
    end
  end,
}
