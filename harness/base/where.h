/* where - finding our own parts: data files and sibling programs.
 *
 * GRIDASSAY_HOME names the folder that holds fixtures/, lua/ and suites/. Without it: the nearest
 * folder above the running program that holds fixtures/requirements (a checkout) or
 * share/gridassay/fixtures/requirements (an installation, wherever it was moved to).
 */
#ifndef HARNESS_WHERE_H
#define HARNESS_WHERE_H

#include <stddef.h>

#include "harness/base/err.h"

/* "<home>/<relative>" into out. ERR_DATA when no home is found. */
enum err_code where_data(const char *relative, char *out, size_t size, struct err *e);

/* The program of that name beside the running one. */
enum err_code where_program(const char *name, char *out, size_t size, struct err *e);

#endif
