/* cell_write - items as XML elements: the parsed form in the requirement file. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/xmlw.h"
#include "harness/table/cell.h"

/* Numbers that are not there (-1) are not written. */
static enum err_code put_i64(struct buf *out, const char *name, int64_t value, struct err *e)
{
    return value < 0 ? ERR_OK : buf_printf(out, e, " %s=\"%" PRId64 "\"", name, value);
}

static enum err_code put_clock(struct buf *out, const char *name, int32_t s, struct err *e)
{
    return buf_printf(out, e, " %s=\"%02d:%02d\"", name, (int)(s / 3600), (int)(s / 60 % 60));
}

static enum err_code put_percent(struct buf *out, int64_t ppb, struct err *e)
{
    if (ppb < 0)
        return ERR_OK;
    char text[32];
    int n = snprintf(text, sizeof text, "%" PRId64 ".%07" PRId64, ppb / 10000000, ppb % 10000000);
    while (n > 0 && text[n - 1] == '0')
        text[--n] = '\0';
    if (n > 0 && text[n - 1] == '.')
        text[--n] = '\0';
    return xmlw_put_attr(out, "percent", text, e);
}

static enum err_code write_rate(const struct cell_item *it, struct buf *out, struct err *e)
{
    enum err_code rc = put_i64(out, "times_min", it->as.rate.times_min, e);
    if (rc == ERR_OK)
        rc = put_i64(out, "times_max", it->as.rate.times_max, e);
    if (rc == ERR_OK)
        rc = put_i64(out, "per", it->as.rate.per, e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(out, "population", it->as.rate.population, e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(out, "period", it->as.rate.period, e);
    if (rc == ERR_OK)
        rc = put_i64(out, "period_s", it->as.rate.period_s, e);
    return rc == ERR_OK ? xmlw_put_attr(out, "note", it->as.rate.note, e) : rc;
}

static enum err_code write_bytes(const struct cell_item *it, struct buf *out, struct err *e)
{
    char unit[2] = {it->as.bytes.unit, '\0'};
    enum err_code rc = put_i64(out, "min", it->as.bytes.min, e);
    if (rc == ERR_OK)
        rc = put_i64(out, "max", it->as.bytes.max, e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(out, "unit", unit[0] == '\0' ? NULL : unit, e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(out, "min_for", it->as.bytes.min_note, e);
    return rc == ERR_OK ? xmlw_put_attr(out, "max_for", it->as.bytes.max_note, e) : rc;
}

static enum err_code write_share(const struct cell_item *it, struct buf *out, struct err *e)
{
    enum err_code rc = put_percent(out, it->as.share.ppb, e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(out, "strict", it->as.share.strict ? "yes" : "no", e);
    if (rc == ERR_OK)
        rc = put_i64(out, "period_min_s", it->as.share.period_min_s, e);
    if (rc == ERR_OK)
        rc = put_i64(out, "period_max_s", it->as.share.period_max_s, e);
    return rc == ERR_OK ? xmlw_put_attr(out, "condition", it->as.share.condition, e) : rc;
}

static enum err_code write_limit(const struct cell_item *it, struct buf *out, struct err *e)
{
    enum err_code rc = put_i64(out, "min_s", it->as.limit.min_s, e);
    if (rc == ERR_OK)
        rc = put_i64(out, "max_s", it->as.limit.max_s, e);
    if (rc == ERR_OK && it->as.limit.of != NULL)
        rc = put_i64(out, "per", it->as.limit.per, e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(out, "of", it->as.limit.of, e);
    return rc == ERR_OK ? xmlw_put_attr(out, "note", it->as.limit.note, e) : rc;
}

static enum err_code write_when(const struct cell_item *it, struct buf *out, struct err *e)
{
    enum err_code rc = ERR_OK;
    if (it->kind == ITEM_WINDOW) {
        rc = put_clock(out, "from", it->as.window.from_s, e);
        return rc == ERR_OK ? put_clock(out, "to", it->as.window.to_s, e) : rc;
    }
    if (it->kind == ITEM_AFTER) {
        rc = put_i64(out, "max_s", it->as.after.max_s, e);
        if (rc == ERR_OK)
            rc = xmlw_put_attr(out, "event", it->as.after.event, e);
        return rc == ERR_OK ? xmlw_put_attr(out, "note", it->as.after.note, e) : rc;
    }
    rc = put_i64(out, "duration_min_s", it->as.campaign.duration_min_s, e);
    if (rc == ERR_OK)
        rc = put_i64(out, "duration_max_s", it->as.campaign.duration_max_s, e);
    if (rc == ERR_OK)
        rc = put_i64(out, "times_min", it->as.campaign.times_min, e);
    if (rc == ERR_OK)
        rc = put_i64(out, "times_max", it->as.campaign.times_max, e);
    return rc == ERR_OK ? xmlw_put_attr(out, "period", it->as.campaign.period, e) : rc;
}

static enum err_code write_attribute(const struct cell_item *it, struct buf *out, struct err *e)
{
    enum err_code rc = xmlw_put_attr(out, "name", it->as.attribute.name, e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(out, "many", it->as.attribute.many ? "yes" : NULL, e);
    if (rc == ERR_OK)
        rc = xmlw_put_attr(out, "detail", it->as.attribute.detail, e);
    return rc == ERR_OK ? xmlw_put_attr(out, "note", it->as.attribute.note, e) : rc;
}

enum err_code cell_item_write(const struct cell_item *it, struct buf *out, struct err *e)
{
    static const char *const element[ITEM_KIND_COUNT] = {
        [ITEM_UNRESOLVED] = "unresolved", [ITEM_ATTRIBUTE] = "attribute",
        [ITEM_ABOUT] = "about",           [ITEM_FLAG] = "flag",
        [ITEM_ACTOR] = "actor",           [ITEM_SHARE] = "share",
        [ITEM_LIMIT] = "limit",           [ITEM_ALWAYS] = "always",
        [ITEM_WINDOW] = "window",         [ITEM_AFTER] = "after",
        [ITEM_CAMPAIGN] = "campaign",     [ITEM_RATE] = "rate",
        [ITEM_BYTES] = "bytes",
    };
    enum err_code rc = buf_printf(out, e, "<%s", element[it->kind]);
    if (rc == ERR_OK &&
        (it->kind == ITEM_ACTOR || it->kind == ITEM_SHARE || it->kind == ITEM_WINDOW))
        rc = put_i64(out, "group", it->group, e);
    if (rc != ERR_OK)
        return rc;
    switch (it->kind) {
    case ITEM_UNRESOLVED:
    case ITEM_ABOUT:
        rc = xmlw_put_attr(out, "text", it->text, e);
        break;
    case ITEM_ATTRIBUTE:
        rc = write_attribute(it, out, e);
        break;
    case ITEM_FLAG:
        rc = xmlw_put_attr(out, "set", it->as.flag.set ? "yes" : "no", e);
        if (rc == ERR_OK)
            rc = xmlw_put_attr(out, "mode", it->as.flag.mode, e);
        break;
    case ITEM_ACTOR:
        rc = xmlw_put_attr(out, "name", it->as.actor.name, e);
        break;
    case ITEM_SHARE:
        rc = write_share(it, out, e);
        break;
    case ITEM_LIMIT:
        rc = write_limit(it, out, e);
        break;
    case ITEM_WINDOW:
    case ITEM_AFTER:
    case ITEM_CAMPAIGN:
        rc = write_when(it, out, e);
        break;
    case ITEM_RATE:
        rc = write_rate(it, out, e);
        break;
    case ITEM_BYTES:
        rc = write_bytes(it, out, e);
        break;
    case ITEM_ALWAYS:
    case ITEM_KIND_COUNT:
        break;
    }
    if (rc == ERR_OK)
        rc = xmlw_put_attr(out, "why", it->why, e);
    return rc == ERR_OK ? buf_puts(out, "/>", e) : rc;
}
