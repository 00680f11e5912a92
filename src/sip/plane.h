/* plane.h - what the parts of the SIP protocol plane share: its objects, by one name each.
 *
 * sip.c makes them and wires them; registrar, link, uas and uac use them. No logic here. Other folders
 * include sip/sip.h, never this. */
#ifndef SIP_PLANE_H
#define SIP_PLANE_H

#include "base/pool.h"
#include "base/rate.h"
#include "call/call.h"
#include "ipc/alarm.h"
#include "sip/attempt.h"
#include "sip/auth.h"

#define SIP_KEY_LEN    32
#define SIP_LIMITS_MAX 16u /* that an alarm can name */

struct links;
struct registrar;

struct sip_counters_shown {
	uint64_t n_refused_rate, n_refused_limits, n_refused_auth, n_challenged, n_no_dialog,
		n_kept_too_long, n_refused_in_dialog, n_expired, n_forks_dropped;
};

/* One answer's room, for when a turn has used up the arena: what was taken in is answered all the same. */
struct sip_spare {
	struct sip_msg m;
	char bytes[SIP_MESSAGE_CEILING];
};

struct sip {
	struct io *io;
	struct ipc *ipc;
	struct keep *keep;
	struct alarms *alarms;
	const struct conf *conf;
	struct zones *zones;
	struct call_core *core;
	struct store *store;
	struct sip_spare *spare;
	struct conns *conns;
	struct txs *txs;
	struct auth *auth;
	struct resolver *resolver;
	struct attempts *attempts;
	struct registrar *registrar;
	struct registrar_ops bindings; /* what is registered, for those below the registrar */
	struct links *links;
	struct pool dialogs;
	struct list stranded; /* head: dialogs whose BYE waits until their client is back (uac.c) */
	timer_h *on_dialog_timer, *on_session_timer;
	struct leg_ops leg_ops;
	char boot[17];                  /* this start's id, for the other node */
	uint8_t token_key[SIP_KEY_LEN]; /* of our Contacts; kept, so that a successor knows them */
	struct hash_key loop_key;
	struct rate requests;      /* unauthenticated requests of a source */
	struct rate in_dialog;     /* requests inside a dialog */
	struct rate notices;       /* answers to what exceeds a rate, by source; then silence */
	struct rate failed_logins; /* by source */
	struct {
		const char *setting;
		uint64_t until; /* io_now at which its alarm goes; 0: none stands */
	} limits[SIP_LIMITS_MAX];
	struct timer limit_calm; /* on while an alarm of a limit stands */
	struct {
		struct timer timer; /* on while there is new work */
		uint64_t due, late; /* ns */
		bool is_used;       /* a request came since it was started */
	} lag;
	struct sip_counters_shown counters;
};

/* The message behind an event, for a leg of our own kind (struct call_event's native). */
struct native {
	const struct sip_msg *m; /* NULL: there was none (a request failed on its way) */
	uint64_t tx;             /* the server transaction that waits for an answer; 0: none */
	uint64_t answers;        /* a response: the server transaction it is for */
	uint64_t dialog;         /* where it came from, */
	struct zone *zone;       /* and from which zone */
	bool *ret_is_taken;      /* set by the leg that carries it on; may be NULL */
};

/* A writer of size bytes in the scratch arena; with the error ERR_FULL when there is no room. */
struct wr sip_scratch(struct sip *s, size_t size);

#endif
