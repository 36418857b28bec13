#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/drive/inside.h"

#define MAX_DEVICES 10000000u
#define LEASE_LOOKS 512 /* devices looked at before the start waits for one to come free */

/* What runs that this one goes on with did, to whichever device. */
static void remember_duty(struct drive *d, size_t duty)
{
    const struct plan_duty *w = &d->plan->duty[duty];
    d->duty_used[duty] = w->used;
    if (w->last_ns == 0)
        return;
    int64_t ago = clock_real_ns() - w->last_ns, mono = clock_mono_ns();
    int64_t last = mono - (ago < 0 ? 0 : ago);
    for (size_t i = 0; i < d->n_device; i++)
        d->duty_last_ns[duty * d->n_device + i] = last < 1 ? 1 : last;
}

enum err_code devices_make(struct drive *d, struct err *e)
{
    const struct plan *p = d->plan;
    uint64_t n = 0;
    for (size_t g = 0; g < p->n_group; g++)
        n += p->group[g].count;
    if (n > MAX_DEVICES)
        return err_set(e, ERR_DATA,
                       "the plan declares %" PRIu64 " devices, at most %u can be driven", n,
                       MAX_DEVICES);
    d->device = arena_alloc(&d->arena, (n + 1) * sizeof *d->device);
    d->group_first = arena_alloc(&d->arena, (p->n_group + 1) * sizeof *d->group_first);
    d->duty_used = arena_alloc(&d->arena, (p->n_duty + 1) * sizeof *d->duty_used);
    d->duty_last_ns = arena_alloc(&d->arena, (p->n_duty * n + 1) * sizeof *d->duty_last_ns);
    if (d->device == NULL || d->group_first == NULL || d->duty_used == NULL ||
        d->duty_last_ns == NULL)
        return err_set(e, ERR_NOMEM, "no memory for %" PRIu64 " devices", n);
    for (size_t g = 0; g < p->n_group; g++) {
        d->group_first[g] = d->n_device;
        for (uint32_t i = 0; i < p->group[g].count; i++) {
            struct device *dev = &d->device[d->n_device++];
            dev->id = p->group[g].first_id + i;
            dev->group = (uint32_t)g;
            (void)snprintf(dev->text, sizeof dev->text, "%016" PRIX64, dev->id);
        }
    }
    for (size_t i = 0; i < p->n_duty; i++)
        remember_duty(d, i);
    return ERR_OK;
}

struct device *device_by_id(struct drive *d, uint64_t id)
{
    for (size_t g = 0; g < d->plan->n_group; g++) {
        uint64_t at = id - d->plan->group[g].first_id;
        if (id >= d->plan->group[g].first_id && at < d->plan->group[g].count)
            return &d->device[d->group_first[g] + at];
    }
    return NULL;
}

/* The groups take turns, as long as each has devices left. */
enum err_code devices_ring(struct drive *d, struct drive_case *c, struct err *e)
{
    const struct plan *p = d->plan;
    uint64_t total = 0;
    for (size_t i = 0; i < c->pc->n_group; i++)
        total += p->group[c->pc->group[i]].count;
    if (total == 0)
        return err_set(e, ERR_DATA, "%s: case %u has no device", c->ps->file, c->kase);
    uint64_t wanted = c->pc->population > 0 ? c->pc->population : c->trials_max;
    uint32_t n = (uint32_t)(total < wanted ? total : wanted);
    uint32_t *ring = arena_alloc(&d->arena, ((size_t)n + 1) * sizeof *ring);
    if (ring == NULL)
        return err_set(e, ERR_NOMEM, "no memory for the devices of %s", c->ps->file);
    for (uint32_t depth = 0; c->n_ring < n; depth++)
        for (size_t i = 0; i < c->pc->n_group && c->n_ring < n; i++)
            if (depth < p->group[c->pc->group[i]].count)
                ring[c->n_ring++] = d->group_first[c->pc->group[i]] + depth;
    c->ring = ring;
    return ERR_OK;
}

int64_t duty_ready(const struct drive *d, int duty, uint32_t device, int64_t now_ns)
{
    if (duty < 0)
        return 0;
    const struct plan_duty *w = &d->plan->duty[duty];
    if (w->most > 0 && d->duty_used[duty] >= w->most)
        return INT64_MAX;
    int64_t last = d->duty_last_ns[(size_t)duty * d->n_device + device];
    return last == 0 || now_ns - last >= w->spacing_ns ? 0 : last + w->spacing_ns;
}

void duty_note(struct drive *d, int duty, uint32_t device, int64_t now_ns)
{
    if (duty < 0)
        return;
    d->duty_used[duty]++;
    d->duty_last_ns[(size_t)duty * d->n_device + device] = now_ns;
}

/* When the case's operations let the device take one more. */
static int64_t case_ready(const struct drive *d, const struct drive_case *c, uint32_t device,
                          int64_t now_ns)
{
    int64_t ready = 0;
    for (size_t i = 0; i < c->script->n_payload; i++) {
        int64_t at =
            payload_is_ours(&c->payload[i]) ? duty_ready(d, c->payload[i].duty, device, now_ns) : 0;
        if (at > ready)
            ready = at;
    }
    return ready;
}

/* The whole population is free, and may take one more. */
static struct device *crowd_lease(struct drive *d, const struct drive_case *c, int64_t now_ns,
                                  int64_t *ready_ns)
{
    int64_t latest = 0;
    for (uint32_t i = 0; i < c->n_ring; i++) {
        const struct device *dev = &d->device[c->ring[i]];
        if (dev->holder != NULL || dev->shared > 0)
            return NULL;
        int64_t ready = case_ready(d, c, c->ring[i], now_ns);
        latest = ready > latest ? ready : latest;
    }
    if (latest == 0)
        return &d->device[c->ring[0]];
    *ready_ns = latest;
    return NULL;
}

void crowd_take(struct trial *t)
{
    for (uint32_t i = 0; i < t->kase->n_ring; i++)
        t->d->device[t->kase->ring[i]].holder = t;
}

void crowd_release(struct trial *t)
{
    for (uint32_t i = 0; i < t->kase->n_ring; i++)
        t->d->device[t->kase->ring[i]].holder = NULL;
}

void device_deafen(struct trial *t, uint32_t device)
{
    static const char name[] = "unreachable";
    struct device *dev = &t->d->device[device];
    if (dev->deaf_for == t || t->d->plan->group[dev->group].eut)
        return;
    dev->deaf_for = t;
    t->deafened = true;
    struct journal_record r = {.type = JOURNAL_STIMULUS};
    r.u.stimulus.scenario = t->kase->scenario;
    r.u.stimulus.kase = t->kase->kase;
    r.u.stimulus.trial = t->number;
    r.u.stimulus.name = (struct journal_text){name, sizeof name - 1};
    r.u.stimulus.device = (struct journal_text){dev->text, 16};
    record(t->d, &r);
    record_flush(t->d);
}

void devices_hear(struct trial *t)
{
    for (uint32_t i = 0; t->deafened && i < t->kase->n_ring; i++) {
        struct device *dev = &t->d->device[t->kase->ring[i]];
        if (dev->deaf_for == t)
            dev->deaf_for = NULL;
    }
    t->deafened = false;
}

struct device *device_lease(struct drive *d, struct drive_case *c, int64_t now_ns,
                            int64_t *ready_ns)
{
    *ready_ns = INT64_MAX;
    if (d->claim != NULL)
        return NULL;
    if (c->pc->population > 0)
        return crowd_lease(d, c, now_ns, ready_ns);
    uint32_t looks = c->n_ring < LEASE_LOOKS ? c->n_ring : LEASE_LOOKS;
    for (uint32_t i = 0; i < looks; i++) {
        uint32_t at = (c->next + i) % c->n_ring;
        struct device *dev = &d->device[c->ring[at]];
        if (dev->holder != NULL || (c->ps->exclusive && !c->pc->whole_day && dev->shared > 0))
            continue;
        int64_t ready = case_ready(d, c, c->ring[at], now_ns);
        if (ready != 0) {
            if (ready < *ready_ns)
                *ready_ns = ready;
            continue;
        }
        c->next = (at + 1) % c->n_ring;
        return dev;
    }
    return NULL;
}

void device_release(struct device *dev, bool exclusive)
{
    if (exclusive)
        dev->holder = NULL;
    else
        dev->shared--;
}

bool device_touch(struct trial *t, struct device *dev)
{
    if (t->touch == dev)
        return true;
    if (t->touch != NULL)
        device_release(t->touch, t->exclusive);
    t->touch = NULL;
    if (dev->holder != NULL || (t->exclusive && dev->shared > 0))
        return false;
    if (t->exclusive)
        dev->holder = t;
    else
        dev->shared++;
    t->touch = dev;
    return true;
}

/* As many devices as are free go to the first claim; no trial starts meanwhile. */
void claims_go_on(struct drive *d)
{
    while (d->claim != NULL) {
        struct trial *t = d->claim;
        const struct drive_case *c = t->kase;
        for (; t->claim_at < c->n_ring; t->claim_at++) {
            struct device *dev = &d->device[c->ring[t->claim_at]];
            if (dev->holder != NULL || dev->shared > 0)
                return;
            dev->holder = t;
        }
        d->claim = t->next_claim;
        t->next_claim = NULL;
        t->claiming = false;
        amble_run(t);
    }
}

void claim_all(struct drive *d, struct trial *t, bool front)
{
    t->claiming = true;
    t->claim_at = 0;
    struct trial **at = &d->claim;
    if (front && d->claim != NULL) { /* what the displaced one took already goes back */
        for (uint32_t i = 0; i < d->claim->claim_at; i++)
            d->device[d->claim->kase->ring[i]].holder = NULL;
        d->claim->claim_at = 0;
    }
    while (!front && *at != NULL)
        at = &(*at)->next_claim;
    t->next_claim = *at;
    *at = t;
}
