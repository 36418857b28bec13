local failure = require "failure"

local refusal = failure.of { command = "han_dev_join_cmd", answer = "han_dev_join_ack",
                             error = "han_dev_join_cmd_err" }

return scenario {
  section = "4.13.4.1",
  use_case = "Premise Network Admin",
  title = "A device joins the network of the premises, or fails to",
  payloads = {
    "han_dev_join_cmd",
    "han_dev_join_ack",
    "han_dev_join_cmd_err",
  },

  trial = function(t)
    local command = t:exchange { "han_dev_join_cmd" }
    t:exchange { "han_dev_join_ack", in_reply_to = command }
    refusal.happen(t)
  end,

  postamble = refusal.use_up,
}
