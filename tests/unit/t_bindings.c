/* The bindings that ship, held against the requirement table. */
#include <stdlib.h>
#include <strings.h>

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

/* The attribute is a required field (but for what is there "if available"), or fields stand for its
 * parts, or it is spelt as the document does, whose slips the table's errata undo. */
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
    bool may_lack = strstr(attribute, "if available") != NULL;
    for (size_t i = 0; i < b->n_field; i++)
        if (b->field[i].required != may_lack && strcmp(b->field[i].name, attribute) == 0)
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
        if (b->field[i].type == FIELD_IMAGE)
            continue; /* as large as the row wants it */
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

/* Who is meant: one device, or those of a group or all, in a payload whose command or own name says
 * so. */
static void addressed(const struct table_row *r, const struct binding *b)
{
    static const char *const to_many[] = {"_mltcst", "_brdcst", "_multicast_", "_broadcast_",
                                          "bulk_Mtr-read_"};
    bool many = false;
    for (size_t i = 0; i < sizeof to_many / sizeof to_many[0]; i++)
        many = many || strstr(r->payload, to_many[i]) != NULL;
    if (many)
        ok(b->identity < 0, "%s: who is sent to many names no device", r->id);
    else
        ok(b->identity >= 0 && b->field[b->identity].type == FIELD_EUI64, "%s: it names its device",
           r->id);
}

static void sized(const struct table_row *r, const struct binding *b)
{
    int64_t bytes = default_bytes(b);
    ok(bytes > 0, "%s: default values are valid", r->id);
    for (size_t i = 0; i < r->n_leg; i++) {
        const struct table_leg *leg = &r->leg[i];
        if (leg->size_max_bytes <= 0)
            continue;
        ok(bytes <= leg->size_max_bytes, "%s %s: %lld bytes by default are within %lld", r->id,
           leg->id, (long long)bytes, (long long)leg->size_max_bytes);
        ok((binding_image(b) >= 0) == (leg->size_max_bytes >= 10000),
           "%s %s: it has an image when its size is one's", r->id, leg->id);
    }
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
    addressed(r, b);
    sized(r, b);
    if (r->command == NULL)
        return;
    bool answers = false;
    for (size_t i = 0; i < b->n_reply_to; i++)
        answers = answers || strcmp(b->replies_to[i], r->command) == 0;
    ok(answers, "%s: it answers %s", r->id, r->command);
    ok(b->proves == (strstr(r->type, "comm-err") == NULL && strcasecmp(r->type, "alert") != 0),
       "%s: it proves what it answers unless others send it or get it", r->id);
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
        bool echoed = b->echo < 0 || command->identity < 0;
        for (size_t k = 0; k < command->n_field && !echoed; k++)
            echoed = command->field[k].type == b->field[b->echo].type;
        ok(echoed, "%s: what it echoes can be in %s", b->payload, command->payload);
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
    for (size_t i = 0; i < t->n_row; i++)
        row(&t->row[i]);
    is_int(n_bindings, 202 + 4 + 1, "nothing is bound but the table's payloads and the read-back");
    const struct binding *back = binding_of("read-back");
    ok(back != NULL && back->kind == ENVELOPE_REQUEST && back->n_field == 2 &&
           back->field[0].required && !back->field[1].required,
       "the read-back names a message, and a device if need be");
    table_free(t);
    script_free(s);
    return done_testing();
}
