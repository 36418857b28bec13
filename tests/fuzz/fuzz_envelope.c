/* The envelope reader on any bytes; what it gives must lie within what it may give. */
#include <stdlib.h>

#include "harness/base/limits.h"
#include "harness/probe/content.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct binding binding = {
        .field = {{.path = "MeterID", .type = FIELD_EUI64},
                  {.path = "Interval/Value", .type = FIELD_TIME, .many = true},
                  {.path = "Image", .type = FIELD_IMAGE}},
        .n_field = 3};
    static struct envelope_reader *reader;
    struct envelope env;
    uint8_t state[BINDING_MAX_FIELDS];
    struct slice value[BINDING_MAX_FIELDS];
    if (reader == NULL && envelope_reader_new(&reader, NULL) != ERR_OK)
        abort();
    if (envelope_read(reader, data, size, &env, NULL) != ERR_OK)
        return 0;
    if (env.kind >= ENVELOPE_KIND_COUNT || env.n_field > LIMIT_BODY_FIELDS)
        abort();
    (void)content_digest_of(&binding, &env);
    struct content_image block;
    uint8_t bytes[CONTENT_IMAGE_BLOCK_BYTES];
    if (content_image(&binding, &env, &block) && content_image_data(&block.data, bytes) < 0)
        abort();
    if (content_read(&binding, &env, state, value) < 0)
        abort();
    return 0;
}
