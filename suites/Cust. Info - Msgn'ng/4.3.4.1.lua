local flow = require "flow"

return scenario {
  section = "4.3.4.1",
  use_case = "Cust. Info / Msgn'ng",
  title = "Account data go to the operational data warehouses at night",
  subject = "from",
  payloads = {
    "bulk_Cust_Subset_Acct_Info_REP_data",
    "bulk_Cust_Subset_Acct_Info_Util_data",
  },

  trial = flow.happen {
    { "bulk_Cust_Subset_Acct_Info_REP_data" },
    { "bulk_Cust_Subset_Acct_Info_Util_data" },
  },
}
