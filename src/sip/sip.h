/* sip.h - the SIP protocol plane of fosse-sig, as its main and the call core see it.
 *
 *	conns -> transactions -> gate -> uas -> call core -> uac -> attempts -> conns
 *	                           `-> registrar, links
 *
 * Start: sip_new(), then call_adopt(), sip_adopt(), call_adopt_done(), sip_start(); sockets and TLS
 * streams come by rows whenever they come. There is no stop. */
#ifndef SIP_SIP_H
#define SIP_SIP_H

#include "call/call.h"
#include "ipc/alarm.h"

struct sip;

struct sip_deps {
	struct io *io;
	struct ipc *ipc;
	struct keep *keep;
	struct alarms *alarms;
	const struct conf *conf;
	struct zones *zones;
	struct call_core *core;
};

/* Also registers with the core: as the protocol of its legs, as its registrar. */
MUST_USE enum err sip_new(const struct sip_deps *deps, struct sip **ret_sip);
void sip_free(struct sip *s);
/* What a predecessor left: connections, dialogs, registrations. */
void sip_adopt(struct sip *s);
void sip_start(struct sip *s); /* dials the links */
/* After zones_configure(). Limits that size pools are fixed until the process is replaced. */
void sip_configure(struct sip *s, const struct conf *conf);

/* ROW_SOCKET of the keeper: a listening socket of ours; fd is ours when it succeeds. */
MUST_USE enum err sip_socket(struct sip *s, enum plan_row row, const struct addr *at, int fd);
void sip_socket_gone(struct sip *s, enum plan_row row, const struct addr *at);
/* ROW_CONN of fosse-tls: a stream that it accepted. fd NO_FD: a repeat of one that we have. */
void sip_tls_stream(struct sip *s, struct rd *body, int fd);
/* The channel to fosse-tls is up (again). */
void sip_tls_up(struct sip *s);
/* Names and numbers for ROW_COUNTERS. */
void sip_counters(const struct sip *s, struct wr *w);

#endif
