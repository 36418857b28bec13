#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/drive/inside.h"

#define DAY_S 86400

/* The plan carries its own zone data; the C library reads them as a file that only we can see. */
enum err_code window_open(struct drive *d, struct err *e)
{
    char name[64];
    if (d->plan->tzif_len == 0)
        return setenv("TZ", "UTC", 1) == 0 ? ERR_OK : err_sys(e, errno, "TZ cannot be set");
    int fd = memfd_create("zone", 0);
    if (fd == -1)
        return err_sys(e, errno, "zone data of %s cannot be kept", d->plan->zone);
    ssize_t n = write(fd, d->plan->tzif, d->plan->tzif_len);
    (void)snprintf(name, sizeof name, ":/proc/self/fd/%d", fd);
    enum err_code rc = ERR_OK;
    if (n != (ssize_t)d->plan->tzif_len || setenv("TZ", name, 1) != 0)
        rc = err_sys(e, errno, "zone data of %s cannot be kept", d->plan->zone);
    tzset();
    (void)close(fd);
    return rc;
}

/* Seconds from the second of the day until one of the windows is open, 0 inside. */
static int32_t until(const struct plan_window *w, size_t n, int32_t second)
{
    int32_t least = DAY_S;
    for (size_t i = 0; i < n; i++) {
        bool wraps = w[i].to_s <= w[i].from_s;
        bool inside = wraps ? second >= w[i].from_s || second < w[i].to_s
                            : second >= w[i].from_s && second < w[i].to_s;
        int32_t wait = inside ? 0 : (w[i].from_s - second + DAY_S) % DAY_S;
        if (wait < least)
            least = wait;
    }
    return n == 0 ? 0 : least;
}

int64_t window_wait_ns(const struct drive *d, const struct drive_case *c, int64_t real_ns)
{
    time_t now = (time_t)((real_ns + d->plan->time_shift_ns) / NS_PER_S);
    struct tm local;
    if (localtime_r(&now, &local) == NULL)
        return 0;
    int32_t second = local.tm_hour * 3600 + local.tm_min * 60 + local.tm_sec;
    int32_t wait = 0;
    for (size_t i = 0; i < c->n_target; i++) {
        const struct plan_row *row = &d->plan->row[c->target_row[i]];
        const struct plan_variant *v = &row->variant[c->target_variant[i]];
        if (row->role != PLAN_TO_EUT || v->window_always)
            continue;
        int32_t w = until(v->window, v->n_window, second);
        if (w > wait)
            wait = w;
    }
    return wait * NS_PER_S;
}
