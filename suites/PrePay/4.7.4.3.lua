local flow = require "flow"

return scenario {
  section = "4.7.4.3",
  use_case = "PrePay",
  title = "A meter is configured for prepayment",
  payloads = { "prepay_meter_config_cmd" },

  trial = flow.each { { "prepay_meter_config_cmd" } },
}
