/* h323.h - the H.323 protocol plane of fosse-sig, as its main and the call core see it.
 *
 *	RAS      ras -> gatekeeper (registrations, admission)
 *	calls    hconns -> legs (csin) -> call core -> legs (csout) -> hconns
 *	           `-> h245 -> call core -> h245 -'
 *
 * Start: h323_new(), then call_adopt(), h323_adopt(), call_adopt_done(), h323_start(); sockets come by rows
 * whenever they come. There is no stop. */
#ifndef H323_H323_H
#define H323_H323_H

#include "call/call.h"
#include "ipc/alarm.h"

struct h323;

struct h323_deps {
	struct io *io;
	struct ipc *ipc;
	struct keep *keep;
	struct alarms *alarms;
	const struct conf *conf;
	struct zones *zones;
	struct call_core *core;
};

/* Also registers with the core: as the protocol of its legs, with its registrations. */
MUST_USE enum err h323_new(const struct h323_deps *deps, struct h323 **ret_h323);
void h323_free(struct h323 *h); /* NULL: nothing */
/* What a predecessor left: registrations, connections, established calls. */
void h323_adopt(struct h323 *h);
/* After zones_configure(). Limits that size pools are fixed until the process is replaced. */
void h323_configure(struct h323 *h, const struct conf *conf);

bool h323_is_row(enum plan_row row); /* of this plane's sockets */
/* ROW_SOCKET of the keeper: a listening socket of ours; fd is ours when it succeeds. */
MUST_USE enum err h323_socket(struct h323 *h, enum plan_row row, const struct addr *at, int fd);
void h323_socket_gone(struct h323 *h, enum plan_row row, const struct addr *at);
/* Names and numbers for ROW_COUNTERS. */
void h323_counters(const struct h323 *h, struct wr *w);

#endif
