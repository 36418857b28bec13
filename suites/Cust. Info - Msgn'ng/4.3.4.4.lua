local flow = require "flow"

local transfers = {
  { "bulk_Cust_Subset_Acct_Premise_Info_REP_data" },
  { "bulk_Cust_Subset_Acct_Premise_Info_Util_data" },
}

return scenario {
  section = "4.3.4.4",
  use_case = "Cust. Info / Msgn'ng",
  title = "Account and usage data go from the warehouses to the portals at night",
  subject = "from",
  payloads = flow.names(transfers),

  trial = flow.each(transfers),
}
