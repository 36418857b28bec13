local told = require "told"

return scenario {
  section = "4.14.4.2",
  use_case = "Price",
  title = "Devices are told the prices of the hour, and acknowledge them",
  payloads = {
    "RTP_pricing-data_cmd",
    "RTP_pricing-data_ack",
    { "RTP_pricing-data_mltcst", population = true },
    { "RTP_pricing-data_brdcst", population = true },
  },

  trial = told.trial {
    one = "RTP_pricing-data_cmd",
    all = { "RTP_pricing-data_mltcst", "RTP_pricing-data_brdcst" },
    answer = "RTP_pricing-data_ack",
  },
}
