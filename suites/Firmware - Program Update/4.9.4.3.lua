local firmware = require "firmware"

return scenario {
  section = "4.9.4.3",
  use_case = "Firmware / Program Update",
  title = "An energy services interface is given new firmware by a field tool",
  operation = "firmware",
  payloads = {
    "ESI_firmware_update_cmd",
    "ESI_firmware_update_confirmation",
  },

  trial = firmware.trial {
    one = "ESI_firmware_update_cmd",
    answer = "ESI_firmware_update_confirmation",
    image = "firmware update",
    k = 400,
  },
}
