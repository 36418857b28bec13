#include "harness/base/version.h"

#include <string.h>

/* The Makefile gives it: git describe --always --dirty, "" without a checkout. */
#ifndef GRIDASSAY_DESCRIBED
#define GRIDASSAY_DESCRIBED ""
#endif
#define RELEASE "0.1.0"

const char *version_text(void)
{
    static const char described[] = GRIDASSAY_DESCRIBED;
    return described[0] == '\0' ? RELEASE : RELEASE "+" GRIDASSAY_DESCRIBED;
}

bool version_clean(void)
{
    const char *text = version_text(), *of = strchr(text, '+');
    size_t n = strlen(text);
    static const char dirty[] = "-dirty";
    return of != NULL && of[1] != '\0' &&
           (n < sizeof dirty - 1 || strcmp(text + n - (sizeof dirty - 1), dirty) != 0);
}
