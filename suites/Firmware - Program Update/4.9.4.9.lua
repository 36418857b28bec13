local firmware = require "firmware"

-- The rows' attributes leave out the image that their sizes are about.
return scenario {
  section = "4.9.4.9",
  use_case = "Firmware / Program Update",
  title = "The metrology of meters is given new firmware",
  operation = "firmware",
  payloads = {
    "metrology_firmware_update_cmd",
    "metrology_firmware_update_confirmation",
    { "metrology_firmware_update_multicast_cmd", population = true },
    { "metrology_firmware_update_broadcast_cmd", population = true },
  },

  trial = firmware.trial {
    one = "metrology_firmware_update_cmd",
    all = {
      "metrology_firmware_update_multicast_cmd",
      "metrology_firmware_update_broadcast_cmd",
    },
    answer = "metrology_firmware_update_confirmation",
    image = "firmware update",
    k = 400,
    cut_over = firmware.CUT_OVER,
  },
}
