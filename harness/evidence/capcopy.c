#include "harness/evidence/capcopy.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/limits.h"
#include "harness/evidence/blocks.h"

#define BUFFER_BYTES (1024u * 1024)
#define PACKET_FIXED_BYTES 20 /* of enhanced and old packet blocks, between length and data */
#define CAPTURED_AT 20        /* their captured length, from the start of the block */
#define SECTION_LENGTH_AT 16
#define NOTES_BYTES_MAX (1024u * 1024)

struct copy {
    struct buf out;
    int to;
    const char *to_name;
    capcopy_fn *fn;
    void *arg;
    struct capcopy_notes notes;
    struct capcopy_counts *counts;
    struct err fault; /* of the first that went wrong inside the call-back */
};

void capcopy_note(struct capcopy_notes *notes, const char *text, size_t len)
{
    size_t before = notes->text.len;
    if (len > CAPCOPY_COMMENT_BYTES)
        len = CAPCOPY_COMMENT_BYTES;
    if (buf_append(&notes->text, text, len, NULL) == ERR_OK &&
        buf_append(&notes->text, "", 1, NULL) == ERR_OK)
        notes->n++;
    else
        notes->text.len = before;
}

static enum err_code flush(struct copy *c, struct err *e)
{
    const char *p = c->out.data;
    size_t left = c->out.len;
    while (left > 0) {
        ssize_t n = write(c->to, p, left);
        if (n == -1 && errno == EINTR)
            continue;
        if (n <= 0)
            return err_sys(e, n == 0 ? ENOSPC : errno, "%s: cannot be written", c->to_name);
        p += n;
        left -= (size_t)n;
    }
    buf_reset(&c->out);
    return ERR_OK;
}

static enum err_code put(struct copy *c, const void *data, size_t len, struct err *e)
{
    return buf_append(&c->out, data, len, e);
}

static enum err_code put32(struct copy *c, uint32_t v, bool swapped, struct err *e)
{
    v = swapped ? __builtin_bswap32(v) : v;
    return put(c, &v, sizeof v, e);
}

static size_t padding(size_t n)
{
    return (4 - n % 4) % 4;
}

static size_t notes_bytes(const struct capcopy_notes *notes)
{
    size_t bytes = 0;
    const char *text = notes->text.data;
    for (size_t i = 0; i < notes->n; i++) {
        size_t n = strlen(text);
        bytes += 4 + n + padding(n);
        text += n + 1;
    }
    return bytes;
}

static enum err_code put_option(struct copy *c, uint16_t code, const char *text, size_t len,
                                bool swapped, struct err *e)
{
    static const char zero[4];
    uint16_t head[2] = {code, (uint16_t)len};
    if (swapped) {
        head[0] = __builtin_bswap16(head[0]);
        head[1] = __builtin_bswap16(head[1]);
    }
    enum err_code rc = put(c, head, sizeof head, e);
    if (rc == ERR_OK && len > 0)
        rc = put(c, text, len, e);
    return rc == ERR_OK ? put(c, zero, padding(len), e) : rc;
}

static enum err_code put_notes(struct copy *c, bool swapped, struct err *e)
{
    enum err_code rc = ERR_OK;
    const char *text = c->notes.text.data;
    for (size_t i = 0; i < c->notes.n && rc == ERR_OK; i++) {
        size_t n = strlen(text);
        rc = put_option(c, OPTION_COMMENT, text, n, swapped, e);
        text += n + 1;
    }
    return rc;
}

static enum err_code ask(struct copy *c, uint64_t frame, struct err *e)
{
    c->counts->frames = frame;
    buf_reset(&c->notes.text);
    c->notes.n = 0;
    return c->fn(c->arg, frame, &c->notes, e);
}

/* A packet's block with room made for its notes between data and options. */
static enum err_code put_commented(struct copy *c, const struct cap_block *b, struct err *e)
{
    uint32_t captured;
    memcpy(&captured, b->data + CAPTURED_AT, sizeof captured);
    captured = b->swapped ? __builtin_bswap32(captured) : captured;
    size_t options_at = 8 + PACKET_FIXED_BYTES + (size_t)captured + padding(captured);
    size_t behind = (size_t)b->bytes - 4; /* where the closing length begins */
    if (options_at > behind)              /* the data's padding is cut short */
        options_at = behind;
    size_t had = behind - options_at;
    uint32_t total = (uint32_t)(b->bytes + notes_bytes(&c->notes) + (had == 0 ? 4 : 0));
    enum err_code rc = put(c, b->data, 4, e);
    if (rc == ERR_OK)
        rc = put32(c, total, b->swapped, e);
    if (rc == ERR_OK)
        rc = put(c, b->data + 8, options_at - 8, e);
    if (rc == ERR_OK)
        rc = put_notes(c, b->swapped, e);
    if (rc == ERR_OK)
        rc = had == 0 ? put_option(c, OPTION_END, NULL, 0, b->swapped, e)
                      : put(c, b->data + options_at, had, e);
    if (rc == ERR_OK)
        rc = put32(c, total, b->swapped, e);
    c->counts->commented++;
    return rc;
}

static enum err_code put_section(struct copy *c, const struct cap_block *b, struct err *e)
{
    static const uint8_t unknown[8] = {255, 255, 255, 255, 255, 255, 255, 255};
    enum err_code rc = put(c, b->data, SECTION_LENGTH_AT, e);
    if (rc == ERR_OK)
        rc = put(c, unknown, sizeof unknown, e);
    size_t rest = SECTION_LENGTH_AT + sizeof unknown;
    return rc == ERR_OK ? put(c, b->data + rest, b->bytes - rest, e) : rc;
}

static enum err_code copy_block(struct copy *c, const struct cap_block *b, struct err *e)
{
    enum err_code rc = ERR_OK;
    c->notes.n = 0;
    if (b->frame != 0)
        rc = ask(c, b->frame, e);
    if (rc != ERR_OK)
        return rc;
    bool packet = b->type == BLOCK_PACKET || b->type == BLOCK_PACKET_OLD;
    if (c->notes.n > 0 && packet &&
        b->bytes + notes_bytes(&c->notes) + 4 <= LIMIT_PCAPNG_BLOCK_BYTES)
        rc = put_commented(c, b, e);
    else if (b->type == BLOCK_SECTION)
        rc = put_section(c, b, e);
    else
        rc = put(c, b->data, b->bytes, e);
    c->counts->without += c->notes.n > 0 && !packet;
    if (rc == ERR_OK && c->out.len >= BUFFER_BYTES)
        rc = flush(c, e);
    return rc;
}

static void on_block(void *arg, const struct cap_block *b)
{
    struct copy *c = arg;
    if (c->fault.code == ERR_OK)
        c->fault.code = copy_block(c, b, &c->fault);
}

/* ---- from pcap ----------------------------------------------------------------------------------
 */

static enum err_code put_head(struct copy *c, const struct cap_interface *i, struct err *e)
{
    const uint32_t section[] = {BLOCK_SECTION, 28, BLOCK_BYTE_ORDER, 1, UINT32_MAX, UINT32_MAX, 28};
    const uint32_t interface[] = {BLOCK_INTERFACE, 32, i->link_type, i->snap_bytes};
    const char nanoseconds = 9;
    enum err_code rc = put(c, section, sizeof section, e);
    if (rc == ERR_OK)
        rc = put(c, interface, sizeof interface, e);
    if (rc == ERR_OK)
        rc = put_option(c, INTERFACE_RESOLUTION, &nanoseconds, 1, false, e);
    if (rc == ERR_OK)
        rc = put_option(c, OPTION_END, NULL, 0, false, e);
    return rc == ERR_OK ? put32(c, 32, false, e) : rc;
}

static enum err_code put_frame(struct copy *c, const struct frame *f, struct err *e)
{
    static const char zero[4];
    enum err_code rc = ask(c, f->number, e);
    size_t notes = notes_bytes(&c->notes);
    size_t options = notes == 0 ? 0 : notes + 4;
    uint32_t total = (uint32_t)(BLOCK_MIN_BYTES + PACKET_FIXED_BYTES + f->captured_bytes +
                                padding(f->captured_bytes) + options);
    const uint32_t head[] = {BLOCK_PACKET,
                             total,
                             0,
                             (uint32_t)((uint64_t)f->ts_ns >> 32),
                             (uint32_t)f->ts_ns,
                             f->captured_bytes,
                             f->wire_bytes};
    if (rc == ERR_OK)
        rc = put(c, head, sizeof head, e);
    if (rc == ERR_OK)
        rc = put(c, f->data, f->captured_bytes, e);
    if (rc == ERR_OK)
        rc = put(c, zero, padding(f->captured_bytes), e);
    if (rc == ERR_OK && notes > 0) {
        c->counts->commented++;
        rc = put_notes(c, false, e);
        if (rc == ERR_OK)
            rc = put_option(c, OPTION_END, NULL, 0, false, e);
    }
    if (rc == ERR_OK)
        rc = put32(c, total, false, e);
    return rc == ERR_OK && c->out.len >= BUFFER_BYTES ? flush(c, e) : rc;
}

enum err_code capcopy(const char *from, int to, const char *to_name, capcopy_fn *fn, void *arg,
                      struct capcopy_counts *counts, struct err *e)
{
    struct copy c = {.to = to, .to_name = to_name, .fn = fn, .arg = arg, .counts = counts};
    struct capfile *in = NULL;
    struct cap_item item;
    *counts = (struct capcopy_counts){0};
    buf_init(&c.out, BUFFER_BYTES + LIMIT_PCAPNG_BLOCK_BYTES + NOTES_BYTES_MAX);
    buf_init(&c.notes.text, NOTES_BYTES_MAX);
    enum err_code rc = capfile_open(from, false, &in, e);
    if (rc != ERR_OK)
        goto out;
    bool blocks = capfile_on_block(in, on_block, &c);
    size_t n;
    if (!blocks)
        rc = put_head(&c, &capfile_interfaces(in, &n)[0], e);
    while (rc == ERR_OK && (rc = capfile_next(in, &item, e)) == ERR_OK)
        if (c.fault.code != ERR_OK)
            break;
        else if (!blocks && item.kind == CAP_FRAME)
            rc = put_frame(&c, &item.frame, e);
    if (c.fault.code != ERR_OK) {
        rc = c.fault.code;
        if (e != NULL)
            *e = c.fault;
    }
    if (rc == ERR_CLOSED || rc == ERR_DATA) {
        struct err flushing = ERR_INIT;
        enum err_code last = flush(&c, &flushing);
        if (last != ERR_OK && e != NULL)
            *e = flushing;
        rc = last != ERR_OK ? last : rc == ERR_CLOSED ? ERR_OK : rc;
    }
out:
    capfile_close(in);
    buf_release(&c.out);
    buf_release(&c.notes.text);
    return rc;
}
