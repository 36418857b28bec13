#include "harness/base/err.h"

#include <stdio.h>
#include <string.h>

static const char *const names[ERR_CODE_COUNT] = {
    [ERR_OK] = "OK",
    [ERR_AGAIN] = "AGAIN",
    [ERR_TIMEOUT] = "TIMEOUT",
    [ERR_CLOSED] = "CLOSED",
    [ERR_PROTO] = "PROTO",
    [ERR_LIMIT] = "LIMIT",
    [ERR_NOMEM] = "NOMEM",
    [ERR_SYS] = "SYS",
    [ERR_USAGE] = "USAGE",
    [ERR_DATA] = "DATA",
    [ERR_SCOPE] = "SCOPE",
    [ERR_SCRIPT] = "SCRIPT",
    [ERR_EVIDENCE] = "EVIDENCE",
};

const char *err_name(enum err_code code)
{
    return (unsigned)code < ERR_CODE_COUNT ? names[code] : "?";
}

/* What is quoted comes from files, scripts and the equipment: nothing of it drives a terminal. */
static void one_line(struct err *e)
{
    for (char *c = e->text; *c != '\0'; c++)
        if ((unsigned char)*c < ' ' || *c == 0x7f)
            *c = '?';
}

enum err_code err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
    if (e != NULL) {
        va_list ap;
        va_start(ap, fmt);
        e->code = code;
        (void)vsnprintf(e->text, sizeof e->text, fmt, ap);
        va_end(ap);
        one_line(e);
    }
    return code;
}

enum err_code err_sys(struct err *e, int errno_value, const char *fmt, ...)
{
    if (e != NULL) {
        va_list ap;
        va_start(ap, fmt);
        e->code = ERR_SYS;
        int n = vsnprintf(e->text, sizeof e->text, fmt, ap);
        va_end(ap);
        size_t used = n < 0 ? 0 : (size_t)n;
        if (used < sizeof e->text)
            (void)snprintf(e->text + used, sizeof e->text - used, ": %s", strerror(errno_value));
        one_line(e);
    }
    return ERR_SYS;
}

enum err_code err_wrap(struct err *e, const char *fmt, ...)
{
    if (e == NULL)
        return ERR_SYS;
    struct err old = *e;
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(e->text, sizeof e->text, fmt, ap);
    va_end(ap);
    size_t used = n < 0 ? 0 : (size_t)n;
    if (used + 3 < sizeof e->text) {
        size_t room = sizeof e->text - used - 3, len = strlen(old.text);
        memcpy(e->text + used, ": ", 2);
        memcpy(e->text + used + 2, old.text, len < room ? len : room);
        e->text[used + 2 + (len < room ? len : room)] = '\0';
    }
    one_line(e);
    return e->code;
}

int err_exit(enum err_code code)
{
    switch (code) {
    case ERR_OK:
        return EXIT_ALL_PASS;
    case ERR_USAGE:
    case ERR_DATA:
    case ERR_SCRIPT:
        return EXIT_USAGE;
    case ERR_EVIDENCE:
        return EXIT_EVIDENCE;
    case ERR_SCOPE:
        return EXIT_SCOPE;
    case ERR_AGAIN:
    case ERR_TIMEOUT:
    case ERR_CLOSED:
    case ERR_PROTO:
    case ERR_LIMIT:
    case ERR_NOMEM:
    case ERR_SYS:
    case ERR_CODE_COUNT:
        break;
    }
    return EXIT_HARNESS;
}
