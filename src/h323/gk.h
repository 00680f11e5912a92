/* gk.h - what the parts of the gatekeeper share: its objects, and how a request is refused.
 *
 * gatekeeper.c makes them and says which part gets which message; discover.c, register.c, leave.c, admit.c
 * and locate.c are the parts.
 * Nobody else includes this. */
#ifndef H323_GK_H
#define H323_GK_H

#include "base/rate.h"
#include "call/policy.h"
#include "call/search.h"
#include "h323/admission.h"
#include "h323/gatekeeper.h"
#include "h323/proof.h"

/* What a refusal says: an alternative of its reject's reason, and a sentence for the log. */
struct refusal {
	uint16_t reason;
	const char *why;
};

/* What a neighbour was told a moment ago. */
#define GK_LOCATED 256u
struct gk_located {
	uint64_t key, until;           /* until 0: not yet told */
	const struct refusal *refusal; /* NULL: found */
};

/* Whose neighbours we are, by address; those that are named by a host name alone are none. */
#define GK_PEERS (CONF_ZONES * CONF_PEERS)
struct gk_peer {
	struct addr host;
	uint64_t zone;
};

struct gatekeeper {
	struct gatekeeper_deps d;
	const struct conf *conf;
	struct endpoints *endpoints;
	struct admissions *admissions;
	struct replay replay;
	struct rate failed_logins; /* by source */
	struct dial_plan *plan;
	struct gatekeeper_calls calls;
	struct gk_located located[GK_LOCATED];
	struct gk_peer peers[GK_PEERS];
	uint32_t n_peers;
	struct timer limit_calm; /* on: a limit was reached, and the alarm stands */
	struct timer clock_calm; /* on: a right token had a wrong time */
	struct {
		uint64_t n_refused, n_refused_auth, n_refused_limits, n_registered, n_expired,
			n_replaced, n_admitted, n_located, n_dead_legs;
	} counters;
};

/* ---- refuse.c: rejects, identity, fields of many messages ---- */

/* Builds the reject of this request, sends it and logs it. */
void gk_refuse(struct gatekeeper *g, struct ras_in *in, const struct refusal *refusal);
/* The same in two steps, for rejects that say more: the body, then gk_refuse_send(). */
uint16_t gk_refuse_begin(struct gatekeeper *g, struct ras_in *in, const struct refusal *refusal);
void gk_refuse_send(struct gatekeeper *g, struct ras_in *in, const struct refusal *refusal);
/* The same with the alternates, in this field of the reject (AltGKInfo). */
void gk_refuse_elsewhere(
	struct gatekeeper *g, struct ras_in *in, const struct refusal *refusal, uint16_t field);
/* A limit: counted, logged, an alarm. */
void gk_limit(struct gatekeeper *g, const struct ras_in *in, const char *setting);
/* Is the message's token good, or none due? False: it was refused. e: the sender, or NULL. may_be_none: a
 * message without a token passes, whatever the policy. */
bool gk_identify(struct gatekeeper *g, struct ras_in *in, const struct endpoint *e,
	enum conf_auth policy, bool may_be_none, struct proved *ret);
/* Sends the answer, sealed with what the request was proved by (NULL: nothing). */
void gk_send(struct ras_in *in, const struct gatekeeper *g, const struct proved *by);

/* ---- common fields ---- */
uint16_t gk_put_version(struct per_tree *t, uint16_t body, uint16_t field); /* 0.0.8.2250.0.7 */
/* BMPString of ASCII or UTF-8. */
void gk_put_text(struct per_tree *t, uint16_t node, const char *text);
bool gk_get_text(const struct per_tree *t, uint16_t node, char *ret_z, size_t size);
/* Our call signalling address as the sender sees it. */
struct addr gk_call_address(const struct gatekeeper *g, const struct ras_in *in);
void gk_put_alternates(const struct gatekeeper *g, struct per_tree *t, uint16_t list);
const struct conf_subzone *gk_subzone(
	const struct gatekeeper *g, const struct addr *source, const char *alias);
void gk_list_neighbours(struct gatekeeper *g); /* of the configuration */
/* The neighbour that a source is, by its address; NULL: none. */
struct zone *gk_neighbour(const struct gatekeeper *g, const struct addr *source);

/* The endpoint of a message's endpointIdentifier, and whether the message comes from it: from its host. */
struct endpoint *gk_sender(
	const struct gatekeeper *g, const struct ras_in *in, uint16_t id_node, bool *ret_is_its);

struct gk_names {
	size_t n;
	struct h323_alias v[ENDPOINT_ALIASES];
};
/* ERR_RANGE: a name that cannot be one; ERR_FULL: more than an endpoint may have. Kinds that nobody is
 * called by are left out. */
MUST_USE enum err gk_read_names(const struct per_tree *t, uint16_t list, struct gk_names *ret);
/* H.460.18: are we a server of it, and is it among the features? */
bool gk_offers_traversal(const struct gatekeeper *g, const struct ras_in *in, uint16_t features);
void gk_put_traversal(struct per_tree *t, uint16_t features);

/* ---- discover.c, register.c, leave.c ---- */
void register_discover(struct gatekeeper *g, struct ras_in *in); /* GRQ */
void register_request(struct gatekeeper *g, struct ras_in *in);  /* RRQ */
void register_end(struct gatekeeper *g, struct ras_in *in);      /* URQ */
/* An endpoint and its calls' admissions; tell: URQ with this reason, -1: without a word. */
void register_drop(struct gatekeeper *g, struct endpoint *e, const char *why, int tell);

/* ---- locate.c ---- */
enum gk_found { FOUND, FOUND_NOT, FOUND_DENIED, FOUND_NO_ALIAS };
struct gk_quest {
	struct zone *source, *target; /* target: of the first that was found */
	bool is_authenticated;
	char alias[ALIAS_MAX]; /* asked for last */
};
/* The first of a list of names that leads anywhere. */
enum gk_found gk_find(
	struct gatekeeper *g, struct gk_quest *q, const struct per_tree *t, uint16_t names);
/* A call to an address is one to the alias that the address is. */
enum gk_found gk_find_address(
	struct gatekeeper *g, struct gk_quest *q, const struct per_tree *t, uint16_t node);
void locate_request(struct gatekeeper *g, struct ras_in *in); /* LRQ */

/* ---- admit.c ---- */
void admit_request(struct gatekeeper *g, struct ras_in *in);            /* ARQ */
void admit_bandwidth(struct gatekeeper *g, struct ras_in *in);          /* BRQ */
void admit_end(struct gatekeeper *g, struct ras_in *in);                /* DRQ */
void admit_report(struct gatekeeper *g, struct ras_in *in);             /* IRR */
void admit_load(struct gatekeeper *g, struct ras_in *in);               /* RAI */
void admit_force_drop(struct gatekeeper *g, const struct admission *a); /* DRQ of ours */
void admit_due(void *admission);           /* its timer: is it still in the call? */
void admit_subzones(struct gatekeeper *g); /* a new configuration has other ones */

#endif
