-- 4.12 Outage and Restoration Management.
local make = require "bindings.make"
local code, eui64 = make.code, make.eui64

return {
  make.event("otg_ntf_evnt_data", "EndDeviceEvents", { eui64 "device ID", code "event code" }),
  make.event("batt_pwr_notification", "EndDeviceEvents",
             { eui64 "device ID", code "status of mains power" }),
  make.event("svc_rst_ntf_evnt_data", "EndDeviceEvents", { eui64 "device ID", code "alert code" }),
}
