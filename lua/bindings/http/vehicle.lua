-- 4.8 Electric Transportation.
local make = require "bindings.make"
local code, eui64, text = make.code, make.eui64, make.text

local function device(...)
  return { eui64 "device ID", ... }
end

return {
  make.command("PHEV_price_rate_cmd", "PricingStructures", device(text "price information")),
  make.notice("PHEV_price_rate_comm_err", "PHEV_price_rate_cmd", "PricingStructures",
              device(code "failure code")),

  -- each side of the negotiation asks the other in turn
  make.command("PHEV_pwr_chrg_rate_negot-thrd", "VehicleCharging",
               device(code "price rate tier", code "power charge rate level",
                      text "DR or TOU rider rates")),
  make.answer("PHEV_pwr_chrg_status_resp-data", "PHEV_pwr_chrg_rate_negot-thrd",
              "VehicleCharging", device(text "battery charge status")),
  make.notice("PHEV_pwr_chrg_rate_comm_err", "PHEV_pwr_chrg_rate_negot-thrd", "VehicleCharging",
              device(code "failure code")),

  make.command("PHEV_Vin_data_cmd", "VehicleIdentities",
               device(text "VIN", code "command parameter")),
  make.notice("PHEV_Vin_data_comm_err", "PHEV_Vin_data_cmd", "VehicleIdentities",
              device(code "failure code")),
}
