/* The HTTP dissector on any bytes. Byte 0 chooses the direction and what the request was; what it
 * says must not depend on the pieces in which the bytes came. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/limits.h"
#include "harness/probe/dissector.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct dissect_resume resume = {0};
    struct dissect_in in = {.data = data + 1,
                            .len = size - 1,
                            .answer = data[0] & 1,
                            .closed = data[0] & 2,
                            .head_only_answer = data[0] & 4,
                            .connect_answer = data[0] & 8};
    struct dissect_out out, fed;
    enum dissect_rc rc = http_dissector.pdu(&in, &out), fed_rc = DISSECT_MORE;
    if ((rc == DISSECT_MORE && out.need <= in.len) || (rc == DISSECT_OK && out.used > in.len) ||
        (rc == DISSECT_BAD && out.fault == NULL))
        abort();
    if (rc == DISSECT_OK && out.chunked) {
        struct buf body;
        buf_init(&body, LIMIT_HTTP_BODY_BYTES);
        if (http_dissector.body_copy(&in, &out, &body, NULL) != ERR_OK || body.len != out.body_len)
            abort();
        buf_release(&body);
    }
    struct dissect_in piece = in;
    piece.resume = &resume;
    for (piece.len = 0; piece.len <= in.len && fed_rc == DISSECT_MORE; piece.len++) {
        piece.closed = in.closed && piece.len == in.len;
        fed_rc = http_dissector.pdu(&piece, &fed);
    }
    if (rc == DISSECT_OK &&
        (fed_rc != DISSECT_OK || fed.used != out.used || fed.body_len != out.body_len))
        abort();
    (void)http_dissector.starts(in.data, in.len, in.answer);
    return 0;
}
