/* The writer under all reports: one bad byte never breaks a format; the first fault sticks. */
#include "harness/report/text.h"
#include "tests/tap.h"

static const char *escaped(struct text *t, enum text_style style, const char *s)
{
    buf_reset(&t->buf);
    text_esc(t, style, s);
    return t->buf.data == NULL ? "" : t->buf.data;
}

static const char *csv(struct text *t, const char *s)
{
    buf_reset(&t->buf);
    text_raw(t, "");
    text_csv(t, s);
    return t->buf.data;
}

int main(void)
{
    struct text t;
    text_init(&t);
#define BAD "\xef\xbf\xbd"
    is_str(escaped(&t, TEXT_PLAIN, "a\tb\nc\rd"), "a b c d", "line ends and tabs are blanks");
    is_str(escaped(&t, TEXT_PLAIN, "\x1b[2J\x7f\xc2\x9b"), BAD "[2J" BAD BAD,
           "no terminal control");
    is_str(escaped(&t, TEXT_PLAIN,
                   "\xe2\x80\xae"
                   "a"),
           BAD "a", "nor a turned reading direction");
    is_str(escaped(&t, TEXT_PLAIN, "\xc3"), BAD, "a cut character");
    is_str(escaped(&t, TEXT_PLAIN, "\xc0\xaf"), BAD BAD, "an overlong one");
    is_str(escaped(&t, TEXT_PLAIN, "\xed\xa0\x80"), BAD, "half a surrogate");
    is_str(escaped(&t, TEXT_PLAIN, "\xf4\x90\x80\x80"), BAD, "beyond Unicode");
    is_str(escaped(&t, TEXT_PLAIN, "\xef\xbf\xbe"), BAD, "what XML forbids");
    is_str(escaped(&t, TEXT_PLAIN, "\xc2\xb5\xe2\x82\xac\xf0\x9f\x94\x8c"),
           "\xc2\xb5\xe2\x82\xac\xf0\x9f\x94\x8c", "good characters of any length stay");
    is_str(escaped(&t, TEXT_MARKUP, "<a b='\"'>&"), "&lt;a b=&#39;&quot;&#39;&gt;&amp;", "markup");
    is_str(escaped(&t, TEXT_TAP, "a # TODO \\"), "a \\# TODO \\\\", "TAP");
    is_str(escaped(&t, TEXT_QUOTED, "a\"b\\"), "a\\\"b\\\\", "a quoted scalar");
    buf_reset(&t.buf);
    text_clip(&t, TEXT_PLAIN, "\xc2\xb5\xc2\xb5\xc2\xb5", 2);
    is_str(t.buf.data, "\xc2\xb5\xc2\xb5...", "clipped between characters");
    is_str(csv(&t, "plain"), "plain", "a plain field");
    is_str(csv(&t, "a,\"b\"\n"), "\"a,\"\"b\"\" \"", "a field with comma and quotes");
    is_str(csv(&t, "=1+1"), "'=1+1", "no formula");
    is_str(csv(&t, ""), "", "an empty field");
    buf_reset(&t.buf);
    t.buf.max = 10;
    text_raw(&t, "0123456789");
    text_raw(&t, "x");
    text_cut(&t, 2);
    text_raw(&t, "y");
    struct err e = ERR_INIT;
    is_int(text_done(&t, &e), ERR_LIMIT, "the first fault sticks");
    is_str(t.buf.data, "01", "and nothing is written behind it");
    text_release(&t);
    return done_testing();
}
