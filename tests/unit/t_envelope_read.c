/* Envelopes out of XML: whole ones, cut ones, and bodies made to hurt the reader. */
#include <stdlib.h>
#include <time.h>

#include "harness/base/limits.h"
#include "harness/probe/envelope.h"
#include "tests/tap.h"

#define HEAD                                                                                       \
    "<?xml version=\"1.0\"?>\n<m:RequestMessage "                                                  \
    "xmlns:m=\"http://iec.ch/TC57/2011/schema/message\">\n"                                        \
    "  <m:Header><m:Verb>get</m:Verb><m:Noun> MeterReadings </m:Noun><m:Revision>2.0</m:Revision>" \
    "<m:Timestamp>2026-11-23T00:00:00Z</m:Timestamp><m:Source>A &amp; B</m:Source>"                \
    "<m:ReplyAddress>http://127.0.0.1:1/x</m:ReplyAddress><m:MessageID>id-1</m:MessageID>"         \
    "<m:CorrelationID>co-1</m:CorrelationID></m:Header>\n"
#define PAYLOAD(inside) "<m:Payload><p:cmd xmlns:p=\"urn:x\">" inside "</p:cmd></m:Payload>"
#define TAIL "</m:RequestMessage>\n"
#define WHOLE                                                                                      \
    HEAD PAYLOAD("<p:MeterID> 0011223344556677 </p:MeterID>\n<p:Interval><p:Value>1</p:Value>"     \
                 "<p:Value><![CDATA[2<3]]></p:Value></p:Interval><p:Empty/>") TAIL

static struct envelope_reader *reader;
static struct envelope env;
static struct err fault;

static enum err_code read_text(const char *text)
{
    fault = (struct err)ERR_INIT;
    return envelope_read(reader, text, strlen(text), &env, &fault);
}

static bool is(const struct slice *s, const char *want)
{
    return s->len == strlen(want) && memcmp(s->data, want, s->len) == 0;
}

static void whole(void)
{
    is_int(read_text(WHOLE), ERR_OK, "an envelope is read");
    is_str(fault.text, "", "without a word");
    is_int(env.kind, ENVELOPE_REQUEST, "its root tells its kind");
    ok(is(&env.verb, "get") && is(&env.noun, "MeterReadings"), "verb and noun, blanks removed");
    ok(is(&env.timestamp, "2026-11-23T00:00:00Z") && is(&env.source, "A & B") &&
           is(&env.reply_address, "http://127.0.0.1:1/x"),
       "timestamp, source, reply address");
    ok(is(&env.message_id, "id-1") && is(&env.correlation_id, "co-1"),
       "message and correlation id");
    ok(is(&env.element, "cmd") && env.result.len == 0, "the payload's element, and no result");
    is_int(env.n_field, 4, "four data elements");
    ok(is(&env.field[0].path, "MeterID") && is(&env.field[0].value, "0011223344556677"),
       "a plain one");
    ok(is(&env.field[1].path, "Interval/Value") && is(&env.field[1].value, "1"), "a nested one");
    ok(is(&env.field[2].path, "Interval/Value") && is(&env.field[2].value, "2<3"),
       "its second, as CDATA");
    ok(is(&env.field[3].path, "Empty") && env.field[3].value.len == 0, "an empty one");
}

static void others(void)
{
    is_int(read_text(
               "<ResponseMessage><Header><Verb>reply</Verb></Header><Reply><Result>FAILED</Result>"
               "<Error><Result>not this</Result></Error></Reply></ResponseMessage>"),
           ERR_OK, "an answer without payload is read");
    ok(env.kind == ENVELOPE_RESPONSE && is(&env.result, "FAILED"), "with its result");
    ok(env.element.len == 0 && env.n_field == 0, "and no element");
    is_int(read_text("<EventMessage><Payload><e>bare</e></Payload></EventMessage>"), ERR_OK,
           "an event is read");
    ok(env.n_field == 1 && env.field[0].path.len == 0 && is(&env.field[0].value, "bare"),
       "text right in the payload's element is a nameless field");
    is_int(read_text("<EventMessage><Other><Payload><e>1</e></Payload></Other></EventMessage>"),
           ERR_OK, "elements elsewhere are passed over");
    is_int(env.element.len, 0, "whatever their names");
    is_int(
        read_text(
            "<?xml version='1.0' encoding='ISO-8859-1'?><EventMessage><Payload><e><f>\xE9</f></e>"
            "</Payload></EventMessage>"),
        ERR_OK, "another encoding is understood");
    ok(env.n_field == 1 && is(&env.field[0].value, "\xC3\xA9"), "and given as UTF-8");
}

static void encodings(void)
{
    static const char *const utf8[] = {"<?xml version='1.0' encoding='utf-8' standalone='yes'?>",
                                       "\xEF\xBB\xBF<?xml version='1.0'?>",
                                       "\xEF\xBB\xBF",
                                       "<?xml version=\"1.0\" encoding = \"UTF-8\" ?>\n",
                                       "<!-- encoding='x' -->",
                                       "\n"};
    char text[300];
    for (size_t i = 0; i < sizeof utf8 / sizeof utf8[0]; i++) {
        (void)snprintf(text, sizeof text,
                       "%s<EventMessage><Payload><e><f>\xC3\xA9</f></e></Payload></EventMessage>",
                       utf8[i]);
        ok(read_text(text) == ERR_OK && env.n_field == 1 && is(&env.field[0].value, "\xC3\xA9"),
           "UTF-8, declared in way %zu", i);
    }
    static const char wide[] = "\xFF\xFE<\0E\0v\0e\0n\0t\0M\0e\0s\0s\0a\0g\0e\0/\0>\0";
    is_int(envelope_read(reader, wide, sizeof wide - 1, &env, &fault), ERR_OK,
           "UTF-16 is understood");
    is_int(env.kind, ENVELOPE_EVENT, "as what it is");
    is_int(read_text("<?xml version='1.0' encoding='utf-9'?><EventMessage/>"), ERR_PROTO,
           "an encoding nobody knows is refused");
}

static void cut(void)
{
    size_t len = strlen(WHOLE) - 1, refused = 0; /* all but the last line's end */
    for (size_t n = 0; n < len; n++) {
        char *block = malloc(n == 0 ? 1 : n);
        memcpy(block, WHOLE, n);
        refused += envelope_read(reader, block, n, &env, &fault) == ERR_PROTO;
        free(block);
    }
    is_int(refused, len, "an envelope cut anywhere is malformed");
    is_int(read_text(WHOLE), ERR_OK, "and harms no later one");
}

static void bad(const char *what, const char *text, enum err_code want)
{
    clock_t before = clock();
    enum err_code rc = read_text(text);
    double took_s = (double)(clock() - before) / CLOCKS_PER_SEC;
    ok(rc == want && fault.text[0] != '\0' && took_s < 2, "refused: %s (%s)", what, fault.text);
    is_int(read_text(WHOLE), ERR_OK, "and the next one is read");
}

/* head, then unit count times, then tail. Freed by the next call. */
static const char *repeat(const char *head, const char *unit, size_t count, const char *tail)
{
    static char *text;
    size_t h = strlen(head), u = strlen(unit), t = strlen(tail);
    free(text);
    text = NULL;
    if (count == 0)
        return NULL;
    text = malloc(h + u * count + t + 1);
    memcpy(text, head, h);
    for (size_t i = 0; i < count; i++)
        memcpy(text + h + i * u, unit, u);
    memcpy(text + h + u * count, tail, t + 1);
    return text;
}

static void malformed(void)
{
    bad("nothing", "", ERR_PROTO);
    bad("no XML", "hello", ERR_PROTO);
    bad("JSON", "{\"a\": 1}", ERR_PROTO);
    bad("another root", "<html><body/></html>", ERR_PROTO);
    bad("two roots", "<EventMessage/><EventMessage/>", ERR_PROTO);
    bad("wrong nesting", "<EventMessage><a></EventMessage></a>", ERR_PROTO);
    bad("an undeclared prefix", "<x:EventMessage/>", ERR_PROTO);
    static const char zero[] = "<EventMessage/>\0<EventMessage/>";
    is_int(envelope_read(reader, zero, sizeof zero - 1, &env, &fault), ERR_PROTO,
           "a zero byte ends nothing");
    bad("broken UTF-8", "<EventMessage>\xFF\xFE\xC0</EventMessage>", ERR_PROTO);
    bad("two headers", "<EventMessage><Header/><Header/></EventMessage>", ERR_PROTO);
    bad("two correlation ids",
        "<EventMessage><Header><CorrelationID>a</CorrelationID><CorrelationID>b</CorrelationID></"
        "Header>"
        "</EventMessage>",
        ERR_PROTO);
    bad("two payload elements", "<EventMessage><Payload><a/><b/></Payload></EventMessage>",
        ERR_PROTO);
    bad("an entity nobody declared", "<EventMessage><Payload><a>&b;</a></Payload></EventMessage>",
        ERR_PROTO);
}

static void hostile(void)
{
    bad("a document type", "<!DOCTYPE EventMessage><EventMessage/>", ERR_PROTO);
    bad("a billion laughs",
        "<!DOCTYPE lolz [<!ENTITY a \"lol\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
        "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d "
        "\"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">]>"
        "<EventMessage><Payload><a>&d;</a></Payload></EventMessage>",
        ERR_PROTO);
    bad("an external entity",
        "<!DOCTYPE x [<!ENTITY a SYSTEM "
        "\"file:///etc/passwd\">]><EventMessage><Payload><a>&a;</a></Payload>"
        "</EventMessage>",
        ERR_PROTO);
    bad("an external subset", "<!DOCTYPE x SYSTEM \"http://127.0.0.1:9/x.dtd\"><EventMessage/>",
        ERR_PROTO);
    bad("depth", repeat("<EventMessage><Payload>", "<a>", 100000, ""), ERR_LIMIT);
    bad("a million elements",
        repeat("<EventMessage><Payload><e>", "<a/>", 1000000, "</e></Payload></EventMessage>"),
        ERR_LIMIT);
    bad("many elements that are no data",
        repeat("<EventMessage>", "<a/>", 1000000, "</EventMessage>"), ERR_LIMIT);
    bad("a huge text",
        repeat("<EventMessage><Payload><e><a>", "0123456789", 500000,
               "</a></e></Payload></EventMessage>"),
        ERR_LIMIT);
    bad("a million attributes", repeat("<EventMessage ", "a='' ", 1000000, "/>"), ERR_LIMIT);
    bad("a million namespaces", repeat("<EventMessage ", "xmlns:a='u' ", 600000, "/>"), ERR_LIMIT);
    bad("a huge name",
        repeat("<EventMessage><Payload><e><", "n", 40000, "/></e></Payload></EventMessage>"),
        ERR_LIMIT);
    bad("a body beyond the ceiling",
        repeat("<EventMessage>", "0123456789", 900000, "</EventMessage>"), ERR_LIMIT);
    is_int(read_text(repeat("<EventMessage><Payload><e>", "<a x='1'/>", 4000,
                            "</e></Payload></EventMessage>")),
           ERR_OK, "many elements with an attribute each are fine");
    is_str(fault.text, "", "without a word");
    is_int(read_text(repeat("<EventMessage><Payload><e><a>", "=", 5000,
                            "</a></e></Payload></EventMessage>")),
           ERR_OK, "and so are equal signs in a text");
    (void)repeat("", "", 0, "");
}

/* The parser keeps every name it ever saw: its memory must not grow with the messages. */
static void names(void)
{
    char text[1200];
    bool good = true;
    for (int i = 0; i < 20000; i++) {
        (void)snprintf(text, sizeof text,
                       "<EventMessage><Payload><e><n%0900d/></e></Payload></EventMessage>", i);
        good = good && read_text(text) == ERR_OK && env.n_field == 1;
    }
    ok(good, "20 MB of names that never repeat are read");
}

int main(void)
{
    if (envelope_reader_new(&reader, &fault) != ERR_OK)
        return 1;
    whole();
    others();
    encodings();
    cut();
    malformed();
    hostile();
    names();
    envelope_reader_free(reader);
    return done_testing();
}
