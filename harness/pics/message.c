#include "harness/pics/message.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

const struct pics_kind pics_kind[] = {
    {1, true, "the statement can't be read, or is not as its schema has it"},
    {2, true, "an answer to an item that the list does not have"},
    {3, true, "an item is answered twice"},
    {4, true, "answers of an actor that no group names"},
    {5, true, "the status is not the item's"},
    {6, true, "the allowed values are not the item's"},
    {7, true, "support for an excluded item"},
    {8, true, "a value that is not allowed"},
    {9, true, "values missing where an item takes some, or given where it takes none"},
    {10, true, "the answer is no, and the statement makes use of it"},
    {11, true, "an actor that the requirement table does not have"},
    {12, true, "no protocol that a probe speaks"},
    {13, true, "a secret in the statement itself, where a reference belongs"},
    {101, true, "an item is unset"},
    {102, true, "the identity is unset"},
    {103, true, "no to a mandatory item: a claim is partial"},
    {104, true, "none of the items of which one is needed is supported: a claim is partial"},
    {105, false, "the answer is yes, and nothing in the statement makes use of it"},
    {106, false, "a no without a remark"},
    {107, false, "payloads sent on events, and no stimulus for them"},
    {108, false, "rows whose other end nobody plays"},
    {109, false, "a credential that is not there on this machine"},
    {110, false, "a secret's file that others may read"},
    {111, false, "the firmware's digest is that of an empty file"},
    {112, false, "a protocol that no probe speaks: its traffic is not tested"},
    {113, false, "support for an item that is not applicable"},
    {0, false, NULL},
};

void pics_report_init(struct pics_report *r, bool certification)
{
    *r = (struct pics_report){.certification = certification, .arena = ARENA_INIT};
}

void pics_report_release(struct pics_report *r)
{
    free(r->message);
    r->message = NULL;
    arena_release(&r->arena);
}

void pics_add(struct pics_report *r, unsigned number, long line, const char *fmt, ...)
{
    char text[600];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (r->n == r->cap && r->rc == ERR_OK) {
        size_t cap = r->cap == 0 ? 64 : r->cap * 2;
        struct pics_message *more =
            cap > SIZE_MAX / sizeof *more ? NULL : realloc(r->message, cap * sizeof *more);
        if (more == NULL) {
            r->rc = ERR_NOMEM;
            return;
        }
        r->message = more;
        r->cap = cap;
    }
    const char *kept = arena_strdup(&r->arena, text);
    if (kept == NULL)
        r->rc = ERR_NOMEM;
    if (r->rc != ERR_OK)
        return;
    bool error = number < 100;
    for (const struct pics_kind *k = pics_kind; k->number != 0; k++)
        if (k->number == number)
            error = error || (r->certification && k->certified);
    r->message[r->n] = (struct pics_message){number, error, line, kept, r->n};
    r->n++;
    r->errors += error;
    r->warnings += !error;
    r->unset += number == 101 || number == 102;
}

/* Those of one line stay as they were found. */
static int by_line(const void *left, const void *right)
{
    const struct pics_message *a = left, *b = right;
    return a->line != b->line ? (a->line > b->line) - (a->line < b->line)
                              : (a->nth > b->nth) - (a->nth < b->nth);
}

void pics_sort(struct pics_report *r)
{
    if (r->n > 1)
        qsort(r->message, r->n, sizeof *r->message, by_line);
}

const char *pics_code(const struct pics_message *m, char out[8])
{
    (void)snprintf(out, 8, "%c%03u", m->error ? 'E' : 'W', m->number % 1000);
    return out;
}
