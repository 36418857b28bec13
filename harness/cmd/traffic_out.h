/* traffic_out - how gridassay traffic tells what was computed. For cmd_traffic.c and traffic_*.c.
 *
 * Errors: stick in the text.
 */
#ifndef HARNESS_TRAFFIC_OUT_H
#define HARNESS_TRAFFIC_OUT_H

#include "harness/report/text.h"
#include "harness/traffic/effects.h"
#include "harness/traffic/traffic.h"

void traffic_text(struct text *out, const struct traffic *t);
void traffic_csv(struct text *out, const struct traffic *t);
void traffic_json(struct text *out, const struct traffic *t);
void traffic_html(struct text *out, const struct traffic *t);

void effects_text(struct text *out, const struct effects *x);
void effects_csv(struct text *out, const struct effects *x);
void effects_json(struct text *out, const struct effects *x);

/* A total: whole from 100 on, three decimals from 0.01 on, else three digits. */
const char *traffic_number(double value, char out[32]);
/* One line's value, seven digits. */
const char *traffic_fine(double value, char out[32]);
/* "DAPjm to 2-Way Meter - Electr" */
void traffic_sides(const struct traffic *t, enum traffic_direction d, const char **from,
                   const char **to);
/* The sum of both directions in its busiest hour: hour of the day. */
int traffic_busiest(const struct traffic *t, double *events);

#endif
