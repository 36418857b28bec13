/* secret - secrets where they do not belong: in a URL. */
#ifndef HARNESS_PICS_SECRET_H
#define HARNESS_PICS_SECRET_H

/* What in a URL is one: "a user" with a password, or a parameter by its name; NULL nothing. */
const char *pics_secret(const char *url);

#endif
