#!/bin/sh
# House rules, checked. Quiet when all hold; every fault names file and line.
set -u
fail=0
fault() {
    echo "lint: $1"
    fail=1
}
# Files of the work tree by pattern, tracked or new, without those that git ignores.
listed() {
    git ls-files --cached --others --exclude-standard -- "$@" | while read -r f; do
        [ -f "$f" ] && echo "$f"
    done
}
sources=$(listed '*.c' '*.h')
c_files=$(echo "$sources" | grep '\.c$')
h_files=$(echo "$sources" | grep '\.h$')
cflags="-std=c17 -D_GNU_SOURCE -I. $(sh tools/deps.sh flags | sed -n 's/^PKG_CFLAGS := //p')"
warn="-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Wpointer-arith -Wwrite-strings -Werror"

# Each header compiles alone.
for h in $h_files; do
    # shellcheck disable=SC2086
    gcc $cflags $warn -Wno-unused -fsyntax-only -include "$h" -xc /dev/null || fault "$h does not compile alone"
done

# Both compilers, no warnings.
for cc in gcc clang; do
    # shellcheck disable=SC2086
    echo "$c_files" | xargs -P 2 -n 8 $cc $cflags $warn -O1 -fsyntax-only || fault "$cc warns"
done

# Functions with better replacements (CONTRIBUTING.md says which).
banned='\b(strcpy|strcat|sprintf|vsprintf|gets|atoi|atol|strtok|sscanf|alloca|setjmp|mktemp|tmpnam)\('
# shellcheck disable=SC2086
grep -nE "$banned" $sources && fault "banned function"

# Layout, except of comments.
# shellcheck disable=SC2086
clang-format --dry-run -Werror $sources || fault "not as clang-format -i would have it"

# Shape: line length, trailing blanks, tabs, guards, size of files.
# shellcheck disable=SC2086
awk 'length($0) > 100 { print FILENAME ":" FNR ": " length($0) " columns"; bad = 1 } END { exit bad }' $sources || fault "line too long"
# shellcheck disable=SC2086
grep -nE '[ 	]+$' $sources && fault "trailing blanks"
# shellcheck disable=SC2086
grep -nP '\t' $sources && fault "tab in C source"
# shellcheck disable=SC2086
grep -nE '#ifndef _' $h_files && fault "reserved include guard"
for f in $sources; do
    n=$(wc -l <"$f")
    [ "$n" -le 800 ] || fault "$f: $n lines; split it"
done

# Includes run downward only: a folder may include itself and those before it.
order="base probe table import script profile scope items traffic plan journal evidence capture exchange score report pics play drive campaign run bundle cmd"
for folder in $order; do
    [ -d "harness/$folder" ] || continue
    below=$(echo "$order" | sed "s/\\b$folder\\b.*//")
    # shellcheck disable=SC2013
    for inc in $(grep -hoE '#include "harness/[a-z]+/' "harness/$folder"/*.[ch] 2>/dev/null | sed 's/.*harness\///;s/\///' | sort -u); do
        case " $below $folder " in
        *" $inc "*) ;;
        *) fault "harness/$folder includes harness/$inc, which stands above it" ;;
        esac
    done
done
for used in drive play exchange score; do
    case $used in
    drive) never="exchange score report" ;;
    play) never="exchange score report drive journal evidence" ;;
    exchange | score) never="drive play script" ;;
    esac
    for n in $never; do
        grep -ln "#include \"harness/$n/" "harness/$used"/*.[ch] 2>/dev/null && fault "harness/$used must not know harness/$n"
    done
done

cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr -j 2 \
    --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches --error-exitcode=1 \
    -D_GNU_SOURCE -I. harness probes || fault "cppcheck"

shell=$(listed '*.sh' tests/run tests/failed .ci/run)
# shellcheck disable=SC2086
shellcheck -x -P SCRIPTDIR $shell || fault "shellcheck"
listed '*.lua' | {
    bad=0
    while read -r f; do
        luac5.4 -p "$f" || bad=1
    done
    exit $bad
} || fault "Lua syntax"
listed '*.xml' '*.rng' | grep -v '^tests/golden/broken' | {
    bad=0
    while read -r f; do
        xmllint --noout --nonet "$f" || bad=1
    done
    exit $bad
} || fault "XML is not well-formed"
exit $fail
