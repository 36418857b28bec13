#include <stdio.h>
#include <string.h>

#include "harness/base/clock.h"
#include "harness/plan/build_parts.h"

#define OWN_TEXTS 5

/* Whether an id stands in a blank-separated list. */
static bool listed(const char *list, const char *id)
{
    size_t len = strlen(id);
    for (const char *p = list; (p = strstr(p, id)) != NULL; p += len)
        if ((p == list || p[-1] == ' ') && (p[len] == '\0' || p[len] == ' '))
            return true;
    return false;
}

static bool used(const struct build *b, const char *id)
{
    for (size_t r = 0; r < b->n_row; r++)
        for (size_t v = 0; v < b->plan_row[r].n_variant; v++)
            if (listed(b->variant[r][v].interpretations, id))
                return true;
    return false;
}

static const char *choice_of(const struct build *b, const char *id)
{
    for (size_t i = 0; i < b->profile->n_choice; i++)
        if (strcmp(b->profile->choice[i].id, id) == 0 && b->profile->choice[i].take != TAKE_ALL)
            return b->profile->choice[i].take == TAKE_STRICTEST
                       ? " The profile takes the strictest: "
                       : " The profile takes the laxest: ";
    return NULL;
}

static const char *reason_of(const struct build *b, const char *id)
{
    for (size_t i = 0; i < b->profile->n_choice; i++)
        if (strcmp(b->profile->choice[i].id, id) == 0)
            return b->profile->choice[i].reason;
    return "";
}

static struct plan_text give_up_text(struct build *b)
{
    const char *reading = "", *ground = "";
    for (size_t i = 0; i < b->profile->n_give_up; i++) {
        const struct profile_give_up *g = &b->profile->give_up[i];
        reading = build_text(b, "%s%sWhat is not seen within %.9g s counts as failed (%s).",
                             reading, i == 0 ? "" : " ", (double)g->after_ns / (double)NS_PER_S,
                             strcmp(g->row, "*") == 0 ? "all rows" : g->row);
        ground = build_text(b, "%s%s%s", ground, i == 0 ? "" : "; ", g->reason);
    }
    return (struct plan_text){"profile-give-up", "", reading,
                              build_text(b, "The profile: %s.", ground)};
}

/* What the profile decides for all rows, printed with the document's interpretations. */
static size_t own_texts(struct build *b, struct plan_text *out)
{
    const struct profile *p = b->profile;
    size_t n = 0;
    if (p->n_give_up > 0)
        out[n++] = give_up_text(b);
    if (p->shift_to_s != -1)
        out[n++] = (struct plan_text){
            "profile-time-shift", "",
            build_text(b,
                       "Windows in which the harness sends are kept on a clock that is shifted: it "
                       "read %02d:%02d in %s when the plan was made.",
                       p->shift_to_s / 3600, p->shift_to_s / 60 % 60, p->zone),
            build_text(b, "The profile: %s.", p->shift_reason)};
    out[n++] = (struct plan_text){
        "profile-size", "",
        p->size_policy == SIZE_CEILING ? "The size is a ceiling on the canonical length."
        : p->size_policy == SIZE_BAND  ? "The size is a band for the canonical length."
                                       : "The size is information.",
        build_text(
            b, "The document calls its figure an estimate; the profile's policy, with k = %lld.",
            (long long)p->k)};
    out[n++] = (struct plan_text){
        "profile-window", "",
        p->window_strict ? "All of a payload has to come inside its window."
                         : "The majority of a payload has to come inside its window.",
        "The document names the period of primary occurrence; the profile's policy."};
    if (p->n_overlay > 0)
        out[n++] = (struct plan_text){"profile-overlay", "",
                                      "Limits of the table are overlaid: no claim can be made.",
                                      build_copy(b, p->label)};
    return n;
}

/* Which of the profile's own decisions a variant leans on. */
static void lean(struct build *b, const struct table_row *row, struct plan_variant *v)
{
    const struct {
        bool leans;
        const char *id;
    } own[OWN_TEXTS] = {
        {b->profile->n_give_up > 0, "profile-give-up"},
        {b->profile->shift_to_s != -1 && v->n_window > 0, "profile-time-shift"},
        {v->scored_size == PLAN_SCORED || v->scored_size == PLAN_SCORED_INFORMATION,
         "profile-size"},
        {v->scored_window == PLAN_SCORED, "profile-window"},
        {build_overlay(b, row, OVERLAY_LATENCY) != -1 ||
             build_overlay(b, row, OVERLAY_RATIO) != -1 ||
             build_overlay(b, row, OVERLAY_SIZE) != -1,
         "profile-overlay"},
    };
    for (size_t i = 0; i < OWN_TEXTS; i++)
        if (own[i].leans)
            v->interpretations = build_text(b, "%s%s%s", v->interpretations,
                                            v->interpretations[0] == '\0' ? "" : " ", own[i].id);
}

void build_register(struct build *b)
{
    struct plan_text own[OWN_TEXTS];
    struct plan_text *text = build_room(b, (b->table->n_interpretation + OWN_TEXTS) * sizeof *text);
    size_t n = 0;
    for (size_t r = 0; r < b->n_row; r++)
        for (size_t v = 0; v < b->plan_row[r].n_variant && b->rc == ERR_OK; v++)
            lean(b, b->row[r].source, &b->variant[r][v]);
    for (size_t i = 0; i < b->table->n_interpretation && b->rc == ERR_OK; i++) {
        const struct table_interpretation *x = &b->table->interpretation[i];
        const char *choice = choice_of(b, x->id);
        if (!used(b, x->id))
            continue;
        text[n++] =
            (struct plan_text){build_copy(b, x->id), build_copy(b, x->section),
                               build_text(b, "%s%s%s", x->reading, choice == NULL ? "" : choice,
                                          choice == NULL ? "" : reason_of(b, x->id)),
                               build_copy(b, x->ground)};
    }
    size_t n_own = b->rc == ERR_OK ? own_texts(b, own) : 0;
    for (size_t i = 0; i < n_own && b->rc == ERR_OK; i++)
        if (used(b, own[i].id))
            text[n++] = own[i];
    b->plan->interpretation = text;
    b->plan->n_interpretation = b->rc == ERR_OK ? n : 0;
}
