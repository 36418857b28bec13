local flow = require "flow"

return scenario {
  section = "4.7.4.1",
  use_case = "PrePay",
  title = "A customer enrolls for prepayment by browser, at home or on the way",
  subject = "from",
  payloads = { "prepay_cust_enroll_cmd" },

  trial = flow.each { { "prepay_cust_enroll_cmd" } },
}
