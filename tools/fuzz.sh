#!/bin/sh
# Runs every fuzz target in FOLDER for SECONDS, starting from its seeds in tests/fuzz/seeds/NAME.
set -eu
folder=$1
seconds=$2
for target in "$folder"/fuzz_*; do
    [ -x "$target" ] || continue
    name=$(basename "$target")
    corpus=$folder/corpus/$name
    mkdir -p "$corpus"
    seeds=tests/fuzz/seeds/$name
    [ -d "$seeds" ] || seeds=
    # shellcheck disable=SC2086
    "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$corpus/" "$corpus" $seeds >"$corpus.log" 2>&1 || {
        tail -n 40 "$corpus.log"
        echo "$name: FAILED, see $corpus.log"
        exit 1
    }
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$corpus.log")
    echo "$name: $runs executions in $seconds s, nothing found"
done
