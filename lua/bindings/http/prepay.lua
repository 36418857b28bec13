-- 4.7 Electric Service Prepayment.
local make = require "bindings.make"
local code, eui64 = make.code, make.eui64

return {
  make.command("prepay_cust_enroll_cmd", "CustomerAgreements",
               { eui64 "Account ID", code "cust-program code" }),
  make.command("prepay_cust_unenroll_cmd", "CustomerAgreements",
               { eui64 "Account ID", code "cust-program code" }, { verb = "cancel" }),
  make.command("prepay_meter_config_cmd", "EndDeviceConfig",
               { eui64 "Meter ID", code "command code", make.hex "config-parms" }),
  -- ten messages: the command code, 1 to 10, tells which
  make.event("prepay_msg_[1of10]_resp-data", "CustomerMessages",
             { eui64 "HAN device ID", code "command code",
               make.text { "display variable data", many = true } }),
}
