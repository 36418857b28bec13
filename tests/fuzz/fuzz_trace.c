/* fuzz_trace - any bytes as a trace: read, and what was read holds together. */
#include <stdlib.h>

#include "harness/traffic/trace_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trace_file *f = NULL;
    struct err e = ERR_INIT;
    enum err_code rc = trace_file_parse("fuzz", (const char *)data, size, &f, &e);
    if (rc != ERR_OK && rc != ERR_DATA && rc != ERR_LIMIT)
        abort();
    if ((rc == ERR_OK) != (f != NULL))
        abort();
    uint64_t n = 0;
    for (size_t i = 0; f != NULL && i < f->n; i++)
        if (f->item[i].kind >= f->n_kind || f->item[i].endpoint == 0 || f->item[i].at_ns < 0 ||
            (i > 0 && f->item[i].at_ns < f->item[i - 1].at_ns))
            abort();
    for (size_t i = 0; f != NULL && i < f->n_kind; i++)
        n += f->kind[i].n;
    if (f != NULL && n != f->n)
        abort();
    trace_file_free(f);
    return 0;
}
