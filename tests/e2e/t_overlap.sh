#!/usr/bin/env bash
# A device that loses 5 % where 2 % are allowed is never passed, also with more than 1,000 trials open
# at a time: outcomes enter the rule in planned order, so that quick successes can't outrun slow losses.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/live.sh
. "$TOP/tests/live.sh"
need_capture

live_profile "$T/profile.xml" demo 's/overlap="[0-9]*"/overlap="4000"/; s/after-s="2"/after-s="5"/'

# The most trials that were open at a time, from the journal.
most_open() {
    "$BIN/journal_dump" "$1/journal" | awk '
        $1 == "TRIAL" { open++; if (open > most) most = open }
        $1 == "TRIAL_END" { open-- }
        END { print most + 0 }'
}

# The two runs mostly wait, so they wait together. Each has ports of its own.
runs=()
for seed in 1 2; do
    live_statement "$T/statement$seed.xml"
    # Answers take 3 s, well within every limit, so that trials pile up.
    live_play "$T/statement$seed.xml" --defect late=3000 --defect lossy=20 --seed "$seed"
    spawn "$BIN/gridassay" run --eut "$T/statement$seed.xml" --profile "$T/profile.xml" --out "$T/run$seed" --arm \
        --tap=none --suite "Meter Reading" --suite "Meter Events" >"$T/run$seed.out" 2>"$T/run$seed.err" </dev/null
    runs+=("$spawned")
done
for seed in 1 2; do
    code=0
    wait "${runs[seed - 1]}" || code=$?
    criteria "$T/run$seed" >"$T/criteria"
    open=$(most_open "$T/run$seed")
    ok "seed $seed: more than 1,000 trials are open at a time ($open)" test "$open" -gt 1000
    n=$(grep -c ' reliability ' "$T/criteria")
    ok "seed $seed: reliability is judged ($n readings)" test "$n" -ge 20
    ok "seed $seed: none of it is passed" sh -c "! grep ' reliability pass\$' '$T/criteria'"
    ok "seed $seed: the run is no pass (it ended in $code)" test "$code" = 1 -o "$code" = 4
done
done_testing
