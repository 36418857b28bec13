local firmware = require "firmware"

return scenario {
  section = "4.9.4.8",
  use_case = "Firmware / Program Update",
  title = "A controller on the feeder is given a new program",
  operation = "firmware",
  payloads = {
    "Fdr-dev-cntl_program_update_cmd",
    "Fdr-dev-cntl_program_update_confirmation",
  },

  trial = firmware.trial {
    one = "Fdr-dev-cntl_program_update_cmd",
    answer = "Fdr-dev-cntl_program_update_confirmation",
    image = "firmware update",
    k = 25,
    cut_over = firmware.CUT_OVER,
  },
}
