local firmware = require "firmware"

return scenario {
  section = "4.9.4.1",
  use_case = "Firmware / Program Update",
  title = "A data aggregation point is given new firmware",
  operation = "firmware",
  payloads = {
    "DAP_firmware_update_cmd",
    "DAP_firmware_update_confirmation",
  },

  trial = firmware.trial {
    one = "DAP_firmware_update_cmd",
    answer = "DAP_firmware_update_confirmation",
    image = "firmware update",
    k = 400,
    cut_over = firmware.CUT_OVER,
  },
}
