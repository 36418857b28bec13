---@meta
-- What a scenario file may use: types for the editor (LuaLS). Nothing here runs.

---A device that messages are about: of the equipment under test, or played by the harness.
---@class Device
---@field id string EUI-64 as 16 upper-case hex digits
---@field actor string "2-Way Meter - Electr"
---@field device_class string "residential", "" when the statement gives none
---@field index integer 0-based among the devices of the run

---A message that arrived, or what t:exchange gave for one that we sent: also its attributes by name,
---as they came (text) or as they were given: message["Meter ID"]. To be named in in_reply_to.
---@class Message
---@field payload string

---A command sent by t:send, to be named in t:expect's in_reply_to.
---@alias Command integer

---An image, sent in blocks: the vendor's file and version where the statement names them for the
---payload. Else made up from its length in bytes and a seed.
---@class Image
---@field image integer
---@field seed integer?

---What a trial, a preamble or a postamble works with.
---@class Trial
---@field device Device? the subject: the device that this trial is about. Nil in a preamble or postamble
---@field population Device[] all subjects that the trial reaches at once; empty in other cases
---@field peer string actor of ours opposite the subject in this trial, "" when there is none
---@field use_case string the one that the case is run for
---@field mode string the case's mode, "" when its rows have none
---@field number integer 0-based number of the trial in its case
local Trial = {}

---The same as t.device.
---@return Device?
function Trial:eut() end

---The devices that the case will use, free ones first. For preamble and postamble.
---@return Device[]
function Trial:devices() end

---Which side of a payload the equipment is on: "to" it, "from" it, "through" it, or "none" when the
---payload passes between others. `from`, an actor, picks the leg where a payload goes several ways.
---@param payload string
---@param from string?
---@return "to"|"from"|"through"|"none"
function Trial:side(payload, from) end

---Seconds since 1970.
---@return integer
function Trial:now() end

---@class Exchange
---@field [1] string payload, as declared
---@field to Device|Device[]|nil whom it is about; left out: the subject, the population, or whom in_reply_to is about
---@field from string? actor that sends it, where the payload goes several ways
---@field in_reply_to Message? what it answers
---@field stimulus string? instead of the payload's name
---@field value any? what the equipment is told to say
---@field optional boolean? not judged
---@field deaf boolean? the played subject does not answer, from now to the trial's end; not judged
---@field within number? seconds; of what is not judged
---@field [string] any an attribute: what we send, or the right content of what must come

---One payload's passage, whichever side the equipment is on.
---"to": it is sent, as the answer to the equipment's request where in_reply_to is one; returns at once.
---Attributes not given get a plain value of their type, or that of the request.
---"from": the answer to in_reply_to is expected, at whoever asked and at everyone else who is told;
---without in_reply_to the equipment is provoked by the payload's name first. Waits for all.
---"through": sent on one side, expected on the other with the same content. Waits.
---"none": nothing happens.
---@param exchange Exchange
---@return Message? first the message that came, or what was sent
---@return string? why nothing came: "timeout", "refused", "other", "stopped", "unasked"
function Trial:exchange(exchange) end

---Sends a payload to the equipment. It goes out when the script next waits, so that an expect which
---follows at once is on record before. `from` is an actor that the harness plays; left out: the row's.
---@param message { [1]: string, to: Device, from: string?, [string]: any }
---@return Command
function Trial:send(message) end

---Waits for a payload from the equipment: an answer (in_reply_to) or a message of its own accord.
---`within` is in seconds, at most the rows' give-up time; left out: that time. An optional expectation is never judged.
---@param message { [1]: string, from: Device, to: string?, in_reply_to: Command|Message|nil, within: number?, optional: boolean?, [string]: any }
---@return Message?
---@return string? why nothing came: "timeout", "refused", "other", "stopped"
function Trial:expect(message) end

---Provokes the equipment by a stimulus: the name of a declared payload, or one of `stimuli`. Done before
---a send that comes later; otherwise when the script next waits. Faults when the control address refuses.
---@param name string
---@param with { value: any?, device: Device? }?
function Trial:stimulate(name, with) end

---@param seconds number
function Trial:sleep(seconds) end

---Waits until the daily windows of the case's rows are open. Returns at once when they are.
function Trial:wait_window() end

---@class ScenarioPayload
---@field [1] string payload
---@field section string? of the payload's row when that is not the scenario's own: supporting only
---@field population boolean? it reaches all subjects at once: a case of its own

---@class Scenario
---@field section string "4.10.4.1"
---@field use_case string
---@field title string
---@field subject "to"|"from"|nil side of the first payload on which the subject stands; "to" when left out
---@field payloads (string|ScenarioPayload)[]
---@field stimuli string[]? names beside those of payloads, which the statement must cover
---@field exclusive boolean? one trial at a time on a subject; true when left out
---@field population boolean? every trial reaches all subjects at once
---@field unreachable boolean? the subject is played, and does not answer
---@field operation "power"|"firmware"|nil it switches power or writes firmware: needs --arm
---@field preamble fun(t: Trial)? before a case's first trial
---@field trial fun(t: Trial)
---@field postamble fun(t: Trial)? after a case's last trial, however it ended

---Marks the table as a scenario.
---@param data Scenario
---@return Scenario
function scenario(data) end
