/* Numbers of a workbook as a person would have typed them. */
#include "harness/import/number.h"
#include "tests/tap.h"

static const struct {
    const char *format;
    double value;
    bool since_1904;
    const char *text;
} sample[] = {
    {"General", 50, false, "50"},
    {"General", 0.1, false, "0.1"},
    {"General", 1e-5, false, "0.00001"},
    {"General", -3, false, "-3"},
    {"General", 1e20, false, "1e+20"},
    {"0", 49.6, false, "49.6"}, /* looks are not rounded to */
    {"#,##0", 2000, false, "2000"},
    {"0%", 0.995, false, "99.5%"},
    {"0.00%", 0.29, false, "29%"}, /* 28.999999999999996 in binary */
    {"\"> \"0.0%", 0.98, false, "> 98%"},
    {"\\<\\ 0\" sec\"", 5, false, "< 5 sec"},
    {"[Red]0.0;[Blue]-0.0", 2.5, false, "2.5"},
    {"[$EUR-407] 0", 3, false, "EUR 3"},
    {"yyyy-mm-dd", 45000, false, "2023-03-15"},
    {"d/m/yy", 43538, true, "2023-03-15"},
    {"mmm yy", 45000, false, "2023-03-15"},
    {"yyyy-mm-dd", 60, false, "1900-02-28"}, /* the 29th that never was */
    {"yyyy-mm-dd", 1, false, "1900-01-01"},
    {"yyyy-mm-dd", 61, false, "1900-03-01"},
    {"yyyy\\-mm\\-dd;@", 45000, false, "2023-03-15"},
    {"m/d/yy h:mm", 45000.75, false, "2023-03-15 18:00"},
    {"h:mm", 0.3125, false, "07:30"},
    {"h:mm:ss", 0.5 + 5.0 / 86400, false, "12:00:05"},
    {"h AM/PM", 0.25, false, "6AM"},
    {"h:mm AM/PM", 22.5 / 24, false, "10:30PM"},
    {"h AM/PM", 0, false, "12AM"},
    {"[h]:mm", 1.5, false, "36:00"},
    {"h:mm", -1, false, "-1"},
    {"yyyy", 1e9, false, "1000000000"},
    {"", 7, false, "7"},
    {"\"", 7, false, "7"},
    {"[", 7, false, "7"},
    {"\\", 7, false, "7"},
};

int main(void)
{
    for (size_t i = 0; i < sizeof sample / sizeof sample[0]; i++) {
        struct buf out;
        struct err e = ERR_INIT;
        buf_init(&out, 1000);
        is_int(number_write(sample[i].format, sample[i].value, sample[i].since_1904, &out, &e),
               ERR_OK, "%.17g as %s", sample[i].value, sample[i].format);
        is_str(out.data, sample[i].text, "reads so");
        buf_release(&out);
    }
    is_str(number_builtin(10), "0.00%", "formats without a name in the file are known");
    is_str(number_builtin(12345), "General", "and unknown ones show the number");
    return done_testing();
}
