/* call.h - the call core: zones, search, legs, media ports, flows. One per fosse-sig.
 *
 * A protocol reports with call_setup() and leg_event(); the core answers through the leg's ops. It owns
 * calls and legs (pools, limits of the configuration), takes port pairs from the plan's media range,
 * shows FLOW_WANT and CALL rows, keeps records of established calls. It holds no SIP or H.323 type and
 * sees no media packet. */
#ifndef CALL_CALL_H
#define CALL_CALL_H

#include "call/leg.h"
#include "call/zone.h"
#include "conf/conf.h"
#include "ipc/keep.h"

/* Registrations are the protocol's; the search asks for them. Fills up to max targets (their uri,
 * conn, source, is_nat); returns how many. *ret_is_known: the alias is registered, though perhaps
 * nobody can be reached (then 480). */
struct registrar_ops {
	size_t (*find)(void *arg, struct str alias, struct target *ret_targets, size_t max,
		bool *ret_is_known);
	void *arg;
};

struct call_deps {
	struct io *io;
	struct ipc *ipc;
	struct keep *keep;
	const struct conf *conf; /* replaced by call_core_configure */
	struct zones *zones;
	struct alarms *alarms;
};

MUST_USE enum err call_core_new(const struct call_deps *deps, struct call_core **ret_core);
void call_core_free(struct call_core *core);
void call_core_configure(struct call_core *core, const struct conf *conf);
/* A call stays in its caller's protocol: these legs, and the registrations that its searches ask. */
void call_core_add_protocol(struct call_core *core, enum conf_protocol protocol,
	const struct leg_ops *ops, const struct registrar_ops *registrar);

/* An incoming call. ev: CEV_SETUP. On an error the protocol answers with *ret_cause itself (503, 483,
 * 482, 403, 404) and no leg exists; else the leg lives until the core released it, and the verdict
 * comes through ops. peer: the protocol's object. */
MUST_USE enum err call_setup(struct call_core *core, const struct leg_ops *ops, void *peer,
	const struct call_setup *setup, const struct call_event *ev, struct leg **ret_leg,
	struct call_cause *ret_cause);
/* What happened on a leg. After CEV_RELEASE the leg is the core's to free: the protocol drops its pointer. */
void leg_event(struct call_core *core, struct leg *leg, const struct call_event *ev);
/* Ports for a channel that `from` opens towards `to` (the legs of one call, one of which may still be a branch),
 * before either is told: the channel's line. session: 0 is not assigned yet; channels of one session and
 * kind share a line. After an error nothing was changed. ERR_DENIED: an address that we may not use, or a
 * transport that is not carried; ERR_NO_PORT, ERR_FULL (limits.streams_per_call). ret_why: one sentence. */
MUST_USE enum err call_channel_open(struct call_core *core, struct leg *from, struct leg *to,
	const struct media_line *media, uint8_t session, uint8_t *ret_line, const char **ret_why);
/* The channel that `opener` opened on this line is gone, without a word to anybody. */
void call_channel_close(struct leg *opener, uint8_t line);
/* Edge named the multiplexed stream of this line towards `leg`, in what no event reports (fastStart). */
void call_channel_mux(struct leg *leg, uint8_t line, const struct mux_line *mux);
/* What `leg` shall say of this line to its far side. */
void call_channel_local(const struct leg *leg, uint8_t line, struct media_local *ret_local,
	struct mux_line *ret_mux);
/* The other side of an answered call, or the caller of a branch; of a caller that waits: the branch that rings;
 * NULL: none, or several. */
struct leg *leg_other(const struct leg *leg);
struct leg *leg_get(struct call_core *core, struct leg_h h);
struct call *call_get(struct call_core *core, struct call_h h);
uint64_t call_id(const struct call *call); /* one number on both nodes, for logs and Fosse-Call */
/* Media's word on a stream (ROW_FLOW_IS). */
void call_flow_is(struct call_core *core, uint64_t stream, struct rd *body);
MUST_USE enum err call_drop(struct call_core *core, uint64_t id); /* ASK_DROP */
/* Records of calls, before the protocols adopt their legs; then call_adopt_done() drops what has no leg. */
void call_adopt(struct call_core *core);
/* The leg of a record that the protocol is adopting; NULL: its call is gone. */
struct leg *leg_adopt(
	struct call_core *core, uint64_t handle, const struct leg_ops *ops, void *peer);
void call_adopt_done(struct call_core *core);
size_t call_count(const struct call_core *core);
size_t call_ports_taken(const struct call_core *core); /* pairs; resting ones are free */

#endif
