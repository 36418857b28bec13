/* The table of defects: reading one from the command line, and what it touches. */
#include "harness/play/defect.h"
#include "tests/tap.h"

static void reading(void)
{
    static const struct {
        const char *text;
        enum defect defect;
        int64_t value;
        const char *only;
    } good[] = {
        {"late", DEFECT_LATE, 1500, ""},
        {"late=20", DEFECT_LATE, 20, ""},
        {"late@SW_opr_cmd_ack", DEFECT_LATE, 1500, "SW_opr_cmd_ack"},
        {"late=0@a=b", DEFECT_LATE, 0, "a=b"},
        {"lossy", DEFECT_LOSSY, 5, ""},
        {"lossy=20", DEFECT_LOSSY, 20, ""},
        {"oversize@x", DEFECT_OVERSIZE, 1, "x"},
        {"incomplete@x", DEFECT_INCOMPLETE, 0, "x"},
        {"many-elements=3", DEFECT_MANY_ELEMENTS, 3, ""},
    };
    static const struct {
        const char *text, *says;
    } bad[] = {
        {"", "expected one of: late, lossy,"},   {"lat", "no defect \"lat\""},
        {"late1", "no defect \"late1\""},        {"late=", "expected ms from 0"},
        {"late=x", "expected ms from 0"},        {"late=-1", "expected ms from 0"},
        {"late=99999999", "expected ms from 0"}, {"lossy=0", "expected k from 1"},
        {"silent=1", "silent takes no value"},   {"silent@", "expected a payload behind @"},
    };
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct defect_set set = {0};
        struct err e = ERR_INIT;
        enum err_code rc = defect_parse(good[i].text, &set, &e);
        const struct defect_use *u = &set.use[good[i].defect];
        ok(rc == ERR_OK && u->on && u->value == good[i].value && strcmp(u->only, good[i].only) == 0,
           "\"%s\" is read", good[i].text);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct defect_set set = {0};
        struct err e = ERR_INIT;
        ok(defect_parse(bad[i].text, &set, &e) == ERR_USAGE && strstr(e.text, bad[i].says) != NULL,
           "\"%s\" is refused and told", bad[i].text);
        if (strstr(e.text, bad[i].says) == NULL)
            printf("# %s\n", e.text);
        bool any = false;
        for (int d = 0; d < DEFECT_COUNT; d++)
            any = any || set.use[d].on;
        ok(!any, "and sets nothing");
    }
    char payload[300];
    memset(payload, 'p', sizeof payload);
    memcpy(payload, "late@", 5);
    payload[sizeof payload - 1] = '\0';
    struct defect_set set = {0};
    is_int(defect_parse(payload, &set, NULL), ERR_USAGE, "a payload too long for any is refused");
}

static void touching(void)
{
    struct defect_set set = {0};
    ok(!defect_touches(&set, DEFECT_LATE, "a", NULL), "no defect touches nothing");
    (void)defect_parse("late", &set, NULL);
    ok(defect_touches(&set, DEFECT_LATE, "a", NULL), "a defect touches all");
    ok(!defect_touches(&set, DEFECT_LOSSY, "a", NULL), "and not by another's name");
    (void)defect_parse("late@b", &set, NULL);
    ok(!defect_touches(&set, DEFECT_LATE, "a", NULL), "a confined one leaves others alone");
    ok(defect_touches(&set, DEFECT_LATE, "b", NULL), "it touches its payload");
    ok(defect_touches(&set, DEFECT_LATE, "a", "b"), "and the answers to it");
    ok(!defect_touches(&set, DEFECT_LATE, "a", "bb"), "whole names count");
    ok(!defect_needs_raw(&set), "a late answer is whole HTTP");
    (void)defect_parse("reset", &set, NULL);
    ok(defect_needs_raw(&set), "a reset needs bare sockets");
}

static void describing(void)
{
    struct buf text;
    size_t lines = 0;
    buf_init(&text, 16384);
    is_int(defect_describe(&text, NULL), ERR_OK, "the table is told");
    for (size_t i = 0; i < text.len; i++)
        lines += text.data[i] == '\n';
    is_int(lines, DEFECT_COUNT, "a line a defect");
    for (int d = 0; d < DEFECT_COUNT; d++) {
        struct defect_set set = {0};
        ok(strstr(text.data, defect_name((enum defect)d)) != NULL &&
               defect_parse(defect_name((enum defect)d), &set, NULL) == ERR_OK && set.use[d].on,
           "%s is told and can be had", defect_name((enum defect)d));
    }
    buf_release(&text);
}

int main(void)
{
    reading();
    touching();
    describing();
    return done_testing();
}
