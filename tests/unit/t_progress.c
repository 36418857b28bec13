/* The live line: fits its width, forecasts, and is silent in a pipe. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/report/progress.h"
#include "tests/tap.h"

static void line(void)
{
    struct progress_numbers n = {
        .rows = 20, .rows_done = 5, .planned = 1000, .done = 250, .open = 48, .pass = 4, .fail = 1};
    char s[300];
    is_str(
        progress_line(&n, 10 * NS_PER_S, 200, s, sizeof s),
        "[#####...............] rows 5/20  trials 250/1000, 48 open  4 pass 1 fail 0 inconclusive  "
        "0:30 left",
        "rows, trials, verdicts and time left");
    is_int(strlen(progress_line(&n, 10 * NS_PER_S, 40, s, sizeof s)), 40,
           "cut to the terminal's width");
    ok(strstr(progress_line(&n, NS_PER_S, 200, s, sizeof s), "left") == NULL,
       "no forecast at first");
    n.done = 1200;
    ok(strstr(progress_line(&n, 10 * NS_PER_S, 200, s, sizeof s), "1200/1200") != NULL,
       "more trials than planned are no fault");
    n = (struct progress_numbers){0};
    ok(strstr(progress_line(&n, 0, 200, s, sizeof s), "[....") != NULL,
       "nothing planned is no fault");
}

/* Bytes that come out of fd after update and end. */
static ssize_t written(int to, int from, int updates, int64_t apart_ns)
{
    struct progress p;
    struct progress_numbers n = {.rows = 2, .planned = 10};
    char got[4096];
    progress_begin(&p, to, 0);
    for (int i = 0; i < updates; i++)
        progress_update(&p, &n, i * apart_ns);
    progress_end(&p);
    (void)close(to);
    ssize_t sum = 0, r;
    while ((r = read(from, got, sizeof got)) > 0) {
        if (memmem(got, (size_t)r, "\r\033[K", 4) != NULL)
            sum += 100000;
        for (ssize_t i = 0; i < r; i++)
            sum += got[i] == '[' && i > 0 && got[i - 1] != '\033';
    }
    return sum;
}

int main(void)
{
    line();
    int ends[2];
    if (pipe(ends) == -1)
        return 1;
    is_int(written(ends[1], ends[0], 5, NS_PER_S), 0, "nothing in a pipe");
    (void)close(ends[0]);
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    int slave = master != -1 && grantpt(master) == 0 && unlockpt(master) == 0
                    ? open(ptsname(master), O_RDWR | O_NOCTTY)
                    : -1;
    if (slave == -1)
        printf("# no pseudo terminal here\n");
    else
        is_int(written(slave, master, 20, NS_PER_S / 20), 100010,
               "at most ten lines a second on a terminal, cleared at the end");
    return done_testing();
}
