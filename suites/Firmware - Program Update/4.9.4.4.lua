local firmware = require "firmware"

return scenario {
  section = "4.9.4.4",
  use_case = "Firmware / Program Update",
  title = "Energy services interfaces are given new firmware by the metering network",
  operation = "firmware",
  payloads = {
    "ESI-In-Utility_firmware_update_cmd",
    "ESI-In-Utility_firmware_update_confirmation",
    { "ESI-In-Utility_firmware_update_multicast_cmd", population = true },
    { "ESI-In-Utility_firmware_update_broadcast_cmd", population = true },
  },

  trial = firmware.trial {
    one = "ESI-In-Utility_firmware_update_cmd",
    all = {
      "ESI-In-Utility_firmware_update_multicast_cmd",
      "ESI-In-Utility_firmware_update_broadcast_cmd",
    },
    answer = "ESI-In-Utility_firmware_update_confirmation",
    image = "firmware update",
    k = 150,
  },
}
