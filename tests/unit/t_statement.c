/* The statement of the equipment under test: read whole, refused when it is not. */
#include "harness/profile/statement.h"

#include "harness/base/limits.h"
#include "tests/mutate.h"
#include "tests/tap.h"

#define FIXTURE "fixtures/equipment/meters.xml"

static void reference(void)
{
    char path[4096];
    struct err e = ERR_INIT;
    struct statement *s = NULL;
    (void)where_data(FIXTURE, path, sizeof path, &e);
    if (!ok(statement_load(path, &s, &e) == ERR_OK, "the reference meters' statement is read")) {
        printf("# %s\n", e.text);
        return;
    }
    is_str(s->model, "reference meters", "identity");
    is_int(strlen(s->firmware_digest), 64, "the firmware's digest is there");
    is_int(s->n_group, 5, "five groups of devices");
    is_str(s->group[1].device_class, "commercial-industrial", "a class is kept");
    is_str(s->group[4].device_class, "", "no class is an empty one");
    ok(s->group[0].first_id == 0x00124B0001000000 && s->group[0].count == 600,
       "ids and their number");
    is_int(s->n_peer, 14, "fourteen actors are played by the harness");
    ok(s->peer[3].count == 1 && s->peer[3].first_id == s->peer[2].first_id + 1 && s->read_back,
       "each with a device of its own, and messages can be read back");
    ok(statement_peer(s, "NMS") != NULL && statement_peer(s, "NMS")->port == 18493,
       "a peer is found by its actor");
    ok(statement_peer(s, "DMS") == NULL, "and others are not");
    const struct statement_stimulus *m = statement_stimulus_by_name(s, "Security_Event");
    ok(m != NULL, "a stimulus that has no entry of its own is the one for all");
    if (m != NULL)
        is_str(m->url, "http://127.0.0.1:18470/provoke/{stimulus}?device={device}&value={value}",
               "its URL comes without entities");
    ok(s->push && s->poll, "interval reads come both ways");
    ok(!s->own_schedule, "scheduled payloads wait for a stimulus");
    ok(!s->connection_per_exchange && !s->reply_by_request, "keep-alive, replies in the response");
    is_str(s->control_address, "127.0.0.1", "the control address is that of the stimuli");
    is_int(s->control_port, 18470, "and its port");
    is_int(strlen(s->digest), 64, "the file's digest is taken");
    statement_free(s);
}

static void refused(const char *from, const char *to, const char *expect)
{
    struct err e = ERR_INIT;
    struct statement *s = NULL;
    if (!ok(mutate(FIXTURE, from, to), "the fixture holds %.60s", from))
        return;
    enum err_code rc = statement_load(mutate_path, &s, &e);
    if (!ok(rc == ERR_DATA && s == NULL && strstr(e.text, mutate_path) == e.text &&
                strstr(e.text, expect) != NULL,
            "refused: %s", expect))
        printf("# %d %s\n", rc, e.text);
    statement_free(s);
}

static void variations(void)
{
    struct err e = ERR_INIT;
    struct statement *s = NULL;
    ok(mutate(FIXTURE, "<interval-reads mode=\"both\"/>",
              "<interval-reads mode=\"both\"/><own-schedule/>") &&
           statement_load(mutate_path, &s, &e) == ERR_OK && s->own_schedule,
       "unless they come by themselves");
    statement_free(s);
    s = NULL;
    ok(mutate(FIXTURE, "connection=\"keep-alive\" reply=\"response\"",
              "connection=\"per-exchange\" reply=\"request\"") &&
           statement_load(mutate_path, &s, &e) == ERR_OK && s->connection_per_exchange &&
           s->reply_by_request,
       "one connection an exchange, and replies as requests");
    statement_free(s);
    s = NULL;
    ok(mutate(FIXTURE, "interval-reads mode=\"both\"", "interval-reads mode=\"poll\"") &&
           statement_load(mutate_path, &s, &e) == ERR_OK && s->poll && !s->push,
       "a meter that is only polled");
    statement_free(s);
    s = NULL;
    ok(mutate(FIXTURE, "http://127.0.0.1:18470/provoke/{stimulus}",
              "http://[::1]:99/provoke/{stimulus}") &&
           statement_load(mutate_path, &s, &e) == ERR_OK && s->control_port == 99 &&
           strcmp(s->control_address, "::1") == 0,
       "a control address of IPv6");
    statement_free(s);
    s = NULL;
    ok(mutate(FIXTURE, "http://127.0.0.1:18470/provoke/{stimulus}",
              "http://rig.lab/provoke/{stimulus}") &&
           statement_load(mutate_path, &s, &e) == ERR_OK && s->control_address == NULL,
       "a control that is no numeric address is nobody's to listen on");
    statement_free(s);
}

#define NIC "NIC_firmware_update_cmd"
/* FIPS 180-4 for "abc" */
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static char image_path[sizeof mutate_folder + 16];

/* The statement with these images at its end, and a file beside it of so many bytes, which begin
 * with "abc". */
static bool with_images(const char *images, off_t bytes)
{
    char end[2000];
    FILE *f = fopen(image_path, "w");
    if (f == NULL)
        return false;
    bool fine = fputs("abc", f) >= 0;
    fine = fclose(f) == 0 && fine && truncate(image_path, bytes) == 0;
    (void)snprintf(end, sizeof end, "%s\n</statement>", images);
    return fine && mutate(FIXTURE, "</statement>", end);
}

static void images(void)
{
    struct err e = ERR_INIT;
    struct statement *s = NULL;
    (void)snprintf(image_path, sizeof image_path, "%s/a.bin", mutate_folder);
    if (ok(with_images("<image payload=\"" NIC "\" file=\"a.bin\" version=\"2.1\"/>\n"
                       "<image payload=\"metrology_firmware_update_cmd\" file=\"a.bin\" "
                       "version=\"7\" sha256=\"" ABC "\"/>",
                       3) &&
               statement_load(mutate_path, &s, &e) == ERR_OK && s->n_image == 2,
           "a statement names the vendor's images")) {
        const struct statement_image *m = statement_image_for(s, NIC);
        ok(m == &s->image[0] && m->bytes == 3 && strcmp(m->digest, ABC) == 0 &&
               strcmp(m->version, "2.1") == 0,
           "each with its size, digest and version");
        is_str(s->image[1].path, image_path, "found beside the statement");
        ok(statement_image_for(s, "DAP_firmware_update_cmd") == NULL, "others have none");
    } else {
        printf("# %s\n", e.text);
    }
    statement_free(s);
    static const struct {
        const char *image;
        off_t bytes;
        const char *expect;
    } bad[] = {
        {"<image payload=\"" NIC "\" file=\"none.bin\" version=\"1\"/>", 3, "none.bin"},
        {"<image payload=\"" NIC "\" file=\".\" version=\"1\"/>", 3, "no plain file"},
        {"<image payload=\"" NIC "\" file=\"a.bin\" version=\"1\"/>", 0, "a.bin: is empty"},
        {"<image payload=\"" NIC "\" file=\"a.bin\" version=\"1\"/>", LIMIT_IMAGE_BYTES + 1,
         "longer than the 67108864 bytes"},
        {"<image payload=\"" NIC "\" file=\"a.bin\" version=\"1\" sha256=\"" ABC "\"/>", 4,
         ", expected " ABC},
        {"<image payload=\"" NIC "\" file=\"a.bin\" version=\"1\" sha256=\"ab\"/>", 3, "sha256"},
        {"<image payload=\"" NIC "\" file=\"a.bin\"/>", 3, "image"},
        {"<image payload=\"" NIC "\" file=\"a.bin\" version=\"1\"/><image payload=\"" NIC
         "\" file=\"a.bin\" version=\"2\"/>",
         3, "has an image in line"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char where[sizeof mutate_path + 2];
        (void)snprintf(where, sizeof where, "%s:", mutate_path);
        s = NULL;
        if (!ok(with_images(bad[i].image, bad[i].bytes) &&
                    statement_load(mutate_path, &s, &e) == ERR_DATA && s == NULL &&
                    strncmp(e.text, where, strlen(where)) == 0 &&
                    strstr(e.text, bad[i].expect) != NULL,
                "an image is refused: %s", bad[i].expect))
            printf("# %s\n", e.text);
        statement_free(s);
    }
    ok(with_images("<image payload=\"" NIC "\" file=\"a.bin\" version=\"1\"/>",
                   LIMIT_IMAGE_BYTES) &&
           statement_load(mutate_path, &s, &e) == ERR_OK && s->image[0].bytes == LIMIT_IMAGE_BYTES,
       "one of 64 MiB is taken");
    statement_free(s);
    (void)unlink(image_path);
}

int main(void)
{
    struct err e = ERR_INIT;
    struct statement *s = NULL;
    if (!mutate_begin())
        return 1;
    reference();
    variations();
    images();
    refused("version=\"1\"", "version=\"7\"", ":6: version \"7\"");
    refused("urn:gridassay:statement:1", "urn:gridassay:profile:1", "statement.rng");
    refused("<peer actor=\"NMS\"", "<pear actor=\"NMS\"", ":18: ");
    refused("port=\"18493\"", "port=\"99999\"", ":18: ");
    refused("port=\"18493\"", "port=\"0\"", ":18: ");
    refused("count=\"600\"", "count=\"-1\"", ":9: ");
    refused("count=\"600\"", "count=\"99999999999\"", ":9: count=");
    refused("first-id=\"00124B0001000000\"", "first-id=\"00124B00010000\"", ":9: ");
    refused("first-id=\"00124B0002000000\"", "first-id=\"00124B0001000001\"", "ids overlap");
    refused("first-id=\"00124B0001000000\"", "first-id=\"FFFFFFFFFFFFFFFF\"", "leaves no room");
    refused("address=\"127.0.0.1\" port=\"18480\"", "address=\"meters.lab\" port=\"18480\"",
            "numeric IPv4 or IPv6");
    refused("path=\"/meter\"", "path=\"meter\"", "http failed to validate");
    refused("  <stimulus name=\"*\"",
            "  <stimulus name=\"*\" method=\"POST\" url=\"http://127.0.0.1:1/\"/>\n"
            "  <stimulus name=\"*\"",
            "declared twice");
    refused("url=\"http://127.0.0.1:18470/provoke/{stimulus}", "url=\"ftp://127.0.0.1/",
            "expected http:// or https://");
    refused("path=\"/nms\"", "path=\"/nms\" first-id=\"00124B0001000002\" count=\"4\"",
            ":18: ids overlap those of the group in line 9");
    refused("path=\"/mdms\"", "path=\"/mdms\" first-id=\"0200474100000000\" count=\"1\"",
            ":16: ids overlap those of the peer in line 15");
    refused("path=\"/mdms\"", "path=\"/mdms\" first-id=\"0200474100000000\" count=\"99999999\"",
            ":16: count=");
    refused("path=\"/meter\" ", "path=\"/meter\" tls=\"yes\" ", "expected a <tls>");
    refused("  <interval-reads", "  <tls ca=\"none.pem\"/>\n  <interval-reads", "cannot be read");
    bool all = true;
    for (size_t len = 0; len < 3700; len += 37) {
        all = all && mutate_cut(FIXTURE, len) && statement_load(mutate_path, &s, &e) == ERR_DATA &&
              strstr(e.text, mutate_path) == e.text;
        statement_free(s);
        s = NULL;
    }
    ok(all, "a truncated statement is refused with its name");
    ok(statement_load("/nonexistent/eut.xml", &s, &e) == ERR_DATA &&
           strstr(e.text, "/nonexistent/eut.xml") != NULL,
       "a missing statement is named");
    mutate_end();
    return done_testing();
}
