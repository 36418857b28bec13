#include "harness/evidence/capfile_impl.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cur.h"
#include "harness/evidence/blocks.h"

#define BUFFER_BYTES (2u * 1024 * 1024)

enum err_code capfile_fault(struct capfile *c, struct err *e, const char *fmt, ...)
{
    char what[300], where[80] = "no whole frame before";
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    if (c->frames > 0)
        (void)snprintf(where, sizeof where, "last whole frame: %llu at byte %llu",
                       (unsigned long long)c->frames, (unsigned long long)c->frame_offset);
    enum err_code rc = err_set(&c->broken, ERR_DATA, "%s: byte %llu: %s (%s)", c->in.path,
                               (unsigned long long)c->in.offset, what, where);
    if (e != NULL)
        *e = c->broken;
    return rc;
}

enum err_code capfile_need(struct capfile *c, size_t n, const char *what, struct err *e)
{
    enum err_code rc = infile_need(&c->in, n, e);
    c->cut = rc == ERR_CLOSED;
    if (c->cut)
        return capfile_fault(c, e, "the file is cut inside %s: expected %zu bytes, found %zu", what,
                             n, c->in.left);
    return rc;
}

void capfile_number(struct capfile *c, struct frame *f)
{
    f->number = ++c->frames;
    c->frame_offset = c->in.offset;
}

/* Tells the format by the first four bytes; a pcap header is read whole. */
static enum err_code detect(struct capfile *c, struct err *e)
{
    enum err_code rc = infile_need(&c->in, 4, e);
    c->cut = rc == ERR_CLOSED;
    if (c->cut)
        return capfile_fault(c, e, "the file %s: expected a pcap or pcapng capture",
                             c->in.left == 0 ? "is empty" : "has less than 4 bytes");
    if (rc != ERR_OK)
        return rc;
    uint32_t magic;
    memcpy(&magic, c->in.data, 4);
    uint32_t other = __builtin_bswap32(magic);
    c->swapped = false;
    if (magic == BLOCK_SECTION) {
        c->format = CAPFILE_PCAPNG;
        return ERR_OK;
    }
    if (other == PCAP_MAGIC_US || other == PCAP_MAGIC_NS || other == PCAP_MAGIC_KUZNETZOV) {
        c->swapped = true;
        magic = other;
    }
    if (magic == PCAP_MAGIC_KUZNETZOV)
        return capfile_fault(c, e,
                             "a pcap file of the Kuznetzov variant (magic a1b2cd34): expected "
                             "plain pcap or pcapng; editcap -F pcapng converts it");
    if ((magic & 0xffff) == 0x8b1f)
        return capfile_fault(c, e, "a gzip file: expected a pcap or pcapng capture, unpacked");
    if (magic != PCAP_MAGIC_US && magic != PCAP_MAGIC_NS)
        return capfile_fault(c, e,
                             "not a capture file (it begins with %02x %02x %02x %02x): "
                             "expected pcap or pcapng",
                             c->in.data[0], c->in.data[1], c->in.data[2], c->in.data[3]);
    c->tick_ns = magic == PCAP_MAGIC_NS ? 1 : 1000;
    return capfile_pcap_header(c, e);
}

/* Takes the opened input over. A complete file that is no capture is refused here; part: unless it
 * ends too early to tell. */
static enum err_code begin(struct capfile *c, bool part, struct capfile **out, struct err *e)
{
    enum err_code rc = detect(c, e);
    if (rc != ERR_OK && rc != ERR_AGAIN && !(part && c->cut)) {
        capfile_close(c);
        return rc;
    }
    *out = c;
    return ERR_OK;
}

static enum err_code open_file(const char *path, bool follow, bool part, struct capfile **out,
                               struct err *e)
{
    *out = NULL;
    struct capfile *c = calloc(1, sizeof *c);
    if (c == NULL)
        return err_set(e, ERR_NOMEM, "%s: no memory to read it", path);
    enum err_code rc = infile_open(path, follow, BUFFER_BYTES, &c->in, e);
    if (rc != ERR_OK) {
        free(c);
        return rc;
    }
    return begin(c, part, out, e);
}

enum err_code capfile_open(const char *path, bool follow, struct capfile **out, struct err *e)
{
    return open_file(path, follow, false, out, e);
}

enum err_code capfile_open_part(const char *path, bool follow, struct capfile **out, struct err *e)
{
    struct err fault = ERR_INIT; /* of a file that holds too little: told when it is read */
    enum err_code rc = open_file(path, follow, true, out, &fault);
    if (rc != ERR_OK && e != NULL)
        *e = fault;
    return rc;
}

bool capfile_is_cut(const struct capfile *c)
{
    return c->cut;
}

enum err_code capfile_open_memory(const void *data, size_t len, struct capfile **out, struct err *e)
{
    *out = NULL;
    struct capfile *c = calloc(1, sizeof *c);
    if (c == NULL)
        return err_set(e, ERR_NOMEM, "no memory to read a capture");
    enum err_code rc = infile_memory("memory", data, len, &c->in, e);
    if (rc != ERR_OK) {
        free(c);
        return rc;
    }
    return begin(c, false, out, e);
}

enum err_code capfile_next(struct capfile *c, struct cap_item *item, struct err *e)
{
    infile_skip(&c->in, c->held);
    c->held = 0;
    if (c->broken.code != ERR_OK) {
        if (e != NULL)
            *e = c->broken;
        return c->broken.code;
    }
    if (c->format == CAPFILE_UNKNOWN) {
        enum err_code rc = detect(c, e);
        if (rc != ERR_OK)
            return rc;
    }
    return c->format == CAPFILE_PCAP ? capfile_pcap_next(c, item, e)
                                     : capfile_pcapng_next(c, item, e);
}

bool capfile_on_block(struct capfile *c, capfile_block_fn *fn, void *arg)
{
    c->block_fn = fn;
    c->block_arg = arg;
    return c->format == CAPFILE_PCAPNG;
}

void capfile_finish(struct capfile *c)
{
    infile_skip(&c->in, c->held); /* stays readable until the next capfile_next */
    c->held = 0;
    infile_finish(&c->in);
}

const struct cap_interface *capfile_interfaces(const struct capfile *c, size_t *n)
{
    *n = c->n_interfaces;
    return c->interfaces;
}

void capfile_close(struct capfile *c)
{
    if (c == NULL)
        return;
    infile_close(&c->in);
    free(c);
}
