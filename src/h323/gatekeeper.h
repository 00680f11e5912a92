/* gatekeeper.h - the gatekeeper (H.225.0 RAS): who may register, and who may call.
 *
 *	ras -> gatekeeper -> registrations (register.c) -> endpoint, proof
 *	               `---> calls (admit.c) -> admission, the search
 *
 * Every call is routed: an admission names our own call signalling port and nothing of where the other
 * side is. It never sees a Setup; who signals asks it whose a Setup is, and tells it when a call is over. */
#ifndef H323_GATEKEEPER_H
#define H323_GATEKEEPER_H

#include "call/call.h"
#include "h323/ras.h"

struct gatekeeper;

/* What call signalling says and does for the gatekeeper. Calls are named by their callIdentifier. */
struct gatekeeper_calls {
	/* A call of this name exists, in whatever state. */
	bool (*knows)(void *arg, const uint8_t guid[H323_GUID_LEN]);
	/* The leg towards this call signalling host ends: it said so, or it is dead. */
	void (*disengage)(
		void *arg, const uint8_t guid[H323_GUID_LEN], const struct addr *endpoint);
	void *arg;
};

struct gatekeeper_deps {
	struct io *io;
	struct ipc *ipc;
	struct keep *keep;
	struct alarms *alarms;
	const struct conf *conf;
	struct zones *zones;
	struct call_core *core; /* its calls count against limits.calls; NULL: nothing counts */
	struct ras *ras;        /* gets its handler here */
};

MUST_USE enum err gatekeeper_new(const struct gatekeeper_deps *deps, struct gatekeeper **ret);
void gatekeeper_free(struct gatekeeper *g);
void gatekeeper_set_calls(struct gatekeeper *g, const struct gatekeeper_calls *calls);
/* What a predecessor left. Before the first turn. */
void gatekeeper_adopt(struct gatekeeper *g);
/* After zones_configure(). */
void gatekeeper_configure(struct gatekeeper *g, const struct conf *conf);
/* Registrations for the search of the call core. A target's source is the endpoint's call signalling
 * address, with its port. */
struct registrar_ops gatekeeper_ops(struct gatekeeper *g);

/* A registered endpoint, for who has its Setup. */
struct h323_endpoint {
	uint64_t handle;
	char alias[H323_ALIAS_MAX + 1]; /* the first one */
	char user[64];                  /* whose password it proved, or "" */
	struct zone *zone;
	struct addr call; /* its call signalling address */
	bool is_authenticated, is_nat, is_traversal;
};
/* Whose Setup came from there: the endpoint that was admitted to this call, or the only one whose call
 * signalling is at that host. False: nobody's who is registered. */
bool gatekeeper_caller(struct gatekeeper *g, const uint8_t guid[H323_GUID_LEN],
	const struct addr *from, struct h323_endpoint *ret);
void gatekeeper_call_ended(struct gatekeeper *g, const uint8_t guid[H323_GUID_LEN]);
/* DRQ with forcedDrop to the endpoints that were admitted to this call: for who cannot be told by call
 * signalling. Their admissions go. */
void gatekeeper_force_drop(struct gatekeeper *g, const uint8_t guid[H323_GUID_LEN]);
/* Does any endpoint's signalling come from that host? */
bool gatekeeper_knows_host(struct gatekeeper *g, const struct addr *host);

/* Names and numbers for ROW_COUNTERS. */
void gatekeeper_counters(const struct gatekeeper *g, struct wr *w);

#endif
