local firmware = require "firmware"

return scenario {
  section = "4.9.4.2",
  use_case = "Firmware / Program Update",
  title = "A data aggregation point is given a new program",
  operation = "firmware",
  payloads = {
    "DAP_program_update_cmd",
    "DAP_program_update_confirmation",
  },

  trial = firmware.trial {
    one = "DAP_program_update_cmd",
    answer = "DAP_program_update_confirmation",
    image = "firmware update",
    k = 25,
    cut_over = firmware.CUT_OVER,
  },
}
