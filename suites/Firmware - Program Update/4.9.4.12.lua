local firmware = require "firmware"

return scenario {
  section = "4.9.4.12",
  use_case = "Firmware / Program Update",
  title = "Network interfaces are given a new program",
  operation = "firmware",
  payloads = {
    "NIC_program_update_cmd",
    "NIC_program_update_confirmation",
    { "NIC_program_update_multicast_cmd", population = true },
    { "NIC_program_update_broadcast_cmd", population = true },
  },

  trial = firmware.trial {
    one = "NIC_program_update_cmd",
    all = {
      "NIC_program_update_multicast_cmd",
      "NIC_program_update_broadcast_cmd",
    },
    answer = "NIC_program_update_confirmation",
    image = "program update",
    k = 1,
    k_all = 25,
    cut_over = firmware.CUT_OVER,
  },
}
