local told = require "told"

-- The request carries no event's id: what the acknowledgement says there is the device's own.
return scenario {
  section = "4.6.4.2",
  use_case = "DR-DLC",
  title = "Devices are asked to shed load of their own will, and acknowledge it",
  payloads = {
    "Vol_load_shed_reqst",
    "Vol_load_shed_req_ack",
    { "Vol_load_shed_reqst_mltcst", population = true },
    { "Vol_load_shed_reqst_brdcst", population = true },
  },

  trial = told.trial {
    one = "Vol_load_shed_reqst",
    all = { "Vol_load_shed_reqst_mltcst", "Vol_load_shed_reqst_brdcst" },
    answer = "Vol_load_shed_req_ack",
  },
}
