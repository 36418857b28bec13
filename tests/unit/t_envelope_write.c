/* Writing the envelope: what comes out is read back equal, by our reader and by libxml2's DOM. */
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>

#include "harness/base/clock.h"
#include "harness/probe/envelope.h"
#include "tests/tap.h"

static bool slice_is(struct slice s, const char *text)
{
    return s.len == strlen(text) && memcmp(s.data, text, s.len) == 0;
}

/* The DOM's element at a path of local names, NULL when there is none. */
static xmlNodePtr at(xmlNodePtr node, const char *const *path)
{
    for (; node != NULL && *path != NULL; path++) {
        xmlNodePtr child = node->children;
        while (child != NULL && strcmp((const char *)child->name, *path) != 0)
            child = child->next;
        node = child;
    }
    return node;
}

static void whole_message(struct envelope_reader *reader)
{
    static const struct envelope_value fields[] = {
        {"MeterID", "00124B0001000000"},
        {"Interval/Value", "1 < 2 & \"3\" > ]]>"},
        {"Interval/At", "later\r\n\there"},
        {"Interval/Value", "second"},
        {"Other/Value", "\xc3\xa4\xf0\x9f\x94\x8c"},
        {"Gone", NULL},
        {"Last", ""},
    };
    static const char *const root[] = {NULL};
    static const char *const first[] = {"Payload", "SW_opr_cmd_ack", "Interval", "Value", NULL};
    struct envelope_draft d = {
        .kind = ENVELOPE_RESPONSE,
        .verb = "reply",
        .noun = "MeterReadings",
        .source = "A & B",
        .reply_address = "http://127.0.0.1:1/x?a=1&b=2",
        .message_id = "m-1",
        .correlation_id = "ga-1-2.3-4",
        .result = "OK",
        .timestamp_ns = INT64_C(1700000000000000001),
        .element = "SW_opr_cmd_ack",
        .field = fields,
        .n_field = sizeof fields / sizeof fields[0],
    };
    struct buf out;
    struct err e = ERR_INIT;
    struct envelope env;
    buf_init(&out, 100000);
    is_int(envelope_write(&d, &out, &e), ERR_OK, "a full message is written");
    is_int(envelope_read(reader, out.data, out.len, &env, &e), ERR_OK, "our reader takes it");
    is_int(env.kind, ENVELOPE_RESPONSE, "the kind is the root element's");
    ok(slice_is(env.verb, "reply") && slice_is(env.noun, "MeterReadings") &&
           slice_is(env.source, "A & B") && slice_is(env.message_id, "m-1") &&
           slice_is(env.correlation_id, "ga-1-2.3-4") && slice_is(env.result, "OK") &&
           slice_is(env.reply_address, "http://127.0.0.1:1/x?a=1&b=2"),
       "every header comes back");
    ok(slice_is(env.timestamp, "2023-11-14T22:13:20.000000001Z"),
       "the time too, to the nanosecond");
    ok(slice_is(env.element, "SW_opr_cmd_ack"), "and the payload's element");
    is_int(env.n_field, 6, "a field without a value is left out");
    for (size_t i = 0, k = 0; i < d.n_field && k < env.n_field; i++)
        if (fields[i].value != NULL) {
            ok(slice_is(env.field[k].path, fields[i].path) &&
                   slice_is(env.field[k].value, fields[i].value),
               "field %zu comes back with path and value", k);
            k++;
        }

    xmlDocPtr doc = xmlReadMemory(out.data, (int)out.len, "x", NULL, XML_PARSE_NONET);
    xmlNodePtr top = doc == NULL ? NULL : xmlDocGetRootElement(doc);
    ok(top != NULL && at(top, root) == top, "another parser takes it");
    xmlNodePtr value = at(top, first);
    xmlChar *text = value == NULL ? NULL : xmlNodeGetContent(value);
    is_str((const char *)text, "1 < 2 & \"3\" > ]]>", "and finds the nested value");
    ok(value != NULL && value->ns != NULL &&
           strcmp((const char *)value->ns->href, "urn:gridassay:payload:1") == 0,
       "the payload has its namespace");
    ok(value != NULL && strcmp((const char *)value->next->name, "At") == 0 &&
           value->next->next == NULL && value->parent->next != NULL &&
           strcmp((const char *)value->parent->next->name, "Interval") == 0,
       "neighbours share the outer element until the inner name repeats");
    xmlFree(text);
    xmlFreeDoc(doc);
    buf_release(&out);
}

static void refusals(void)
{
    static const struct {
        const char *value, *why;
    } bad[] = {
        {"a\x01", "a control character"},
        {"\xed\xa0\x80", "a surrogate"},
        {"\xef\xbf\xbe", "a character that is none"},
        {"\xc3", "a cut character"},
        {"\xf0\x9f\x94", "a longer cut character"},
        {"\xff", "a byte that is no UTF-8"},
    };
    static const char *const names[] = {"", "1a", "a b", "a<b", "a:b", "x/", "/x", "\xc3\xa4"};
    struct envelope_value field = {"MeterID", NULL};
    struct envelope_draft d = {
        .kind = ENVELOPE_EVENT, .element = "E", .field = &field, .n_field = 1};
    struct buf out;
    buf_init(&out, 100000);
    (void)buf_puts(&out, "before", NULL);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct err e = ERR_INIT;
        field.value = bad[i].value;
        ok(envelope_write(&d, &out, &e) == ERR_PROTO && strstr(e.text, "MeterID") != NULL,
           "%s in a value is refused, naming the field", bad[i].why);
    }
    field.value = "1";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        field.path = names[i];
        is_int(envelope_write(&d, &out, NULL), ERR_USAGE, "\"%s\" names no element", names[i]);
    }
    is_str(out.data, "before", "no half message stays behind");
    field.path = "F";
    d.element = NULL;
    is_int(envelope_write(&d, &out, NULL), ERR_OK, "a message without payload is one");
    ok(strstr(out.data, "Payload") == NULL && strncmp(out.data, "before<EventMessage", 19) == 0,
       "it is appended, and has no Payload");
    buf_release(&out);

    buf_init(&out, 50);
    is_int(envelope_write(&d, &out, NULL), ERR_LIMIT, "a buffer's ceiling holds");
    is_int(out.len, 0, "and nothing was put into it");
    buf_release(&out);
}

int main(void)
{
    struct envelope_reader *reader;
    struct err e = ERR_INIT;
    if (envelope_reader_new(&reader, &e) != ERR_OK) {
        printf("Bail out! %s\n", e.text);
        return 1;
    }
    whole_message(reader);
    refusals();
    envelope_reader_free(reader);
    xmlCleanupParser();
    return done_testing();
}
