/* Images in blocks: their fields, their content whatever the block, the way back to the whole. */
#include <stdlib.h>

#include "harness/base/sha256.h"
#include "harness/score/image.h"
#include "tests/tap.h"

static const struct binding binding = {
    .payload = "update",
    .element = "update",
    .identity = 0,
    .echo = -1,
    .cut_over = 1,
    .n_field = 3,
    .field = {{.name = "device", .path = "DeviceID", .type = FIELD_EUI64, .required = true},
              {.name = "cut over", .path = "CutOver", .type = FIELD_TIME},
              {.name = "image", .path = "Image", .type = FIELD_IMAGE, .required = true}}};

static char digest[SHA256_HEX_BYTES];

static struct slice sl(const char *s)
{
    return (struct slice){s, (uint32_t)strlen(s)};
}

/* "abcdefghi" in three blocks. */
static const char *const data_of[] = {"", "YWJj", "ZGVm", "Z2hp"};
static const char *const number[] = {"0", "1", "2", "3"};

static struct envelope_field field[7];
static struct envelope env;

static void make(unsigned block)
{
    field[0] = (struct envelope_field){sl("DeviceID"), sl("00135A0000000001")};
    field[1] = (struct envelope_field){sl("Image/Digest"), sl(digest)};
    field[2] = (struct envelope_field){sl("Image/Bytes"), sl("9")};
    field[3] = (struct envelope_field){sl("Image/Block"), sl(number[block])};
    field[4] = (struct envelope_field){sl("Image/Blocks"), sl("3")};
    field[5] = (struct envelope_field){sl("Image/Data"), sl(data_of[block])};
    env = (struct envelope){.element = {"update", 6}, .field = field, .n_field = 6};
}

static struct content_image block_of(unsigned block)
{
    struct content_image b;
    make(block);
    if (!content_image(&binding, &env, &b))
        abort();
    return b;
}

static void fields(void)
{
    uint8_t state[BINDING_MAX_FIELDS], bytes[CONTENT_IMAGE_BLOCK_BYTES];
    struct slice value[BINDING_MAX_FIELDS];
    struct content_image b;
    is_int(binding_image(&binding), 2, "the image is found among the fields");
    is_int(binding_cut_over(&binding), 1, "so is the cut-over time");
    struct binding other = binding;
    other.cut_over = 0;
    is_int(binding_cut_over(&other), -1, "which is a time, or none");
    make(2);
    is_int(content_read(&binding, &env, state, value), 8 + 9,
           "canonical: the whole image's bytes, and the other fields once");
    is_int(state[2], FIELD_FINE, "a whole block is fine");
    is_int(value[2].len, 64, "its value is the digest");
    uint64_t second = content_digest_of(&binding, &env), plain = content_digest(&env);
    make(3);
    ok(content_digest_of(&binding, &env) == second, "the content is the same whatever the block");
    ok(content_digest(&env) != plain, "though the message is not");
    field[2].value = sl("8");
    ok(content_digest_of(&binding, &env) != second, "another image has another content");
    struct slice text = sl("Z2hp\n ");
    is_int(content_image_data(&text, bytes), 3, "base64 with blanks is read");
    ok(memcmp(bytes, "ghi", 3) == 0, "to its bytes");
    static const char *const bad[] = {"Z2h", "Z2hp=", "Z===", "Z2h*", "Zg=p"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        text = sl(bad[i]);
        is_int(content_image_data(&text, bytes), -1, "\"%s\" is no base64", bad[i]);
    }
    text = sl("Zg==");
    is_int(content_image_data(&text, bytes), 1, "one byte left over");
    text = sl("Zmc=");
    is_int(content_image_data(&text, bytes), 2, "two bytes left over");
    static char many[44000];
    memset(many, 'A', 43692);
    text = (struct slice){many, 43688};
    is_int(content_image_data(&text, bytes), 32766, "nearly the largest block");
    text.len = 43692;
    is_int(content_image_data(&text, bytes), -1, "one larger than that is refused");
    static const struct {
        int at;
        const char *value;
    } wrong[] = {{1, "12"}, {2, "0"}, {2, "x"}, {3, "4"}, {3, "0"}, {4, "0"}, {5, "*"}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        make(1);
        field[wrong[i].at].value = sl(wrong[i].value);
        (void)content_read(&binding, &env, state, value);
        is_int(state[2], FIELD_INVALID, "part %d as \"%s\" makes the image invalid", wrong[i].at,
               wrong[i].value);
    }
    make(1);
    env.n_field = 5;
    ok(!content_image(&binding, &env, &b), "a part that misses too");
    make(1);
    field[6] = field[5];
    env.n_field = 7;
    ok(!content_image(&binding, &env, &b), "and one that comes twice");
    make(1);
    env.n_field = 1;
    (void)content_read(&binding, &env, state, value);
    is_int(state[2], FIELD_ABSENT, "no part at all is an absent image");
}

static void joining(void)
{
    struct content_image b = block_of(1);
    struct image *m = image_new(&b, true);
    is_int(image_add(m, &b), IMAGE_MORE, "the first block");
    b = block_of(3);
    is_int(image_add(m, &b), IMAGE_MORE, "the third waits for its turn");
    is_int(image_add(m, &b), IMAGE_AGAIN, "it comes again");
    ok(!image_is_whole(m), "two of three");
    b = block_of(2);
    is_int(image_add(m, &b), IMAGE_WHOLE, "the second makes it whole");
    ok(image_is_right(m) && image_is_right(m), "and right, however often that is asked");
    b.bytes = 10;
    is_int(image_add(m, &b), IMAGE_OTHER, "a block of another image");
    image_free(m);

    b = block_of(1);
    m = image_new(&b, true);
    b.data = sl("YWJk");
    (void)image_add(m, &b);
    for (unsigned i = 2; i <= 3; i++) {
        b = block_of(i);
        (void)image_add(m, &b);
    }
    ok(image_is_whole(m) && !image_is_right(m), "one letter another: whole and not right");
    image_free(m);

    b = block_of(1);
    b.bytes = 8;
    m = image_new(&b, true);
    for (unsigned i = 1; i <= 3; i++) {
        b = block_of(i);
        b.bytes = 8;
        (void)image_add(m, &b);
    }
    ok(image_is_whole(m) && !image_is_right(m), "a declared length that is not its own");
    image_free(m);

    b = block_of(1);
    b.blocks = IMAGE_BLOCKS_MAX + 1;
    ok(image_new(&b, true) == NULL, "more blocks than anybody sends are refused");
    b = block_of(3);
    m = image_new(&b, true);
    (void)image_add(m, &b);
    image_free(m); /* what still waits goes with it */
    image_free(NULL);
}

int main(void)
{
    if (sha256_bytes("abcdefghi", 9, digest, NULL) != ERR_OK)
        abort();
    fields();
    joining();
    return done_testing();
}
