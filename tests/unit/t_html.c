/* The page: nothing foreign becomes markup, nothing is loaded, tags are balanced, all rows are in.
 */
#include <ctype.h>
#include <stdlib.h>

#include "harness/base/sha256.h"
#include "harness/report/report.h"
#include "tests/tap.h"
#include "tests/unit/sample_result.h"

static unsigned occurrences(const char *text, const char *what)
{
    unsigned n = 0;
    for (const char *p = text; (p = strstr(p, what)) != NULL; p += strlen(what))
        n++;
    return n;
}

static bool is_void(const char *name)
{
    static const char *const names[] = {"meta", "input", "br", "hr", "img", "link"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

#define DEPTH_MAX 64

/* Every tag opened is closed in order; the first that is not, or NULL. */
static const char *first_unbalanced(const char *p)
{
    static char open[DEPTH_MAX][24];
    int depth = 0;
    while ((p = strchr(p, '<')) != NULL) {
        const char *end = strchr(p, '>'), *at = p;
        if (end == NULL)
            return p;
        p++;
        if (*p == '!')
            continue;
        bool close = *p == '/';
        p += close;
        size_t len = strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789");
        char name[24];
        if (len == 0 || len >= sizeof name)
            return at;
        memcpy(name, p, len);
        name[len] = '\0';
        if (close && (depth == 0 || strcmp(open[--depth], name) != 0))
            return at;
        if (!close && !is_void(name) && end[-1] != '/') {
            if (depth == DEPTH_MAX)
                return at;
            memcpy(open[depth++], name, len + 1);
        }
        if (!close && (strcmp(name, "style") == 0 || strcmp(name, "script") == 0)) {
            char closing[32];
            (void)snprintf(closing, sizeof closing, "</%s>", name);
            p = strstr(end, closing);
            if (p == NULL)
                return at;
        } else
            p = end;
    }
    return depth == 0 ? NULL : "not all closed";
}

/* The bytes between the page's tags of that name. */
static char *between(const char *page, const char *open, const char *close)
{
    const char *from = strstr(page, open);
    const char *to = from == NULL ? NULL : strstr(from, close);
    return to == NULL ? NULL : strndup(from + strlen(open), (size_t)(to - from) - strlen(open));
}

/* A policy names digests in base 64; the first 4 digits are enough to tell that it is the right
 * one. */
static bool policy_fits(const char *page, const char *content)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char hex[SHA256_HEX_BYTES], six[7] = "", want[20];
    if (content == NULL || sha256_bytes(content, strlen(content), hex, NULL) != ERR_OK)
        return false;
    memcpy(six, hex, 6);
    unsigned long v = strtoul(six, NULL, 16);
    (void)snprintf(want, sizeof want, "'sha256-%c%c%c%c", digits[v >> 18], digits[v >> 12 & 63],
                   digits[v >> 6 & 63], digits[v & 63]);
    return strstr(page, want) != NULL;
}

/* One section holds all that 4.20.2 wants documented. */
static void method(const char *page)
{
    char *part = between(page, "<section id=\"method\">", "</main>");
    if (!ok(part != NULL, "there is a section for the method"))
        return;
    static const char *const want[] = {
        "edition 5.1",
        "<code>7ab1e</code>",
        "Deployment: decisions of 4.20.3",
        "Communication paths",
        "<code>1Ab + 1Ca + 1D</code>",
        "<td>by its actors</td>",
        "Endpoint quantities",
        "<td class=\"num\">40\u202f000</td><td class=\"num\">16</td>",
        "not given",
        "Use cases, with what they need",
        "<tr class=\"miss\">",
        "What keeps a claim from being whole",
        "Meter Reading; Price",
        "What the document leaves to the deployment",
        "<td>4.14</td><td>x</td><td>60</td>",
        "How the capture was made",
        "How it was decided",
        "Interpretations used",
        "Inputs and their digests",
    };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        ok(strstr(part, want[i]) != NULL, "in it stands %s", want[i]);
    ok(strstr(part, "alert(1)</script>") == NULL, "and no foreign markup");
    free(part);
}

int main(void)
{
    struct text t, again;
    text_init(&t);
    report_html(sample_result(), &t);
    is_int(text_done(&t, NULL), ERR_OK, "it is written");
    const char *page = t.buf.data;
    is_int(occurrences(page, "<script"), 1, "the page's own script is the only one");
    is_int(occurrences(page, "alert(1)"), occurrences(page, "&lt;script&gt;alert(1)"),
           "a foreign script is text wherever it stands");
    is_int(occurrences(page, "http://") + occurrences(page, "https://") +
               occurrences(page, "url(") + occurrences(page, " src=") +
               occurrences(page, "@import"),
           0, "nothing is loaded");
    is_int(occurrences(page, " style=") + occurrences(page, " onclick"), 0,
           "no style or handler inline");
    char *style = between(page, "<style>", "</style>"),
         *script = between(page, "<script>", "</script>");
    ok(policy_fits(page, style), "the policy admits the style as it stands");
    ok(policy_fits(page, script), "and the script");
    const char *odd = first_unbalanced(page);
    ok(odd == NULL, "every tag is closed in order: %.60s", odd == NULL ? "" : odd);
    bool control = false;
    for (const char *p = page; *p != '\0'; p++)
        control = control || (iscntrl((unsigned char)*p) && *p != '\n');
    ok(!control, "no control character gets through");
    is_int(occurrences(page, "<tbody class=\"row"), 6, "every row is there");
    is_int(occurrences(page, "id=\"4.10.4.1-read_resp-data\""), 1, "a row can be linked to");
    ok(strstr(page, "No claim can be made") != NULL, "a run without a claim says so");
    ok(strstr(page, "5.000001 s") != NULL, "a nanosecond late does not read as in time");
    ok(strstr(page, "frame.number &gt;= 400 &amp;&amp; frame.number &lt;= 405") != NULL,
       "packets can be found");
    method(page);
    ok(strstr(page, "reading of one") != NULL, "interpretations stand with their text");
    ok(strstr(page, "consumer&#39;s risk 5 %") != NULL, "the risks stand in the report's head");
    ok(strstr(page, "<dt>Accreditation</dt><dd class=\"nil\">not declared") != NULL,
       "what nobody declared is told so");
    ok(strstr(page, "relate only to the item tested") != NULL &&
           strstr(page, "End of the report") != NULL,
       "it says what it relates to and where it ends");
    ok(strstr(page, "report 1f2e3d4c-c0ffee\";") != NULL, "its id stands on every printed page");
    ok(strstr(page, "<dt>Submission</dt><dd>3</dd>") != NULL &&
           strstr(page, "aabbccddeeff00112233") != NULL,
       "the campaign with its ledger's head");
    ok(strstr(page, "<b>Submission 3</b> of its campaign") != NULL,
       "beside the verdict it says that others count");
    ok(strstr(page, "fail after 108</text>") != NULL, "the deciding point");
    is_int(occurrences(page, "Failures over exchanges between"), 4,
           "a staircase for each reading whose rule can be read, none for the other");
    ok(strstr(page, "class=\"stair\" d=\"M40.0 186.4L47.7 186.4L47.7 167.0L67.4 167.0L67.4 147.6"
                    "L89.3 147.6L89.3 128.3") != NULL,
       "the stair climbs at the 17th, 60th and 108th");
    ok(strstr(page, "class=\"edge bad\" d=\"M40.0 128.3L113.6 128.3L113.6 108.9") != NULL,
       "the line that fails stands at 3 failed up to 161, then at 4");
    ok(strstr(page, "class=\"edge good\" d=\"M448.7 196.0L448.7 186.4L") != NULL,
       "the line that passes begins at 894 with none failed");
    ok(strstr(page, "L223.4 187.6L") != NULL, "the characteristic at p1 is the consumer's risk");
    is_int(occurrences(page, "<article class=\"one-rule\">"), 1, "each distinct rule once");
    ok(strstr(page, "<dt>Consumer&#39;s risk, exact at p1</dt><dd>4.97 %</dd>") != NULL &&
           strstr(page, "<dt>Producer&#39;s risk, exact at p0</dt><dd>4.919 %</dd>") != NULL,
       "with its exact risks, rounded up");
    ok(strstr(page, "<td class=\"num\">402 \xc2\xb5s</td>") != NULL, "bounds of percentiles");
    ok(strstr(page, "U = 50 \xc2\xb5s, ") != NULL, "U and where it is from");
    text_init(&again);
    report_html(sample_result(), &again);
    is_str(again.buf.data, page, "twice the same");
    free(style);
    free(script);
    text_release(&again);
    text_release(&t);
    return done_testing();
}
