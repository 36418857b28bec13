/* frames FILE: what the capture reader makes of a file, a line an item; exit 0 at a proper end.
 *     frame NUMBER SECONDS WIRE_BYTES CAPTURED_BYTES
 *     stats SECONDS RECEIVED DROPPED IF_DROPPED */
#include <inttypes.h>
#include <stdio.h>

#include "harness/base/clock.h"
#include "harness/evidence/capfile.h"

int main(int argc, char **argv)
{
    struct capfile *c = NULL;
    struct cap_item i;
    struct err e = ERR_INIT;
    char time[40];
    if (argc != 2) {
        fprintf(stderr, "usage: frames FILE\n");
        return 2;
    }
    enum err_code rc = capfile_open(argv[1], false, &c, &e);
    while (rc == ERR_OK && (rc = capfile_next(c, &i, &e)) == ERR_OK) {
        if (i.kind == CAP_FRAME)
            printf("frame %" PRIu64 " %s %u %u\n", i.frame.number,
                   clock_seconds(i.frame.ts_ns, time, sizeof time), i.frame.wire_bytes,
                   i.frame.captured_bytes);
        else
            printf("stats %s %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
                   clock_seconds(i.stats.ts_ns, time, sizeof time), i.stats.received,
                   i.stats.dropped, i.stats.if_dropped);
    }
    capfile_close(c);
    if (rc != ERR_CLOSED)
        fprintf(stderr, "frames: %s\n", e.text);
    return rc == ERR_CLOSED ? 0 : 1;
}
