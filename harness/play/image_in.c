/* Images that come in blocks: taken in order, checked, cut over at the given time, confirmed. */
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/base/clock.h"
#include "harness/base/num.h"
#include "harness/play/inside.h"
#include "harness/probe/content.h"

#define IMAGES_MAX 1024u
#define IMAGE_MOST_BYTES (64u * 1024 * 1024)
#define LONGEST_WAIT_S (366.0 * 86400)
#define FAIL_CODE 2u

struct image_in {
    struct play *play;
    struct image_in *next, *prev;
    struct ev_timer timer; /* until the cut-over */
    const struct known_payload *what;
    struct subject subject;
    uint32_t me;
    EVP_MD_CTX *sum;
    uint32_t taken, blocks;
    uint64_t bytes, bytes_taken;
    bool waits; /* whole: only its time is missing */
    bool good;
    char digest[65];
    char correlation[LIMIT_CORRELATION_BYTES + 1];
    char reply_url[URL_BYTES];
    /* the order without its data, for the attributes that the confirmation echoes */
    size_t n_field;
    struct envelope_field field[BINDING_MAX_FIELDS];
    char text[1024];
};

static void image_free(struct image_in *i)
{
    struct play *p = i->play;
    ev_timer_stop(p->loop, &i->timer);
    if (i->prev != NULL)
        i->prev->next = i->next;
    else
        p->images_in = i->next;
    if (i->next != NULL)
        i->next->prev = i->prev;
    p->n_image_in--;
    EVP_MD_CTX_free(i->sum);
    free(i);
}

static struct image_in *find(const struct order *o)
{
    struct image_in *i = o->play->images_in;
    while (i != NULL && !(i->what == o->what && i->subject.id == o->subject.id &&
                          strcmp(i->correlation, o->correlation) == 0))
        i = i->next;
    return i;
}

static struct image_in *begin(const struct order *o, const struct content_image *block)
{
    struct play *p = o->play;
    struct image_in *i = p->n_image_in < IMAGES_MAX ? calloc(1, sizeof *i) : NULL;
    if (i == NULL)
        return NULL;
    i->play = p;
    i->what = o->what;
    i->subject = o->subject;
    i->blocks = block->blocks;
    i->bytes = block->bytes;
    memcpy(i->digest, block->digest.data, block->digest.len < 64 ? block->digest.len : 64);
    memcpy(i->correlation, o->correlation, sizeof i->correlation);
    memcpy(i->reply_url, o->reply_url, sizeof i->reply_url);
    ev_timer_init(&i->timer, NULL, 0.0, 0.0);
    i->next = p->images_in;
    if (i->next != NULL)
        i->next->prev = i;
    p->images_in = i;
    p->n_image_in++;
    i->sum = EVP_MD_CTX_new();
    if (i->sum == NULL || EVP_DigestInit_ex(i->sum, EVP_sha256(), NULL) != 1) {
        image_free(i);
        return NULL;
    }
    return i;
}

/* The next block. False: it is not the next one, or no part of this image. */
static bool take_block(struct image_in *i, const struct content_image *block)
{
    static uint8_t data[CONTENT_IMAGE_BLOCK_BYTES];
    int64_t n = content_image_data(&block->data, data);
    if (n < 0 || block->block != i->taken + 1 || block->blocks != i->blocks ||
        block->bytes != i->bytes || i->bytes_taken + (uint64_t)n > i->bytes ||
        EVP_DigestUpdate(i->sum, data, (size_t)n) != 1)
        return false;
    i->bytes_taken += (uint64_t)n;
    i->taken++;
    return true;
}

static bool is_good(struct image_in *i)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char sum[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    if (i->bytes_taken != i->bytes || EVP_DigestFinal_ex(i->sum, sum, &n) != 1 || n != 32)
        return false;
    for (unsigned k = 0; k < 32; k++)
        if (i->digest[2 * k] != digits[sum[k] >> 4] || i->digest[2 * k + 1] != digits[sum[k] & 15])
            return false;
    return true;
}

/* Nanoseconds since 1970 of an xs:dateTime; INT64_MIN when it is none. */
static int64_t read_time(struct slice text)
{
    uint64_t part[6];
    static const unsigned at[] = {0, 5, 8, 11, 14, 17}, len[] = {4, 2, 2, 2, 2, 2};
    if (text.len < 19)
        return INT64_MIN;
    for (int k = 0; k < 6; k++)
        if (!num_u64(text.data + at[k], len[k], 0, 9999, &part[k]))
            return INT64_MIN;
    struct tm tm = {.tm_year = (int)part[0] - 1900,
                    .tm_mon = (int)part[1] - 1,
                    .tm_mday = (int)part[2],
                    .tm_hour = (int)part[3],
                    .tm_min = (int)part[4],
                    .tm_sec = (int)part[5]};
    int64_t offset_s = 0;
    uint64_t hours, minutes;
    const char *zone = text.data + text.len - 6;
    if (text.len >= 25 && (*zone == '+' || *zone == '-') && num_u64(zone + 1, 2, 0, 14, &hours) &&
        num_u64(zone + 4, 2, 0, 59, &minutes))
        offset_s = (int64_t)(hours * 3600 + minutes * 60) * (*zone == '+' ? 1 : -1);
    return ((int64_t)timegm(&tm) - offset_s) * NS_PER_S;
}

static double wait_s(const struct order *o)
{
    int cut_over = binding_cut_over(o->what->binding);
    if (cut_over < 0)
        return 0.0;
    int64_t at_ns =
        read_time(play_attribute(o->what->binding, o->env, o->what->binding->field[cut_over].name));
    const struct timebase *t = &o->play->timebase;
    double s =
        at_ns == INT64_MIN ? 0.0 : (double)(at_ns - timebase_now_ns(o->play)) / (double)NS_PER_S;
    s = t->set ? s / (double)t->factor : s;
    return s < 0.0 ? 0.0 : s > LONGEST_WAIT_S ? LONGEST_WAIT_S : s;
}

/* Small values of the order that outlive it. */
static void keep_fields(struct image_in *i, const struct envelope *env)
{
    size_t used = 0;
    for (size_t k = 0; k < env->n_field && i->n_field < BINDING_MAX_FIELDS; k++) {
        const struct envelope_field *f = &env->field[k];
        size_t need = (size_t)f->path.len + f->value.len;
        if (need > sizeof i->text - used || f->value.len > 128)
            continue;
        char *path = i->text + used, *value = path + f->path.len;
        memcpy(path, f->path.data, f->path.len);
        memcpy(value, f->value.data, f->value.len);
        used += need;
        i->field[i->n_field++] =
            (struct envelope_field){{path, f->path.len}, {value, f->value.len}};
    }
}

/* By one device, or by every one of ours that the order is for. */
static void confirm(struct image_in *i)
{
    struct play *p = i->play;
    struct envelope env = {.kind = ENVELOPE_REQUEST, .field = i->field, .n_field = i->n_field};
    struct order o = {.play = p,
                      .env = &env,
                      .what = i->what,
                      .subject = i->subject,
                      .sender = play_actor_at(p, i->reply_url)};
    memcpy(o.correlation, i->correlation, sizeof o.correlation);
    memcpy(o.reply_url, i->reply_url, sizeof o.reply_url);
    for (size_t k = 0; k < p->subjects.n; k++) {
        const struct population *of = &p->subjects.population[k];
        bool one = i->subject.of != NULL;
        if (of->peer != NULL || (one ? of != i->subject.of : !actors_has(&i->what->to, of->number)))
            continue;
        for (uint32_t n = 0; n < (one ? 1 : of->count); n++) {
            o.subject = one ? i->subject : subject_at(of, n);
            o.me = of->number;
            order_confirm(&o, !i->good, FAIL_CODE);
        }
    }
}

static void on_cut_over(struct ev_loop *loop, struct ev_timer *timer, int events)
{
    struct image_in *i = timer->data;
    (void)loop, (void)events;
    confirm(i);
    image_free(i);
}

/* All blocks are there. */
static void finish(struct image_in *i, const struct order *o)
{
    i->waits = true;
    i->good = is_good(i);
    keep_fields(i, o->env);
    ev_now_update(i->play->loop);
    ev_timer_init(&i->timer, on_cut_over, i->good ? wait_s(o) : 0.0, 0.0);
    i->timer.data = i;
    ev_timer_start(i->play->loop, &i->timer);
}

bool image_takes(struct order *o)
{
    struct play *p = o->play;
    struct content_image block;
    bool ours = o->subject.of == NULL ? actors_meet(&o->what->to, &p->subjects.own)
                                      : subject_is_own(&o->subject);
    if (!ours || !content_image(o->what->binding, o->env, &block))
        return false; /* without an image it is a command like any other */
    struct image_in *i = find(o);
    int status = HTTP_NOTHING;
    if (block.bytes > IMAGE_MOST_BYTES ||
        (o->subject.of != NULL && !actors_has(&o->what->to, o->subject.of->number))) {
        status = HTTP_UNPROCESSABLE;
    } else if (block.block == 1 && (i == NULL || (!i->waits && i->taken != 1))) {
        if (i != NULL) /* it begins again */
            image_free(i);
        i = begin(o, &block);
        status = i == NULL ? HTTP_BUSY : HTTP_NOTHING;
    } else if (i == NULL) {
        status = HTTP_CONFLICT;
    }
    if (status == HTTP_NOTHING && !(i->taken > 0 && block.block == i->taken)) {
        if (i->waits || !take_block(i, &block))
            status = HTTP_CONFLICT;
        else if (i->taken == i->blocks)
            finish(i, o);
    }
    play_status(p, o->who, status);
    return true;
}

void images_close(struct play *p)
{
    while (p->images_in != NULL)
        image_free(p->images_in);
    images_out_close(p);
}
