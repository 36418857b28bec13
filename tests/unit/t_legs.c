/* t_legs - triggers, commands and readings of the specification's rows, against picks by hand. */
#include <stdlib.h>

#include "harness/base/clock.h"
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

/* Who picks the time, read from the narratives; NULL where no message is answered. */
static const struct {
    const char *id;
    enum table_trigger trigger;
    const char *command;
} picks[] = {
    {"4.3.4.1/bulk_Cust_Subset_Acct_Info_REP_data", TRIGGER_SCHEDULE, NULL},
    {"4.3.4.2/bulk_Cust_Subset_meter_outage_Info_Util_data", TRIGGER_SCHEDULE, NULL},
    {"4.3.4.3/Cust_Acct_Info_cmd", TRIGGER_EVENT, NULL},
    {"4.3.4.3/Cust_Acct_Info_resp-data", TRIGGER_COMMAND, "Cust_Acct_Info_cmd"},
    {"4.3.4.4/bulk_Cust_Subset_Acct_Premise_Info_Util_data", TRIGGER_SCHEDULE, NULL},
    {"4.4.1.4.1.2/FeederSwitch_alarm", TRIGGER_EVENT, NULL},
    {"4.4.1.4.1.4/FeederRegulator_Operate_failure", TRIGGER_EVENT, NULL},
    {"4.4.1.4.1.5/FeederSensor_sensor_data_cmd", TRIGGER_SCHEDULE, NULL},
    {"4.4.1.4.1.5/FeederSensor_sensor_data_resp-data", TRIGGER_COMMAND,
     "FeederSensor_sensor_data_cmd"},
    {"4.4.1.4.1.6/FeederRecloser_status_change_alert", TRIGGER_EVENT, NULL},
    {"4.4.1.4.1.7/FeederFault_Detector_status_cmd", TRIGGER_SCHEDULE, NULL},
    {"4.4.1.5.1.2/FeederCapBank_close_cmd", TRIGGER_EVENT, NULL},
    {"4.4.1.5.1.2/FeederCapBank_close_ack", TRIGGER_COMMAND, "FeederCapBank_close_cmd"},
    {"4.4.1.5.1.7/FeederRegulator_step_up_ack", TRIGGER_COMMAND, "FeederRegulator_step_up_cmd"},
    {"4.4.1.5.1.11/FeederSwitch_open_ack", TRIGGER_COMMAND, "FeederSwitch_open_cmd"},
    {"4.4.1.7.3.1/circuit_device_oper_cmd_ack", TRIGGER_COMMAND, "circuit_device_oper_cmd"},
    {"4.4.1.7.3.2/circuit_device_status_resp-data", TRIGGER_COMMAND, "circuit_device_status_cmd"},
    {"4.4.1.7.3.3/circuit_device_self-init_status_resp-data", TRIGGER_EVENT, NULL},
    {"4.4.1.7.3.4/fault_lock_out_alarm", TRIGGER_EVENT, NULL},
    {"4.5.4.1/circuit-brk_device_status_cmd", TRIGGER_SCHEDULE, NULL},
    {"4.5.4.1/circuit-brk_status_resp-data", TRIGGER_COMMAND, "circuit-brk_device_status_cmd"},
    {"4.5.4.1/distr_cust_storage_discharge_cmd", TRIGGER_EVENT, NULL},
    {"4.5.4.2/distr_cust_storage_in-island-mode_alarm", TRIGGER_EVENT, NULL},
    {"4.5.4.3/meter_in_capped_kwh_mode_alert", TRIGGER_COMMAND, "meter_capped_kwh_mode_cmd"},
    {"4.5.4.3/meter_capped_kwh_mode_cancel_cmd_ack", TRIGGER_COMMAND,
     "meter_capped_kwh_mode_cancel_cmd"},
    {"4.6.4.1/Load_mgm_reqst_brdcst", TRIGGER_EVENT, NULL},
    {"4.6.4.2/Vol_load_shed_req_ack", TRIGGER_COMMAND, "Vol_load_shed_reqst"},
    {"4.6.4.3/Load_mgm_opt_out", TRIGGER_EVENT, NULL},
    {"4.7.4.1/prepay_cust_enroll_cmd", TRIGGER_EVENT, NULL},
    {"4.7.4.6/prepay_msg_[1of10]_resp-data", TRIGGER_EVENT, NULL},
    {"4.8.4.1/PHEV_price_rate_comm_err", TRIGGER_COMMAND, "PHEV_price_rate_cmd"},
    {"4.8.4.2/PHEV_pwr_chrg_rate_negot-thrd", TRIGGER_EVENT, NULL},
    {"4.8.4.2/PHEV_pwr_chrg_status_resp-data", TRIGGER_COMMAND, "PHEV_pwr_chrg_rate_negot-thrd"},
    {"4.8.4.3/PHEV_Vin_data_comm_err", TRIGGER_COMMAND, "PHEV_Vin_data_cmd"},
    {"4.9.4.1/DAP_firmware_update_confirmation", TRIGGER_COMMAND, "DAP_firmware_update_cmd"},
    {"4.9.4.7/Fdr-dev-cntl_firmware_update_cmd", TRIGGER_EVENT, NULL},
    {"4.9.4.11/NIC_firmware_update_confirmation", TRIGGER_COMMAND, "NIC_firmware_update_cmd"},
    {"4.10.4.1/on-demand_Mtr-read_cmd", TRIGGER_EVENT, NULL},
    {"4.10.4.2/on-demand_Mtr-read_cmd_comm_err", TRIGGER_COMMAND, "on-demand_Mtr-read_cmd"},
    {"4.10.4.3/Mtr-read_data_resp-data", TRIGGER_SCHEDULE, NULL},
    {"4.10.4.4/Mtr-read_multi-interval-data_resp-data", TRIGGER_SCHEDULE, NULL},
    {"4.10.4.5/bulk_Mtr-read_resp-data", TRIGGER_COMMAND, "bulk_Mtr-read_cmd"},
    {"4.11.4.1/Audit_Application_Event", TRIGGER_EVENT, NULL},
    {"4.11.4.5/Security_Event", TRIGGER_EVENT, NULL},
    {"4.12.4.1/otg_ntf_evnt_data", TRIGGER_EVENT, NULL},
    {"4.12.4.3/svc_rst_ntf_evnt_data", TRIGGER_EVENT, NULL},
    {"4.13.4.1/han_dev_join_cmd_err", TRIGGER_COMMAND, "han_dev_join_cmd"},
    {"4.13.4.2/han_dev_un_join_ack", TRIGGER_COMMAND, "han_dev_un_join_cmd"},
    {"4.14.4.1/TOU_pricing-data_cmd", TRIGGER_EVENT, NULL},
    {"4.14.4.2/RTP_pricing-data_mltcst", TRIGGER_SCHEDULE, NULL},
    {"4.14.4.3/CPP_pricing-data_ack", TRIGGER_COMMAND, "CPP_pricing-data_cmd"},
    {"4.15.4.2/SW_opr_cmd_ack", TRIGGER_COMMAND, "SW_opr_cancel_cmd"},
    {"4.15.4.4/SW_opr_fail_cmd-err", TRIGGER_COMMAND, "SW_opr_cmd"},
    {"4.15.4.5/SW_post-oper-info_resp-data", TRIGGER_EVENT, NULL},
    {"4.15.4.8/valve_state_cmd_resp-data", TRIGGER_COMMAND, "valve_state_cmd"},
    {"4.15.4.7/valve_opr_cancel_cmd", TRIGGER_EVENT, NULL},
};
#define PICKS (sizeof picks / sizeof picks[0])

static void triggers(void)
{
    for (size_t i = 0; i < PICKS; i++) {
        const struct table_row *row = table_row_by_id(table, picks[i].id);
        bool same = row != NULL && row->trigger == picks[i].trigger &&
                    (row->command == NULL) == (picks[i].command == NULL) &&
                    (row->command == NULL || strcmp(row->command, picks[i].command) == 0);
        ok(same, "%s: %s %s", picks[i].id, table_trigger_name(picks[i].trigger),
           picks[i].command == NULL ? "" : picks[i].command);
    }
    /* The kinds of payload that tell by their type. */
    size_t wrong = 0;
    for (size_t i = 0; i < table->n_row; i++) {
        const struct table_row *row = &table->row[i];
        bool answer = strcasecmp(row->type, "ack") == 0 || strcasecmp(row->type, "cmd-err") == 0 ||
                      strcasecmp(row->type, "comm-err") == 0;
        bool asks = strcasecmp(row->type, "cmd") == 0;
        if ((answer && row->trigger != TRIGGER_COMMAND) ||
            (asks && row->trigger == TRIGGER_COMMAND)) {
            printf("# %s is a %s by %s\n", row->id, row->type, table_trigger_name(row->trigger));
            wrong++;
        }
    }
    is_int(wrong, 0, "acknowledgements and errors answer, commands do not");
}

static bool has_row(const char *payload)
{
    for (size_t i = 0; i < table->n_row; i++)
        if (strcmp(table->row[i].payload, payload) == 0)
            return true;
    return false;
}

/* What is answered is sent by somebody, to somebody who answers. */
static void commands(void)
{
    size_t lost = 0, deaf = 0, spare = 0, missing = 0;
    for (size_t i = 0; i < table->n_row; i++) {
        for (size_t k = 0; k < table->row[i].n_leg; k++) {
            const struct table_leg *leg = &table->row[i].leg[k];
            missing += (leg->trigger == TRIGGER_COMMAND) != (leg->n_answers > 0);
            spare += (leg->trigger == TRIGGER_COMMAND) != (leg->command != NULL);
            for (size_t a = 0; a < leg->n_answers; a++)
                lost += !has_row(leg->answers[a]);
            if (leg->n_answers > 0)
                deaf += !table_leg_answers(leg, leg->command);
        }
    }
    is_int(lost, 0, "every message that is answered has a row");
    is_int(missing, 0, "answering legs, and no others, say what they answer");
    is_int(spare, 0, "a leg has a command when one is its trigger");
    is_int(deaf, 0, "the command is among what is answered");
    static const char *const all[][4] = {
        {"4.6.4.1/Load_mgm_req_ack", "1", "Load_mgm_reqst_mltcst", "Load_mgm_reqst_brdcst"},
        {"4.6.4.2/Vol_load_shed_req_ack", "1", "Vol_load_shed_reqst_mltcst",
         "Vol_load_shed_reqst_brdcst"},
        {"4.14.4.1/TOU_pricing-data_ack", "1", "TOU_pricing-data_mltcst",
         "TOU_pricing-data_brdcst"},
        {"4.14.4.2/RTP_pricing-data_ack", "1", "RTP_pricing-data_mltcst",
         "RTP_pricing-data_brdcst"},
        {"4.14.4.3/CPP_pricing-data_ack", "1", "CPP_pricing-data_mltcst",
         "CPP_pricing-data_brdcst"},
        {"4.9.4.4/ESI-In-Utility_firmware_update_confirmation", "1",
         "ESI-In-Utility_firmware_update_multicast_cmd",
         "ESI-In-Utility_firmware_update_broadcast_cmd"},
        {"4.9.4.9/metrology_firmware_update_confirmation", "network",
         "metrology_firmware_update_multicast_cmd", "metrology_firmware_update_broadcast_cmd"},
        {"4.9.4.10/metrology_program_update_confirmation", "network",
         "metrology_program_update_multicast_cmd", "metrology_program_update_broadcast_cmd"},
        {"4.9.4.11/NIC_firmware_update_confirmation", "ami", "NIC_firmware_update_multicast_cmd",
         "NIC_firmware_update_broadcast_cmd"},
        {"4.9.4.12/NIC_program_update_confirmation", "ami", "NIC_program_update_multicast_cmd",
         "NIC_program_update_broadcast_cmd"}};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        const struct table_leg *leg = leg_of(all[i][0], all[i][1]);
        ok(leg->n_answers == 3 && table_leg_answers(leg, all[i][2]) &&
               table_leg_answers(leg, all[i][3]),
           "%s answers unicast, multicast and broadcast", all[i][0]);
    }
    const struct table_leg *leg = leg_of("4.9.4.11/NIC_firmware_update_confirmation", "scada");
    ok(leg->n_answers == 1 && !table_leg_answers(leg, "NIC_firmware_update_broadcast_cmd"),
       "feeder devices are updated one by one");
    leg = leg_of("4.10.4.4/Mtr-read_multi-interval-data_resp-data", "push-electr-residential");
    is_int(leg->n_answers, 0, "a push answers nothing");
    is_int(leg_of("4.5.4.1/distr_cust_storage_status_resp-data", "forward")->trigger,
           TRIGGER_SCHEDULE, "who asked for the data forwards it by his own schedule");
}

/* Firmware over the network and with the field tool. */
static void firmware(void)
{
    static const struct {
        const char *row, *leg, *mode, *from, *to;
        int64_t latency_s, ppb;
        bool day; /* 7AM to 6PM */
    } want[] = {
        {"4.9.4.1/DAP_firmware_update_cmd", "network", "network", "AMI Head-End(j)", "DAPjm", 300,
         980000000, true},
        {"4.9.4.1/DAP_firmware_update_cmd", "field-tool", "field tool", "Field Tool", "DAPjm", 600,
         980000000, true},
        {"4.9.4.1/DAP_firmware_update_confirmation", "network", "network", "DAPjm", "MDMS", 15,
         980000000, true},
        {"4.9.4.5/FAN-GtWay_firmware_update_cmd", "field-tool", "field tool", "Field Tool",
         "FAN gateway - field", 600, 990000000, true},
        {"4.9.4.5/FAN-GtWay_firmware_update_confirmation", "field-tool", "field tool",
         "FAN gateway - field", "Field Tool", 5, 990000000, true},
        {"4.9.4.7/Fdr-dev-cntl_firmware_update_confirmation", "network", "network",
         "Feeder Regulator", "Analytic DB", 15, 980000000, true},
        {"4.9.4.9/metrology_firmware_update_cmd", "network", "network", "AMI Head-End(j)",
         "2-Way Meter - Electr", 4 * 3600, 980000000, false},
        {"4.9.4.9/metrology_firmware_update_cmd", "field-tool", "field tool", "Field Tool",
         "2-Way Meter - Electr", 900, 980000000, true},
        {"4.9.4.9/metrology_firmware_update_confirmation", "field-tool", "field tool",
         "2-Way Meter - Electr", "Field Tool", 5, 980000000, true},
        {"4.9.4.10/metrology_program_update_confirmation", "network", "network",
         "2-Way Meter - Electr", "MDMS", 15, 980000000, false},
        {"4.9.4.11/NIC_firmware_update_cmd", "ami", "network", "AMI Head-End(j)",
         "2-Way Meter - Electr", 4 * 3600, 980000000, false},
        {"4.9.4.11/NIC_firmware_update_cmd", "scada", "network", "Distr. SCADA FEP",
         "FAN gateway - field", 4 * 3600, 990000000, true},
        {"4.9.4.11/NIC_firmware_update_cmd", "field-tool-device", "field tool", "Field Tool",
         "FAN gateway - field", 600, 990000000, true},
        {"4.9.4.11/NIC_firmware_update_confirmation", "field-tool-meter", "field tool",
         "2-Way Meter - Electr", "Field Tool", 5, 980000000, true},
        {"4.9.4.12/NIC_program_update_cmd", "field-tool-meter", "field tool", "Field Tool",
         "2-Way Meter - Electr", 60, 980000000, true},
    };
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
        const struct table_leg *leg = leg_of(want[i].row, want[i].leg);
        bool day = leg->n_window == 1 && leg->window[0].from_s == 7 * 3600 &&
                   leg->window[0].to_s == 18 * 3600 && !leg->window_always;
        bool always = leg->n_window == 0 && leg->window_always;
        ok(strcmp(leg->mode, want[i].mode) == 0 && strcmp(leg->from[0], want[i].from) == 0 &&
               strcmp(leg->to[0], want[i].to) == 0 && leg->latency_max.n == 1 &&
               leg->latency_max.value[0] == want[i].latency_s * NS_PER_S &&
               leg->reliability_ppb.n == 1 && leg->reliability_ppb.value[0] == want[i].ppb &&
               (want[i].day ? day : always),
           "%s, %s: actors, limits and period are the ones picked", want[i].row, want[i].leg);
    }
    is_str(leg_of("4.9.4.9/metrology_firmware_update_broadcast_cmd", "1")->mode, "network",
           "a broadcast goes over the network");
    is_int(leg_of("4.9.4.8/Fdr-dev-cntl_program_update_cmd", "network")->n_how_often, 2,
           "first and later years have rates of their own");
}

/* Rows that the prepayment use case borrows have its rate. */
static void prepayment(void)
{
    const struct table_leg *leg = leg_of("4.15.4.1/SW_opr_cmd", "prepay");
    is_str(leg->use_case, "PrePay", "the switch has a leg for prepayment");
    is_str(leg->how_often[0].population, "Utl-PrePay-ElectrMtr", "with the rate that names it");
    leg = leg_of("4.15.4.8/valve_state_cmd_resp-data", "service-switch");
    is_str(leg->how_often[0].population, "GasMtr", "and one for all other meters");
    is_int(leg->latency_max.n, 2, "the latencies are tied to neither");
}

static bool member(const struct cell *cell, const char *name)
{
    for (size_t i = 0; i < cell->n_item; i++)
        if (cell->item[i].kind == ITEM_ACTOR && strcmp(cell->item[i].as.actor.name, name) == 0)
            return true;
    return false;
}

static void actors(void)
{
    /* Names of cells that are read by another name. */
    static const char *const read_as[] = {"2-Way Meter - Electr",  "2-Way Meter - Gas",
                                          "Feeder Sectionalizer",  "Field Tool",
                                          "CIS/Billing - Utility", "LMS - Utility"};
    size_t strange = 0, respelt = 0;
    for (size_t i = 0; i < table->n_row; i++) {
        const struct table_row *row = &table->row[i];
        for (size_t k = 0; k < row->n_leg; k++) {
            const struct table_leg *leg = &row->leg[k];
            for (size_t side = 0; side < 2; side++) {
                const struct cell *cell = &row->parsed[side == 0 ? CELL_FROM : CELL_TO];
                const char *const *name = side == 0 ? leg->from : leg->to;
                size_t n = side == 0 ? leg->n_from : leg->n_to;
                for (size_t a = 0; a < n; a++) {
                    bool known = member(cell, name[a]);
                    for (size_t x = 0; !known && x < sizeof read_as / sizeof read_as[0]; x++)
                        if (strcmp(name[a], read_as[x]) == 0) {
                            respelt++;
                            known = true;
                        }
                    strange += !known && row->cell[side == 0 ? CELL_FROM : CELL_TO][0] != '\0';
                }
            }
        }
    }
    is_int(strange, 0, "every actor of a leg is in its row's cells");
    ok(respelt > 0, "some by a name that the cells spell otherwise");
}

/* Ids tell apart, and every note has a section of the document, a text and a reason. */
static void registers(void)
{
    size_t twice = 0, empty = 0, foreign = 0;
    for (size_t i = 0; i < table->n_row; i++)
        for (size_t k = i + 1; k < table->n_row; k++)
            twice += strcmp(table->row[i].id, table->row[k].id) == 0;
    is_int(twice, 0, "row ids are unique");
    for (size_t i = 0; i < table->n_erratum; i++) {
        const struct table_erratum *x = &table->erratum[i];
        for (size_t k = i + 1; k < table->n_erratum; k++)
            twice += strcmp(x->id, table->erratum[k].id) == 0;
        empty += x->text[0] == '\0' || x->reason[0] == '\0';
        foreign += strncmp(x->section, "4.", 2) != 0;
    }
    for (size_t i = 0; i < table->n_interpretation; i++) {
        const struct table_interpretation *x = &table->interpretation[i];
        for (size_t k = i + 1; k < table->n_interpretation; k++)
            twice += strcmp(x->id, table->interpretation[k].id) == 0;
        empty += x->reading[0] == '\0' || x->ground[0] == '\0';
        foreign += strncmp(x->section, "4.", 2) != 0;
    }
    is_int(twice, 0, "ids of errata and interpretations are unique");
    is_int(empty, 0, "each has a text and a reason");
    is_int(foreign, 0, "each has a section of the use cases");
    ok(table->n_erratum >= 100, "the errata of all chapters are listed");
    /* Each chapter was read: it has errata. */
    for (int chapter = 3; chapter <= 15; chapter++) {
        char prefix[16];
        size_t n = 0;
        (void)snprintf(prefix, sizeof prefix, "4.%d.", chapter);
        for (size_t i = 0; i < table->n_erratum; i++)
            n += strncmp(table->erratum[i].section, prefix, strlen(prefix)) == 0;
        ok(n > 0, "section 4.%d has errata", chapter);
    }
}

int main(void)
{
    struct err e = ERR_INIT;
    struct table *t = NULL;
    if (table_load(NULL, &t, &e) != ERR_OK) {
        printf("Bail out! %s\n", e.text);
        return 1;
    }
    table = t;
    triggers();
    commands();
    firmware();
    prepayment();
    actors();
    registers();
    table_free(t);
    return done_testing();
}
