-- wrk request script of the bench: on-demand read commands, each with an id of its own.
local n, thread = 0, 0
local run = os.getenv("RUN") or "0"
local threads = 0

function setup(t)
  t:set("thread", threads)
  threads = threads + 1
end

local before = [[<?xml version="1.0" encoding="UTF-8"?>
<RequestMessage xmlns="http://iec.ch/TC57/2011/schema/message"><Header><Verb>get</Verb><Noun>MeterReadings</Noun>]]
  .. [[<Revision>2.0</Revision><Timestamp>2026-11-23T00:00:00Z</Timestamp><Source>CIS/Billing - Utility</Source>]]
local after = [[</Header><Payload><on-demand_Mtr-read_cmd xmlns="urn:gridassay:payload:1">]]
  .. [[<MeterID>00135A0000000001</MeterID><ReadingTypeDesired>kWh delivered</ReadingTypeDesired>]]
  .. [[</on-demand_Mtr-read_cmd></Payload></RequestMessage>]]

function request()
  n = n + 1
  local id = string.format("bench-%s-%d-%07d", run, thread, n)
  return wrk.format("POST", "/meter", {
    ["Content-Type"] = "application/xml", ["X-Correlation"] = id,
  }, before .. "<MessageID>" .. id .. "</MessageID><CorrelationID>" .. id .. "</CorrelationID>" .. after)
end
