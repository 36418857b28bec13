#include "harness/traffic/random.h"

#define FNV_OFFSET UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

__extension__ typedef unsigned __int128 wide;

static uint64_t splitmix(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void random_init(struct random *r, uint64_t seed, const char *name)
{
    uint64_t state = FNV_OFFSET; /* FNV-1a of the name */
    for (const unsigned char *p = (const unsigned char *)name; *p != '\0'; p++)
        state = (state ^ *p) * FNV_PRIME;
    state ^= splitmix(&seed);
    for (int i = 0; i < 4; i++)
        r->s[i] = splitmix(&state);
}

static uint64_t turned(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

uint64_t random_next(struct random *r)
{
    uint64_t out = turned(r->s[1] * 5, 7) * 9, t = r->s[1] << 17;
    r->s[2] ^= r->s[0];
    r->s[3] ^= r->s[1];
    r->s[1] ^= r->s[2];
    r->s[0] ^= r->s[3];
    r->s[2] ^= t;
    r->s[3] = turned(r->s[3], 45);
    return out;
}

/* Lemire: the high half of a product, and what would be over-represented is drawn again. */
uint64_t random_below(struct random *r, uint64_t n)
{
    if (n == 0)
        return 0;
    uint64_t least = (0 - n) % n;
    wide product;
    do {
        product = (wide)random_next(r) * n;
    } while ((uint64_t)product < least);
    return (uint64_t)(product >> 64);
}

/* A run u1 >= u2 >= ... that ends after an odd number of draws, has u1 distributed as the fraction
 * of an exponential variate; each run of even length before it adds one to the whole part. */
int64_t random_exponential(struct random *r, int64_t mean)
{
    for (uint64_t whole = 0;; whole++) {
        uint64_t first = random_next(r), last = first, n = 1;
        for (uint64_t next; (next = random_next(r)) <= last; n++)
            last = next;
        if (n % 2 == 0)
            continue;
        wide out = (wide)whole * (uint64_t)mean + (((wide)first * (uint64_t)mean) >> 64);
        return out > INT64_MAX ? INT64_MAX : (int64_t)out;
    }
}
