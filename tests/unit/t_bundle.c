/* Zips: packed to the same bytes, unpacked or refused; the index; where two texts differ. */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include "harness/base/buf.h"
#include "harness/base/limits.h"
#include "harness/bundle/differ.h"
#include "harness/bundle/index.h"
#include "harness/bundle/pack.h"
#include "harness/bundle/unpack.h"
#include "tests/tap.h"

static char top[] = "/tmp/t_bundle.XXXXXX";
static char path_of[4][128];
static int folders;

static const char *in_top(int i, const char *name)
{
    (void)snprintf(path_of[i], sizeof path_of[i], "%s/%s", top, name);
    return path_of[i];
}

/* A new folder to unpack into. */
static const char *folder(void)
{
    char name[32];
    (void)snprintf(name, sizeof name, "out-%d", folders++);
    (void)mkdir(in_top(0, name), 0700);
    return path_of[0];
}

struct entry {
    const char *name, *data;
    unsigned mode; /* 0: 0100644 */
    int method;    /* 0: deflate */
};

static const char *zip_of(const struct entry *entry, size_t n)
{
    const char *path = in_top(1, "made.zip");
    (void)unlink(path);
    zip_t *z = zip_open(path, ZIP_CREATE, NULL);
    for (size_t i = 0; z != NULL && i < n; i++) {
        zip_source_t *s = zip_source_buffer(z, entry[i].data, strlen(entry[i].data), 0);
        zip_int64_t at = zip_file_add(z, entry[i].name, s, ZIP_FL_ENC_UTF_8);
        unsigned mode = entry[i].mode == 0 ? 0100644 : entry[i].mode;
        (void)zip_file_set_external_attributes(z, (zip_uint64_t)at, 0, ZIP_OPSYS_UNIX, mode << 16);
        if (entry[i].method != 0)
            (void)zip_set_file_compression(z, (zip_uint64_t)at, entry[i].method, 0);
    }
    return z != NULL && zip_close(z) == 0 ? path : NULL;
}

static void refused(const struct entry *entry, size_t n, const char *said, const char *title)
{
    struct err e = ERR_INIT;
    struct unpacked u;
    const char *zip = zip_of(entry, n);
    enum err_code rc = zip == NULL ? ERR_SYS : unpack(zip, folder(), &u, &e);
    if (!ok(rc == ERR_EVIDENCE && strstr(e.text, said) != NULL, "%s", title))
        printf("# %s: %s\n", err_name(rc), e.text);
}

static void test_pack(void)
{
    struct err e = ERR_INIT;
    char made[2][128];
    struct buf a, b;
    buf_init(&a, 1 << 20);
    buf_init(&b, 1 << 20);
    for (int i = 0; i < 2; i++) {
        struct pack *p = NULL;
        (void)snprintf(made[i], sizeof made[i], "%s/pack-%d.zip", top, i);
        enum err_code rc = pack_open(made[i], &p, &e);
        if (rc == ERR_OK)
            rc = pack_bytes(p, "a", "first", 5, &e);
        if (rc == ERR_OK)
            rc = pack_bytes(p, "b/c", "second", 6, &e);
        is_int(rc == ERR_OK ? pack_close(p, &e) : rc, ERR_OK, "files are packed");
    }
    is_int(buf_read_file(&a, made[0], &e), ERR_OK, "there is a zip");
    is_int(buf_read_file(&b, made[1], &e), ERR_OK, "and another");
    ok(a.len == b.len && memcmp(a.data, b.data, a.len) == 0, "of the same bytes");
    buf_release(&a);
    buf_release(&b);
    struct pack *p = NULL;
    is_int(pack_open(made[0], &p, &e), ERR_USAGE, "a file that is there is not written over");
    struct unpacked u;
    const char *to = folder();
    is_int(unpack(made[0], to, &u, &e), ERR_OK, "it unpacks");
    ok(u.n == 2 && strcmp(u.name[0], "a") == 0 && strcmp(u.name[1], "b/c") == 0,
       "to the names that went in");
    unpack_release(&u);
    buf_init(&a, 100);
    (void)snprintf(made[1], sizeof made[1], "%s/b/c", to);
    (void)buf_read_file(&a, made[1], &e);
    is_str(a.data, "second", "and to their bytes");
    buf_release(&a);
    is_int(unpack("/nonexistent.zip", to, &u, &e), ERR_USAGE, "no zip is no evidence either way");
}

static void test_names(void)
{
    static const char *const good[] = {"a", "bundle.xml", "a/b/c-1_2.XML", "sources/001-x.lua"};
    static const char *const bad[] = {"",     "/a",  "..",    "../a",    "a/../b", "a/..",
                                      "a//b", "a/",  ".a",    "a/.b",    "a\\b",   "a b",
                                      "a\nb", "C:a", "a\x01", "\xc3\xa9"};
    char longest[LIMIT_BUNDLE_NAME_BYTES + 2];
    int wrong = 0;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        wrong += !unpack_name_good(good[i]);
    is_int(wrong, 0, "plain relative names are taken");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (unpack_name_good(bad[i])) {
            printf("# \"%s\"\n", bad[i]);
            wrong++;
        }
    is_int(wrong, 0, "no other is");
    memset(longest, 'a', sizeof longest);
    longest[sizeof longest - 1] = '\0';
    ok(!unpack_name_good(longest), "nor one that is too long");
    longest[sizeof longest - 2] = '\0';
    ok(unpack_name_good(longest), "one that just fits is");
}

static void test_hostile(void)
{
    refused((struct entry[]){{"../out", "x", 0, 0}}, 1, "has the name", "a way out is refused");
    refused((struct entry[]){{"/tmp/x", "x", 0, 0}}, 1, "has the name", "an absolute name too");
    refused((struct entry[]){{"a", "/etc/passwd", 0120777, 0}}, 1, "no plain file",
            "a symbolic link too");
    refused((struct entry[]){{"a", "x", 020644, 0}}, 1, "no plain file", "a device too");
    refused((struct entry[]){{"a", "x", 0, 0}, {"a/b", "x", 0, 0}}, 2, "cannot be a folder",
            "a file that is also a folder too");
    refused((struct entry[]){{"a/b", "x", 0, 0}, {"a", "x", 0, 0}}, 2, "twice, or also a folder",
            "in either order");
    refused((struct entry[]){{"a", "some text, some text", 0, ZIP_CM_BZIP2}}, 1, "by method",
            "a method that is not deflate too");
    char *zeros = malloc(3u << 20);
    if (zeros != NULL) {
        memset(zeros, '0', (3u << 20) - 1);
        zeros[(3u << 20) - 1] = '\0';
        refused((struct entry[]){{"a", zeros, 0, 0}}, 1, "would grow", "so is a bomb");
    }
    free(zeros);
    static const char empty[22] = "PK\5\6";
    struct err e = ERR_INIT;
    struct unpacked u;
    const char *path = in_top(1, "empty.zip");
    (void)buf_write_file(path, empty, sizeof empty, NULL);
    ok(unpack(path, folder(), &u, &e) == ERR_EVIDENCE && strstr(e.text, "holds 0 files") != NULL,
       "an empty one too");
}

static void test_differ(void)
{
    static const char a[] =
        "<run>\n  <row id=\"r/1\">\n    <variant>\n      <criterion "
        "kind=\"latency\" verdict=\"pass\"/>\n    </variant>\n  </row>\n</run>\n";
    char b[sizeof a];
    struct err e = ERR_INIT;
    memcpy(b, a, sizeof a);
    is_int(differ_bytes("run.xml", a, sizeof a - 1, b, sizeof b - 1, &e), ERR_OK,
           "the same bytes do not differ");
    memcpy(strstr(b, "pass"), "fail", 4);
    is_int(differ_bytes("run.xml", a, sizeof a - 1, b, sizeof b - 1, &e), ERR_EVIDENCE,
           "others do");
    ok(strstr(e.text, "run.xml:4: row r/1, criterion latency differs") != NULL,
       "by line, row and criterion");
    ok(strstr(e.text, "verdict=\"pass\"") != NULL && strstr(e.text, "verdict=\"fail\"") != NULL,
       "with both readings");
    is_int(differ_bytes("run.xml", a, sizeof a - 1, a, sizeof a - 8, &e), ERR_EVIDENCE,
           "a text that is cut differs");
    ok(strstr(e.text, "run.xml:7:") != NULL && strstr(e.text, "row") == NULL,
       "behind a row none is named");
    is_int(differ_bytes("run.xml", "", 0, "x", 1, &e), ERR_EVIDENCE, "so does an empty one");
}

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

static enum err_code read_index(const char *from, const char *to, struct err *e)
{
    static const char good[] =
        "<?xml version='1.0'?>\n"
        "<bundle xmlns='urn:gridassay:bundle:1' version='1' kind='full'><report title='t' id='i'>"
        "<laboratory/><customer/><item/><method/><dates from='a' to='b'/>"
        "<decision-rule consumer-risk-ppm='1' producer-risk-ppm='1' discrimination-milli='1' "
        "confidence-ppm='1' uncertainty-ns='1'/><clock/><campaign submission='0' generation='0'/>"
        "<conclusion verdict='pass' exit-status='0' rows='0' pass='0' fail='0' inconclusive='0' "
        "error='0' not-exercised='0' not-scorable='0' not-run='0' not-applicable='0'/>"
        "<statement>s</statement></report><tools/>"
        "<file name='a' role='plan' bytes='1' sha256='" ZEROS
        "'/><file name='b' role='plan' bytes='2' sha256='" ZEROS "'/></bundle>\n";
    struct buf text;
    struct index x;
    const char *path = in_top(2, "bundle.xml"), *at = strstr(good, from);
    buf_init(&text, 1 << 16);
    (void)buf_append(&text, good, at == NULL ? sizeof good - 1 : (size_t)(at - good), NULL);
    if (at != NULL) {
        (void)buf_puts(&text, to, NULL);
        (void)buf_puts(&text, at + strlen(from), NULL);
    }
    enum err_code rc = buf_write_file(path, text.data, text.len, NULL);
    buf_release(&text);
    if (rc == ERR_OK)
        rc = index_read(path, &x, e);
    if (rc == ERR_OK)
        index_release(&x);
    return rc;
}

static void test_index(void)
{
    struct err e = ERR_INIT;
    if (!ok(read_index("nothing", "", &e) == ERR_OK, "an index is read"))
        printf("# %s\n", e.text);
    is_int(read_index("name='b'", "name='a'", &e), ERR_DATA, "a file named twice is refused");
    is_int(read_index("name='b'", "name='../b'", &e), ERR_DATA, "a name that leads out too");
    is_int(read_index("bytes='2'", "bytes='-2'", &e), ERR_DATA, "a negative size too");
    is_int(read_index("bytes='2'", "bytes='99999999999999999999'", &e), ERR_DATA,
           "one beyond all bounds too");
    is_int(read_index("sha256='00", "sha256='0", &e), ERR_DATA, "half a digest too");
    is_int(read_index("kind='full'", "kind='best'", &e), ERR_DATA, "a kind that is none too");
}

int main(void)
{
    if (mkdtemp(top) == NULL)
        return tap_skip_all("no temporary folder");
    test_pack();
    test_names();
    test_hostile();
    test_differ();
    test_index();
    char command[64];
    (void)snprintf(command, sizeof command, "rm -rf %s", top);
    (void)system(command);
    return done_testing();
}
