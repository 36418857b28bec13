/* mutate - a fixture with one piece of text replaced, for tests of what is refused. */
#ifndef TESTS_MUTATE_H
#define TESTS_MUTATE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/buf.h"
#include "harness/base/where.h"

static char mutate_folder[] = "/tmp/gridassay-mutate.XXXXXX";
static char mutate_path[sizeof mutate_folder + 16];

/* Where the changed file goes: one path, written again and again. */
__attribute__((unused)) static bool mutate_begin(void)
{
    if (mkdtemp(mutate_folder) == NULL)
        return false;
    (void)snprintf(mutate_path, sizeof mutate_path, "%s/changed.xml", mutate_folder);
    return true;
}

__attribute__((unused)) static void mutate_end(void)
{
    (void)unlink(mutate_path);
    (void)rmdir(mutate_folder);
}

/* The fixture with the first from replaced by to. False when the fixture does not hold it. */
__attribute__((unused)) static bool mutate(const char *fixture, const char *from, const char *to)
{
    char path[4096];
    struct buf text, out;
    struct err e = ERR_INIT;
    bool done = false;
    buf_init(&text, 1 << 22);
    buf_init(&out, 1 << 22);
    if (where_data(fixture, path, sizeof path, &e) == ERR_OK &&
        buf_read_file(&text, path, &e) == ERR_OK) {
        const char *at = strstr(text.data, from);
        done = at != NULL && buf_append(&out, text.data, (size_t)(at - text.data), &e) == ERR_OK &&
               buf_puts(&out, to, &e) == ERR_OK &&
               buf_puts(&out, at + strlen(from), &e) == ERR_OK &&
               buf_write_file(mutate_path, out.data, out.len, &e) == ERR_OK;
    }
    buf_release(&text);
    buf_release(&out);
    return done;
}

/* The first len bytes of the fixture. */
__attribute__((unused)) static bool mutate_cut(const char *fixture, size_t len)
{
    char path[4096];
    struct buf text;
    struct err e = ERR_INIT;
    buf_init(&text, 1 << 22);
    bool done = where_data(fixture, path, sizeof path, &e) == ERR_OK &&
                buf_read_file(&text, path, &e) == ERR_OK && len < text.len &&
                buf_write_file(mutate_path, text.data, len, &e) == ERR_OK;
    buf_release(&text);
    return done;
}

#endif
