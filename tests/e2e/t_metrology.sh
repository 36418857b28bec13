#!/usr/bin/env bash
# A slice of make metrology: published oracles, and few simulated campaigns a point through the engine.
# Its seeds are fixed, so that it comes out alike each time.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

export TMPDIR=$T
expect_code "oracles, risks and courses hold in a slice" 0 "$BIN/metrology" --campaigns 80
sed 's/^/# /' "$T/err"
is "every published line comes out" "$(grep -c '| yes |$' "$T/out")" 5
ok "none does not" sh -c "! grep -q '| \*\*no\*\* |' '$T/out'"
ok "simulated and exact stand beside each other" grep -Eq '^\| > 99 % \| sequential \| [0-9]+ \| [0-9.]+ \([0-9.]+\)' "$T/out"
cp "$T/out" "$T/once"
expect_code "in one process too" 0 "$BIN/metrology" --campaigns 10 --jobs 1
cp "$T/out" "$T/one"
"$BIN/metrology" --campaigns 10 --jobs 3 >"$T/three" 2>/dev/null
ok "how many processes share the work makes no difference" cmp "$T/one" "$T/three"
expect_code "no campaigns are a usage error" 2 "$BIN/metrology" --campaigns 0
done_testing
