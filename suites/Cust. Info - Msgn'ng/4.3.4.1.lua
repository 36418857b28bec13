local flow = require "flow"

local transfers = {
  { "bulk_Cust_Subset_Acct_Info_REP_data" },
  { "bulk_Cust_Subset_Acct_Info_Util_data" },
}

return scenario {
  section = "4.3.4.1",
  use_case = "Cust. Info / Msgn'ng",
  title = "Account data go to the operational data warehouses at night",
  subject = "from",
  payloads = flow.names(transfers),

  trial = flow.each(transfers),
}
