local flow = require "flow"

return scenario {
  section = "4.7.4.2",
  use_case = "PrePay",
  title = "A customer leaves prepayment by browser, at home or on the way",
  subject = "from",
  payloads = { "prepay_cust_unenroll_cmd" },

  trial = flow.each { { "prepay_cust_unenroll_cmd" } },
}
