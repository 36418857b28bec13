-- 4.9 Firmware Updates and Program / Configuration.
--
-- The image travels under the attribute that the row has for it. Four rows have none, though their
-- size is the image's: they carry it all the same, and it is not missed where a row does not name it.
-- Program updates of one device name it in "device group ID": a group of one.
local make = require "bindings.make"
local code, eui64, image, text, uint32 =
  make.code, make.eui64, make.image, make.text, make.uint32

local CUT_OVER = "cut over time or cut over parameters"

local all = {}

local function add(binding)
  all[#all + 1] = binding
end

---An update that takes effect at a time of its own.
---@param noun string "Firmware", "Program"
---@param version string attribute
---@param carried BindingField the image
---@param addressed BindingField? nil: to all
local function update(payload, noun, version, carried, addressed)
  -- timeout in seconds
  local fields = { make.uint16 "timeout", text(version), make.time(CUT_OVER), carried }
  if addressed then
    table.insert(fields, 1, addressed)
  end
  add(make.command(payload, "EndDevice" .. noun, fields, { cut_over = CUT_OVER }))
end

---@param commands string|string[]
local function confirmation(payload, commands, noun, ...)
  add(make.answer(payload, commands, "EndDevice" .. noun, { eui64 "device ID", ... }))
end

---The three ways in which a kind's command is sent.
local function ways(kind)
  return { kind .. "_cmd", kind .. "_multicast_cmd", kind .. "_broadcast_cmd" }
end

-- 4.9.4.1, 4.9.4.2 and 4.9.4.5 to 4.9.4.8: one device at a time
for _, name in ipairs { "DAP", "FAN-GtWay", "Fdr-dev-cntl" } do
  local version = "firmware version number"
  update(name .. "_firmware_update_cmd", "Firmware", version, image "firmware update",
         eui64 "device ID")
  confirmation(name .. "_firmware_update_confirmation", name .. "_firmware_update_cmd", "Firmware",
               code "success or fail notification", text "firmware revision information")
  update(name .. "_program_update_cmd", "Program", version, image "firmware update",
         eui64 "device group ID")
  confirmation(name .. "_program_update_confirmation", name .. "_program_update_cmd", "Program",
               code "acknowledgement code")
end

-- 4.9.4.3 and 4.9.4.4: at once
add(make.command("ESI_firmware_update_cmd", "EndDeviceFirmware",
                 { eui64 "device ID", text "firmware version number", image "firmware update" }))
confirmation("ESI_firmware_update_confirmation", "ESI_firmware_update_cmd", "Firmware",
             code "acknowledgement code")
local in_utility = ways "ESI-In-Utility_firmware_update"
add(make.command(in_utility[1], "EndDeviceFirmware",
                 { eui64 "device ID", code "command code", image "firmware update" }))
add(make.command(in_utility[2], "EndDeviceFirmware",
                 { uint32 "group ID", code "command code", image "firmware update" }))
add(make.command(in_utility[3], "EndDeviceFirmware",
                 { code "command code", image "firmware update" }))
confirmation("ESI-In-Utility_firmware_update_confirmation", in_utility, "Firmware",
             code "acknowledgement code")

-- 4.9.4.9 and 4.9.4.11: the metrology's rows name no image
for _, name in ipairs { "metrology", "NIC" } do
  local kind, version = ways(name .. "_firmware_update"), "firmware version number"
  local carried = image { "firmware update", required = name == "NIC" }
  update(kind[1], "Firmware", version, carried, eui64 "device ID")
  update(kind[2], "Firmware", version, carried, uint32 "device group ID")
  update(kind[3], "Firmware", version, carried)
  confirmation(name .. "_firmware_update_confirmation", kind, "Firmware",
               code "success or fail notification", text "firmware revision information")
end

-- 4.9.4.10 and 4.9.4.12: the NIC's multicast row names no image. Its confirmation does: there, as
-- small as that row is, it is the digest of what was taken.
for _, name in ipairs { "metrology", "NIC" } do
  local kind, version = ways(name .. "_program_update"), "program version number"
  local carried = image "program update"
  update(kind[1], "Program", version, carried, eui64 "device ID")
  update(kind[2], "Program", "program version information",
         image { "program update", required = name == "metrology" }, uint32 "device group ID")
  update(kind[3], "Program", version, carried)
  confirmation(name .. "_program_update_confirmation", kind, "Program",
               code "success or fail notification", text "program revision information",
               name == "NIC" and make.hex "program update" or nil)
end

return all
