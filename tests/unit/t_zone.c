/* Local time by TZif bytes against the C library's, over many years of changes. */
#include <stdlib.h>
#include <time.h>

#include "harness/base/buf.h"
#include "harness/base/zone.h"
#include "tests/tap.h"

static struct zone *zone_of(const char *name, struct buf *bytes)
{
    char path[200];
    struct zone *z = NULL;
    struct err e = ERR_INIT;
    (void)snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
    buf_init(bytes, 1u << 20);
    if (buf_read_file(bytes, path, &e) != ERR_OK ||
        zone_new(bytes->data, bytes->len, &z, &e) != ERR_OK)
        printf("# %s: %s\n", name, e.text);
    return z;
}

static void against_the_library(const char *name)
{
    struct buf bytes;
    struct zone *z = zone_of(name, &bytes);
    if (z == NULL) {
        ok(false, "%s is read", name);
        buf_release(&bytes);
        return;
    }
    (void)setenv("TZ", name, 1);
    tzset();
    long long wrong = 0, looked = 0;
    /* Every 3 h 7 min from 1960 to 2080, through tables and footer rules. */
    for (int64_t t = -315619200; t < 3471292800; t += 11220) {
        time_t clock = (time_t)t;
        struct tm tm;
        if (localtime_r(&clock, &tm) == NULL)
            continue;
        looked++;
        if (zone_offset_s(z, t) != tm.tm_gmtoff) {
            if (wrong++ == 0)
                printf("# %s at %lld: %d, library %ld\n", name, (long long)t, zone_offset_s(z, t),
                       tm.tm_gmtoff);
        }
    }
    /* Each second around the changes of 2026 and of 2070. */
    static const int64_t near[] = {1772953200, 1793512800, 1774746000, 1792890000, 3161574000};
    for (size_t i = 0; i < sizeof near / sizeof *near; i++)
        for (int64_t t = near[i] - 7200; t < near[i] + 7200; t++) {
            time_t clock = (time_t)t;
            struct tm tm;
            (void)localtime_r(&clock, &tm);
            looked++;
            wrong += zone_offset_s(z, t) != tm.tm_gmtoff;
            wrong += zone_second_of_day(z, t * 1000000000) !=
                     tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
        }
    ok(wrong == 0, "%s agrees with the C library at %lld moments", name, looked);
    zone_free(z);
    buf_release(&bytes);
}

static void hostile_bytes(void)
{
    struct buf bytes;
    struct zone *z = zone_of("America/New_York", &bytes);
    zone_free(z);
    size_t refused = 0;
    for (size_t cut = 0; cut < bytes.len; cut++) {
        char *exact = malloc(cut + 1);
        if (exact == NULL)
            break;
        memcpy(exact, bytes.data, cut);
        struct err e = ERR_INIT;
        if (zone_new(exact, cut, &z, &e) == ERR_DATA)
            refused++;
        else
            zone_free(z);
        free(exact);
    }
    is_int(refused, bytes.len, "every truncation is refused");
    srand(7);
    for (int i = 0; i < 20000; i++) {
        size_t at = (size_t)rand() % bytes.len;
        char was = bytes.data[at];
        bytes.data[at] = (char)rand();
        if (zone_new(bytes.data, bytes.len, &z, NULL) == ERR_OK) {
            (void)zone_second_of_day(z, INT64_C(1795392000000000000));
            zone_free(z);
        }
        bytes.data[at] = was;
    }
    ok(true, "no single wrong byte breaks the reading");
    buf_release(&bytes);
}

int main(void)
{
    static const char *const zones[] = {"UTC",
                                        "America/New_York",
                                        "Europe/Berlin",
                                        "Europe/Dublin",
                                        "Asia/Kolkata",
                                        "Australia/Lord_Howe",
                                        "America/St_Johns",
                                        "Pacific/Apia",
                                        "Africa/Casablanca",
                                        "America/Santiago",
                                        "Asia/Jerusalem",
                                        "Pacific/Chatham"};
    FILE *there = fopen("/usr/share/zoneinfo/Europe/Berlin", "rb");
    if (there == NULL)
        return tap_skip_all("no zone data on this machine");
    (void)fclose(there);
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        against_the_library(zones[i]);
    hostile_bytes();
    return done_testing();
}
