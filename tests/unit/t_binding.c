/* Data types with their canonical lengths, and payloads held against bindings. */
#include "harness/probe/content.h"
#include "tests/tap.h"

static const struct {
    enum field_type type;
    const char *text;
    int want;
} values[] = {
    {FIELD_TEXT, "", 0},
    {FIELD_TEXT, "kWh delivered", 13},
    {FIELD_TEXT, "\xC3\xA9", 2},
    {FIELD_EUI64, "00135A0000000001", 8},
    {FIELD_EUI64, "00135a00000000ff", 8},
    {FIELD_EUI64, "00135A000000000", -1},
    {FIELD_EUI64, "00135A00000000001", -1},
    {FIELD_EUI64, "00135A000000000G", -1},
    {FIELD_TIME, "2026-11-23T00:29:22Z", 4},
    {FIELD_TIME, "2026-11-23T00:29:22.123456789+01:00", 4},
    {FIELD_TIME, "2024-02-29T24:00:00", 4},
    {FIELD_TIME, "2026-02-29T00:00:00Z", -1},
    {FIELD_TIME, "1900-02-29T00:00:00Z", -1},
    {FIELD_TIME, "2026-13-01T00:00:00Z", -1},
    {FIELD_TIME, "2026-04-31T00:00:00Z", -1},
    {FIELD_TIME, "2026-11-23T24:00:01Z", -1},
    {FIELD_TIME, "2026-11-23T00:29:60Z", -1},
    {FIELD_TIME, "2026-11-23 00:29:22Z", -1},
    {FIELD_TIME, "2026-11-23T00:29:22.Z", -1},
    {FIELD_TIME, "2026-11-23T00:29:22z", -1},
    {FIELD_TIME, "2026-11-23T00:29:22+15:00", -1},
    {FIELD_TIME, "2026-11-23T00:29:22+1:00", -1},
    {FIELD_TIME, "2026-11-23T00:29", -1},
    {FIELD_TIME, "1795392000", -1},
    {FIELD_CODE, "0", 1},
    {FIELD_CODE, "255", 1},
    {FIELD_CODE, "256", -1},
    {FIELD_CODE, "-1", -1},
    {FIELD_CODE, "", -1},
    {FIELD_UINT16, "65535", 2},
    {FIELD_UINT16, "65536", -1},
    {FIELD_UINT32, "4294967295", 4},
    {FIELD_UINT32, "4294967296", -1},
    {FIELD_UINT32, "1 ", -1},
    {FIELD_FLOAT32, "12345.6", 4},
    {FIELD_FLOAT32, "-.5", 4},
    {FIELD_FLOAT32, "+3.", 4},
    {FIELD_FLOAT32, "1e-7", 4},
    {FIELD_FLOAT32, ".", -1},
    {FIELD_FLOAT32, "1e", -1},
    {FIELD_FLOAT32, "1.2.3", -1},
    {FIELD_FLOAT32, "0x10", -1},
    {FIELD_FLOAT32, "nan", -1},
    {FIELD_HEX, "DEADbeef", 4},
    {FIELD_HEX, "ABC", -1},
    {FIELD_HEX, "", -1},
};

static const struct binding binding = {
    .payload = "cmd",
    .element = "cmd",
    .field = {{.name = "Meter ID", .path = "MeterID", .type = FIELD_EUI64, .required = true},
              {.name = "Code", .path = "Code", .type = FIELD_CODE, .required = true},
              {.name = "Value", .path = "Interval/Value", .type = FIELD_FLOAT32, .many = true},
              {.name = "Remark", .path = "Remark", .type = FIELD_TEXT}},
    .n_field = 4,
};

static uint8_t state[BINDING_MAX_FIELDS];
static struct slice value[BINDING_MAX_FIELDS];
static int64_t size;

#define FIELD(path, value)                                                                         \
    {                                                                                              \
        {path, sizeof(path) - 1},                                                                  \
        {                                                                                          \
            value, sizeof(value) - 1                                                               \
        }                                                                                          \
    }

static uint64_t hold(const struct envelope_field *field, size_t n)
{
    struct envelope env = {.element = {"cmd", 3}, .field = field, .n_field = n};
    size = content_read(&binding, &env, state, value);
    return content_digest(&env);
}

static void contents(void)
{
    static const struct envelope_field plain[] = {
        FIELD("MeterID", "00135A0000000001"), FIELD("Code", "7"), FIELD("Interval/Value", "1.5"),
        FIELD("Interval/Value", "2.5"), FIELD("Remark", "four")};
    uint64_t digest = hold(plain, 5);
    ok(state[0] == FIELD_FINE && state[1] == FIELD_FINE && state[2] == FIELD_FINE &&
           state[3] == FIELD_FINE,
       "a whole payload is fine in all its fields");
    is_int(size, 8 + 1 + 4 + 4 + 4, "its canonical length is that of its values, each occurrence");
    ok(value[2].len == 3 && memcmp(value[2].data, "1.5", 3) == 0,
       "the first value of a field is given");
    ok(digest == UINT64_C(0xE9232665FC1946A9), "its digest is the same on every machine (0x%llx)",
       (unsigned long long)digest);

    static const struct envelope_field swapped[] = {FIELD("Code", "7"),
                                                    FIELD("MeterID", "00135A0000000001")};
    (void)hold(swapped, 2);
    ok(state[0] == FIELD_FINE && state[1] == FIELD_FINE, "order does not matter");
    ok(state[2] == FIELD_ABSENT && state[3] == FIELD_ABSENT, "what is not there is absent");
    is_int(size, 9, "and has no length");

    static const struct envelope_field odd[] = {
        FIELD("MeterID", "12"), FIELD("Code", ""), FIELD("Interval/Value", "1"),
        FIELD("Interval/Value", "x"), FIELD("Extension", "ninebytes")};
    (void)hold(odd, 5);
    is_int(state[0], FIELD_INVALID, "a value of another type is invalid");
    is_int(state[1], FIELD_EMPTY, "an empty value is empty");
    is_int(state[2], FIELD_INVALID, "one bad value of many is enough");
    is_int(size, 2 + 0 + 4 + 1 + 9, "invalid and undeclared values count as text");

    static const struct envelope_field doubled[] = {FIELD("Code", "7"), FIELD("Code", "7")};
    (void)hold(doubled, 2);
    is_int(state[1], FIELD_INVALID, "a single field that comes twice is invalid");
    static const struct envelope_field half[] = {FIELD("Interval", "1"), FIELD("Interval/Val", "1"),
                                                 FIELD("Interval/Value/X", "1")};
    (void)hold(half, 3);
    is_int(state[2], FIELD_ABSENT, "a path must be met as a whole");

    static const struct envelope_field other[] = {FIELD("MeterID", "00135A0000000002")};
    static const struct envelope_field renamed[] = {FIELD("MeterIE", "00135A0000000002")};
    static const struct envelope_field moved[] = {FIELD("Meter", "ID00135A0000000002")};
    uint64_t a = hold(other, 1), b = hold(renamed, 1), c = hold(moved, 1), d = hold(other, 0);
    ok(a != b && a != c && b != c && a != d, "other names or values have other digests");
}

int main(void)
{
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        is_int(field_canonical_bytes(values[i].type, values[i].text, strlen(values[i].text)),
               values[i].want, "%s \"%s\"", field_type_name(values[i].type), values[i].text);
    for (int t = 0; t < FIELD_TYPE_COUNT; t++) {
        const char *name = field_type_name((enum field_type)t);
        is_int(field_type_by_name(name, strlen(name)), t, "type %s is known by its name", name);
    }
    is_int(field_type_by_name("tex", 3), -1, "half a name is none");
    contents();
    return done_testing();
}
