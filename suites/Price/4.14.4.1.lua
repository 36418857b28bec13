local told = require "told"

return scenario {
  section = "4.14.4.1",
  use_case = "Price",
  title = "Devices are told the prices by time of use, and acknowledge them",
  payloads = {
    "TOU_pricing-data_cmd",
    "TOU_pricing-data_ack",
    { "TOU_pricing-data_mltcst", population = true },
    { "TOU_pricing-data_brdcst", population = true },
  },

  trial = told.trial {
    one = "TOU_pricing-data_cmd",
    all = { "TOU_pricing-data_mltcst", "TOU_pricing-data_brdcst" },
    answer = "TOU_pricing-data_ack",
  },
}
