# gridassay
#
#   make            build the programs into build/rel/bin
#   make demo       install what is missing, build, and run three suites against the reference
#                   equipment on loopback; DEFECT=late (or another, see gridassay play --defect list)
#   make full       every row against the reference equipment on loopback; ALL=1: as each statement
#                   in turn
#   make coverage   the table of how each row is exercised; coverage-readme puts it into the README
#   make test       install what is missing, build and run every test under prove; T=path... for some
#   make lint       headers alone, warnings of both compilers, static analysis, shell, house rules
#   make bench      speed, as ratios against named rivals in the same run
#   make metrology  what the verdicts are worth: published oracles, 10,000 simulated campaigns a
#                   point, injected truth live; metrology-readme puts the tables into the README
#   make fuzz       every fuzz target for FUZZ_S seconds (10)
#   make nightly    what takes longer: sanitized tests, all statements, all defects, long fuzzing, bench
#   make install    into DESTDIR/PREFIX          make clean    make deps
#
# Modifiers: SAN=1 address and undefined behaviour sanitizers, WERROR=1, V=1 show commands, CC=clang,
# B=folder for another build tree. CFLAGS and LDFLAGS are yours.

MAKEFLAGS += --no-builtin-rules --no-print-directory
.SUFFIXES:
.DELETE_ON_ERROR:
.SECONDARY:

ifeq ($(origin CC),default)
CC := gcc
endif
PREFIX ?= /usr/local
FUZZ_S ?= 10
ifdef SAN
B ?= build/san
else
B ?= build/rel
endif
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' '$(1)' '$(2)';)

CFLAGS ?= -O2 -g
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 \
        -Wpointer-arith -Wwrite-strings
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -I. $(WARN) $(if $(WERROR),-Werror) $(CFLAGS) $(PKG_CFLAGS)
ALL_LDFLAGS = $(LDFLAGS)
ifdef SAN
ALL_CFLAGS += -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
ALL_LDFLAGS += -fsanitize=address,undefined
endif

PROGRAMS := gridassay gridassay-capture gridassay-drive gridassay-judge gridassay-play

# One archive a folder; the list after each program is also its layering: a program can hold nothing
# that is not in its list (tests/e2e/t_layers.sh looks at the symbols).
gridassay_MAIN := harness/main.c $(wildcard harness/cmd/*.c)
gridassay_LIBS := bundle run campaign pics report score evidence drive plan items traffic scope profile script import table journal probe base
gridassay_PKGS := LUA XML ZIP CRYPTO
gridassay-capture_MAIN := harness/capture/main.c
gridassay-capture_LIBS := capture evidence base
gridassay-capture_PKGS := PCAP
gridassay-drive_MAIN := harness/drive/main.c
gridassay-drive_LIBS := drive plan traffic script journal http-speak probe base
gridassay-drive_PKGS := LUA CURL MHD EV XML CRYPTO
gridassay-judge_MAIN := harness/score/main.c
gridassay-judge_LIBS := score exchange evidence journal plan http-dissect probe base
gridassay-judge_PKGS := XML CRYPTO
gridassay-play_MAIN := harness/play/main.c
gridassay-play_LIBS := play script table profile http-speak probe base
gridassay-play_PKGS := LUA CURL MHD EV XML CRYPTO

FOLDERS := base table import profile scope items pics traffic plan journal evidence capture drive exchange score report play script probe campaign run bundle
$(foreach f,$(FOLDERS),$(eval $(f)_SRC := $(filter-out %/main.c,$(wildcard harness/$(f)/*.c))))
http-speak_SRC := $(wildcard probes/http/speak*.c)
http-dissect_SRC := $(wildcard probes/http/dissect*.c)
LIBRARIES := $(FOLDERS) http-speak http-dissect

objs = $(patsubst %.c,$B/obj/%.o,$(1))
libs = $(patsubst %,$B/lib/%.a,$(1))
pkgs = $(foreach p,$(1),$($(p)_LDLIBS))

.PHONY: all
all: $(PROGRAMS:%=$B/bin/%)

# Which packages there are is asked once a goal; a missing one is named, or installed for demo, test
# and their like, before anything is made.
INSTALLING := $(sort $(filter demo test full bench metrology lint fuzz nightly deps,$(MAKECMDGOALS)))
INSTALLED := $(if $(INSTALLING),$B/has-$(subst $() ,-,$(INSTALLING)).mk)
ifneq ($(filter-out clean,$(or $(MAKECMDGOALS),all)),)
include $(INSTALLED) $B/pkg.mk
endif
$B/has-%.mk: tools/deps.sh
	$(Q)mkdir -p $(@D)
	$(Q)sh tools/deps.sh install $(subst -, ,$*) >&2
	$(Q)touch $@
$B/pkg.mk: tools/deps.sh Makefile | $(INSTALLED)
	$(Q)mkdir -p $(@D)
	$(Q)sh tools/deps.sh check build >&2
	$(Q)sh tools/deps.sh flags > $@

.PHONY: deps
deps:
	@:

# Rewritten only when the flags change; every object depends on it.
$B/flags: FORCE
	$(Q)mkdir -p $(@D); echo '$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS)' | cmp -s - $@ || \
	    echo '$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS)' > $@
.PHONY: FORCE
FORCE:

# What the checkout says of itself; one object knows it, and is made anew when it changes.
$B/described: FORCE
	$(Q)mkdir -p $(@D); { [ ! -e .git ] || git describe --always --dirty --tags 2>/dev/null; } | \
	    tr -cd 'A-Za-z0-9._-' > $@.now; cmp -s $@.now $@ || cp $@.now $@; rm -f $@.now
$B/obj/harness/base/version.o: $B/described
$B/obj/harness/base/version.o: private ALL_CFLAGS += -DGRIDASSAY_DESCRIBED='"$(shell cat $B/described 2>/dev/null)"'

$B/obj/%.o: %.c $B/flags
	$(Q)mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

define library
$B/lib/$(1).a: $$(call objs,$$($(1)_SRC))
	$$(Q)mkdir -p $$(@D); rm -f $$@
	$$(call say,AR,$$@)ar rcs $$@ $$^
endef
$(foreach l,$(LIBRARIES),$(eval $(call library,$(l))))

define program
$B/bin/$(1): $$(call objs,$$($(1)_MAIN)) $$(call libs,$$($(1)_LIBS))
	$$(Q)mkdir -p $$(@D)
	$$(call say,LD,$$@)$$(CC) $$(ALL_LDFLAGS) -o $$@ $$^ $$(call pkgs,$$($(1)_PKGS)) -lm
endef
$(foreach p,$(PROGRAMS),$(eval $(call program,$(p))))

# Tests: each C test and helper names its archives and packages in *.mk beside it.
include tests/unit/unit.mk tests/helpers/helpers.mk tests/fuzz/fuzz.mk tests/metrology/metrology.mk
UNIT := $(patsubst tests/unit/%.c,%,$(wildcard tests/unit/t_*.c))
HELPERS := $(patsubst tests/helpers/%.c,%,$(wildcard tests/helpers/*.c))
E2E := $(wildcard tests/e2e/t_*.sh) $(wildcard tests/golden/t_*.sh)
define test_program
$B/$(2)/$(1): $B/obj/tests/$(3)/$(1).o $$(call libs,$$($(1)_LIBS))
	$$(Q)mkdir -p $$(@D)
	$$(call say,LD,$$@)$$(CC) $$(ALL_LDFLAGS) -o $$@ $$^ $$(call pkgs,$$($(1)_PKGS)) $$($(1)_LDLIBS) -lm
endef
$(foreach t,$(UNIT),$(eval $(call test_program,$(t),test,unit)))
$(foreach t,$(HELPERS),$(eval $(call test_program,$(t),bin,helpers)))

# The bench of the statistics: one program of several files.
$B/bin/metrology: $(call objs,$(wildcard tests/metrology/*.c)) $(call libs,$(metrology_LIBS))
	$(Q)mkdir -p $(@D)
	$(call say,LD,$@)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(call pkgs,$(metrology_PKGS)) -lm

T ?= $(UNIT:%=$B/test/%) $(E2E)
PROVE_FLAGS ?= --timer
.PHONY: test
test: all $(UNIT:%=$B/test/%) $(HELPERS:%=$B/bin/%) $B/bin/metrology
	$(Q)rm -rf $B/test-logs && mkdir -p $B/test-logs
	$(Q)GRIDASSAY_BIN=$(abspath $B/bin) TEST_LOGS=$(abspath $B/test-logs) \
	    prove $(PROVE_FLAGS) --merge --exec tests/run $(T) || { sh tests/failed $B/test-logs; exit 1; }

.PHONY: demo
demo: all
	$(Q)sh tools/demo.sh $B/bin $(DEFECT)

.PHONY: full
full: all
	$(Q)sh tools/full.sh $B/bin $(STATEMENTS)

.PHONY: coverage coverage-readme
coverage: all
	$(Q)$B/bin/gridassay coverage
coverage-readme: all
	$(Q)sh tools/coverage.sh $B/bin --write

.PHONY: bench
bench: all $(HELPERS:%=$B/bin/%)
	$(Q)GRIDASSAY_BIN=$(abspath $B/bin) bash tests/bench/run.sh

.PHONY: metrology metrology-readme
metrology: all $B/bin/metrology
	$(Q)bash tests/metrology/run.sh $B/bin
metrology-readme: all $B/bin/metrology
	$(Q)bash tests/metrology/run.sh $B/bin --write

# libFuzzer comes with clang; its objects live in a tree of their own.
FUZZ := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
$(foreach t,$(FUZZ),$(eval $(call test_program,$(t),fuzz,fuzz)))
.PHONY: fuzz fuzz-run
fuzz:
	$(Q)$(MAKE) B=build/fuzz CC=clang FUZZ_S=$(FUZZ_S) fuzz-run \
	    CFLAGS='-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all' \
	    LDFLAGS='-fsanitize=fuzzer,address,undefined'
fuzz-run: $(FUZZ:%=$B/fuzz/%)
	$(Q)sh tools/fuzz.sh $B/fuzz $(FUZZ_S)

.PHONY: lint
lint:
	$(Q)sh tools/lint.sh

.PHONY: nightly
nightly:
	$(Q)$(MAKE) SAN=1 test
	$(Q)$(MAKE) full ALL=1
	$(Q)MATRIX=all $(MAKE) test T=tests/e2e/t_matrix.sh
	$(Q)KILLS=50 $(MAKE) test T=tests/e2e/t_resume.sh
	$(Q)$(MAKE) fuzz FUZZ_S=120
	$(Q)$(MAKE) bench
	$(Q)$(MAKE) metrology

.PHONY: install
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/gridassay
	install $(PROGRAMS:%=$B/bin/%) $(DESTDIR)$(PREFIX)/bin
	cp -r fixtures lua suites $(DESTDIR)$(PREFIX)/share/gridassay

.PHONY: clean
clean:
	rm -rf build

-include $(shell find $B/obj -name '*.d' 2>/dev/null)
