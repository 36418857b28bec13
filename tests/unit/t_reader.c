/* From frames to sightings: bodies, bindings, endpoints, and whose fault a bad message is. */
#include "tests/tap.h"
#include "tests/unit/packets.h"

#define LEN(text) (uint32_t)(sizeof(text) - 1)
#define BODY(inside)                                                                               \
    "<ResponseMessage><Header><CorrelationID>c</CorrelationID></Header><Payload>" inside           \
    "</Payload></ResponseMessage>"
#define READING                                                                                    \
    "<Reading><MeterID>00135A0000000001</MeterID><Value>1.5</Value><More>abc</More></Reading>"

static const struct plan_endpoint endpoints[] = {
    {.actor = "elsewhere", .address = "2001:db8::1", .port = 80},
    {.actor = "other port", .address = "10.0.0.2", .port = 81},
    {.actor = "meter", .address = "10.0.0.2", .port = 80},
    {.actor = "meter again", .address = "10.0.0.2", .port = 80},
};
static const struct binding bindings[] = {
    {.payload = "other", .element = "Other", .identity = -1, .echo = -1},
    {.payload = "reading",
     .element = "Reading",
     .identity = -1,
     .echo = -1,
     .field = {{.name = "Meter ID", .path = "MeterID", .type = FIELD_EUI64, .required = true},
               {.name = "Value", .path = "Value", .type = FIELD_FLOAT32, .required = true}},
     .n_field = 2},
};
static const struct plan plan = {
    .endpoint = endpoints, .n_endpoint = 4, .binding = bindings, .n_binding = 2};

/* One exchange whose answer has that status line and body; the note of the answer. */
static struct note answer_in(uint16_t port, const char *status, const char *body, bool chunked)
{
    char text[2000];
    struct net *n = net_new(&plan);
    n->server_port = port;
    if (chunked)
        (void)snprintf(
            text, sizeof text,
            "HTTP/1.1 %s\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n%c\r\n%zx\r\n%s\r\n0\r\n\r\n",
            status, body[0], strlen(body + 1), body + 1);
    else
        (void)snprintf(text, sizeof text, "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n%s", status,
                       strlen(body), body);
    net_handshake(n);
    net_data(n, CLIENT, 0, 0, GET_1);
    net_data(n, SERVER, 0, LEN(GET_1), text);
    net_finish(n);
    struct note last = n->note[n->n_note - 1];
    if (n->n_note != 2)
        last.health = -1;
    net_free(n);
    return last;
}

int main(void)
{
    struct note k = answer_in(80, "200 OK", BODY(READING), false);
    is_int(k.health, SIGHT_OK, "a message with a payload is sound");
    is_int(k.endpoint, 2, "its endpoint is the first that matches");
    is_int(k.binding, 1, "its binding is found by the element's name");
    is_int(k.canonical_bytes, 8 + 4 + 3, "its canonical size is counted");
    is_int(k.body_bytes, strlen(BODY(READING)), "its body is measured");
    uint64_t digest = k.digest;
    ok(digest != 0, "it has a digest");

    k = answer_in(80, "200 OK", BODY(READING), true);
    ok(k.health == SIGHT_OK && k.digest == digest && k.body_bytes == strlen(BODY(READING)),
       "a chunked body is the same body");
    ok(k.message_bytes > k.body_bytes + 60, "while the message counts what was carried");

    k = answer_in(80, "200 OK", BODY("<Unknown/>"), false);
    ok(k.health == SIGHT_OK && k.binding == -1 && k.has_envelope && k.canonical_bytes == -1,
       "an unknown payload is sound, and has no binding");
    k = answer_in(80, "200 OK", "yes", false);
    ok(k.health == SIGHT_BAD && k.fault[0] != '\0', "a success that holds no XML is bad (%s)",
       k.fault);
    k = answer_in(80, "200 OK", "<html/>", false);
    is_int(k.health, SIGHT_BAD, "nor is other XML an envelope");
    k = answer_in(80, "404 Not Found", "no such thing", false);
    ok(k.health == SIGHT_OK && !k.has_envelope, "a refusal may say so in any form");
    k = answer_in(80, "500 Failed", BODY(READING), false);
    ok(k.health == SIGHT_OK && k.has_envelope && k.binding == 1, "also in an envelope");
    k = answer_in(80, "200 OK", "", false);
    ok(k.health == SIGHT_OK && !k.has_envelope, "an empty answer is sound");
    k = answer_in(8080, "200 OK", "yes", false);
    ok(k.health == SIGHT_OK && k.endpoint == -1, "what is said elsewhere is not looked into");
    k = answer_in(81, "200 OK\r\nTransfer-Encoding: chunked", BODY(READING), false);
    ok(k.health == SIGHT_BAD && k.pair == 1, "two lengths are bad, and paired (%s)", k.fault);

    struct plan wrong = {.endpoint =
                             (const struct plan_endpoint[]){{.address = "localhost", .port = 1}},
                         .n_endpoint = 1};
    struct sighting_handlers none = {0};
    struct exchange_reader *reader;
    struct err e = ERR_INIT;
    is_int(exchange_reader_new(&wrong, &none, &reader, &e), ERR_DATA,
           "a plan with a name for an address is refused");
    ok(strstr(e.text, "localhost") != NULL && reader == NULL, "by name: %s", e.text);
    return done_testing();
}
