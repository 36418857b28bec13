#include "harness/table/table.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "harness/base/arena.h"

void table_free(struct table *t)
{
    if (t == NULL)
        return;
    /* The table itself lives in its arena. */
    struct arena a = {t->memory};
    arena_release(&a);
}

const char *table_trigger_name(enum table_trigger trigger)
{
    static const char *const name[TRIGGER_COUNT] = {
        [TRIGGER_COMMAND] = "command", [TRIGGER_SCHEDULE] = "schedule", [TRIGGER_EVENT] = "event"};
    return name[trigger];
}

const struct table_row *table_row_by_id(const struct table *t, const char *id)
{
    size_t at = names_find(&t->rows, id);
    return at == NAMES_NONE ? NULL : &t->row[at];
}

const struct table_payload *table_payload_by_name(const struct table *t, const char *name)
{
    size_t at = names_find(&t->payloads, name);
    return at == NAMES_NONE ? NULL : &t->payload[at];
}

const struct table_interpretation *table_interpretation_by_id(const struct table *t, const char *id)
{
    for (size_t i = 0; i < t->n_interpretation; i++)
        if (strcmp(t->interpretation[i].id, id) == 0)
            return &t->interpretation[i];
    return NULL;
}

bool table_leg_answers(const struct table_leg *leg, const char *payload)
{
    for (size_t i = 0; i < leg->n_answers; i++)
        if (strcmp(leg->answers[i], payload) == 0)
            return true;
    return false;
}

/* Whether text holds word as a whole word, in either case. */
static bool says(const char *text, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = text; (p = strcasestr(p, word)) != NULL; p++)
        if ((p == text || !isalnum((unsigned char)p[-1])) && !isalnum((unsigned char)p[n]))
            return true;
    return false;
}

bool table_asks_optional(const char *text)
{
    bool asked = says(text, "shall") || says(text, "must") || says(text, "required");
    return !asked && (says(text, "may") || says(text, "optional") || says(text, "optionally"));
}
