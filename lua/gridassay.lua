---@meta
-- What a scenario file may use: types for the editor (LuaLS). Nothing here runs.

---A device of the equipment under test.
---@class Device
---@field id string EUI-64 as 16 upper-case hex digits
---@field actor string "2-Way Meter - Electr"
---@field device_class string "residential", "" when the statement gives none
---@field index integer 0-based among the devices of the run

---A message that arrived; also its attributes by name, as text: message["Meter ID"].
---@class Message
---@field payload string

---A sent command, to be named in in_reply_to.
---@alias Command integer

---What a trial, a preamble or a postamble works with. `t.mode` and `t.number` are plain reads.
---@class Trial
---@field mode string the case's mode, "" when the scenario has none
---@field number integer 0-based number of the trial in its case
local Trial = {}

---The device leased to this trial. Nil in a preamble or postamble.
---@return Device
function Trial:eut() end

---The devices that the case will use, free ones first. For preamble and postamble.
---@return Device[]
function Trial:devices() end

---Sends a payload to the equipment. It goes out when the script next waits, so that an expect which
---follows at once is on record before. Attributes not given get a plain value of their type.
---`from` is an actor that the harness plays; left out: the row's.
---@param message { [1]: string, to: Device, from: string?, [string]: any }
---@return Command
function Trial:send(message) end

---Waits for a payload from the equipment: an answer (in_reply_to) or a message of its own accord.
---Attributes given are the right content: the judge holds the message against them. `within` is in
---seconds; left out: the row's give-up time. An optional expectation is never judged.
---@param message { [1]: string, from: Device, to: string?, in_reply_to: Command?, within: number?, optional: boolean?, [string]: any }
---@return Message?
---@return string? why nothing came: "timeout", "refused", "other", "stopped"
function Trial:expect(message) end

---Provokes the equipment by a stimulus of its statement. Done before a send that comes later; otherwise
---when the script next waits. Faults when the control address refuses.
---@param name string
---@param with { value: any?, device: Device? }?
function Trial:stimulate(name, with) end

---@param seconds number
function Trial:sleep(seconds) end

---Waits until the daily windows of the case's rows are open. Returns at once when they are.
function Trial:wait_window() end

---@class ScenarioPayload
---@field [1] string payload
---@field direction "send"|"expect" by the harness, from the equipment
---@field section string? of the payload's row when that is not the scenario's own: supporting only

---@class Scenario
---@field section string "4.10.4.1"
---@field use_case string
---@field title string
---@field payloads ScenarioPayload[]
---@field modes string[]? one case a mode
---@field stimuli string[]? names that the statement must declare
---@field exclusive boolean? one trial at a time on a device
---@field power boolean? it switches power: needs --arm
---@field preamble fun(t: Trial)? before a case's first trial
---@field trial fun(t: Trial)
---@field postamble fun(t: Trial)? after a case's last trial, however it ended

---Marks the table as a scenario.
---@param data Scenario
---@return Scenario
function scenario(data) end
