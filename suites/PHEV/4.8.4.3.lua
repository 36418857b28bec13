local failure = require "failure"

return scenario {
  section = "4.8.4.3",
  use_case = "PHEV",
  title = "A vehicle says who it is, or finds that nobody is to be reached",
  subject = "from",
  payloads = { "PHEV_Vin_data_cmd", "PHEV_Vin_data_comm_err" },

  trial = function(t)
    t:exchange { "PHEV_Vin_data_cmd" }
    failure.on_the_way(t, { command = "PHEV_Vin_data_cmd", error = "PHEV_Vin_data_comm_err" })
  end,
}
