/* ports.h - the pool of media port pairs: 36002 to 59999 of the plan, even port RTP, odd port RTCP.
 *
 * fosse-sig owns the numbers and picks them itself, so that no question is asked inside a call's
 * set-up; fosse-media opens them. A pair rests 60 s after its call, so that late packets of one call do
 * not meet the next. */
#ifndef CALL_PORTS_H
#define CALL_PORTS_H

#include "io/io.h"

struct port_pool;

MUST_USE enum err port_pool_new(struct io *io, struct ports range, struct port_pool **ret_pool);
void port_pool_free(struct port_pool *p);
/* A random free pair's even port; 0: exhausted (counted). */
uint16_t port_pool_take(struct port_pool *p);
/* The pair of a record; false: taken, or outside the range. */
bool port_pool_take_at(struct port_pool *p, uint16_t port);
/* Back; it rests. 0: nothing. */
void port_pool_give(struct port_pool *p, uint16_t port);
size_t port_pool_n_taken(const struct port_pool *p);
size_t port_pool_n_free(const struct port_pool *p); /* resting ones count as free */
uint64_t port_pool_n_refused(const struct port_pool *p);

#endif
