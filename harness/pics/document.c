#include "harness/pics/document.h"

enum err_code pics_document_load(struct pics_document *d, const char *table, struct err *e)
{
    pics_report_init(&d->found, false);
    enum err_code rc = table_load(table, &d->table, e);
    if (rc == ERR_OK)
        rc = statement_load(d->path, &d->statement, e);
    if (rc == ERR_OK)
        rc = items_make(d->table, d->statement, NULL, &d->items, e);
    if (rc == ERR_OK)
        rc = pics_check(d->table, d->statement, d->items, &d->found, e);
    return rc;
}

void pics_document_release(struct pics_document *d)
{
    pics_report_release(&d->found);
    items_free(d->items);
    statement_free(d->statement);
    table_free(d->table);
}

struct pics_count pics_count(const struct items *items)
{
    struct pics_count n = {0};
    for (size_t i = 0; i < items->n_list; i++)
        for (size_t k = 0; k < items->list[i].n_item; k++) {
            const struct item *item = &items->list[i].item[k];
            n.items++;
            if (item->need == NEED_NOT_APPLICABLE && item->support != SUPPORT_YES)
                n.not_applicable++;
            else if (item->support == SUPPORT_YES)
                n.yes++;
            else if (item->support == SUPPORT_NO)
                n.no++;
            else
                n.unset++;
        }
    return n;
}

const char *pics_state(const struct pics_document *d)
{
    if (d->found.errors > 0)
        return "errors";
    if (d->found.unset > 0)
        return "unset";
    for (size_t i = 0; i < d->found.n; i++)
        if (d->found.message[i].number == 103 || d->found.message[i].number == 104)
            return "partial";
    return "complete";
}

const char *pics_need(enum item_need need)
{
    static const char *const name[NEED_COUNT] = {"mandatory", "optional", "excluded",
                                                 "not applicable", "open"};
    return name[need];
}
