/* err - the one way a harness fault is told: a code and a sentence.
 *
 * A fault means that the harness could not do its work; what the equipment did wrong is a finding
 * and travels as data (see score/). Fallible functions return an enum err_code and fill a
 * caller-owned struct err. The text says what was tried, on what, with numbers; no newline.
 * Errors:    none. Text that does not fit is cut; control characters in it become '?'.
 */
#ifndef HARNESS_ERR_H
#define HARNESS_ERR_H

#include <stdarg.h>

enum err_code {
    ERR_OK = 0,
    ERR_AGAIN,   /* nothing to do yet; no text */
    ERR_TIMEOUT, /* a deadline of ours passed */
    ERR_CLOSED,  /* the other side is gone */
    ERR_PROTO,   /* bytes that the protocol forbids */
    ERR_LIMIT,   /* a ceiling of limits.h was reached */
    ERR_NOMEM,
    ERR_SYS,      /* the operating system refused; text holds strerror */
    ERR_USAGE,    /* wrong flag, argument or name */
    ERR_DATA,     /* an input file is missing, cut, of another schema or version */
    ERR_SCOPE,    /* the declared scope contradicts itself */
    ERR_SCRIPT,   /* a Lua scenario failed or broke its sandbox */
    ERR_EVIDENCE, /* a digest, a chain or a signature does not agree with what it stands for */
    ERR_CODE_COUNT
};

struct err {
    enum err_code code;
    char text[600];
};

/* clang-format off */
#define ERR_INIT {ERR_OK, ""}
/* clang-format on */

/* Fills e (which may be NULL) and returns code. */
enum err_code err_set(struct err *e, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* As err_set, with ": " and the text of errno_value behind. Returns ERR_SYS. */
enum err_code err_sys(struct err *e, int errno_value, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "prefix: " before the text that e holds already; keeps and returns its code. */
enum err_code err_wrap(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The word for a code, for logs: "DATA". Never NULL. */
const char *err_name(enum err_code code);

/* Process exit statuses (design: commands). The worst wins: see exit_worse. */
enum exit_status {
    EXIT_ALL_PASS = 0,
    EXIT_FAIL = 1,         /* a row failed, also when an error followed */
    EXIT_USAGE = 2,        /* usage or configuration */
    EXIT_HARNESS = 3,      /* the harness could not do its work */
    EXIT_INCONCLUSIVE = 4, /* inconclusive, not exercised or not scorable, nothing worse */
    EXIT_EVIDENCE = 5,     /* evidence does not verify */
    EXIT_SCOPE = 6,        /* the scope contradicts itself */
    EXIT_NOTHING = 77      /* nothing applicable */
};

/* The exit status that a fault of this code ends in: USAGE and DATA and SCRIPT 2, EVIDENCE 5,
 * SCOPE 6, the others 3. */
int err_exit(enum err_code code);

#endif
