/* Paths in folders, one file by two names, whole writes, copies. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/buf.h"
#include "harness/base/file.h"
#include "tests/tap.h"

static char folder[] = "/tmp/gridassay-t_file.XXXXXX";

static void test_names(void)
{
    char path[PATH_MAX], longest[PATH_MAX];
    struct err e = ERR_INIT;
    is_int(file_in(path, "a/b", "c", &e), ERR_OK, "a name in a folder");
    is_str(path, "a/b/c", "is told with it");
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    is_int(file_in(path, longest, "c", &e), ERR_USAGE, "one that has no room is refused");
    longest[sizeof longest - 3] = '\0';
    is_int(file_in(path, longest, "c", &e), ERR_OK, "one that just has is not");
}

static void test_copies(void)
{
    char from[PATH_MAX], to[PATH_MAX], other[PATH_MAX], *data = calloc(1, 200000);
    struct err e = ERR_INIT;
    struct buf back;
    buf_init(&back, 300000);
    (void)file_in(from, folder, "from", &e);
    (void)file_in(to, folder, "to", &e);
    (void)file_in(other, folder, "other", &e);
    for (size_t i = 0; data != NULL && i < 200000; i++)
        data[i] = (char)(i * 7);
    is_int(buf_write_file(from, data, 200000, &e), ERR_OK, "a file longer than the copy's room");
    is_int(file_copy(from, to, &e), ERR_OK, "is copied");
    is_int(buf_read_file(&back, to, &e), ERR_OK, "the copy is there");
    ok(back.len == 200000 && memcmp(back.data, data, 200000) == 0, "and is whole");
    ok(!file_same(from, to), "a copy is another file");
    ok(symlink(from, other) == 0 && file_same(from, other), "a link is not");
    (void)unlink(other);
    ok(!file_same(from, other), "what is not there is no file at all");
    is_int(file_copy(other, to, &e), ERR_SYS, "nothing cannot be copied");
    ok(strstr(e.text, other) != NULL, "and the text names it");
    (void)unlink(from);
    (void)unlink(to);
    buf_release(&back);
    free(data);
}

static void test_full(void)
{
    struct err e = ERR_INIT;
    int fd = open("/dev/full", O_WRONLY);
    is_int(file_write(fd, "x", 1, "the disk", &e), ERR_SYS, "a full disk is an error");
    ok(strstr(e.text, "the disk: cannot be written") != NULL, "that names the file");
    is_int(file_write(fd, "", 0, "the disk", &e), ERR_OK, "nothing fits on it");
    (void)close(fd);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    test_names();
    test_copies();
    test_full();
    (void)rmdir(folder);
    return done_testing();
}
