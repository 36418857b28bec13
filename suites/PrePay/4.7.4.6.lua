-- The row stands for ten messages of one form: the command code tells which.
local MESSAGES = 10

return scenario {
  section = "4.7.4.6",
  use_case = "PrePay",
  title = "A customer's display is sent each of the ten messages about prepayment",
  payloads = { "prepay_msg_[1of10]_resp-data" },

  trial = function(t)
    for message = 1, MESSAGES do
      t:exchange { "prepay_msg_[1of10]_resp-data", value = message, ["command code"] = message }
    end
  end,
}
