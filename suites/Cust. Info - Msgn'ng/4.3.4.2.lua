local flow = require "flow"

local transfers = {
  { "bulk_Cust_Subset_meter_comm_Info_Util_data" },
  { "bulk_Cust_Subset_meter_Info_Util_data" },
  { "bulk_Cust_Subset_meter_outage_Info_Util_data" },
}

return scenario {
  section = "4.3.4.2",
  use_case = "Cust. Info / Msgn'ng",
  title = "Meter data go to the operational data warehouse at night",
  subject = "from",
  payloads = flow.names(transfers),

  trial = flow.each(transfers),
}
