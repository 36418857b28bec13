#include "harness/traffic/ratio.h"

__extension__ typedef __int128 wide;

static wide magnitude(wide x)
{
    return x < 0 ? -x : x;
}

static struct ratio reduced(wide num, wide den)
{
    wide a = magnitude(num), b = magnitude(den);
    while (b != 0) {
        wide rest = a % b;
        a = b;
        b = rest;
    }
    if (den == 0)
        return (struct ratio){0, 0};
    if (den < 0)
        a = -a;
    num /= a;
    den /= a;
    if (magnitude(num) > INT64_MAX || den > INT64_MAX)
        return (struct ratio){0, 0};
    return (struct ratio){(int64_t)num, (int64_t)den};
}

struct ratio ratio_of(int64_t num, int64_t den)
{
    return reduced(num, den);
}

struct ratio ratio_times(struct ratio a, struct ratio b)
{
    return reduced((wide)a.num * b.num, (wide)a.den * b.den);
}

struct ratio ratio_over(struct ratio a, struct ratio b)
{
    return reduced((wide)a.num * b.den, (wide)a.den * b.num);
}

struct ratio ratio_plus(struct ratio a, struct ratio b)
{
    wide x = (wide)a.num * b.den, y = (wide)b.num * a.den;
    if ((y > 0 && x > ((wide)1 << 126) - y) || (y < 0 && x < -((wide)1 << 126) - y))
        return (struct ratio){0, 0};
    return reduced(x + y, (wide)a.den * b.den);
}

int ratio_order(struct ratio a, struct ratio b)
{
    wide x = (wide)a.num * b.den, y = (wide)b.num * a.den;
    return x < y ? -1 : x > y;
}

bool ratio_holds(struct ratio a)
{
    return a.den > 0;
}

double ratio_value(struct ratio a)
{
    return a.den == 0 ? 0 : (double)a.num / (double)a.den;
}
