-- 4.11 Meter System Events.
local make = require "bindings.make"

local function event(payload, attribute)
  return make.event(payload, "EndDeviceEvents", { make.eui64 "Meter ID", make.code(attribute) })
end

return {
  event("Audit_Application_Event", "event type/Code"),
  event("Configuration_Event", "acknowledgement code"),
  event("Fault_Error_Alarm_Event", "alarm code"),
  event("Power_Quality_Event", "alarm code"),
  event("Security_Event", "alarm code"),
}
