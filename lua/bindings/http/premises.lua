-- 4.13 Premises Network Administration.
local make = require "bindings.make"
local code, eui64 = make.code, make.eui64

local NOUN = "EndDeviceConfig"

local function device(...)
  return { eui64 "device ID", eui64 "mac address", ... }
end

return {
  -- timeout in seconds
  make.command("han_dev_join_cmd", NOUN,
               device(make.hex "security material", make.uint16 "operation timeout value",
                      code "command code")),
  make.answer("han_dev_join_ack", "han_dev_join_cmd", NOUN, device(code "acknowledgement code")),
  make.answer("han_dev_join_cmd_err", "han_dev_join_cmd", NOUN, device(code "error code")),

  make.command("han_dev_un_join_cmd", NOUN, device(code "command code"), { verb = "cancel" }),
  make.answer("han_dev_un_join_ack", "han_dev_un_join_cmd", NOUN,
              device(code "acknowledgement code")),
  make.answer("han_dev_un-join_cmd_err", "han_dev_un_join_cmd", NOUN, device(code "error code")),
}
