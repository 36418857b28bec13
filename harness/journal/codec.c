#include "harness/journal/codec.h"

#include <string.h>

#include "harness/base/cur.h"
#include "harness/journal/crc32c.h"

/* One walk over a record's fields serves both directions, so they can't disagree. */
struct codec {
    bool writing;
    struct cur in;
    uint8_t *out;
    size_t used, size;
    const char *why; /* first fault, or NULL */
};

static void fault(struct codec *c, const char *why)
{
    if (c->why == NULL)
        c->why = why;
}

static void put(struct codec *c, uint64_t v, size_t n)
{
    if (n > c->size - c->used) {
        fault(c, "longer than a record may be");
        return;
    }
    for (size_t i = 0; i < n; i++)
        c->out[c->used++] = (uint8_t)(v >> 8 * i);
}

static uint64_t get(struct codec *c, size_t n)
{
    const uint8_t *p = cur_take(&c->in, n);
    uint64_t v = 0;
    if (p == NULL) {
        fault(c, "its body is shorter than its type needs");
        return 0;
    }
    for (size_t i = 0; i < n; i++)
        v |= (uint64_t)p[i] << 8 * i;
    return v;
}

#define FIELD(name, type, bytes)                                                                   \
    static void name(struct codec *c, type *v)                                                     \
    {                                                                                              \
        if (c->writing)                                                                            \
            put(c, (uint64_t)*v, bytes);                                                           \
        else                                                                                       \
            *v = (type)get(c, bytes);                                                              \
    }
FIELD(u8, uint8_t, 1)
FIELD(u16, uint16_t, 2)
FIELD(u32, uint32_t, 4)
FIELD(u64, uint64_t, 8)
FIELD(i32, int32_t, 4)
FIELD(i64, int64_t, 8)
#undef FIELD

static void text(struct codec *c, struct journal_text *t)
{
    if (c->writing) {
        if (t->len > UINT16_MAX) {
            fault(c, "a string is longer than 65535 bytes");
            return;
        }
        put(c, t->len, 2);
        if (t->len > c->size - c->used) {
            fault(c, "longer than a record may be");
            return;
        }
        if (t->len > 0)
            memcpy(c->out + c->used, t->data, t->len);
        c->used += t->len;
    } else {
        uint32_t len = (uint32_t)get(c, 2);
        const uint8_t *p = cur_take(&c->in, len);
        if (p == NULL)
            fault(c, "a string is longer than what is left of the record");
        *t = (struct journal_text){p == NULL ? "" : (const char *)p, p == NULL ? 0 : len};
    }
}

static void trial_of(struct codec *c, uint32_t *scenario, uint32_t *kase, uint32_t *trial)
{
    u32(c, scenario);
    u32(c, kase);
    u32(c, trial);
}

static void attempt(struct codec *c, struct journal_record *r)
{
    trial_of(c, &r->u.attempt.scenario, &r->u.attempt.kase, &r->u.attempt.trial);
    u32(c, &r->u.attempt.row);
    u32(c, &r->u.attempt.variant);
    u32(c, &r->u.attempt.sub);
    u8(c, &r->u.attempt.role);
    if (r->u.attempt.role > JOURNAL_THROUGH)
        fault(c, "its role is none of send, reply, event, answer, through");
    u32(c, &r->u.attempt.binding);
    u32(c, &r->u.attempt.endpoint);
    i64(c, &r->u.attempt.planned_ns);
    i64(c, &r->u.attempt.give_up_ns);
    text(c, &r->u.attempt.correlation);
    text(c, &r->u.attempt.device);
    u32(c, &r->u.attempt.n_expect);
    if (r->u.attempt.n_expect > JOURNAL_MAX_EXPECT) {
        fault(c, "it expects more fields than an attempt may");
        r->u.attempt.n_expect = 0;
    }
    for (uint32_t i = 0; i < r->u.attempt.n_expect; i++) {
        u32(c, &r->u.attempt.expect[i].field);
        text(c, &r->u.attempt.expect[i].value);
    }
}

static void outcome(struct codec *c, struct journal_record *r)
{
    text(c, &r->u.outcome.correlation);
    i32(c, &r->u.outcome.errno_value);
    i32(c, &r->u.outcome.curl_code);
    i32(c, &r->u.outcome.status);
    u16(c, &r->u.outcome.local_port);
    u64(c, &r->u.outcome.sent_bytes);
    u64(c, &r->u.outcome.received_bytes);
}

static void body(struct codec *c, struct journal_record *r)
{
    switch (r->type) {
    case JOURNAL_BEGIN:
        text(c, &r->u.begin.nonce);
        text(c, &r->u.begin.plan_digest);
        return;
    case JOURNAL_TRIAL:
        trial_of(c, &r->u.trial.scenario, &r->u.trial.kase, &r->u.trial.trial);
        i64(c, &r->u.trial.planned_ns);
        return;
    case JOURNAL_ATTEMPT:
        attempt(c, r);
        return;
    case JOURNAL_OUTCOME:
        outcome(c, r);
        return;
    case JOURNAL_TRIAL_END:
        trial_of(c, &r->u.trial_end.scenario, &r->u.trial_end.kase, &r->u.trial_end.trial);
        u8(c, &r->u.trial_end.failed);
        if (r->u.trial_end.failed > 1)
            fault(c, "its flag for a failed script is neither 0 nor 1");
        return;
    case JOURNAL_STIMULUS:
        trial_of(c, &r->u.stimulus.scenario, &r->u.stimulus.kase, &r->u.stimulus.trial);
        text(c, &r->u.stimulus.name);
        text(c, &r->u.stimulus.device);
        return;
    case JOURNAL_MARK:
        u64(c, &r->u.mark.number);
        return;
    case JOURNAL_CAPTURE_STATS:
    case JOURNAL_CLOCK:
        return;
    case JOURNAL_STALL:
        i64(c, &r->u.stall.from_ns);
        i64(c, &r->u.stall.to_ns);
        return;
    case JOURNAL_DECIDED:
        u32(c, &r->u.decided.row);
        u32(c, &r->u.decided.variant);
        u32(c, &r->u.decided.used);
        return;
    case JOURNAL_END:
        u8(c, &r->u.end.reason);
        if (r->u.end.reason > 2)
            fault(c, "its reason is none of complete, interrupted, harness fault");
        text(c, &r->u.end.text);
        return;
    case JOURNAL_TIMEBASE:
        i64(c, &r->u.timebase.from_ns);
        i64(c, &r->u.timebase.shift_ns);
        i64(c, &r->u.timebase.factor);
        if (r->u.timebase.factor < 1)
            fault(c, "its clock does not run forward");
        return;
    }
    fault(c, "its type is unknown");
}

enum err_code journal_encode(const struct journal_record *r, uint8_t *out, size_t size, size_t *len,
                             struct err *e)
{
    struct codec c = {.writing = true, .out = out, .size = size};
    struct journal_record copy = *r; /* the walk takes its fields by pointer to change them */
    put(&c, 0, JOURNAL_PREFIX_BYTES);
    put(&c, (uint64_t)copy.type, 2);
    put(&c, JOURNAL_VERSION, 2);
    u32(&c, &copy.sequence);
    i64(&c, &copy.real_ns);
    i64(&c, &copy.mono_ns);
    body(&c, &copy);
    if (c.why != NULL)
        return err_set(e, ERR_USAGE, "journal record %s %u cannot be written: %s",
                       journal_type_name(r->type), (unsigned)r->sequence, c.why);
    *len = c.used;
    size_t behind = c.used - JOURNAL_PREFIX_BYTES;
    c.used = 0;
    put(&c, behind, 4);
    put(&c, crc32c(out + JOURNAL_PREFIX_BYTES, behind), 4);
    return ERR_OK;
}

bool journal_decode(const uint8_t *data, size_t len, struct journal_record *r, const char **why)
{
    struct codec c = {.in = cur_make(data, len)};
    memset(r, 0, sizeof *r);
    r->type = (enum journal_type)get(&c, 2);
    uint16_t version = 0;
    u16(&c, &version);
    if (version != JOURNAL_VERSION)
        fault(&c, "its version is not 1");
    u32(&c, &r->sequence);
    i64(&c, &r->real_ns);
    i64(&c, &r->mono_ns);
    if (c.why == NULL)
        body(&c, r);
    if (c.in.left > 0)
        fault(&c, "its body is longer than its type allows");
    *why = c.why;
    return c.why == NULL;
}

const char *journal_type_name(enum journal_type type)
{
    static const char *const names[] = {
        [JOURNAL_BEGIN] = "BEGIN",         [JOURNAL_TRIAL] = "TRIAL",
        [JOURNAL_ATTEMPT] = "ATTEMPT",     [JOURNAL_OUTCOME] = "OUTCOME",
        [JOURNAL_TRIAL_END] = "TRIAL_END", [JOURNAL_STIMULUS] = "STIMULUS",
        [JOURNAL_MARK] = "MARK",           [JOURNAL_CAPTURE_STATS] = "CAPTURE_STATS",
        [JOURNAL_CLOCK] = "CLOCK",         [JOURNAL_STALL] = "STALL",
        [JOURNAL_DECIDED] = "DECIDED",     [JOURNAL_END] = "END",
        [JOURNAL_TIMEBASE] = "TIMEBASE",
    };
    size_t i = (size_t)type;
    return i < sizeof names / sizeof names[0] && names[i] != NULL ? names[i] : "of unknown type";
}
