#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/address.h"
#include "harness/base/clock.h"
#include "harness/plan/build_parts.h"

static bool actor_known(const struct table *t, const char *actor)
{
    const char *known = table_actor(t, actor);
    return known != NULL && strcmp(known, actor) == 0;
}

/* A vendor's statement knows nothing of the lab's own table: what the document has may stand in it
 * as well, and takes no part. NULL with the fault told; the table itself where it is the
 * document's. */
static const struct table *document(struct build *b)
{
    if (b->document == NULL && b->rc == ERR_OK && b->o->table != NULL)
        b->rc = table_load(NULL, &b->document, b->e);
    return b->document == NULL ? b->table : b->document;
}

static bool stated_actor(struct build *b, const char *actor)
{
    return actor_known(b->table, actor) || actor_known(document(b), actor);
}

static bool stated_payload(struct build *b, const char *payload)
{
    return table_payload_by_name(b->table, payload) != NULL ||
           table_payload_by_name(document(b), payload) != NULL;
}

/* Actors in the table's spelling; what it knows none for is left as it is. */
static void fold_actors(struct build *b)
{
    struct statement *s = b->statement;
    struct statement_group *g = build_room(b, s->n_group * sizeof *g);
    struct statement_endpoint *p = build_room(b, s->n_peer * sizeof *p);
    for (size_t i = 0; i < s->n_group && b->rc == ERR_OK; i++) {
        const char *known = table_actor(b->table, s->group[i].actor);
        g[i] = s->group[i];
        g[i].actor = known == NULL ? g[i].actor : known;
    }
    for (size_t i = 0; i < s->n_peer && b->rc == ERR_OK; i++) {
        const char *known = table_actor(b->table, s->peer[i].actor);
        p[i] = s->peer[i];
        p[i].actor = known == NULL ? p[i].actor : known;
    }
    if (b->rc == ERR_OK) {
        s->group = g;
        s->peer = p;
    }
}

/* What the driver keeps of a device, and may have of the machine. */
#define BYTES_PER_DEVICE 256
#define PART_OF_MEMORY 4

static void check_size(struct build *b)
{
    const struct statement *s = b->statement;
    int64_t room = (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE) / PART_OF_MEMORY /
                   BYTES_PER_DEVICE;
    int64_t n = 0;
    for (size_t i = 0; i < build_n_group(b); i++) {
        n += build_group_count(b, i);
        if (n > room)
            build_fault(b, ERR_DATA,
                        "%s:%ld: with this population there are %lld devices; this machine has "
                        "room for the state of %lld (%d bytes each in a quarter of its memory)",
                        s->path, i < s->n_group ? s->group[i].line : s->peer[i - s->n_group].line,
                        (long long)n, (long long)room, BYTES_PER_DEVICE);
    }
}

static bool same_place(const struct statement_endpoint *x, const struct statement_endpoint *y)
{
    uint8_t a[ADDRESS_BYTES];
    size_t len = address_read(x->address, a);
    return x->port == y->port && len > 0 && address_is(y->address, a, len);
}

static void check_peers(struct build *b)
{
    const struct statement *s = b->statement;
    for (size_t i = 0; i < s->n_peer; i++) {
        const struct statement_endpoint *p = &s->peer[i];
        if (!stated_actor(b, p->actor))
            build_fault(b, ERR_SCOPE, "%s:%ld: peer \"%s\" is no actor of the requirement table",
                        s->path, p->line, p->actor);
        if (same_place(p, &s->eut))
            build_fault(b, ERR_SCOPE, "%s:%ld: peer \"%s\" and the equipment share %s:%u", s->path,
                        p->line, p->actor, p->address, p->port);
        for (size_t g = 0; g < s->n_group; g++)
            if (strcmp(s->group[g].actor, p->actor) == 0)
                build_fault(b, ERR_SCOPE,
                            "%s:%ld: \"%s\" is under test (line %ld) and played by "
                            "the harness too",
                            s->path, p->line, p->actor, s->group[g].line);
        for (size_t j = 0; j < i; j++) {
            if (strcmp(s->peer[j].actor, p->actor) == 0 &&
                strcmp(s->peer[j].device_class, p->device_class) == 0)
                build_fault(b, ERR_SCOPE, "%s:%ld: peer \"%s\"%s%s stands in line %ld already",
                            s->path, p->line, p->actor, p->device_class[0] == '\0' ? "" : ", ",
                            p->device_class, s->peer[j].line);
            if (same_place(p, &s->peer[j]))
                build_fault(b, ERR_SCOPE,
                            "%s:%ld: peer \"%s\" shares %s:%u with \"%s\" in line %ld", s->path,
                            p->line, p->actor, p->address, p->port, s->peer[j].actor,
                            s->peer[j].line);
        }
    }
}

void build_check_statement(struct build *b)
{
    const struct statement *s = b->statement;
    fold_actors(b);
    if (b->rc != ERR_OK)
        return;
    if (build_n_group(b) > BUILD_MAX_GROUPS)
        build_fault(b, ERR_LIMIT, "%s: %zu groups and peers, at most %d are taken", s->path,
                    build_n_group(b), BUILD_MAX_GROUPS);
    check_size(b);
    for (size_t i = 0; i < s->n_group; i++) {
        const struct statement_group *g = &s->group[i];
        if (!stated_actor(b, g->actor))
            build_fault(b, ERR_SCOPE, "%s:%ld: group's \"%s\" is no actor of the requirement table",
                        s->path, g->line, g->actor);
        for (size_t j = 0; j < i; j++)
            if (strcmp(s->group[j].actor, g->actor) == 0 &&
                strcmp(s->group[j].device_class, g->device_class) == 0)
                build_fault(b, ERR_SCOPE,
                            "%s:%ld: a group of \"%s\" and this class stands in line "
                            "%ld already",
                            s->path, g->line, g->actor, s->group[j].line);
    }
    check_peers(b);
    for (size_t i = 0; i < s->n_inside; i++)
        if (!stated_actor(b, s->inside[i].actor) && !build_on_paths(b, s->inside[i].actor))
            build_fault(b, ERR_SCOPE,
                        "%s:%ld: inside \"%s\" is no actor of the requirement table, nor of the "
                        "communication paths",
                        s->path, s->inside[i].line, s->inside[i].actor);
    for (size_t i = 0; i < s->n_duty; i++)
        if (!stated_payload(b, s->duty[i].payload))
            build_fault(b, ERR_SCOPE, "%s:%ld: duty of \"%s\", no payload of the requirement table",
                        s->path, s->duty[i].line, s->duty[i].payload);
    for (size_t i = 0; i < s->n_image; i++)
        if (!stated_payload(b, s->image[i].payload))
            build_fault(b, ERR_SCOPE,
                        "%s:%ld: image for \"%s\", no payload of the requirement table", s->path,
                        s->image[i].line, s->image[i].payload);
}

const struct table_use_case *build_use_case(const struct table *t, const char *name, size_t *from)
{
    return table_use_case_named(t, name, from);
}

static bool use_case_known(const struct table *t, const char *name)
{
    size_t at = 0;
    return build_use_case(t, name, &at) != NULL;
}

static bool covers_a_row(const struct table *t, const char *name)
{
    for (size_t i = 0; i < t->n_row; i++)
        if (profile_covers(name, t->row[i].id, t->row[i].section))
            return true;
    return false;
}

static void check_scope(struct build *b)
{
    const struct profile *p = b->profile;
    for (size_t i = 0; i < p->n_scope; i++) {
        const struct profile_scope *s = &p->scope[i];
        switch (s->kind) {
        case SCOPE_USE_CASE:
            if (!use_case_known(b->table, s->name))
                build_fault(b, ERR_DATA, "%s:%ld: use case \"%s\" is none of the requirement table",
                            p->path, s->line, s->name);
            break;
        case SCOPE_SECTION:
        case SCOPE_ROW:
            if (!covers_a_row(b->table, s->name))
                build_fault(b, ERR_DATA, "%s:%ld: \"%s\" holds no row of the requirement table",
                            p->path, s->line, s->name);
            break;
        case SCOPE_KIND_COUNT:
            break;
        }
    }
}

static bool left_open(const struct table *t, const char *name, const char *rows)
{
    for (size_t i = 0; i < t->n_row; i++)
        for (size_t k = 0; k < t->row[i].n_leg; k++)
            for (size_t p = 0; p < t->row[i].leg[k].n_parameter; p++)
                if (strcmp(t->row[i].leg[k].parameter[p].name, name) == 0 &&
                    profile_covers(rows, t->row[i].id, t->row[i].section))
                    return true;
    return false;
}

/* The first campaign of the rows that a name covers; NULL none. */
static const struct table_campaign *campaign_of(const struct table *t, const char *rows)
{
    for (size_t i = 0; i < t->n_row; i++)
        for (size_t k = 0; k < t->row[i].n_leg; k++)
            if (t->row[i].leg[k].campaign != NULL &&
                profile_covers(rows, t->row[i].id, t->row[i].section))
                return t->row[i].leg[k].campaign;
    return NULL;
}

/* Its hours must be as long as the document lets a campaign last. */
static void check_campaign(struct build *b, const struct profile_campaign *c)
{
    const struct table_campaign *told = campaign_of(b->table, c->row);
    int64_t long_s = c->to_s - c->from_s + (c->to_s <= c->from_s ? 86400 : 0);
    if (told == NULL)
        build_fault(b, ERR_DATA, "%s:%ld: no row of \"%s\" runs in campaigns", b->profile->path,
                    c->line, c->row);
    else if (long_s * NS_PER_S < told->duration_min_ns || long_s * NS_PER_S > told->duration_max_ns)
        build_fault(b, ERR_DATA, "%s:%ld: a campaign of %.4g h, the document's last %.4g to %.4g h",
                    b->profile->path, c->line, (double)long_s / 3600,
                    (double)told->duration_min_ns / (3600.0 * NS_PER_S),
                    (double)told->duration_max_ns / (3600.0 * NS_PER_S));
}

static void check_values(struct build *b)
{
    const struct profile *p = b->profile;
    for (size_t i = 0; i < p->n_parameter; i++)
        if (!left_open(b->table, p->parameter[i].name, p->parameter[i].row))
            build_fault(b, ERR_DATA, "%s:%ld: no row of \"%s\" leaves \"%s\" to the deployment",
                        p->path, p->parameter[i].line, p->parameter[i].row, p->parameter[i].name);
    for (size_t i = 0; i < p->n_campaign; i++)
        check_campaign(b, &p->campaign[i]);
}

void build_check_profile(struct build *b)
{
    const struct profile *p = b->profile;
    check_scope(b);
    check_values(b);
    for (size_t i = 0; i < p->n_way; i++) {
        if (!use_case_known(b->table, p->way[i].use_case))
            build_fault(b, ERR_DATA, "%s:%ld: use case \"%s\" is none of the requirement table",
                        p->path, p->way[i].line, p->way[i].use_case);
        for (size_t k = 0; k < p->way[i].n_via; k++)
            if (!actor_known(b->table, p->way[i].via[k]))
                build_fault(b, ERR_DATA, "%s:%ld: \"%s\" is no actor of the requirement table",
                            p->path, p->way[i].line, p->way[i].via[k]);
    }
    for (size_t i = 0; i < p->n_choice; i++) {
        const char *id = p->choice[i].id;
        if (table_interpretation_by_id(b->table, id) == NULL)
            build_fault(b, ERR_DATA, "%s:%ld: \"%s\" is not in the interpretation register",
                        p->path, p->choice[i].line, id);
        else if (strstr(id, "latency") == NULL && strstr(id, "reliability") == NULL &&
                 strstr(id, "period") == NULL)
            build_fault(b, ERR_DATA, "%s:%ld: \"%s\" leaves no choice between readings", p->path,
                        p->choice[i].line, id);
    }
    for (size_t i = 0; i < p->n_share; i++)
        if (!actor_known(b->table, p->share[i].actor))
            build_fault(b, ERR_DATA, "%s:%ld: \"%s\" is no actor of the requirement table", p->path,
                        p->share[i].line, p->share[i].actor);
    for (size_t i = 0; i < p->n_overlay; i++)
        if (!covers_a_row(b->table, p->overlay[i].row))
            build_fault(b, ERR_DATA, "%s:%ld: \"%s\" is no row of the requirement table", p->path,
                        p->overlay[i].line, p->overlay[i].row);
    for (size_t i = 0; i < p->n_trials; i++)
        if (!covers_a_row(b->table, p->trials[i].row))
            build_fault(b, ERR_DATA, "%s:%ld: \"%s\" is no row of the requirement table", p->path,
                        p->trials[i].line, p->trials[i].row);
}
