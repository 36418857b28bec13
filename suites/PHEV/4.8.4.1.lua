local failure = require "failure"

return scenario {
  section = "4.8.4.1",
  use_case = "PHEV",
  title = "A vehicle is told the price of charging, or is not to be reached",
  payloads = { "PHEV_price_rate_cmd", "PHEV_price_rate_comm_err" },

  trial = function(t)
    t:exchange { "PHEV_price_rate_cmd" }
    failure.on_the_way(t, { command = "PHEV_price_rate_cmd", error = "PHEV_price_rate_comm_err" })
  end,
}
