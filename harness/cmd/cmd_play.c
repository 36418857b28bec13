/* gridassay play: the reference equipment is a program of its own; this only starts it. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/where.h"
#include "harness/cmd/cmd.h"

int cmd_play(int argc, char **argv)
{
    (void)argc;
    struct err e = ERR_INIT;
    char path[PATH_MAX];
    if (where_program("gridassay-play", path, sizeof path, &e) != ERR_OK) {
        (void)fprintf(stderr, "gridassay: %s\n", e.text);
        return err_exit(e.code);
    }
    argv[0] = path;
    (void)execv(path, argv);
    (void)fprintf(stderr, "gridassay: %s: %s\n", path, strerror(errno));
    return EXIT_HARNESS;
}
