/* endpoint.h - who is registered by H.323: identifiers, names, addresses, until when.
 *
 * A table and its indexes: by endpoint identifier, by alias (letters of either case are one), by the
 * address that its RAS messages come from, by the host of its call signalling. Each alias shows as a row;
 * each endpoint has a record, so that a successor of this process has it with the same identifier. It
 * decides nothing: who may register, under which names and for how long is the gatekeeper's. */
#ifndef H323_ENDPOINT_H
#define H323_ENDPOINT_H

#include "base/pool.h"
#include "call/call.h"
#include "h323/value.h"

#define ENDPOINT_ALIASES     32u
#define ENDPOINT_NAMES_MAX   1100u /* octets of all its aliases: what a record holds */
#define ENDPOINT_ADDRESSES   4u
#define ENDPOINT_ID_LEN      32u
#define ENDPOINT_VENDOR_MAX  64u
#define ALIASES_PER_ENDPOINT 4u /* of the table, on average */

struct endpoint {
	uint64_t handle; /* HK_ENDPOINT */
	struct endpoints *all;
	uint64_t secret; /* of its identifier */
	struct hash_node by_source, by_host;
	struct list aliases, calls;           /* calls: admission.h */
	struct timer timer;                   /* its end */
	struct addr source;                   /* where its RAS messages come from */
	struct addr local;                    /* our socket that they come to */
	struct addr call[ENDPOINT_ADDRESSES]; /* call signalling, as we reach it */
	uint32_t n_calls_at;                  /* how many of these */
	char vendor[ENDPOINT_VENDOR_MAX];     /* product and version, for people */
	uint64_t vendor_key;                  /* of who made it, to tell one again */
	char user[64];                        /* whose password it proved, or "" */
	uint32_t ttl_s, version;              /* version: of H.225.0 */
	uint32_t n_aliases, names_len;
	bool is_nat, is_traversal, is_gateway, is_full; /* is_traversal: H.460.18; is_full: RAI */
	bool is_kept;
};

struct endpoint_alias {
	uint64_t handle; /* HK_ALIAS */
	struct endpoint *endpoint;
	struct hash_node by_text;
	struct list list;
	struct row row;
	enum alias_kind kind;
	char text[H323_ALIAS_MAX + 1];
};

typedef void(endpoint_ended_h)(void *arg, struct endpoint *e);
struct endpoints_deps {
	struct io *io;
	struct ipc *ipc;
	struct keep *keep;
	const struct conf *conf;
	endpoint_ended_h *expired; /* its time is over: it is the handler's to drop */
	void *arg;
};

struct endpoints;
MUST_USE enum err endpoints_new(const struct endpoints_deps *deps, struct endpoints **ret);
void endpoints_free(struct endpoints *es);
void endpoints_adopt(struct endpoints *es);
size_t endpoints_count(const struct endpoints *es);

/* Zeroed, with an identifier of its own, in no index. NULL: limits.registrations. */
struct endpoint *endpoint_take(struct endpoints *es);
void endpoint_drop(
	struct endpoint *e); /* row, record, indexes, aliases, timer; calls must be none */
void endpoint_id(const struct endpoint *e, char ret_z[ENDPOINT_ID_LEN + 1]);
/* Source and call addresses were set: into the indexes. */
void endpoint_place(struct endpoint *e);
/* Its time begins anew: once and a half its ttl_s. */
void endpoint_refresh(struct endpoint *e);
uint64_t endpoint_left_s(const struct endpoint *e);
void endpoint_show(struct endpoint *e); /* rows */
void endpoint_keep(struct endpoint *e); /* its record: after every change but of time */

/* ERR_FULL: no room for it; ERR_EXISTS: it has it already. */
MUST_USE enum err endpoint_add_alias(struct endpoint *e, enum alias_kind kind, struct str text);
void endpoint_remove_alias(struct endpoint_alias *a);
struct endpoint_alias *endpoint_first_alias(const struct endpoint *e); /* NULL: none */
struct endpoint_alias *endpoint_next_alias(
	const struct endpoint *e, const struct endpoint_alias *a);

struct endpoint *endpoint_by_id(const struct endpoints *es, struct str id);
struct endpoint *endpoint_by_source(const struct endpoints *es, const struct addr *source);
struct endpoint *endpoint_by_alias(const struct endpoints *es, struct str text);
/* The only one whose call signalling comes from that host; *ret_is_many: there are several. */
struct endpoint *endpoint_by_host(
	const struct endpoints *es, const struct addr *host, bool *ret_is_many);

#endif
