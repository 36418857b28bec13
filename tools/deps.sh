#!/bin/sh
# What gridassay needs from the system.
#   deps.sh check GOAL...     name what is missing and the command that installs it; exit 1
#   deps.sh install GOAL...   install it with apt where that is possible, else as check
#   deps.sh flags             compiler and linker flags as make variables
# GOAL: build demo full test metrology lint bench fuzz, nightly or deps (all of them); build always counts
set -eu

# package:what shows that it is there (a pkg-config module, a program, a file)
build="pkg-config:%pkg-config liblua5.4-dev:lua5.4 libcurl4-openssl-dev:libcurl libxml2-dev:libxml-2.0
libpcap-dev:libpcap libmicrohttpd-dev:libmicrohttpd libev-dev:/usr/include/ev.h libssl-dev:libcrypto
libzip-dev:libzip"
demo="tzdata:/usr/share/zoneinfo/UTC"
test="$demo libreoffice-calc-nogui:%soffice perl:%prove python3:%python3 tshark:%tshark tcpdump:%tcpdump nginx-light:%nginx curl:%curl
libxml2-utils:%xmllint libgsl-dev:gsl openssl:%openssl nodejs:%node iproute2:%ip procps:%pgrep binutils:%nm"
lint="clang:%clang clang-format:%clang-format cppcheck:%cppcheck shellcheck:%shellcheck lua5.4:%luac5.4
libxml2-utils:%xmllint libgsl-dev:gsl"
bench="$test wrk:%wrk time:/usr/bin/time"
fuzz="clang:%clang libclang-rt-14-dev:/usr/lib/llvm-14/lib/clang/14.0.6/lib/linux/libclang_rt.fuzzer-$(uname -m).a"

is_there() {
    case $1 in
    %*) command -v "${1#%}" >/dev/null 2>&1 || [ -x "/usr/sbin/${1#%}" ] ;;
    /*) [ -e "$1" ] ;;
    *) pkg-config --exists "$1" 2>/dev/null ;;
    esac
}

missing() {
    for goal in build "$@"; do
        case $goal in
        build) list=$build ;;
        demo | full) list=$demo ;;
        test | metrology) list=$test ;;
        lint) list=$lint ;;
        bench) list=$bench ;;
        fuzz) list=$fuzz ;;
        nightly) list="$bench $fuzz" ;;
        deps) list="$bench $fuzz $lint" ;;
        esac
        for item in $list; do
            is_there "${item#*:}" || echo "${item%%:*}"
        done
    done | sort -u | tr '\n' ' '
}

mode=${1:-check}
shift || true
case $mode in
flags)
    echo "PKG_CFLAGS := $(pkg-config --cflags lua5.4 libcurl libxml-2.0 libpcap libmicrohttpd libcrypto libzip)"
    for pair in LUA:lua5.4 CURL:libcurl XML:libxml-2.0 PCAP:libpcap MHD:libmicrohttpd CRYPTO:libcrypto ZIP:libzip; do
        echo "${pair%%:*}_LDLIBS := $(pkg-config --libs "${pair#*:}")"
    done
    echo "EV_LDLIBS := -lev"
    exit 0
    ;;
check | install) ;;
*)
    echo "deps.sh: unknown mode $mode" >&2
    exit 2
    ;;
esac

for goal in "$@"; do
    case $goal in
    build | demo | full | test | metrology | lint | bench | fuzz | nightly | deps) ;;
    *)
        echo "deps.sh: unknown goal $goal" >&2
        exit 2
        ;;
    esac
done
need=$(missing "$@")
[ -z "$need" ] && exit 0
as_root=
[ "$(id -u)" -eq 0 ] || as_root="sudo -n"
if [ "$mode" = install ] && command -v apt-get >/dev/null 2>&1 &&
    { [ -z "$as_root" ] || sudo -n true 2>/dev/null; }; then
    echo "installing: $need"
    $as_root apt-get update -qq
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $need >/dev/null
    need=$(missing "$@")
    [ -z "$need" ] && exit 0
fi
echo "gridassay needs packages that are not installed. Run:" >&2
echo "    sudo apt-get install $need" >&2
exit 1
