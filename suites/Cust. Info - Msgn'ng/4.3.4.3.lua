local flow = require "flow"

local queries = {
  { "Cust_Acct_Info_cmd", "Cust_Acct_Info_resp-data", code = "query type" },
}

return scenario {
  section = "4.3.4.3",
  use_case = "Cust. Info / Msgn'ng",
  title = "A customer looks up the account at a portal, at home or on the way",
  payloads = flow.names(queries),

  trial = flow.each(queries),
}
