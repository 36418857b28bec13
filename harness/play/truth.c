#include "harness/play/truth.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>

#include "harness/base/clock.h"

enum err_code truth_open(struct truth *t, const char *path, struct err *e)
{
    t->file = fopen(path, "we");
    return t->file == NULL ? err_sys(e, errno, "%s cannot be written", path) : ERR_OK;
}

enum err_code truth_close(struct truth *t, struct err *e)
{
    if (t->file == NULL)
        return ERR_OK;
    bool bad = ferror(t->file) != 0;
    bad = fclose(t->file) != 0 || bad;
    t->file = NULL;
    return bad ? err_set(e, ERR_SYS, "the truth could not be written down whole") : ERR_OK;
}

void truth_taken(struct truth *t, const char *correlation, int64_t taken_ns)
{
    if (t->file == NULL)
        return;
    (void)snprintf(t->order.correlation, sizeof t->order.correlation, "%s", correlation);
    t->order.taken_ns = taken_ns;
}

void truth_lost(struct truth *t, const char *payload)
{
    if (t->file != NULL && t->order.correlation[0] != '\0')
        (void)fprintf(t->file, "lost %s %s\n", t->order.correlation, payload);
}

struct truth_entry truth_answer(const struct truth *t, const char *payload, int64_t bytes)
{
    struct truth_entry x = t->order;
    x.payload = payload;
    x.bytes = bytes;
    return x;
}

void truth_left(struct truth *t, const struct truth_entry *a)
{
    if (t->file != NULL && a->correlation[0] != '\0')
        (void)fprintf(t->file, "sent %s %s %" PRId64 " %" PRId64 " %" PRId64 "\n", a->correlation,
                      a->payload, a->taken_ns, clock_real_ns(), a->bytes);
}
