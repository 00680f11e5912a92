/* admission.h - the calls that endpoints were let into (ARQ): which, for how much, since when unheard.
 *
 * One for each endpoint of a call. It is forgotten with its endpoint and with its call, never kept: a
 * call's legs outlive a process by records of their own, and the endpoint's next message of a call that
 * they know makes it anew. It decides nothing. */
#ifndef H323_ADMISSION_H
#define H323_ADMISSION_H

#include "h323/endpoint.h"

struct admission {
	uint64_t handle; /* HK_ADMISSION */
	struct admissions *all;
	void *arg; /* as given to admissions_new() */
	struct hash_node by_guid;
	struct list list; /* of its endpoint's calls */
	struct endpoint *endpoint;
	struct timer timer; /* until it is asked whether it still is in the call */
	uint8_t guid[H323_GUID_LEN];
	uint8_t conference[H323_GUID_LEN];
	uint32_t bandwidth; /* 100 bit/s, both directions together */
	uint32_t subzone;   /* its endpoint's, as index */
	uint16_t crv;
	uint8_t n_missing; /* answers to IRQ */
	bool is_callee;
};

struct admissions;
MUST_USE enum err admissions_new(
	struct io *io, uint32_t n, timer_h *due, void *arg, struct admissions **ret);
void admissions_free(struct admissions *as);
size_t admissions_count(const struct admissions *as);
struct admission *admissions_next(const struct admissions *as, const struct admission *a);

/* NULL: no room. */
struct admission *admission_take(struct admissions *as, struct endpoint *e,
	const uint8_t guid[H323_GUID_LEN], bool is_callee);
void admission_drop(struct admission *a);
struct admission *admission_get(const struct admissions *as, uint64_t handle);
/* e NULL: anybody's, the caller's first. NULL: none. */
struct admission *admission_find(
	const struct admissions *as, const uint8_t guid[H323_GUID_LEN], const struct endpoint *e);
/* A caller's whose signalling comes from that host: who only saw the call's name is not it. */
struct admission *admission_from(
	const struct admissions *as, const uint8_t guid[H323_GUID_LEN], const struct addr *host);
/* Of an endpoint that names its call by conference and reference alone (H.225.0 version 1). */
struct admission *admission_of_conference(
	const struct endpoint *e, const uint8_t conference[H323_GUID_LEN], uint16_t crv);
/* The sum of a subzone but for this one, in 100 bit/s. */
uint64_t admissions_bandwidth(
	const struct admissions *as, uint32_t subzone, const struct admission *but);

#endif
