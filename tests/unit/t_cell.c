/* t_cell - the grammar of each column. */
#include <stdlib.h>

#include "harness/table/cell.h"
#include "tests/tap.h"

/* The items of a cell as elements, without blanks between. */
static const char *shape(enum table_cell column, const char *text)
{
    static char out[8192];
    struct arena a = ARENA_INIT;
    struct err e = ERR_INIT;
    struct cell cell;
    struct buf b;
    buf_init(&b, sizeof out - 1);
    enum err_code rc = cell_parse(column, text, &a, &cell, &e);
    for (size_t i = 0; rc == ERR_OK && i < cell.n_item; i++)
        rc = cell_item_write(&cell.item[i], &b, &e);
    (void)snprintf(out, sizeof out, "%s", rc == ERR_OK ? b.data : e.text);
    buf_release(&b);
    arena_release(&a);
    return out;
}

static void attributes(void)
{
    is_str(shape(CELL_ATTRIBUTES, "Meter ID, failure code,"),
           "<attribute name=\"Meter ID\"/><attribute name=\"failure code\"/>",
           "a comma at the end of an attribute list adds no attribute");
    is_str(shape(CELL_ATTRIBUTES, "Meter ID, response data (SW state, voltage, amps)"),
           "<attribute name=\"Meter ID\"/>"
           "<attribute name=\"response data\" detail=\"SW state, voltage, amps\"/>",
           "commas in brackets belong to the detail");
    is_str(shape(CELL_ATTRIBUTES, "group(cycle)ID, device ID(s)"),
           "<attribute name=\"group(cycle)ID\"/><attribute name=\"device ID\" many=\"yes\"/>",
           "brackets that touch a word belong to the name, (s) is a plural");
    is_str(shape(CELL_ATTRIBUTES, "HAN device (IHD, Cust EMS) ID"),
           "<attribute name=\"HAN device ID\" detail=\"IHD, Cust EMS\"/>",
           "a detail can stand inside a name");
    is_str(shape(CELL_ATTRIBUTES, "general account information (programs enrolled in) - Utility"),
           "<attribute name=\"general account information\" detail=\"programs enrolled in\" "
           "note=\"Utility\"/>",
           "words behind a dash are a note");
    is_str(shape(CELL_ATTRIBUTES, "usage history, for REPs energy customers"),
           "<attribute name=\"usage history\"/><about text=\"for REPs energy customers\"/>",
           "words on the whole list are no attribute");
}

static void flags_and_actors(void)
{
    is_str(shape(CELL_BASELOAD, "X - VVC"), "<flag set=\"yes\" mode=\"VVC\"/>",
           "a flag has a mode");
    is_str(shape(CELL_BASELOAD, "X \xe2\x80\x93 VVC"), "<flag set=\"yes\" mode=\"VVC\"/>",
           "an en dash serves as well");
    is_str(shape(CELL_HIGHLOAD, "0"), "<flag set=\"no\"/>", "0 is a flag that is not set");
    is_str(shape(CELL_BASELOAD, ""), "<unresolved text=\"\" why=\"nothing is written here\"/>",
           "an empty flag is unresolved, with the reason");
    is_str(shape(CELL_TO, "CIS, MDMS, \nNMS,Web Portal - Utility"),
           "<actor group=\"1\" name=\"CIS\"/><actor group=\"1\" name=\"MDMS\"/>"
           "<actor group=\"1\" name=\"NMS\"/><actor group=\"2\" name=\"Web Portal - Utility\"/>",
           "a comma and a blank keep the group, a tight comma ends it");
    is_str(shape(CELL_FROM, "Distr. Cust. Storage,\nDistr. SCADA FEP"),
           "<actor group=\"1\" name=\"Distr. Cust. Storage\"/>"
           "<actor group=\"2\" name=\"Distr. SCADA FEP\"/>",
           "a comma and a line break end the group");
    is_str(shape(CELL_TO, "Feeder  sectionalizer "),
           "<actor group=\"1\" name=\"Feeder sectionalizer\"/>", "white space in names is folded");
}

static void limits(void)
{
    is_str(shape(CELL_LATENCY, "< 5sec,\n\n< 4 sec"), "<limit max_s=\"5\"/><limit max_s=\"4\"/>",
           "latencies stand in a list over lines");
    is_str(shape(CELL_LATENCY, "20 min - < 4 hr per 1 mtr,3 min - < 15 min"),
           "<limit min_s=\"1200\" max_s=\"14400\" per=\"1\" of=\"mtr\"/>"
           "<limit min_s=\"180\" max_s=\"900\"/>",
           "a range has both ends, a population its name");
    is_str(shape(CELL_LATENCY, "< 7 day per 100,000 mtrs"),
           "<limit max_s=\"604800\" per=\"100000\" of=\"mtrs\"/>",
           "a comma in a number separates nothing");
    is_str(
        shape(CELL_LATENCY, "< 4 hr (expected window of data delivery),< 15 sec"),
        "<limit max_s=\"14400\" note=\"expected window of data delivery\"/><limit max_s=\"15\"/>",
        "brackets behind a latency are a note");
    is_str(shape(CELL_RELIABILITY, "90% success every 4-6 hr, \n> 99.5% over 2 day,> 98%"),
           "<share group=\"1\" percent=\"90\" strict=\"no\" period_min_s=\"14400\" "
           "period_max_s=\"21600\"/>"
           "<share group=\"1\" percent=\"99.5\" strict=\"yes\" period_min_s=\"172800\" "
           "period_max_s=\"172800\"/><share group=\"2\" percent=\"98\" strict=\"yes\"/>",
           "coverage clauses have periods and stand in groups");
    is_str(shape(CELL_RELIABILITY, "> 30% large outage, > xx% small outage"),
           "<share group=\"1\" percent=\"30\" strict=\"yes\" condition=\"large outage\"/>"
           "<share group=\"1\" strict=\"yes\" condition=\"small outage\" "
           "why=\"the share is a letter: the deployment gives it\"/>",
           "a letter in place of a share is told");
    is_str(shape(CELL_SIZE, "400k - 2,000k"), "<bytes min=\"400\" max=\"2000\" unit=\"k\"/>",
           "a size keeps its unit");
    is_str(shape(CELL_SIZE, "1600 for 4hr of data - \n2400 for 6hr of data,200 - 2400"),
           "<bytes min=\"1600\" max=\"2400\" min_for=\"4hr of data\" max_for=\"6hr of data\"/>"
           "<bytes min=\"200\" max=\"2400\"/>",
           "figures can say what they are for");
    is_str(shape(CELL_SIZE, "xMB"),
           "<bytes unit=\"M\" why=\"the size is a letter: the deployment gives it\"/>",
           "a letter in place of a size is told");
}

static void times(void)
{
    is_str(shape(CELL_WHEN, "10pm - 6am"), "<window group=\"1\" from=\"22:00\" to=\"06:00\"/>",
           "a window goes over midnight");
    is_str(shape(CELL_WHEN, "12AM - 12PM"), "<window group=\"1\" from=\"00:00\" to=\"12:00\"/>",
           "12AM is midnight, 12PM is noon");
    is_str(shape(CELL_WHEN, "5AM - 9AM or \n3PM - 7PM"),
           "<window group=\"1\" from=\"05:00\" to=\"09:00\"/>"
           "<window group=\"1\" from=\"15:00\" to=\"19:00\"/>",
           "windows joined by or stand in one group");
    is_str(shape(CELL_WHEN, "24x7,1-6 hr duration, 4-8 times a year"),
           "<always/><campaign duration_min_s=\"3600\" duration_max_s=\"21600\" times_min=\"4\" "
           "times_max=\"8\" period=\"year\"/>",
           "a campaign holds a comma of its own");
    is_str(
        shape(CELL_WHEN, "within < 1.5 min of fault event,within < 30sec of fault event (a note)"),
        "<after max_s=\"90\" event=\"fault event\"/>"
        "<after max_s=\"30\" event=\"fault event\" note=\"a note\"/>",
        "periods can run from an event");
    is_str(shape(CELL_HOW_OFTEN,
                 "25 per 1000 per | ElectrMtr per | day,x  per 1000 per | Utl per | year"),
           "<rate times_min=\"25\" times_max=\"25\" per=\"1000\" population=\"ElectrMtr\" "
           "period=\"day\" period_s=\"86400\"/>"
           "<rate per=\"1000\" population=\"Utl\" period=\"year\" "
           "why=\"the number is a letter: the deployment gives it\"/>",
           "rates have number, population and period; a letter is told");
    is_str(shape(CELL_HOW_OFTEN, "1 per | ElecMtr per | day\n1 per | GasMtr per | day"),
           "<rate times_min=\"1\" times_max=\"1\" per=\"1\" population=\"ElecMtr\" period=\"day\" "
           "period_s=\"86400\"/><rate times_min=\"1\" times_max=\"1\" per=\"1\" "
           "population=\"GasMtr\" period=\"day\" period_s=\"86400\"/>",
           "a line break alone separates rates");
    is_str(shape(CELL_HOW_OFTEN, "12-24 per | M per | day (15 min to 1hr, 4-20 data points)"),
           "<rate times_min=\"12\" times_max=\"24\" per=\"1\" population=\"M\" period=\"day\" "
           "period_s=\"86400\" note=\"15 min to 1hr, 4-20 data points\"/>",
           "commas in a rate's note separate nothing");
    is_str(shape(CELL_HOW_OFTEN, "See REQMTS Table"),
           "<unresolved text=\"See REQMTS Table\" "
           "why=\"the document refers to a spreadsheet that it does not contain\"/>",
           "a reference to the spreadsheet is unresolved");
}

/* What has no meaning must be unresolved with a reason, never half read. */
/* The parameters of a cell's first member, one behind the other. */
static const char *open_values(enum table_cell column, const char *text)
{
    static char out[64];
    struct arena a = ARENA_INIT;
    struct err e = ERR_INIT;
    struct cell cell;
    out[0] = '\0';
    if (cell_parse(column, text, &a, &cell, &e) == ERR_OK)
        for (size_t i = 0; cell.item[0].parameter[i] != NULL; i++)
            (void)snprintf(out + strlen(out), sizeof out - strlen(out), "%s;",
                           cell.item[0].parameter[i]);
    arena_release(&a);
    return out;
}

static void parameters(void)
{
    is_str(open_values(CELL_HOW_OFTEN, "x per | Utl per | day (batches of y Mtrs)"), "x;y;",
           "letters in place of numbers are values that are missing");
    is_str(open_values(CELL_HOW_OFTEN, "x per | REPi-ODW per | z per day (y Mtrs per z)"), "x;z;y;",
           "each is named once");
    is_str(open_values(CELL_HOW_OFTEN, "1 per | Sub(x)-Zone(y)-device per | day"), "",
           "letters in brackets tell instances apart");
    is_str(open_values(CELL_HOW_OFTEN, "1 per | FANgw(x) per | year"), "",
           "also at the end of a name");
    is_str(open_values(CELL_HOW_OFTEN, "See REQMTS Table"), "See REQMTS Table;",
           "a reference to the spreadsheet is a missing value");
    is_str(open_values(CELL_RELIABILITY, "> xx% small outage"), "xx;", "a share may be open");
    is_str(open_values(CELL_SIZE, "xMB"), "xMB;", "so may a size");
    is_str(open_values(CELL_SIZE, "400k - 2,000k"), "", "figures are none");
    is_str(open_values(CELL_FROM, "x"), "", "names of actors are none");
    is_str(open_values(CELL_HOW_OFTEN, "x x y z xx xMB y z"), "x;y;z;",
           "more of them than a member can have are cut, not overrun");
}

static void nonsense(void)
{
    static const struct {
        enum table_cell column;
        const char *text;
    } bad[] = {
        {CELL_LATENCY, "5 sec"},
        {CELL_LATENCY, "< 5 fortnights"},
        {CELL_LATENCY, "< 5 sec maybe"},
        {CELL_LATENCY, "< 99999999999999999999 sec"},
        {CELL_LATENCY, "10 min - < 2 min"},
        {CELL_LATENCY, "< 5.5 sec"},
        {CELL_LATENCY, "< 5 sec per"},
        {CELL_LATENCY, "< 4 hr (no end"},
        {CELL_RELIABILITY, "> 101%"},
        {CELL_RELIABILITY, "> %"},
        {CELL_RELIABILITY, "> 98% over 0 moons"},
        {CELL_RELIABILITY, "> 98 percent"},
        {CELL_WHEN, "13PM - 2AM"},
        {CELL_WHEN, "7AM - 7AM"},
        {CELL_WHEN, "7AM"},
        {CELL_WHEN, "within < 1.55 min of"},
        {CELL_WHEN, "24x7x365"},
        {CELL_WHEN, "1-6 hr duration, 4-8"},
        {CELL_HOW_OFTEN, "often"},
        {CELL_HOW_OFTEN, "1 per | | day"},
        {CELL_HOW_OFTEN, "1 per 0 per | M per | day"},
        {CELL_HOW_OFTEN, "9-1 per | M per | day"},
        {CELL_SIZE, "big"},
        {CELL_SIZE, "50k - 60"},
        {CELL_SIZE, "60 - 50"},
        {CELL_SIZE, "-5"},
        {CELL_SIZE, "50 60"},
        {CELL_BASELOAD, "Y"},
        {CELL_BASELOAD, "X -"},
        {CELL_BASELOAD, "0 X"},
        {CELL_FROM, ""},
        {CELL_ATTRIBUTES, "data (never closed"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct arena a = ARENA_INIT;
        struct err e = ERR_INIT;
        struct cell cell;
        enum err_code rc = cell_parse(bad[i].column, bad[i].text, &a, &cell, &e);
        ok(rc == ERR_OK && cell.n_item == 1 && cell.item[0].kind == ITEM_UNRESOLVED &&
               cell.item[0].why != NULL && cell.why == cell.item[0].why,
           "%s \"%s\" is unresolved with a reason", cell_column_name(bad[i].column), bad[i].text);
        arena_release(&a);
    }
}

static void ceilings(void)
{
    struct arena a = ARENA_INIT;
    struct err e = ERR_INIT;
    struct cell cell;
    static char commas[2 * CELL_ITEMS + 2], big[CELL_BYTES + 2];
    memset(commas, 'a', sizeof commas - 1);
    for (size_t i = 1; i < sizeof commas - 1; i += 2)
        commas[i] = ',';
    memset(big, '(', sizeof big - 1);
    is_int(cell_parse(CELL_FROM, commas, &a, &cell, &e), ERR_LIMIT, "a cell has a most of members");
    is_int(cell_parse(CELL_FROM, big, &a, &cell, &e), ERR_LIMIT, "a cell has a most of bytes");
    big[CELL_BYTES] = '\0';
    is_int(cell_parse(CELL_HOW_OFTEN, big, &a, &cell, &e), ERR_OK, "opened brackets do no harm");
    arena_release(&a);
}

/* Every prefix of good cells, in every column, in blocks of exact size. */
static void prefixes(void)
{
    static const char *const good[] = {
        "Meter ID, response data (SW state, voltage, amps), for all - X",
        "90% success every 4-6 hr, \n98% success over 1 day, \n> 99.5% over 2 day,> xx% small "
        "outage",
        "20 min - < 4 hr per 1 mtr,< 7 day per 100,000 mtrs,< 4 hr (expected window)",
        "24x7,5AM - 9AM or \n3PM - 7PM,within < 1.5 min of fault event (x),1-6 hr duration, 4-8 "
        "times a year",
        "25 per 1000 per | ElectrMtr per | day (batches of y Mtrs),\n\nx  per | Sub(x)DAC per | 5  "
        "min",
        "1600 for 4hr of data - \n2400 for 6hr of data,400k - 2,000k,xMB",
    };
    bool fine = true;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        for (size_t len = 0; len <= strlen(good[i]); len++) {
            char *text = malloc(len + 1);
            if (text == NULL)
                continue;
            memcpy(text, good[i], len);
            text[len] = '\0';
            for (size_t c = 0; c < CELL_COUNT; c++) {
                struct arena a = ARENA_INIT;
                struct err e = ERR_INIT;
                struct cell cell;
                fine = fine && cell_parse((enum table_cell)c, text, &a, &cell, &e) == ERR_OK &&
                       cell.n_item > 0;
                for (size_t k = 0; fine && k < cell.n_item; k++)
                    fine = (cell.item[k].kind != ITEM_UNRESOLVED) || cell.item[k].why != NULL;
                arena_release(&a);
            }
            free(text);
        }
    }
    ok(fine, "every prefix of a good cell parses or says why not, in every column");
}

int main(void)
{
    attributes();
    flags_and_actors();
    limits();
    times();
    parameters();
    nonsense();
    ceilings();
    prefixes();
    is_int(cell_column_by_name("nothing"), CELL_COUNT, "an unknown column has no number");
    return done_testing();
}
