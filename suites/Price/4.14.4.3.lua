local told = require "told"

return scenario {
  section = "4.14.4.3",
  use_case = "Price",
  title = "Devices are told the prices of a critical peak, and acknowledge them",
  payloads = {
    "CPP_pricing-data_cmd",
    "CPP_pricing-data_ack",
    { "CPP_pricing-data_mltcst", population = true },
    { "CPP_pricing-data_brdcst", population = true },
  },

  trial = told.trial {
    one = "CPP_pricing-data_cmd",
    all = { "CPP_pricing-data_mltcst", "CPP_pricing-data_brdcst" },
    answer = "CPP_pricing-data_ack",
  },
}
