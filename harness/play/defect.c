#include "harness/play/defect.h"

#include <stdio.h>
#include <string.h>

#include "harness/base/num.h"

static const struct {
    const char *name;
    const char *unit; /* of the value; NULL: takes none */
    int64_t fallback, min, max;
    bool raw; /* breaks HTTP: no library would do it */
    const char *text;
} table[DEFECT_COUNT] = {
    [DEFECT_LATE] = {"late", "ms", 1500, 0, 3600000, false,
                     "answers and events go out that much later"},
    [DEFECT_LOSSY] = {"lossy", "k", 5, 1, 1000000, false,
                      "every k-th operation of a kind is lost: no answer, no event"},
    [DEFECT_OVERSIZE] = {"oversize", "bytes", 1, 1, 1000000, false,
                         "payload so far above the row's size, by elements Extension"},
    [DEFECT_INCOMPLETE] = {"incomplete", NULL, 0, 0, 0, false,
                           "the last required attribute is missing"},
    [DEFECT_DUPLICATE] = {"duplicate", NULL, 0, 0, 0, false, "answers and events are sent twice"},
    [DEFECT_WRONG_CORRELATION] = {"wrong-correlation", NULL, 0, 0, 0, false,
                                  "answers carry the correlation of nobody's command"},
    [DEFECT_WRONG_CONTENT] = {"wrong-content", NULL, 0, 0, 0, false,
                              "another device's id stands in answers and events"},
    [DEFECT_MALFORMED] = {"malformed", NULL, 0, 0, 0, false, "XML is cut in the middle"},
    [DEFECT_SILENT] = {"silent", NULL, 0, 0, 0, false, "accepts, never answers, sends nothing"},
    [DEFECT_REORDER] =
        {"reorder", "ms", 100, 1, 60000, false,
         "every other message waits until the next one has overtaken it, or so long"},
    [DEFECT_SLOW_DRIP] = {"slow-drip", "ms", 1000, 1, 60000, true,
                          "a byte goes out every so often"},
    [DEFECT_RESET] = {"reset", NULL, 0, 0, 0, true, "the connection is reset in mid-body"},
    [DEFECT_ENDLESS_HEADER] = {"endless-header", NULL, 0, 0, 0, true, "header lines without end"},
    [DEFECT_ENDLESS_BODY] = {"endless-body", NULL, 0, 0, 0, true, "a chunked body without end"},
    [DEFECT_GARBAGE] = {"garbage", NULL, 0, 0, 0, true, "bytes that are no HTTP"},
    [DEFECT_DEEP_XML] = {"deep-xml", "levels", 100000, 1, 1000000, false,
                         "elements nested so deep in the payload"},
    [DEFECT_ENTITY_BOMB] = {"entity-bomb", NULL, 0, 0, 0, false,
                            "entities that expand to 10^9 characters"},
    [DEFECT_MANY_ELEMENTS] = {"many-elements", "elements", 1000000, 1, 1500000, false,
                              "so many small elements in the payload"},
    [DEFECT_OUT_OF_WINDOW] = {"out-of-window", NULL, 0, 0, 0, false,
                              "what has a window is sent outside of it, once the clock is set"},
};

const char *defect_name(enum defect d)
{
    return table[d].name;
}

static enum err_code unknown(const char *text, size_t len, struct err *e)
{
    char known[400] = "";
    size_t at = 0;
    for (int d = 0; d < DEFECT_COUNT; d++) {
        size_t n = strlen(table[d].name);
        if (at + n + 3 >= sizeof known)
            break;
        if (at > 0) {
            memcpy(known + at, ", ", 2);
            at += 2;
        }
        memcpy(known + at, table[d].name, n + 1);
        at += n;
    }
    return err_set(e, ERR_USAGE, "no defect \"%.*s\", expected one of: %s",
                   (int)(len < 60 ? len : 60), text, known);
}

enum err_code defect_parse(const char *text, struct defect_set *set, struct err *e)
{
    size_t len = strcspn(text, "=@");
    int d = 0;
    while (d < DEFECT_COUNT &&
           !(strlen(table[d].name) == len && strncmp(table[d].name, text, len) == 0))
        d++;
    if (d == DEFECT_COUNT)
        return unknown(text, len, e);
    struct defect_use use = {.on = true, .value = table[d].fallback};
    const char *rest = text + len;
    if (*rest == '=') {
        size_t n = strcspn(++rest, "@");
        if (table[d].unit == NULL)
            return err_set(e, ERR_USAGE, "defect %s takes no value", table[d].name);
        if (!num_i64(rest, n, table[d].min, table[d].max, &use.value))
            return err_set(e, ERR_USAGE, "defect %s=%.*s, expected %s from %lld to %lld",
                           table[d].name, (int)(n < 40 ? n : 40), rest, table[d].unit,
                           (long long)table[d].min, (long long)table[d].max);
        rest += n;
    }
    if (*rest == '@') {
        size_t n = strlen(++rest);
        if (n == 0 || n >= sizeof use.only)
            return err_set(e, ERR_USAGE, "defect %s: expected a payload behind @", table[d].name);
        memcpy(use.only, rest, n + 1);
    }
    set->use[d] = use;
    return ERR_OK;
}

bool defect_touches(const struct defect_set *set, enum defect d, const char *payload,
                    const char *command)
{
    const struct defect_use *u = &set->use[d];
    if (!u->on || u->only[0] == '\0')
        return u->on;
    return strcmp(u->only, payload) == 0 || (command != NULL && strcmp(u->only, command) == 0);
}

bool defect_needs_raw(const struct defect_set *set)
{
    for (int d = 0; d < DEFECT_COUNT; d++)
        if (set->use[d].on && table[d].raw)
            return true;
    return false;
}

enum err_code defect_describe(struct buf *out, struct err *e)
{
    enum err_code rc = ERR_OK;
    for (int d = 0; rc == ERR_OK && d < DEFECT_COUNT; d++) {
        char name[64];
        if (table[d].unit == NULL)
            (void)snprintf(name, sizeof name, "%s", table[d].name);
        else
            (void)snprintf(name, sizeof name, "%s[=%s]", table[d].name, table[d].unit);
        rc = buf_printf(out, e, "%-26s %s", name, table[d].text);
        if (rc == ERR_OK && table[d].unit != NULL)
            rc = buf_printf(out, e, " (%lld)", (long long)table[d].fallback);
        if (rc == ERR_OK)
            rc = buf_puts(out, "\n", e);
    }
    return rc;
}
