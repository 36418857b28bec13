#include "harness/evidence/pcapng.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "harness/base/clock.h"
#include "harness/base/limits.h"
#include "harness/base/outfile.h"
#include "harness/evidence/blocks.h"

#define BUFFER_BYTES (1024u * 1024)
#define RESOLUTION 9 /* nanoseconds */

struct pcapng {
    struct outfile out;
    uint32_t n_interfaces;
};

/* A block in the making: the size is known before, so p never passes the room it got. */
struct block {
    uint8_t *start, *p;
};

static size_t padded(size_t n)
{
    return (n + 3) & ~(size_t)3;
}

static void put16(struct block *b, uint16_t v)
{
    memcpy(b->p, &v, 2);
    b->p += 2;
}

static void put32(struct block *b, uint32_t v)
{
    memcpy(b->p, &v, 4);
    b->p += 4;
}

static void put_bytes(struct block *b, const void *data, size_t n)
{
    if (n > 0)
        memcpy(b->p, data, n);
    memset(b->p + n, 0, padded(n) - n);
    b->p += padded(n);
}

static void put_option(struct block *b, uint16_t code, const void *data, size_t n)
{
    put16(b, code);
    put16(b, (uint16_t)n);
    put_bytes(b, data, n);
}

static void put_u64_option(struct block *b, uint16_t code, uint64_t v)
{
    put_option(b, code, &v, 8);
}

/* An option's length field has 16 bits; what is longer is left out at the end. */
static size_t text_bytes(const char *text)
{
    size_t n = strlen(text);
    return n < UINT16_MAX ? n : UINT16_MAX - 1;
}

static size_t text_option_bytes(const char *text)
{
    return text == NULL ? 0 : 4 + padded(text_bytes(text));
}

static void put_text_option(struct block *b, uint16_t code, const char *text)
{
    if (text != NULL)
        put_option(b, code, text, text_bytes(text));
}

static size_t record_bytes(const uint8_t *record)
{
    uint32_t n;
    memcpy(&n, record + 4, 4);
    return n;
}

/* body: bytes between the block's two length fields, a multiple of 4. */
static enum err_code block_begin(struct pcapng *p, uint32_t type, size_t body, struct block *b,
                                 struct err *e)
{
    size_t total = BLOCK_MIN_BYTES + body;
    if (total > LIMIT_PCAPNG_BLOCK_BYTES)
        return err_set(e, ERR_LIMIT, "%s: a block of %zu bytes passes the ceiling of %u",
                       p->out.path, total, LIMIT_PCAPNG_BLOCK_BYTES);
    enum err_code rc = outfile_record(&p->out, total, &b->start, e);
    if (rc != ERR_OK)
        return rc;
    b->p = b->start;
    put32(b, type);
    put32(b, (uint32_t)total);
    return ERR_OK;
}

static void block_end(struct block *b)
{
    uint32_t total = (uint32_t)record_bytes(b->start);
    put32(b, total);
}

static enum err_code section(struct pcapng *p, const char *application, const char *hardware,
                             struct err *e)
{
    struct utsname u;
    char os[sizeof u.sysname + sizeof u.release + 2] = "unknown";
    if (uname(&u) == 0)
        (void)snprintf(os, sizeof os, "%s %s", u.sysname, u.release);
    struct block b;
    enum err_code rc = block_begin(p, BLOCK_SECTION,
                                   16 + text_option_bytes(hardware) + text_option_bytes(os) +
                                       text_option_bytes(application) + 4,
                                   &b, e);
    if (rc != ERR_OK)
        return rc;
    put32(&b, BLOCK_BYTE_ORDER);
    put16(&b, 1);
    put16(&b, 0);
    put32(&b, UINT32_MAX); /* section length not known */
    put32(&b, UINT32_MAX);
    put_text_option(&b, SECTION_HARDWARE, hardware);
    put_text_option(&b, SECTION_OS, os);
    put_text_option(&b, SECTION_APPLICATION, application);
    put_option(&b, OPTION_END, NULL, 0);
    block_end(&b);
    return ERR_OK;
}

enum err_code pcapng_create(const char *path, const char *application, const char *hardware,
                            struct pcapng **out, struct err *e)
{
    *out = NULL;
    struct pcapng *p = calloc(1, sizeof *p);
    if (p == NULL)
        return err_set(e, ERR_NOMEM, "%s: no memory to write it", path);
    enum err_code rc = outfile_create(path, BUFFER_BYTES, record_bytes, &p->out, e);
    if (rc != ERR_OK) {
        free(p);
        return rc;
    }
    rc = section(p, application, hardware, e);
    if (rc != ERR_OK) {
        (void)pcapng_close(p, NULL);
        return rc;
    }
    *out = p;
    return ERR_OK;
}

enum err_code pcapng_interface(struct pcapng *p, const struct pcapng_interface *i, struct err *e)
{
    /* A filter option is one byte of kind (0: text) and the text. */
    size_t filter = i->filter == NULL ? 0 : text_bytes(i->filter);
    size_t body = 8 + text_option_bytes(i->name) + text_option_bytes(i->description) + 8 +
                  (i->filter == NULL ? 0 : 4 + padded(1 + filter)) + text_option_bytes(i->os) + 4;
    struct block b;
    enum err_code rc = block_begin(p, BLOCK_INTERFACE, body, &b, e);
    if (rc != ERR_OK)
        return rc;
    const uint8_t resolution = RESOLUTION;
    put16(&b, (uint16_t)i->link_type);
    put16(&b, 0);
    put32(&b, i->snap_bytes);
    put_text_option(&b, INTERFACE_NAME, i->name);
    put_text_option(&b, INTERFACE_DESCRIPTION, i->description);
    put_option(&b, INTERFACE_RESOLUTION, &resolution, 1);
    if (i->filter != NULL) {
        put16(&b, INTERFACE_FILTER);
        put16(&b, (uint16_t)(1 + filter));
        memset(b.p, 0, padded(1 + filter));
        memcpy(b.p + 1, i->filter, filter);
        b.p += padded(1 + filter);
    }
    put_text_option(&b, INTERFACE_OS, i->os);
    put_option(&b, OPTION_END, NULL, 0);
    block_end(&b);
    p->n_interfaces++;
    return ERR_OK;
}

static enum err_code check(const struct pcapng *p, uint32_t interface, int64_t ts_ns, struct err *e)
{
    if (interface >= p->n_interfaces)
        return err_set(e, ERR_USAGE, "%s: interface %u was not declared", p->out.path,
                       (unsigned)interface);
    if (ts_ns < 0)
        return err_set(e, ERR_USAGE, "%s: a time before 1970 can't be written", p->out.path);
    return ERR_OK;
}

enum err_code pcapng_frame(struct pcapng *p, const struct frame *f, const char *comment,
                           struct err *e)
{
    enum err_code rc = check(p, f->interface, f->ts_ns, e);
    if (rc != ERR_OK)
        return rc;
    size_t options = comment == NULL ? 0 : text_option_bytes(comment) + 4;
    struct block b;
    rc = block_begin(p, BLOCK_PACKET, 20 + padded(f->captured_bytes) + options, &b, e);
    if (rc != ERR_OK)
        return rc;
    put32(&b, f->interface);
    put32(&b, (uint32_t)((uint64_t)f->ts_ns >> 32));
    put32(&b, (uint32_t)f->ts_ns);
    put32(&b, f->captured_bytes);
    put32(&b, f->wire_bytes);
    put_bytes(&b, f->data, f->captured_bytes);
    if (comment != NULL) {
        put_text_option(&b, OPTION_COMMENT, comment);
        put_option(&b, OPTION_END, NULL, 0);
    }
    block_end(&b);
    return ERR_OK;
}

enum err_code pcapng_stats(struct pcapng *p, const struct capture_stats *s, struct err *e)
{
    enum err_code rc = check(p, s->interface, s->ts_ns, e);
    if (rc != ERR_OK)
        return rc;
    struct block b;
    rc = block_begin(p, BLOCK_STATS, 12 + 3 * 12 + 4, &b, e);
    if (rc != ERR_OK)
        return rc;
    put32(&b, s->interface);
    put32(&b, (uint32_t)((uint64_t)s->ts_ns >> 32));
    put32(&b, (uint32_t)s->ts_ns);
    put_u64_option(&b, STATS_RECEIVED, s->received);
    put_u64_option(&b, STATS_IF_DROPPED, s->if_dropped);
    put_u64_option(&b, STATS_OS_DROPPED, s->dropped);
    put_option(&b, OPTION_END, NULL, 0);
    block_end(&b);
    return ERR_OK;
}

enum err_code pcapng_flush(struct pcapng *p, struct err *e)
{
    return outfile_flush(&p->out, e);
}

enum err_code pcapng_close(struct pcapng *p, struct err *e)
{
    if (p == NULL)
        return ERR_OK;
    enum err_code rc = outfile_close(&p->out, e);
    free(p);
    return rc;
}
