/* CSV as RFC 4180 has it: fields, quotes, separators, encodings. */
#include <stdlib.h>

#include "harness/import/csv.h"
#include "tests/tap.h"

static enum err_code parse(const char *text, struct sheet *s, struct err *e)
{
    return csv_parse("t.csv", text, strlen(text), NULL, s, e);
}

static void test_fields(void)
{
    struct sheet s;
    struct err e = ERR_INIT;
    is_int(parse("a,b,c\r\n1,\"x, \"\"y\"\"\r\nz\",\r\n\r\n,,3", &s, &e), ERR_OK,
           "records are read");
    is_int(s.n, 3, "blank lines are none");
    is_str(s.record[1].cell[1], "x, \"y\"\nz", "quotes hide separators, breaks and quotes");
    is_str(s.record[1].cell[2], "", "a field may be empty");
    is_str(s.record[2].cell[2], "3", "the last line needs no end");
    is_int(s.record[2].row, 4, "rows count blank ones too, as spreadsheets do");
    is_int(s.record[2].line, 5, "lines are the file's");
    sheet_release(&s);
}

static void test_separators(void)
{
    static const char *const text[] = {"a,b\n\"1;\t2\",x\n", "a;b\n\"1;\t2\";x\n",
                                       "a\tb\n\"1;\t2\"\tx\n",
                                       ("\xEF\xBB\xBF"
                                        "a;b\n\"1;\t2\";x\n"),
                                       "sep=;\r\na;b\n\"1;\t2\";x\n"};
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
        struct sheet s;
        struct err e = ERR_INIT;
        is_int(parse(text[i], &s, &e), ERR_OK, "separators are found out (%zu)", i);
        ok(s.n == 2 && s.record[1].n == 2, "two columns (%zu)", i);
        is_str(s.n == 2 ? s.record[1].cell[0] : "", "1;\t2", "the other ones are text (%zu)", i);
        is_str(s.n == 2 ? s.record[0].cell[0] : "", "a", "marks of the file are none (%zu)", i);
        sheet_release(&s);
    }
}

static void test_faults(void)
{
    static const struct {
        const char *text, *told;
    } bad[] = {
        {"a,b\n1,\"2\n", "t.csv:2: row 2: a quote is opened here and never closed"},
        {"a,b\n1,\"2\"3\n",
         "t.csv:2: row 2: something stands behind a closing quote, expected a separator"},
        {"a,b\n1,2\"3\n", "t.csv:2: row 2: a quote within a field that does not begin with one"},
        {"a,b\n1\n", "t.csv:2: row 2 has 1 fields, expected 2 as the first row has"},
        {"a,b\n1,\xC3\n",
         "t.csv:2: byte 3 of the line is 0xC3, which is no UTF-8 text here; expected a CSV file in "
         "UTF-8"},
        {"a,b\n1,\x01\n",
         "t.csv:2: byte 3 of the line is 0x01, which is no UTF-8 text here; expected a CSV file in "
         "UTF-8"},
        {"\xFF\xFE"
         "a",
         "t.csv:1: begins as UTF-16; expected a CSV file in UTF-8"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct sheet s;
        struct err e = ERR_INIT;
        is_int(parse(bad[i].text, &s, &e), ERR_DATA, "fault %zu is refused", i);
        is_str(e.text, bad[i].told, "with its place");
        sheet_release(&s);
    }
}

/* Each in a block of its own length, so that a read beyond it is seen under sanitizers. */
static void test_every_truncation(void)
{
    static const char text[] = "a;b\r\n\"x\"\"y\";\xE2\x80\x93\r\n1;\"2\r\n3\"\r\n";
    size_t good = 0;
    for (size_t n = 0; n < sizeof text; n++) {
        struct sheet s;
        struct err e = ERR_INIT;
        char *cut = calloc(1, n + 1);
        if (cut == NULL)
            break;
        memcpy(cut, text, n);
        enum err_code rc = csv_parse("t.csv", cut, n, NULL, &s, &e);
        good += rc == ERR_OK || (rc == ERR_DATA && e.text[0] != '\0');
        sheet_release(&s);
        free(cut);
    }
    is_int(good, sizeof text, "every truncation is read or refused");
}

int main(void)
{
    test_fields();
    test_separators();
    test_faults();
    test_every_truncation();
    return done_testing();
}
