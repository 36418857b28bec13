local firmware = require "firmware"

return scenario {
  section = "4.9.4.10",
  use_case = "Firmware / Program Update",
  title = "The metrology of meters is given a new program",
  operation = "firmware",
  payloads = {
    "metrology_program_update_cmd",
    "metrology_program_update_confirmation",
    { "metrology_program_update_multicast_cmd", population = true },
    { "metrology_program_update_broadcast_cmd", population = true },
  },

  trial = firmware.trial {
    one = "metrology_program_update_cmd",
    all = {
      "metrology_program_update_multicast_cmd",
      "metrology_program_update_broadcast_cmd",
    },
    answer = "metrology_program_update_confirmation",
    image = "program update",
    k = 25,
    cut_over = firmware.CUT_OVER,
  },
}
