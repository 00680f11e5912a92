/* phone.h - a phone of the simulated world: SIP over UDP or TCP, RTP, and a memory of what it heard.
 *
 * Its SIP is its own few lines (text search, no code of src/sip), so that it is a second opinion. It
 * repeats what is not answered, as RFC 3261 says, so that a lossy net ends no call. */
#ifndef TESTS_SIM_PHONE_H
#define TESTS_SIM_PHONE_H

#include "sim/sim.h"

#define PHONE_CALLS  4
#define PHONE_FORMER 4
#define PHONE_MSG    3000

enum phone_state { PH_FREE, PH_CALLING, PH_RINGING, PH_UP, PH_ENDING, PH_OVER };

struct phone;
struct phone_call {
	struct phone *phone;
	enum phone_state state;
	bool is_caller, is_acked, is_established, was_refused, does_cancel, is_cancelled,
		is_remote_bye;
	char call_id[64], local_tag[24], remote_tag[80], remote_uri[300], target[300], branch[40];
	char via[600]; /* of the request that is being answered */
	unsigned cseq, remote_cseq, code;
	struct addr remote_rtp;
	struct dgram *rtp;
	uint16_t port;
	unsigned seq, n_heard, n_sent, n_foreign; /* n_foreign: packets of another call */
	char former[PHONE_FORMER][64]; /* the line's calls before this one, the last first */
	uint64_t begun_ns, heard_last_ns, up_ns;
	char out[PHONE_MSG]; /* what is repeated until it is answered */
	size_t out_len;
	unsigned n_repeats, sent_on; /* sent_on: a connection */
	struct timer repeat, speak, end;
	uint32_t hold_ms; /* of the caller: hangs up after so long */
};

struct phone {
	struct sim_host *host;
	const char *user, *domain;
	struct addr addr, proxy;
	struct io *io;
	struct plan *plan;
	struct dgram *sip;
	struct stream *stream; /* of one that uses TCP; NULL: it dials soon */
	unsigned n_connections;
	char via[64], contact[120];
	struct timer reg, redial;
	bool uses_tcp, is_connected, registers, is_registered, does_not_answer, is_silent;
	unsigned n_reg, n_stray; /* requests outside any call that it knows */
	struct phone_call calls[PHONE_CALLS];
	unsigned n_done, n_bad; /* calls of this phone as caller: over as they should, or not */
	unsigned n_started;
	char reg_id[32];
	unsigned reg_cseq;
};

/* Starts its process on its host. plan: rows that its sockets name (any that are open). */
bool phone_start(struct phone *p);
/* A call that lasts hold_ms once it is up; cancels it instead while it rings. NULL: all lines are busy. */
struct phone_call *phone_dial(struct phone *p, const char *uri, uint32_t hold_ms, bool does_cancel);
/* The person hangs up whatever is up. */
void phone_hang_up(struct phone *p);
/* It registers no more: what it had ends with its time. */
void phone_leave(struct phone *p);
/* Every call over? */
bool phone_is_idle(const struct phone *p);

#endif
