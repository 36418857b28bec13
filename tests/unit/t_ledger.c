/* A ledger's chain: what is written is read back, and whatever is changed, taken out, put in or
 * moved is found, with its line. */
#include "harness/campaign/ledger.h"
#include "tests/tap.h"
#include "tests/unit/ledger_make.h"

static struct made whole;

static enum err_code parse(const char *data, size_t len, struct ledger **out, struct err *e)
{
    *e = (struct err)ERR_INIT;
    return ledger_parse("a.ledger", data, len, NULL, out, e);
}

/* Start of line i (from 0), or the end. */
static size_t line_at(const char *data, size_t len, size_t i)
{
    size_t at = 0;
    for (; i > 0 && at < len; i--) {
        const char *end = memchr(data + at, '\n', len - at);
        at = end == NULL ? len : (size_t)(end - data) + 1;
    }
    return at;
}

/* Whether these bytes are refused as evidence, the text naming what. */
static bool broken(const char *data, size_t len, const char *what)
{
    struct ledger *l = NULL;
    struct err e;
    enum err_code rc = parse(data, len, &l, &e);
    bool as_it_should = rc == ERR_EVIDENCE && strstr(e.text, what) != NULL;
    if (!as_it_should)
        printf("# %s: %s\n", err_name(rc), e.text);
    ledger_free(l);
    return as_it_should;
}

static void read_back(void)
{
    struct ledger *l = NULL;
    struct err e;
    is_int(parse(whole.text.data, whole.text.len, &l, &e), ERR_OK, "a ledger holds");
    if (l == NULL) {
        printf("# %s\n", e.text);
        return;
    }
    is_int(l->n_entry, 8, "all entries are there");
    is_str(l->identity.vendor, made_identity.vendor, "quotes and ampersands come back");
    is_str(l->identity.model, made_identity.model, "a line end stays inside its line");
    is_str(l->head, whole.head, "the head is the last entry's digest");
    is_int(l->generation, 2, "the reset began a generation");
    is_int(l->submissions, 1, "whose submissions count anew");
    is_str(l->entry[5].reason, "the fixture <was> miswired", "the reason comes back");
    is_str(l->entry[5].by.subject, "CN=Test Lab", "and who signed");
    is_int(ledger_generation(l, &l->entry[4]), 1, "an entry before it is of the first generation");
    is_int(ledger_generation(l, &l->entry[6]), 2, "one behind it of the second");
    is_int(l->entry[4].n_failed, 2, "failed rows come back");
    is_str(l->entry[4].failed[1].use_case, "PrePay", "with their use case");
    ok(ledger_find(l, LEDGER_END, "11111111") == &l->entry[2], "a run's end is found");
    ok(ledger_find(l, LEDGER_END, "33333333") != NULL, "the last one's too");
    ok(ledger_find(l, LEDGER_BEGIN, "44444444") == NULL, "and none that is not there");
    ledger_free(l);
}

static void every_byte(void)
{
    size_t missed = 0, n = whole.text.len;
    char *copy = malloc(n);
    memcpy(copy, whole.text.data, n);
    for (size_t i = 0; i < n; i++) {
        struct ledger *l = NULL;
        struct err e;
        copy[i] ^= 1;
        enum err_code rc = parse(copy, n, &l, &e);
        /* Without its line end the last entry is one that was cut, which is told. */
        bool found = rc == ERR_EVIDENCE || (i < 210 && rc == ERR_DATA) ||
                     (i == n - 1 && rc == ERR_OK && l->tail_bytes > 0);
        if (!found && missed++ < 5)
            printf("# byte %zu: %s %s\n", i, err_name(rc), e.text);
        ledger_free(l);
        copy[i] ^= 1;
    }
    free(copy);
    is_int(missed, 0, "a change of any one byte is found");
}

/* The file with lines taken out, put in and moved. */
static void every_line(void)
{
    const char *d = whole.text.data;
    size_t n = whole.text.len, missed = 0, at[10];
    char *copy = malloc(2 * n);
    for (size_t i = 0; i < 10; i++)
        at[i] = line_at(d, n, i);
    for (size_t i = 0; i < 7; i++) { /* the last one is not missed by the file itself */
        memcpy(copy, d, at[i]);
        memcpy(copy + at[i], d + at[i + 1], n - at[i + 1]);
        char want[100];
        (void)snprintf(want, sizeof want, "a.ledger:%zu: entry %zu is missing before entry %zu",
                       i + 1, i + 1, i + 2);
        missed += !broken(copy, n - (at[i + 1] - at[i]), want);
    }
    is_int(missed, 0, "a line taken out is named, with the place");
    memcpy(copy, d, at[2]);
    memcpy(copy + at[2], d + at[4], n - at[4]);
    ok(broken(copy, n - (at[4] - at[2]), "a.ledger:3: entries 3 to 4 are missing before entry 5"),
       "so are two");
    memcpy(copy, d, at[3]);
    memcpy(copy + at[3], d + at[4], at[5] - at[4]);
    memcpy(copy + at[3] + (at[5] - at[4]), d + at[3], at[4] - at[3]);
    memcpy(copy + at[5], d + at[5], n - at[5]);
    ok(broken(copy, n, "a.ledger:4: entry 5 stands before entry 4 (line 5): the order was changed"),
       "lines in another order are named");
    memcpy(copy, d, at[3]);
    memcpy(copy + at[3], d + at[1], n - at[1]);
    ok(broken(copy, n + at[3] - at[1], "a.ledger:4: entry 2 stands once more"),
       "a line that stands twice is named");
    memcpy(copy, d, n);
    memcpy(copy + n, "<end/>\n", 7);
    ok(broken(copy, n + 7, "a.ledger:9: is no entry of a ledger"), "a line added by hand is named");
    memcpy(copy + n, "hello", 5);
    ok(broken(copy, n + 5, "a.ledger:9: is no entry of a ledger"), "without its end too");
    memcpy(copy + n, "\n", 1);
    ok(broken(copy, n + 1, "a.ledger:9: "), "and an empty one");
    free(copy);
}

/* Entries made with the right digests, that do not follow from what is before them. */
static void forged(void)
{
    struct made m;
    made_open(&m);
    made_begin(&m, "11111111", 2);
    ok(broken(m.text.data, m.text.len, "a.ledger:2: submission=\"2\", 1 was expected"),
       "a submission out of number is found");
    buf_release(&m.text);
    made_open(&m);
    made_end(&m, "11111111", 0);
    ok(broken(m.text.data, m.text.len, "a.ledger:2: run 11111111 ends, which never began"),
       "an end without a beginning is found");
    buf_release(&m.text);
    made_open(&m);
    made_begin(&m, "11111111", 1);
    made_end(&m, "11111111", 1);
    made_end(&m, "11111111", 0);
    ok(broken(m.text.data, m.text.len, "a.ledger:4: run 11111111 ended already in line 3"),
       "a second end is found");
    buf_release(&m.text);
    made_open(&m);
    made_begin(&m, "11111111", 1);
    memcpy(m.head, MADE_SHA, sizeof m.head);
    made_begin(&m, "22222222", 2);
    ok(broken(m.text.data, m.text.len, "a.ledger:3: is bound to an entry"),
       "an entry that is bound to another one is found");
    buf_release(&m.text);
    made_open(&m);
    made_put(&m, (struct ledger_entry){.kind = LEDGER_OPEN});
    ok(broken(m.text.data, m.text.len, "a.ledger:2: <open>"), "a second opening is found");
    buf_release(&m.text);
    made_open(&m);
    made_put(&m, (struct ledger_entry){.kind = LEDGER_CUT, .cut_digest = MADE_SHA});
    ok(broken(m.text.data, m.text.len, "a.ledger:2: names a cut line before it"),
       "what was never cut cannot be named");
    buf_release(&m.text);
    made_open(&m);
    made_put(&m, (struct ledger_entry){.kind = LEDGER_RESET,
                                       .reason = "again",
                                       .by = {.subject = "CN=Test Lab"},
                                       .signature = (const uint8_t *)"abc",
                                       .signature_bytes = 3});
    ok(broken(m.text.data, m.text.len, "a.ledger:2: the reset is not signed as it should be"),
       "a reset that nobody signed is found");
    buf_release(&m.text);
}

/* A reset's signature is of one head, one reason and one campaign. */
static void signatures(void)
{
    struct made m, other;
    struct ledger *l = NULL;
    struct err e;
    made_open(&m);
    made_begin(&m, "11111111", 1);
    made_reset(&m, "one reason");
    is_int(parse(m.text.data, m.text.len, &l, &e), ERR_OK, "a signed reset holds");
    if (l != NULL) {
        made_open(&other);
        made_begin(&other, "99999999", 1);
        made_put(&other, l->entry[2]);
        ok(broken(other.text.data, other.text.len, "a.ledger:3: the reset is not signed"),
           "its signature does not do behind another entry");
        buf_release(&other.text);
        made_open(&other);
        made_begin(&other, "11111111", 1);
        struct ledger_entry x = l->entry[2];
        x.reason = "another reason";
        made_put(&other, x);
        ok(broken(other.text.data, other.text.len, "a.ledger:3: the reset is not signed"),
           "nor for another reason");
        buf_release(&other.text);
        made_open(&other);
        made_begin(&other, "11111111", 1);
        x = l->entry[2];
        (void)snprintf(x.by.subject, sizeof x.by.subject, "CN=Somebody Else");
        made_put(&other, x);
        ok(broken(other.text.data, other.text.len, "a.ledger:3: signer=\"CN=Somebody Else\""),
           "nor under another name");
        buf_release(&other.text);
    }
    ledger_free(l);
    l = NULL;
    e = (struct err)ERR_INIT;
    is_int(ledger_parse("a.ledger", m.text.data, m.text.len, made_certificate, &l, &e), ERR_OK,
           "it leads to the certificate that is trusted");
    ok(l != NULL && l->entry[2].by.trusted, "which is noted");
    ledger_free(l);
    buf_release(&m.text);
}

/* Whatever an append that was cut leaves is told as that, and nothing before it is lost. */
static void truncations(void)
{
    const char *d = whole.text.data;
    size_t n = whole.text.len, first = line_at(d, n, 1), wrong = 0;
    for (size_t len = first; len <= n; len++) {
        struct ledger *l = NULL;
        struct err e;
        size_t lines = 0;
        for (size_t i = 0; i < len; i++)
            lines += d[i] == '\n';
        bool at_end = d[len - 1] == '\n', but_end = !at_end && d[len] == '\n';
        enum err_code rc = parse(d, len, &l, &e);
        bool good = rc == ERR_OK && l->n_entry == lines + but_end && l->open_end == but_end &&
                    (l->tail_bytes > 0) == (!at_end && !but_end);
        if (!good && wrong++ < 5)
            printf("# %zu bytes: %s %s\n", len, err_name(rc), e.text);
        ledger_free(l);
    }
    is_int(wrong, 0, "every truncation behind the first entry is told as what it is");
    wrong = 0;
    for (size_t len = 0; len + 1 < first; len++) {
        struct ledger *l = NULL;
        struct err e;
        enum err_code rc = parse(d, len, &l, &e);
        wrong += rc != ERR_EVIDENCE && rc != ERR_DATA;
        ledger_free(l);
    }
    is_int(wrong, 0, "and without the first entry there is no ledger");
}

static void no_ledgers(void)
{
    struct ledger *l = NULL;
    struct err e;
    is_int(parse("", 0, &l, &e), ERR_EVIDENCE, "an empty file is a ledger that was emptied");
    ok(strstr(e.text, "a.ledger:1: is empty") != NULL, "which is said");
    is_int(parse("\x89PNG\r\n\x1a\n\0\0\0", 11, &l, &e), ERR_DATA, "a picture is no ledger");
    ok(strstr(e.text, "is no ledger") != NULL, "which is said");
    is_int(parse("{\"a\": 1}\n", 9, &l, &e), ERR_DATA, "nor is JSON");
    char newer[2000];
    (void)snprintf(newer, sizeof newer,
                   "<open sha3=\"1\" sha256=\"" MADE_SHA "\" before=\"0\" version=\"2\"/>\n");
    is_int(parse(newer, strlen(newer), &l, &e), ERR_DATA, "a newer version is not read");
    ok(strstr(e.text, "a.ledger:1: version \"2\", this gridassay reads version \"1\"") != NULL,
       "and named");
    char *long_line = malloc(300000);
    memset(long_line, 'x', 300000);
    memcpy(long_line, whole.text.data, 400);
    ok(broken(long_line, 300000, "a.ledger:1: is longer than"), "a line without end has its end");
    free(long_line);
}

static void hostile(void)
{
    static const char *const inside[] = {
        "",
        ">",
        "/>",
        " n=\"1\"",
        " n=\"1\" before=\"" MADE_ZERO "\"/>",
        " n=\"99999999999\" before=\"" MADE_ZERO "\" at=\"\"/>",
        " n=\"1\" before=\"" MADE_ZERO "\" at=\"now\" version=\"1\" campaign=\"0\"/>",
        " n=\"1\"><!DOCTYPE x [<!ENTITY a \"b\">]><a>&a;</a></open>"};
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++) {
        char line[1000], text[1000], digest[SHA256_HEX_BYTES];
        struct ledger *l = NULL;
        struct err e;
        (void)snprintf(text, sizeof text, "<open%s", inside[i]);
        (void)sha256_bytes(text, strlen(text), digest, NULL);
        (void)snprintf(line, sizeof line, "<open sha256=\"%s\"%s\n<x before=\"\"", digest,
                       inside[i]);
        enum err_code rc = parse(line, strlen(line), &l, &e);
        if (rc != ERR_EVIDENCE) {
            wrong++;
            printf("# %s: %s %s\n", inside[i], err_name(rc), e.text);
        }
        ledger_free(l);
    }
    is_int(wrong, 0, "lines with the right digest and the wrong inside are refused");
}

int main(void)
{
    if (!made_lab())
        return tap_skip_all("no folder for keys");
    made_open(&whole);
    made_begin(&whole, "11111111", 1);
    made_end(&whole, "11111111", 0);
    made_begin(&whole, "22222222", 2);
    made_end(&whole, "22222222", 2);
    made_reset(&whole, "the fixture <was> miswired");
    made_begin(&whole, "33333333", 1);
    made_end(&whole, "33333333", 0);
    is_int(whole.rc, ERR_OK, "a ledger is written");
    read_back();
    every_byte();
    every_line();
    forged();
    signatures();
    truncations();
    no_ledgers();
    hostile();
    buf_release(&whole.text);
    made_clean();
    return done_testing();
}
