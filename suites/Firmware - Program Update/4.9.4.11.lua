local firmware = require "firmware"

return scenario {
  section = "4.9.4.11",
  use_case = "Firmware / Program Update",
  title = "Network interfaces are given new firmware",
  operation = "firmware",
  payloads = {
    "NIC_firmware_update_cmd",
    "NIC_firmware_update_confirmation",
    { "NIC_firmware_update_multicast_cmd", population = true },
    { "NIC_firmware_update_broadcast_cmd", population = true },
  },

  trial = firmware.trial {
    one = "NIC_firmware_update_cmd",
    all = {
      "NIC_firmware_update_multicast_cmd",
      "NIC_firmware_update_broadcast_cmd",
    },
    answer = "NIC_firmware_update_confirmation",
    image = "firmware update",
    k = 400,
    cut_over = firmware.CUT_OVER,
  },
}
