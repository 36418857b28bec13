-- 4.3 Customer Information & Messaging.
local make = require "bindings.make"
local text, eui64, float32 = make.text, make.eui64, make.float32

local NOUN = "CustomerAccounts"

---What several of the payloads tell about an account, in the order of this row.
local function account()
  return { eui64 "Account ID", text "Premise ID", text "Premise address", text "billing address",
           eui64 "Meter ID", text { "payment history", many = true }, float32 "current billing",
           text "general account information" }
end

---The same with the usage, as the portals have it.
local function premise()
  return { eui64 "Account ID", text "Premise ID", eui64 "Meter ID", text "Premise address",
           text "billing address", text { "payment history", many = true },
           float32 "current billing", text "general account information",
           float32 { "energy/demand usage history", many = true } }
end

return {
  make.event("bulk_Cust_Subset_Acct_Info_REP_data", NOUN, account()),
  make.event("bulk_Cust_Subset_Acct_Info_Util_data", NOUN, account()),

  make.event("bulk_Cust_Subset_meter_comm_Info_Util_data", "MeterReadings",
             { eui64 "Meter ID", float32 { "meter read success stats", many = true } }),
  make.event("bulk_Cust_Subset_meter_Info_Util_data", "MeterReadings",
             { eui64 "Meter ID", float32 { "Current meter Readings", many = true },
               float32 { "meter read history", many = true } }),
  make.event("bulk_Cust_Subset_meter_outage_Info_Util_data", "Outages",
             { eui64 "Meter ID", text { "outage information", many = true } }),

  make.query("Cust_Acct_Info_cmd", NOUN, { eui64 "Account ID", make.code "query type" }),
  make.answer("Cust_Acct_Info_resp-data", "Cust_Acct_Info_cmd", NOUN, premise()),

  make.event("bulk_Cust_Subset_Acct_Premise_Info_REP_data", NOUN, premise()),
  make.event("bulk_Cust_Subset_Acct_Premise_Info_Util_data", NOUN, premise()),
}
