local meter = require "meter"
local service = require "service"
local told = require "told"

local has = service.switch

return scenario {
  section = "4.15.4.3",
  use_case = "Service Switch",
  title = "The utility asks for the state of the service switch",
  payloads = {
    "SW_state_cmd",
    "SW_state_cmd_resp-data",
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
