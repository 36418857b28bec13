#include "harness/pics/secret.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

const char *pics_secret(const char *url)
{
    static const char *const secret[] = {"password", "passwd", "pwd",     "secret",
                                         "token",    "apikey", "api_key", "access_token"};
    const char *host = strstr(url, "://");
    host = host == NULL ? url : host + 3;
    const char *at = strchr(host, '@');
    if (at != NULL && (size_t)(at - host) < strcspn(host, "/?"))
        return "a user";
    for (const char *p = strchr(url, '?'); p != NULL; p = strchr(p, '&')) {
        p++;
        size_t len = strcspn(p, "=&");
        for (size_t i = 0; p[len] == '=' && i < sizeof secret / sizeof secret[0]; i++)
            if (len == strlen(secret[i]) && strncasecmp(p, secret[i], len) == 0)
                return secret[i];
    }
    return NULL;
}
