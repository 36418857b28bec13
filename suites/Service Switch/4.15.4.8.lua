local meter = require "meter"
local service = require "service"
local told = require "told"

local has = service.valve

return scenario {
  section = "4.15.4.8",
  use_case = "Service Switch",
  title = "The utility asks for the state of a service valve",
  payloads = {
    "valve_state_cmd",
    "valve_state_cmd_resp-data",
    meter.read_cmd,
    meter.read_answer,
  },

  preamble = meter.answers,

  trial = told.trial {
    one = has.ask,
    answer = has.state,
    say = function()
      return { [has.ask_code] = service.QUERY }
    end,
  },

  postamble = meter.answers,
}
