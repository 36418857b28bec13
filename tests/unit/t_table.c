/* t_table - the specification's table as it ships, and files that are not right. */
#include <stdlib.h>
#include <unistd.h>

#include "harness/base/clock.h"
#include "harness/base/where.h"
#include "harness/table/cell.h"
#include "tests/tap.h"

static const struct table *table;

static const struct table_leg *leg_of(const char *row_id, const char *leg_id)
{
    const struct table_row *row = table_row_by_id(table, row_id);
    for (size_t i = 0; row != NULL && i < row->n_leg; i++)
        if (strcmp(row->leg[i].id, leg_id) == 0)
            return &row->leg[i];
    printf("# no leg %s of %s\n", leg_id, row_id);
    exit(1);
}

static void counts(void)
{
    static const struct {
        const char *prefix;
        size_t rows;
    } want[] = {{"4.3.", 9},  {"4.4.", 74},  {"4.5.", 16}, {"4.6.", 9},  {"4.7.", 4},
                {"4.8.", 7},  {"4.9.", 34},  {"4.10.", 9}, {"4.11.", 5}, {"4.12.", 3},
                {"4.13.", 6}, {"4.14.", 12}, {"4.15.", 18}};
    size_t total = 0;
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        size_t n = 0;
        for (size_t r = 0; r < table->n_row; r++)
            n += table->row[r].unlisted == NULL &&
                 strncmp(table->row[r].section, want[i].prefix, strlen(want[i].prefix)) == 0;
        is_int(n, want[i].rows, "section %s has its rows", want[i].prefix);
        total += n;
    }
    is_int(total, 206, "all rows belong to these sections");
    is_int(table->n_row, 210, "there are 206 rows and 4 that no table of the document holds");
    is_int(table->n_payload, 206, "202 payloads of rows and the 4 that no row carries");
    is_int(table->n_part, 10, "4.5.4.2 has its 8 legs and 2 sub-totals");
    is_int(table->n_use_case, 19, "there are 19 use cases");
    size_t without = 0, unreasoned = 0, carried = 0;
    for (size_t i = 0; i < table->n_payload; i++) {
        const struct table_payload *p = &table->payload[i];
        without += p->lics == NULL || p->cia == NULL;
        unreasoned += (p->lics == NULL || p->cia == NULL) && p->why == NULL;
        for (size_t r = 0; r < table->n_row; r++) {
            if (table->row[r].unlisted == NULL && strcmp(table->row[r].payload, p->name) == 0) {
                carried++;
                break;
            }
        }
    }
    is_int(carried, 202, "202 payloads have rows");
    is_int(without, 10, "eight payloads of rows and two of the legs have no categories");
    is_int(unreasoned, 0, "and each says why");
}

/* Every cell has members, and a member without a value says why. */
static void cells(void)
{
    size_t read = 0, open = 0, silent = 0, empty = 0;
    for (size_t r = 0; r < table->n_row; r++) {
        for (size_t c = 0; table->row[r].unlisted == NULL && c < CELL_COUNT; c++) {
            const struct cell *cell = &table->row[r].parsed[c];
            empty += cell->n_item == 0;
            bool reason = false;
            for (size_t i = 0; i < cell->n_item; i++) {
                reason = reason || cell->item[i].why != NULL;
                silent += cell->item[i].kind == ITEM_UNRESOLVED && cell->item[i].why == NULL;
            }
            open += cell->why != NULL;
            read += cell->why == NULL;
            silent += reason != (cell->why != NULL);
        }
    }
    is_int(read + open, 2060, "every cell is read or unresolved");
    is_int(silent, 0, "no cell is unresolved without a reason");
    is_int(empty, 0, "no cell is without members");
    is_int(
        open, 29,
        "the unresolved cells are the ones known: 15 rates and 9 sizes and shares with a letter, 4 "
        "references to the spreadsheet, an empty flag");
}

static void legs(void)
{
    size_t none = 0, self = 0, unknown = 0, unreasoned = 0, groundless = 0;
    for (size_t r = 0; r < table->n_row; r++) {
        const struct table_row *row = &table->row[r];
        none += row->n_leg == 0;
        for (size_t i = 0; i < row->n_leg; i++) {
            const struct table_leg *leg = &row->leg[i];
            groundless += leg->ground[0] == '\0';
            for (size_t k = 0; k < leg->n_interpretation; k++)
                unknown += table_interpretation_by_id(table, leg->interpretation[k]) == NULL;
            for (size_t f = 0; f < leg->n_from; f++)
                for (size_t t = 0; t < leg->n_to; t++)
                    self += strcmp(leg->from[f], leg->to[t]) == 0;
            unreasoned += leg->latency_max.n == 0 && leg->why_latency == NULL;
            unreasoned +=
                leg->reliability_ppb.n == 0 && leg->n_clause == 0 && leg->why_reliability == NULL;
            unreasoned += leg->size_max_bytes < 0 && leg->why_size == NULL;
            unreasoned += !leg->window_always && leg->n_window == 0 && leg->why_window == NULL;
            unreasoned += leg->rate == NULL && leg->why_rate == NULL;
            /* A set of values has to lean on an entry of the register. */
            unreasoned += (leg->latency_max.n > 1 || leg->reliability_ppb.n > 1) &&
                          leg->n_interpretation == 0;
        }
    }
    is_int(none, 0, "every row has a leg");
    is_int(self, 0, "no leg has an actor that sends to itself");
    is_int(unknown, 0, "every interpretation named is in the register");
    is_int(groundless, 0, "every leg names its ground");
    is_int(unreasoned, 0, "every missing value has a reason, every set an interpretation");
    for (size_t r = 0; r < table->n_row; r++) {
        const struct table_row *row = &table->row[r];
        if (row->trigger == TRIGGER_COMMAND && row->command == NULL)
            ok(false, "%s is caused by a command and does not say which", row->id);
    }
}

static void readings(void)
{
    const struct table_leg *leg = leg_of("4.10.4.1/on-demand_Mtr-read_resp-data", "1");
    is_int(leg->latency_max.value[0], 15 * NS_PER_S, "an on-demand read is answered within 15 s");
    is_int(leg->reliability_ppb.value[0], 980000000, "with more than 98 %%");
    is_int(leg->size_max_bytes, 100, "in 100 bytes");
    ok(leg->n_window == 1 && leg->window[0].from_s == 7 * 3600 && leg->window[0].to_s == 22 * 3600,
       "from 7AM to 10PM");
    ok(leg->rate == NULL && leg->why_rate != NULL, "how often is not said");
    is_str(leg->command, "on-demand_Mtr-read_cmd", "the reply names its command");

    leg = leg_of("4.10.4.1/on-demand_Mtr-read_cmd", "1");
    ok(leg->latency_max.n == 2 && leg->latency_max.value[0] == 15 * NS_PER_S &&
           leg->latency_max.value[1] == 3600 * NS_PER_S,
       "the read command keeps both of its latencies, ascending");
    is_int(leg->trigger, TRIGGER_EVENT, "an ad hoc command is an event of its origin");

    leg = leg_of("4.10.4.4/Mtr-read_multi-interval-data_cmd", "gas");
    ok(leg->latency_max.n == 1 && leg->latency_max.value[0] == 3600 * NS_PER_S,
       "the latency note gives gas the longer limit");

    const char *row = "4.10.4.4/Mtr-read_multi-interval-data_resp-data";
    leg = leg_of(row, "push-electr-residential");
    is_int(leg->n_clause, 3, "residential electric has three coverage clauses");
    ok(leg->clause[0].ratio.num == 90 && leg->clause[0].ratio.den == 100 &&
           leg->clause[0].period_min_ns == 4 * 3600 * NS_PER_S &&
           leg->clause[0].period_max_ns == 6 * 3600 * NS_PER_S,
       "the first is 90 %% in four to six hours");
    ok(leg->clause[2].ratio.num == 995 && leg->clause[2].ratio.den == 1000,
       "the last is 995 of 1000, exactly");
    ok(leg->size_min_bytes == 1600 && leg->size_max_bytes == 2400,
       "its size is 1600 to 2400 bytes");
    is_str(leg->device_class, "residential", "it is the residential class");
    is_int(leg->trigger, TRIGGER_SCHEDULE, "a push comes by schedule");
    leg = leg_of(row, "push-electr-commercial-industrial");
    ok(leg->n_clause == 2 && leg->clause[0].period_max_ns == 2 * 3600 * NS_PER_S,
       "commercial and industrial electric has 98 %% in two hours");
    leg = leg_of(row, "poll-electr");
    ok(leg->trigger == TRIGGER_COMMAND &&
           strcmp(leg->command, "Mtr-read_multi-interval-data_cmd") == 0,
       "a polled reply answers its command");
    is_str(leg->to[0], "MDMS", "and goes to the MDMS");
    is_int(leg->latency_max.value[0], 15 * NS_PER_S, "within 15 s");

    leg = leg_of("4.10.4.3/Mtr-read_data_resp-data", "electr");
    is_str(leg->from[0], "2-Way Meter - Electr", "a misspelt actor is read by its listed name");
    is_str(table_row_by_id(table, "4.10.4.3/Mtr-read_data_resp-data")->cell[CELL_FROM],
           "2-Way Meter \xe2\x80\x93 Elec, 2-Way Meter \xe2\x80\x93 Gas, 2-Way Meter - Water",
           "the cell keeps it as written");

    leg = leg_of("4.15.4.4/SW_opr_cmd_comm-err", "dap");
    is_str(leg->to[1], "CIS/Billing - Utility", "CIS is read as CIS/Billing - Utility");
    leg = leg_of("4.9.4.1/DAP_firmware_update_cmd", "network");
    ok(leg->size_max_bytes == 750000 && leg->size_max_lax_bytes == 768000,
       "750k is at least 750000 and at most 768000 bytes");
    leg = leg_of("4.9.4.9/metrology_firmware_update_broadcast_cmd", "1");
    is_int(leg->latency_per, 100000, "a broadcast's limit is for 100,000 meters");
    const struct table_row *cap = table_row_by_id(table, "4.4.1.5.1.2/FeederCapBank_close_ack");
    ok(cap->n_attribute == 2 && strcmp(cap->attribute[0], "device ID") == 0,
       "attributes lost to a slip are read from the erratum");
    is_str(table_row_by_id(table, "4.15.4.2/SW_opr_cmd_ack")->command, "SW_opr_cancel_cmd",
           "one payload answers another command in another scenario");
}

static const struct table_parameter *parameter_of(const struct table_leg *leg, enum table_cell c,
                                                  size_t n)
{
    for (size_t i = 0; i < leg->n_parameter; i++)
        if (leg->parameter[i].cell == c && n-- == 0)
            return &leg->parameter[i];
    static const struct table_parameter none = {.name = "", .text = ""};
    return &none;
}

/* Periods, rates and open values as data. */
static void figures(void)
{
    const struct table_leg *leg =
        leg_of("4.4.1.7.3.1/circuit_device_oper_cmd", "dms-reconfiguration");
    is_int(leg->after_max_ns, 180 * NS_PER_S, "reconfiguration has three minutes");
    is_str(leg->after_event, "fault event", "from the fault");
    is_int(leg_of("4.4.1.7.3.1/circuit_device_oper_cmd", "dms-isolation")->after_max_ns,
           90 * NS_PER_S, "isolation has one and a half");
    leg = leg_of("4.4.1.5.1.2/FeederCapBank_close_cmd", "dsdr");
    ok(leg->campaign != NULL && leg->campaign->duration_min_ns == 3600 * NS_PER_S &&
           leg->campaign->duration_max_ns == 6 * 3600 * NS_PER_S && leg->campaign->times_min == 4 &&
           leg->campaign->times_max == 8 && strcmp(leg->campaign->period, "year") == 0,
       "DSDR runs one to six hours, four to eight times a year");
    ok(leg->after_event == NULL && leg->after_max_ns == -1, "and hangs on no event");
    ok(leg_of("4.4.1.5.1.2/FeederCapBank_close_cmd", "vvc")->campaign == NULL,
       "Volt/VAR has no campaign");
    ok(leg->n_how_often == 1 && leg->how_often[0].times_max == 1 && leg->how_often[0].per == 1 &&
           leg->how_often[0].period_ns == 300 * NS_PER_S,
       "a rate of one in five minutes");
    is_str(leg->how_often[0].population, "fdrCB", "for each capacitor bank");
    leg = leg_of("4.15.4.1/SW_opr_cmd", "service-switch");
    ok(leg->n_how_often == 1 && leg->how_often[0].times_min == 1 &&
           leg->how_often[0].times_max == 50 && leg->how_often[0].per == 1000 &&
           leg->how_often[0].period_ns == 86400 * NS_PER_S,
       "one to fifty in a thousand meters a day");
    leg = leg_of("4.3.4.1/bulk_Cust_Subset_Acct_Info_REP_data", "1");
    ok(leg->n_how_often == 1 && leg->how_often[0].times_max == -1 && leg->how_often[0].why != NULL,
       "a rate that is a letter has no number and says why");
    is_str(parameter_of(leg, CELL_HOW_OFTEN, 0)->name, "x", "it lacks x");
    is_str(parameter_of(leg, CELL_HOW_OFTEN, 1)->name, "z", "and z");
    is_str(parameter_of(leg, CELL_HOW_OFTEN, 2)->name, "y", "and y");
    is_str(parameter_of(leg, CELL_SIZE, 0)->name, "xMB", "the size lacks xMB");
    is_int(leg->n_parameter, 4, "and no more");
    leg = leg_of("4.12.4.1/otg_ntf_evnt_data", "small");
    is_str(parameter_of(leg, CELL_RELIABILITY, 0)->name, "xx", "the small outage's share is xx");
    is_int(leg_of("4.12.4.1/otg_ntf_evnt_data", "large")->n_parameter, 0,
           "the large outage's is given");
    leg = leg_of("4.10.4.1/on-demand_Mtr-read_resp-data", "1");
    is_str(parameter_of(leg, CELL_HOW_OFTEN, 0)->name, "See REQMTS Table",
           "a reference to the spreadsheet is a value that is missing");
    leg = leg_of("4.5.4.2/distr_cust_storage_out-of-island-mode_alert", "device");
    is_int(leg->n_parameter, 0, "the x of Sub(x) tells substations apart and is no value");
    static const struct {
        const char *payload, *level;
    } want[] = {
        {"bulk_Cust_Subset_Acct_Info_REP_data", "H"}, {"SW_opr_cmd", "M"}, {"SW_opr_cmd_ack", "L"}};
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
        is_str(table_payload_by_name(table, want[i].payload)->confidentiality, want[i].level,
               "%s has its level of confidentiality", want[i].payload);
    const struct table_payload *p = table_payload_by_name(table, "on_distr-cust-strg_alarm");
    ok(p->confidentiality == NULL && p->why != NULL, "a payload without levels says why");
    size_t silent = 0;
    for (size_t r = 0; r < table->n_row; r++)
        for (size_t i = 0; i < table->row[r].n_leg; i++) {
            leg = &table->row[r].leg[i];
            /* What is missing is a letter, a word of the document or a cell that it lacks. */
            silent += leg->rate == NULL && parameter_of(leg, CELL_HOW_OFTEN, 0)->name[0] == '\0' &&
                      table->row[r].unlisted == NULL;
            silent += leg->size_max_bytes < 0 && parameter_of(leg, CELL_SIZE, 0)->name[0] == '\0' &&
                      table->row[r].unlisted == NULL;
        }
    is_int(silent, 0, "a listed row's missing rate or size names the value that is missing");
}

/* The rows that the document names and does not list: marked, behind the listed rows of their
 * section, with no figure that it does not give. */
static void unlisted(void)
{
    static const struct {
        const char *id, *from;
        int64_t latency_s;
    } want[] = {{"4.5.4.2/on_distr-cust-strg_alarm", "LMS - Utility", 12},
                {"4.5.4.2/off_distr_cust_strg_alert1", "LMS - Utility", 12},
                {"4.15.4.7/valve_opr_cancel_cmd", "CIS/Billing - Utility", -1},
                {"4.15.4.10/valve_post-oper-info_resp-data", "2-Way Meter - Gas", -1}};
    size_t marked = 0;
    for (size_t r = 0; r < table->n_row; r++) {
        const struct table_row *row = &table->row[r];
        marked += row->unlisted != NULL;
        if (row->unlisted != NULL && r + 1 < table->n_row && table->row[r + 1].unlisted == NULL)
            ok(strcmp(row->section, table->row[r + 1].section) != 0,
               "%s stands behind its section's listed rows", row->id);
    }
    is_int(marked, 4, "four rows are marked unlisted");
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        const struct table_row *row = table_row_by_id(table, want[i].id);
        if (!ok(row != NULL && row->unlisted != NULL && strstr(row->unlisted, "4.") != NULL,
                "%s says where it is named", want[i].id))
            continue;
        const struct table_leg *leg = &row->leg[0];
        is_str(leg->from[0], want[i].from, "%s has its origin", row->id);
        is_int(row->n_attribute, 2, "%s has attributes", row->id);
        is_int(leg->latency_max.n == 0 ? -1 : leg->latency_max.value[0] / NS_PER_S,
               want[i].latency_s, "%s has the latency that the document gives it", row->id);
        ok(want[i].latency_s > 0 ? leg->size_max_bytes == 150 : leg->size_max_bytes == -1,
           "%s has the size that the document gives it", row->id);
    }
    is_str(table_row_by_id(table, want[2].id)->cell[CELL_LATENCY], "",
           "a valve row's cells are empty");
}

/* The use cases that share rows have legs of their own. */
static void use_cases(void)
{
    const struct table_leg *leg = leg_of("4.4.1.5.1.2/FeederCapBank_close_cmd", "dsdr");
    is_str(leg->use_case, "DSDR - Centralized Control", "DSDR has a leg in Volt/VAR's row");
    is_str(leg->mode, "", "a use case is no mode");
    is_int(leg->latency_max.value[0], 4 * NS_PER_S, "with 4 s");
    leg = leg_of("4.4.1.5.1.2/FeederCapBank_close_cmd", "vvc");
    is_str(leg->use_case, "Volt/VAR - Centralized Control", "beside Volt/VAR's");
    is_int(leg->latency_max.value[0], 5 * NS_PER_S, "with 5 s");
    leg = leg_of("4.4.1.4.1.5/FeederSwitch_sensor_data_cmd", "da-maint");
    is_str(leg->use_case, "Field DA Maint - Centralized Control", "maintenance shares with DSDR");
    leg = leg_of("4.4.1.7.3.1/circuit_device_oper_cmd", "dac-sub-isolation");
    is_str(leg->use_case, "FCIR - Distr DAC", "the substation's DAC has its use case");
    ok(leg->n_from == 1 && strcmp(leg->from[0], "DAC - sub") == 0, "and sends in it");
    is_str(leg->mode, "isolation", "isolation is a mode");
    leg = leg_of("4.4.1.7.3.1/circuit_device_oper_cmd_ack", "regional-reconfiguration");
    is_str(leg->to[0], "DAC - Ops/Regnl", "a regional DAC gets its acknowledgement");
    leg = leg_of("4.4.1.7.3.4/fault_lock_out_alarm", "dms-front-end");
    is_int(leg->n_to, 3, "the regional DAC hears of a lock-out in its own use case only");
    size_t foreign = 0, served = 0;
    for (size_t u = 0; u < table->n_use_case; u++) {
        size_t n = 0;
        for (size_t r = 0; r < table->n_row; r++) {
            const struct table_row *row = &table->row[r];
            bool serves = false, has = false;
            for (size_t k = 0; k < row->n_use_case; k++)
                serves = serves || strcmp(row->use_case[k], table->use_case[u].name) == 0;
            for (size_t k = 0; k < row->n_leg; k++)
                has = has || row->leg[k].use_case[0] == '\0' ||
                      strcmp(row->leg[k].use_case, table->use_case[u].name) == 0;
            foreign += serves && !has;
            n += serves && row->unlisted == NULL;
        }
        served += n > 0;
    }
    is_int(foreign, 0, "a row has a leg for every use case that it serves");
    is_int(served, 19, "every use case has rows");
}

/* The table with the first old behind mark replaced by new_text, loaded; true when it is refused
 * with what in the message. */
static bool refused(const struct buf *good, const char *mark, const char *old, const char *new_text,
                    const char *what)
{
    char path[] = "/tmp/gridassay-table-XXXXXX";
    struct err e = ERR_INIT;
    struct buf bad;
    struct table *t = NULL;
    buf_init(&bad, good->max);
    char *at = strstr(good->data, mark);
    at = at == NULL ? NULL : strstr(at, old);
    int fd = mkstemp(path);
    if (at == NULL || fd == -1) {
        printf("# no \"%s\" in the table\n", old);
        return false;
    }
    (void)close(fd);
    (void)buf_append(&bad, good->data, (size_t)(at - good->data), &e);
    (void)buf_puts(&bad, new_text, &e);
    (void)buf_puts(&bad, at + strlen(old), &e);
    (void)buf_write_file(path, bad.data, bad.len, &e);
    enum err_code rc = table_load(path, &t, &e);
    (void)unlink(path);
    buf_release(&bad);
    table_free(t);
    bool told = rc == ERR_DATA && strstr(e.text, what) != NULL && strstr(e.text, path) != NULL;
    if (!told)
        printf("# code %s: %s\n", err_name(rc), e.text);
    return told;
}

static void faults(const char *path)
{
    struct err e = ERR_INIT;
    struct buf good;
    buf_init(&good, 64 << 20);
    if (!ok(buf_read_file(&good, path, &e) == ERR_OK, "the table can be read"))
        return;
    const char *row = "<row id=\"4.10.4.1/on-demand_Mtr-read_resp-data\"";
    ok(refused(&good, row, "max_s=\"15\"", "max_s=\"16\"", "expected <limit max_s=\"15\"/>"),
       "a parsed form that is not the cell's is refused");
    ok(refused(&good, row, "<written>&lt; 15 sec", "<written>&lt; 16 sec", "expected <limit"),
       "a cell that is not the parsed form's is refused");
    ok(refused(&good, row, "<latency>&lt; 15 sec", "<latency>&lt; 14 sec", "is no member"),
       "a leg cannot quote what the cell does not hold");
    ok(refused(&good, row, "<from>2-Way Meter - Gas<", "<from>2-Way Meter<", "is no actor"),
       "a leg cannot name an actor that the cell does not hold");
    ok(refused(&good, row, "command=\"on-demand_Mtr-read_cmd\"", "command=\"nothing\"",
               "is no payload"),
       "a command has to be a payload");
    ok(refused(&good, row, "<serves>Meter Reading", "<serves>Meter Writing", "no use case"),
       "a use case has to be declared");
    ok(refused(&good, "<row id=\"4.4.1.5.1.2/FeederCapBank_close_cmd\"",
               "use-case=\"Volt/VAR - Centralized Control\"", "use-case=\"PHEV\"",
               "does not serve use case"),
       "a leg's use case has to be one of its row's");
    ok(refused(&good, "<row id=\"4.5.4.2/on_distr-cust-strg_alarm\"", "<from>LMS - Utility<",
               "<from>DMS<", "is no actor"),
       "an unlisted row's cell binds its legs as well, where it is not empty");
    ok(refused(&good, row, "trigger=\"command\"", "trigger=\"whim\"", "does not match"),
       "an unknown trigger does not match the schema");
    ok(refused(&good, row, "payload=\"on-demand", "payload=\"off-demand", "expected \""),
       "an id has to be section and payload");
    ok(refused(&good, "<row id=\"4.10.4.4/Mtr-read_multi-interval-data_cmd\"",
               "<leans on=\"4.10.4.4-relaxed\"", "<leans on=\"hearsay\"", "no interpretation"),
       "a leg cannot lean on what is not in the register");
    ok(refused(&good, "<erratum", "id=\"rtp-unicast-rate\"", "id=\"rtp-rep-rate\"",
               "erratum \"rtp-rep-rate\" twice"),
       "an erratum's id is unique");
    ok(refused(&good, "<row id=\"4.14.4.1/TOU_pricing-data_ack\"",
               "<answers>TOU_pricing-data_mltcst", "<answers>TOU_pricing-data_cmd",
               "expected another payload"),
       "what else a leg answers is something else");
    ok(refused(&good, "<row id=\"4.15.4.7/valve_opr_cancel_cmd\"", "        <from>",
               "        <answers>SW_opr_cmd</answers>\n        <from>", "no command"),
       "only an answer answers");
    ok(refused(&good, "<payload name=\"SW_opr_cmd\"", "cia=\"M-H-M\"", "cia=\"X-H-M\"",
               "expected such as H-M-L"),
       "levels have to be levels");
    ok(refused(&good, "<spelling", "erratum=\"actor-spelling\"", "erratum=\"none\"", "no erratum"),
       "a spelling has to name its erratum");
    ok(refused(&good, "<row id=\"4.10.4.2/", "<leg id=\"ipd\"", "<leg id=\"dap\"", "twice"),
       "a leg's id is unique in its row");
    ok(refused(&good, "<requirements", "version=\"1\"", "version=\"2\"", "reads version \"1\""),
       "another version is refused by name");
    ok(refused(&good, "</requirements>", "</requirements>", "", "not well-formed"),
       "a cut file is refused");
    ok(refused(&good, "<row id=\"4.3.4.1/", "<when>", "<whenever>", "not well-formed"),
       "a broken element is refused with its line");
    buf_release(&good);

    struct table *t = NULL;
    ok(table_load("/nonexistent/table.xml", &t, &e) == ERR_DATA &&
           strstr(e.text, "/nonexistent/table.xml") != NULL && t == NULL,
       "a missing file is told by its path");
    ok(table_load("/dev/null", &t, &e) == ERR_DATA && strstr(e.text, "empty") != NULL,
       "an empty file is told");
    ok(table_load("/tmp", &t, &e) == ERR_DATA && strstr(e.text, "folder") != NULL,
       "a folder is told");
}

int main(void)
{
    struct err e = ERR_INIT;
    struct table *t = NULL;
    char path[4096];
    if (table_load(NULL, &t, &e) != ERR_OK ||
        where_data("fixtures/requirements/sg-network-5.1.xml", path, sizeof path, &e) != ERR_OK) {
        printf("Bail out! %s\n", e.text);
        return 1;
    }
    table = t;
    counts();
    cells();
    legs();
    readings();
    figures();
    unlisted();
    use_cases();
    faults(path);
    table_free(t);
    return done_testing();
}
