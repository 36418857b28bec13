#!/bin/bash
# The requirement table against the document's text, where that is at hand.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
seed=$TOP/../shared/seed/sg-network-srs-5.1.txt
[ -r "$seed" ] || skip_all "the document is not at hand"
GRIDASSAY_HOME=$TOP "$BIN/gridassay" rows --format json >"$T/rows.json" || exit 1
python3 "$TOP/tests/e2e/t_rows_seed.py" "$seed" "$TOP/fixtures/requirements/sg-network-5.1.xml" \
    "$T/rows.json"
