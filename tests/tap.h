/* tap - the few lines that let a C test speak TAP.
 *
 * Titles are sentences that state the property. A failure prints file, line, got and want.
 */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failures;

__attribute__((format(printf, 4, 5), unused)) static bool tap_check(bool good, const char *file,
                                                                    int line, const char *fmt, ...)
{
    char title[400];
    __builtin_va_list ap;
    __builtin_va_start(ap, fmt);
    (void)vsnprintf(title, sizeof title, fmt, ap);
    __builtin_va_end(ap);
    printf("%sok %d - %s\n", good ? "" : "not ", ++tap_count, title);
    if (!good) {
        tap_failures++;
        printf("# at %s:%d\n", file, line);
    }
    return good;
}

#define ok(cond, ...) tap_check((cond), __FILE__, __LINE__, __VA_ARGS__)

#define is_int(got, want, ...)                                                                     \
    do {                                                                                           \
        long long got_ = (long long)(got), want_ = (long long)(want);                              \
        if (!tap_check(got_ == want_, __FILE__, __LINE__, __VA_ARGS__))                            \
            printf("# got %lld, want %lld\n", got_, want_);                                        \
    } while (0)

#define is_str(got, want, ...)                                                                     \
    do {                                                                                           \
        const char *got_ = (got), *want_ = (want);                                                 \
        if (!tap_check(got_ != NULL && want_ != NULL && strcmp(got_, want_) == 0, __FILE__,        \
                       __LINE__, __VA_ARGS__))                                                     \
            printf("# got \"%s\", want \"%s\"\n", got_ ? got_ : "(null)",                          \
                   want_ ? want_ : "(null)");                                                      \
    } while (0)

__attribute__((unused)) static int tap_skip_all(const char *why)
{
    printf("1..0 # SKIP %s\n", why);
    return 0;
}

/* Prints the plan; the value for main to return. */
__attribute__((unused)) static int done_testing(void)
{
    printf("1..%d\n", tap_count);
    return tap_failures == 0 ? 0 : 1;
}

#endif
