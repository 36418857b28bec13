local firmware = require "firmware"

return scenario {
  section = "4.9.4.6",
  use_case = "Firmware / Program Update",
  title = "A gateway of the field area network is given a new program",
  operation = "firmware",
  payloads = {
    "FAN-GtWay_program_update_cmd",
    "FAN-GtWay_program_update_confirmation",
  },

  trial = firmware.trial {
    one = "FAN-GtWay_program_update_cmd",
    answer = "FAN-GtWay_program_update_confirmation",
    image = "firmware update",
    k = 25,
    cut_over = firmware.CUT_OVER,
  },
}
