/* The bindings that ship, held against the requirement table. */
#include <stdlib.h>

#include "harness/base/where.h"
#include "harness/drive/inside.h"
#include "harness/table/table.h"
#include "tests/tap.h"

static const struct binding *bindings;
static size_t n_bindings;

static const struct binding *binding_of(const char *payload)
{
    for (size_t i = 0; i < n_bindings; i++)
        if (strcmp(bindings[i].payload, payload) == 0)
            return &bindings[i];
    return NULL;
}

static bool in_scope(const char *section)
{
    return strncmp(section, "4.10.", 5) == 0 || strncmp(section, "4.11.", 5) == 0 ||
           strncmp(section, "4.15.", 5) == 0;
}

/* The attribute is a field, or fields stand for its parts, or it is spelt as the document does,
 * whose slips the table's errata undo. */
static bool carried(const struct binding *b, const char *attribute)
{
    static const struct {
        const char *payload, *attribute, *part[3];
    } parts[] = {
        {"SW_state_cmd_resp-data", "response data", {"SW state", "voltage", "amps"}},
        {"valve_state_cmd", "command code", {"cmd code", "cmd code", "cmd code"}},
        {"valve_opr_cmd_ack",
         "acknowledgement code",
         {"acknowlwdgement code", "acknowlwdgement code", "acknowlwdgement code"}},
    };
    for (size_t i = 0; i < b->n_field; i++)
        if (b->field[i].required && strcmp(b->field[i].name, attribute) == 0)
            return true;
    for (size_t p = 0; p < sizeof parts / sizeof parts[0]; p++)
        if (strcmp(parts[p].payload, b->payload) == 0 && strcmp(parts[p].attribute, attribute) == 0)
            return carried(b, parts[p].part[0]) && carried(b, parts[p].part[1]) &&
                   carried(b, parts[p].part[2]);
    printf("# %s has no field \"%s\"\n", b->payload, attribute);
    return false;
}

static int64_t default_bytes(const struct binding *b)
{
    int64_t sum = 0;
    for (size_t i = 0; i < b->n_field; i++) {
        char made[40];
        const char *v =
            message_default(&b->field[i], made, sizeof made, INT64_C(1795396967471626797));
        int64_t n = field_canonical_bytes(b->field[i].type, v, strlen(v));
        if (n < 0) {
            printf("# default \"%s\" of \"%s\" is no value of its type\n", v, b->field[i].name);
            return -1;
        }
        sum += n;
    }
    return sum;
}

static void row(const struct table_row *r)
{
    const struct binding *b = binding_of(r->payload);
    if (!ok(b != NULL, "%s has a binding", r->id))
        return;
    bool all = true;
    for (size_t i = 0; i < r->n_attribute; i++)
        all = carried(b, r->attribute[i]) && all;
    ok(all, "%s: each attribute of the row is a required field", r->id);
    int64_t bytes = default_bytes(b);
    ok(bytes > 0, "%s: default values are valid", r->id);
    for (size_t i = 0; i < r->n_leg; i++)
        if (r->leg[i].size_max_bytes > 0)
            ok(bytes <= r->leg[i].size_max_bytes, "%s %s: %lld bytes by default are within %lld",
               r->id, r->leg[i].id, (long long)bytes, (long long)r->leg[i].size_max_bytes);
    if (r->command != NULL && b->kind == ENVELOPE_RESPONSE) {
        bool answers = false;
        for (size_t i = 0; i < b->n_reply_to; i++)
            answers = answers || binding_of(b->replies_to[i]) != NULL;
        ok(answers, "%s: it answers a payload that is bound", r->id);
    }
}

static void shape(const struct binding *b)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    ok(strspn(b->element, letters) == strlen(b->element), "%s: the element is an XML name",
       b->payload);
    ok((b->kind == ENVELOPE_RESPONSE) == (b->n_reply_to > 0) &&
           (b->reply_to == NULL) == (b->n_reply_to == 0),
       "%s: a response answers something, nothing else does", b->payload);
    for (size_t i = 0; i < b->n_reply_to; i++) {
        const struct binding *command = binding_of(b->replies_to[i]);
        if (!ok(command != NULL && command->kind == ENVELOPE_REQUEST, "%s: %s is a command",
                b->payload, b->replies_to[i]))
            continue;
        bool echoed = b->echo < 0;
        for (size_t k = 0; k < command->n_field && !echoed; k++)
            echoed = strcmp(command->field[k].name, b->field[b->echo].name) == 0;
        ok(echoed, "%s: what it echoes is in %s", b->payload, command->payload);
    }
    if (b->kind == ENVELOPE_EVENT)
        ok(b->identity >= 0 && b->field[b->identity].type == FIELD_EUI64,
           "%s: an event names its device", b->payload);
}

int main(void)
{
    struct err e = ERR_INIT;
    struct script *s = NULL;
    struct table *t = NULL;
    char path[4096];
    if (where_data("lua/bindings/http.lua", path, sizeof path, &e) != ERR_OK ||
        script_new(NULL, &s, &e) != ERR_OK || table_load(NULL, &t, &e) != ERR_OK ||
        bindings_load(s, path, &bindings, &n_bindings, &e) != ERR_OK) {
        ok(false, "the bindings and the table load");
        printf("# %s\n", e.text);
        script_free(s);
        return done_testing();
    }
    for (size_t i = 0; i < n_bindings; i++)
        shape(&bindings[i]);
    size_t rows = 0;
    for (size_t i = 0; i < t->n_row; i++)
        if (in_scope(t->row[i].section)) {
            row(&t->row[i]);
            rows++;
        }
    is_int(rows, 9 + 5 + 18, "all rows of the three sections were looked at");
    ok(binding_of("valve_opr_cancel_cmd") != NULL &&
           binding_of("valve_post-oper-info_resp-data") != NULL,
       "the two payloads of 4.15.3 without a row are bound");
    table_free(t);
    script_free(s);
    return done_testing();
}
