local firmware = require "firmware"

return scenario {
  section = "4.9.4.5",
  use_case = "Firmware / Program Update",
  title = "A gateway of the field area network is given new firmware",
  operation = "firmware",
  payloads = {
    "FAN-GtWay_firmware_update_cmd",
    "FAN-GtWay_firmware_update_confirmation",
  },

  trial = firmware.trial {
    one = "FAN-GtWay_firmware_update_cmd",
    answer = "FAN-GtWay_firmware_update_confirmation",
    image = "firmware update",
    k = 400,
    cut_over = firmware.CUT_OVER,
  },
}
