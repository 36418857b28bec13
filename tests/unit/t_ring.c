/* What is remembered for a while: found by its key, bounded by number and bytes. */
#include "harness/play/ring.h"
#include "tests/tap.h"

static void keep(struct ring *r, const char *key, const char *text)
{
    char *room = ring_put(r, key, strlen(key), strlen(text) + 1);
    if (room != NULL)
        memcpy(room, text, strlen(text));
}

static const char *look(const struct ring *r, const char *key)
{
    size_t size;
    const char *text = ring_get(r, key, strlen(key), &size);
    return text == NULL ? "-" : text;
}

static void finding(void)
{
    struct ring *r = ring_new(4, 1000);
    is_str(look(r, "a"), "-", "an empty ring holds nothing");
    keep(r, "a", "one");
    keep(r, "b", "two");
    is_str(look(r, "a"), "one", "what was kept is found by its key");
    is_str(look(r, "ab"), "-", "a longer key is another one");
    is_str(look(r, ""), "-", "an empty key is another one");
    keep(r, "a", "three");
    is_str(look(r, "a"), "three", "of two with one key the newer is found");
    keep(r, "c", "four");
    keep(r, "d", "five");
    is_str(look(r, "a"), "three", "the oldest made room, not the newer one of its key");
    keep(r, "e", "six");
    is_str(look(r, "b"), "-", "the next oldest follows");
    is_str(look(r, "e"), "six", "the newest is there");
    ring_free(r);
}

static void bounds(void)
{
    struct ring *r = ring_new(100, 40);
    char key[8];
    ok(ring_put(r, "k", 1, 41) == NULL, "more than the ring holds is refused");
    ok(ring_put(r, "k", 1, 40) == NULL, "the key counts, too");
    keep(r, "first", "123456789");
    keep(r, "other", "123456789");
    is_str(look(r, "first"), "123456789", "both fit");
    keep(r, "third", "123456789");
    is_str(look(r, "first"), "-", "for a third the bytes of the first are needed");
    is_str(look(r, "third"), "123456789", "which is there");
    ring_free(r);
    r = ring_new(7, 100000);
    for (int i = 0; i < 1000; i++) {
        (void)snprintf(key, sizeof key, "%d", i);
        keep(r, key, key);
    }
    int found = 0;
    for (int i = 0; i < 1000; i++) {
        (void)snprintf(key, sizeof key, "%d", i);
        found += strcmp(look(r, key), key) == 0;
    }
    is_int(found, 7, "after a thousand the last seven are there");
    is_str(look(r, "993"), "993", "the oldest of them");
    is_str(look(r, "992"), "-", "not the one before");
    ring_free(r);
    ring_free(NULL);
}

int main(void)
{
    finding();
    bounds();
    return done_testing();
}
