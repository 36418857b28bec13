#!/usr/bin/env bash
# The programs hold only what their place in the design allows: shown by their symbols.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

symbols() { nm "$BIN/$1" | awk '{ print $NF }' | sort -u >"$T/$1.sym"; }
for p in gridassay gridassay-capture gridassay-drive gridassay-judge gridassay-play; do symbols $p; done

holds() { grep -qE "$2" "$T/$1.sym"; }
lacks() { ! grep -E "$2" "$T/$1.sym"; }

ok "the judge holds the scoring" holds gridassay-judge '^exchange_reader_frame$'
ok "the judge holds no Lua" lacks gridassay-judge '^lua_'
ok "the judge knows of no ledger" lacks gridassay-judge '^(ledger_|campaign_(find|enter|begin|end)$)'
ok "the judge opens no socket" lacks gridassay-judge '^(socket|connect|bind|listen|accept4?|sendto)(@|$)'
ok "the judge holds no libcurl or HTTP server" lacks gridassay-judge '^(curl_|MHD_)'
ok "the judge holds nothing of drive" lacks gridassay-judge '^(drive|pace|claims|beat)_'
ok "play holds no reassembly or scoring" lacks gridassay-play '^(exchange_reader|flow|attempts|outcomes|criteria|judge|result|stats)_'
ok "play reads no capture and no journal" lacks gridassay-play '^(capfile|pcapng|journal|merge)_'
ok "drive holds no reassembly or scoring" lacks gridassay-drive '^(exchange_reader|attempts|outcomes|criteria|judge|result|stats)_'
ok "drive reads no capture" lacks gridassay-drive '^(capfile|pcapng|merge|pcap)_'
ok "capture holds no Lua, XML or curl" lacks gridassay-capture '^(lua_|xml[A-Z]|curl_)'
ok "only capture speaks to libpcap" holds gridassay-capture '^pcap_'
ok "the front program does not" lacks gridassay '^pcap_'
ok "the judge unpacks no zip and checks no signature" lacks gridassay-judge '^(zip_|CMS_|sign_)'
done_testing
