/* The control address: what provokes the equipment. Not part of its network interface. */
#include <stdio.h>
#include <string.h>

#include "harness/base/num.h"
#include "harness/play/inside.h"

#define CODE_DEFAULT 7u
#define NAME_BYTES 128
#define VALUE_BYTES 24

struct given {
    char stimulus[NAME_BYTES], device[24], value[VALUE_BYTES];
};

static int hex_digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

/* Text of a URL, %XX read; cut where it does not fit. */
static void take_text(const char *text, size_t len, char *out, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < len && n + 1 < size; i++) {
        bool coded = text[i] == '%' && i + 2 < len && hex_digit(text[i + 1]) >= 0 &&
                     hex_digit(text[i + 2]) >= 0;
        out[n++] = coded ? (char)(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2])) : text[i];
        i += coded ? 2 : 0;
    }
    out[n] = '\0';
}

/* Holds the target against a declared URL; what stands in the place of {device} and its like is
 * taken. */
static bool fits(const char *url, const char *target, struct given *g)
{
    static const char *const marks[] = {"{stimulus}", "{device}", "{value}"};
    char *const room[] = {g->stimulus, g->device, g->value};
    const size_t size[] = {sizeof g->stimulus, sizeof g->device, sizeof g->value};
    const char *u = strstr(url, "://");
    u = u == NULL ? url : u + 3;
    u += strcspn(u, "/");
    *g = (struct given){.stimulus = ""};
    while (*u != '\0') {
        size_t k = 0;
        while (k < 3 && strncmp(u, marks[k], strlen(marks[k])) != 0)
            k++;
        if (k == 3) {
            if (*u++ != *target++)
                return false;
            continue;
        }
        u += strlen(marks[k]);
        const char *end = *u == '\0' ? target + strlen(target) : strchr(target, *u);
        if (end == NULL)
            return false;
        take_text(target, (size_t)(end - target), room[k], size[k]);
        target = end;
    }
    return *target == '\0';
}

static int arm(const struct play *p, const struct known_payload *error, const struct subject *s,
               const struct given *g)
{
    uint64_t code = CODE_DEFAULT;
    if (g->value[0] != '\0' && !num_u64(g->value, strlen(g->value), 0, UINT8_MAX, &code))
        return HTTP_UNPROCESSABLE;
    if (!actors_has(&error->from, s->of->number) && !actors_meet(&error->from, &p->subjects.own) &&
        error->n_leg > 0)
        return HTTP_UNPROCESSABLE;
    subject_arm(s, (uint16_t)(error - p->known.payload + 1),
                code == 0 ? CODE_DEFAULT : (uint8_t)code);
    return HTTP_NOTHING;
}

/* Whether some command that ends in the error goes to that device of ours. */
static bool is_commanded(const struct play *p, const struct known_payload *error,
                         const struct subject *s)
{
    for (size_t i = 0; subject_is_own(s) && i < p->known.n; i++)
        if (actors_has(&p->known.payload[i].to, s->of->number) &&
            known_answers(error, &p->known.payload[i]))
            return true;
    return false;
}

static int provoke(struct play *p, const char *name, const struct given *g)
{
    uint64_t id;
    struct subject s;
    if (strcmp(name, "clock") == 0)
        return timebase_set(p, g->value, strlen(g->value));
    const struct known_payload *what = known_by_name(&p->known, name, strlen(name));
    if (what == NULL || !num_hex64(g->device, strlen(g->device), &id) ||
        !subjects_find(&p->subjects, id, &s))
        return HTTP_NOT_FOUND;
    bool armed = what->kind == KNOWN_COMMAND_ERROR ||
                 (what->kind == KNOWN_COMM_ERROR && is_commanded(p, what, &s));
    return armed ? arm(p, what, &s, g) : play_originate(p, what, &s, g->value);
}

/* Entries with a name of their own come before the one for any. */
int play_stimulus(struct play *p, const char *target)
{
    const struct statement *s = p->config->statement;
    struct given g;
    for (int any = 0; any <= 1; any++)
        for (size_t i = 0; i < s->n_stimulus; i++) {
            const struct statement_stimulus *entry = &s->stimulus[i];
            bool for_any = strcmp(entry->name, "*") == 0;
            if (for_any == (any == 1) && strcmp(entry->method, "POST") == 0 &&
                fits(entry->url, target, &g))
                return provoke(p, for_any ? g.stimulus : entry->name, &g);
        }
    return HTTP_NOT_FOUND;
}
