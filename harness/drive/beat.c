#include "harness/drive/beat.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct beat {
    _Atomic uint64_t count;
    _Atomic uint32_t scenario;
};

static enum err_code map(const char *path, int flags, struct beat **out, struct err *e)
{
    *out = NULL;
    int fd = open(path, O_RDWR | O_CLOEXEC | flags, 0600);
    if (fd == -1)
        return err_sys(e, errno, "%s: cannot be opened", path);
    if ((flags & O_CREAT) != 0 && ftruncate(fd, sizeof(struct beat)) == -1) {
        int saved = errno;
        (void)close(fd);
        return err_sys(e, saved, "%s: cannot be sized", path);
    }
    struct stat st;
    if (fstat(fd, &st) == -1 || st.st_size < (off_t)sizeof(struct beat)) {
        (void)close(fd);
        return err_set(e, ERR_DATA, "%s: shorter than a beat file's %zu bytes", path,
                       sizeof(struct beat));
    }
    void *p = mmap(NULL, sizeof(struct beat), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    int saved = errno;
    (void)close(fd);
    if (p == MAP_FAILED)
        return err_sys(e, saved, "%s: cannot be mapped", path);
    *out = p;
    return ERR_OK;
}

enum err_code beat_create(const char *path, struct beat **out, struct err *e)
{
    enum err_code rc = map(path, O_CREAT | O_TRUNC, out, e);
    if (rc == ERR_OK)
        atomic_store(&(*out)->scenario, BEAT_NO_SCENARIO);
    return rc;
}

enum err_code beat_open(const char *path, struct beat **out, struct err *e)
{
    return map(path, 0, out, e);
}

void beat_tick(struct beat *b)
{
    if (b != NULL)
        atomic_fetch_add(&b->count, 1);
}

void beat_enter(struct beat *b, uint32_t scenario)
{
    if (b != NULL)
        atomic_store_explicit(&b->scenario, scenario, memory_order_relaxed);
}

uint64_t beat_count(const struct beat *b)
{
    return atomic_load(&b->count);
}

uint32_t beat_scenario(const struct beat *b)
{
    return atomic_load(&b->scenario);
}

void beat_release(struct beat *b)
{
    if (b != NULL)
        (void)munmap(b, sizeof *b);
}
