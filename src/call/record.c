/* record.c - see record.h. */
#include "call/record.h"

#include <string.h>

#include "call/life.h"
#include "call/quiet.h"

#define RECORD_VERSION 1

LOG_EVENT(ev_adopted, "CALL-103", LOG_NOTICE, "call goes on after a restart");
LOG_EVENT(ev_dropped_record, "CALL-104", LOG_ERROR, "record of a call dropped");

enum { TAG_ID = 1, TAG_ALIAS, TAG_FROM, TAG_SINCE, TAG_LEG, TAG_RULE };
enum {
	TAG_LEG_HANDLE = 1,
	TAG_LEG_ZONE,
	TAG_LEG_ALIAS,
	TAG_LEG_PROTOCOL,
	TAG_LEG_ADDR,
	TAG_LEG_FLAGS
};

static void put_leg(struct wr *w, const struct leg *leg)
{
	uint8_t *mark = wr_t_begin(w, TAG_LEG);

	wr_t_u64(w, TAG_LEG_HANDLE, leg->handle);
	wr_t_z(w, TAG_LEG_ZONE, leg->zone->name);
	wr_t_z(w, TAG_LEG_ALIAS, leg->alias);
	wr_t_z(w, TAG_LEG_PROTOCOL, leg->protocol);
	wr_t_addr(w, TAG_LEG_ADDR, &leg->signalling);
	wr_t_u8(w, TAG_LEG_FLAGS, (uint8_t)(leg->is_caller | leg->is_nat << 1));
	wr_t_end(w, mark);
}

void record_keep(struct call *call)
{
	uint8_t buf[KEEP_BODY_MAX];
	struct wr w = wr_of(buf, sizeof buf);

	if (!call->a || !call->b)
		return;
	wr_u8(&w, RECORD_VERSION);
	wr_t_u64(&w, TAG_ID, call->id);
	wr_t_z(&w, TAG_ALIAS, call->setup.alias);
	wr_t_z(&w, TAG_FROM, call->setup.from);
	wr_t_u64(&w, TAG_SINCE, call->show.since_wall_s);
	wr_t_z(&w, TAG_RULE, call->show.rule);
	put_leg(&w, call->a);
	put_leg(&w, call->b);
	keep_put(call->core->d.keep, call->handle, wr_done(&w), NO_FD);
	streams_keep(&call->streams);
}

/* A leg of the record: in its own slot, without its protocol's object until leg_adopt(). */
static enum err adopt_leg(struct call *call, struct rd *r)
{
	struct call_core *core = call->core;
	struct leg read = {0}, *leg;
	char zone[SHOW_NAME_MAX] = "";
	uint16_t tag;
	struct rd value;
	uint8_t flags = 0;

	while (rd_tag(r, &tag, &value)) {
		if (tag == TAG_LEG_HANDLE)
			read.handle = rd_t_num(&value);
		else if (tag == TAG_LEG_ZONE)
			rd_t_z(&value, zone, sizeof zone);
		else if (tag == TAG_LEG_ALIAS)
			rd_t_z(&value, read.alias, sizeof read.alias);
		else if (tag == TAG_LEG_PROTOCOL)
			rd_t_z(&value, read.protocol, sizeof read.protocol);
		else if (tag == TAG_LEG_ADDR)
			read.signalling = rd_t_addr(&value);
		else if (tag == TAG_LEG_FLAGS)
			flags = (uint8_t)rd_t_num(&value);
		rd_join(r, &value);
	}
	if (r->err)
		return r->err;
	read.zone = zone_named(core->d.zones, str_of(zone));
	if (!read.zone)
		return ERR_NOENT;
	leg = pool_take_at(&core->legs, read.handle);
	if (!leg)
		return ERR_EXISTS;
	read.call = call;
	read.is_caller = flags & 1;
	read.is_nat = flags >> 1 & 1;
	*leg = read;
	leg->zone->n_calls++;
	if (leg->is_caller && !call->a) {
		call->a = leg;
	} else {
		call->b = leg;
		list_append(&call->branches, &leg->list);
	}
	return OK;
}

static enum err adopt_call(struct call *call, struct rd *r)
{
	uint16_t tag;
	struct rd value;
	enum err err = OK;

	if (rd_u8(r) != RECORD_VERSION)
		return ERR_VERSION;
	while (err == OK && rd_tag(r, &tag, &value)) {
		if (tag == TAG_ID)
			call->id = rd_t_num(&value);
		else if (tag == TAG_ALIAS)
			rd_t_z(&value, call->setup.alias, sizeof call->setup.alias);
		else if (tag == TAG_FROM)
			rd_t_z(&value, call->setup.from, sizeof call->setup.from);
		else if (tag == TAG_SINCE)
			call->show.since_wall_s = rd_t_num(&value);
		else if (tag == TAG_RULE)
			rd_t_z(&value, call->show.rule, sizeof call->show.rule);
		else if (tag == TAG_LEG)
			err = adopt_leg(call, &value);
		rd_join(r, &value);
	}
	if (err == OK)
		err = r->err;
	return err == OK && (!call->a || !call->b) ? ERR_SYNTAX : err;
}

static void drop_record(struct call_core *core, uint64_t key, enum err err)
{
	log_put(io_log(core->d.io), &ev_dropped_record, F_H("record", key), F_ERR(err));
	keep_del(core->d.keep, key);
}

static void adopt_one_call(struct call_core *core, const struct kept *kept)
{
	struct call *call = pool_take_at(&core->calls, kept->key);
	struct rd r = rd_of(kept->body);
	enum err err;

	if (!call) {
		drop_record(core, kept->key, ERR_FULL);
		return;
	}
	call_init(call, core);
	call->is_answered = call->is_adopted = true;
	call->state = CALL_UP;
	err = adopt_call(call, &r);
	if (err == OK) {
		quiet_begin(call);
		return;
	}
	drop_record(core, kept->key, err);
	if (call->a)
		leg_free(core, call->a);
	if (call->b)
		leg_free(core, call->b);
	pool_give(&core->calls, call);
}

/* Zones have new handles in each process; false: the zone is of another kind now. */
static bool adopt_ends(const struct call *call, struct media_stream *st)
{
	const struct leg *legs[] = {call->a, call->b};

	for (int i = 0; i < 2; i++) {
		struct flow_end *e = &st->want.end[i];

		bool is_mux = e->kind == END_MUX_CLIENT || e->kind == END_MUX_SERVER;

		if ((is_mux || e->h46019.role) != legs[i]->zone->is_link)
			return false;
		e->zone = is_mux ? legs[i]->zone->handle : 0;
	}
	return true;
}

static void adopt_one_stream(struct call_core *core, const struct kept *kept)
{
	struct media_stream *st = NULL;
	enum err err = stream_adopt_record(&core->streams_deps, kept, &st);
	struct call *call = st ? pool_get(&core->calls, st->call) : NULL;

	if (err) {
		drop_record(core, kept->key, err);
		return;
	}
	if (!call || call->streams.lines[st->line] || !adopt_ends(call, st)) {
		struct call_streams orphan = {.deps = &core->streams_deps, .n = st->line + 1u};

		orphan.lines[st->line] = st;
		streams_end(&orphan);
		drop_record(core, kept->key, ERR_NOENT);
		return;
	}
	call->streams.lines[st->line] = st;
	if (call->streams.n <= st->line)
		call->streams.n = call->streams.n_settled = st->line + 1u;
}

void call_adopt(struct call_core *core)
{
	struct kept kept;

	while (keep_next(core->d.keep, HK_CALL, &kept))
		adopt_one_call(core, &kept);
	while (keep_next(core->d.keep, HK_STREAM, &kept))
		adopt_one_stream(core, &kept);
}

struct leg *leg_adopt(
	struct call_core *core, uint64_t handle, const struct leg_ops *ops, void *peer)
{
	struct leg *leg = pool_get(&core->legs, handle);

	if (!leg || leg->ops)
		return NULL;
	leg->ops = ops;
	leg->peer = peer;
	return leg;
}

static void end_half_adopted(struct call *call)
{
	struct call_event ev = {.type = CEV_RELEASE};

	cause_set(&ev.cause, 500, "A side of the call was lost in a restart");
	if (call->a && !call->a->ops)
		leg_free(call->core, call->a), call->a = NULL;
	if (call->b && !call->b->ops)
		leg_free(call->core, call->b), call->b = NULL;
	call_end(call, &ev);
}

void call_adopt_done(struct call_core *core)
{
	for (struct call *call = NULL; (call = pool_next(&core->calls, call));) {
		if (!call->is_adopted)
			continue;
		call->is_adopted = false;
		if (!call->a->ops || !call->b->ops) {
			end_half_adopted(call);
			continue;
		}
		log_put(io_log(core->d.io), &ev_adopted, F_H("call", call->id));
		call_show(call);
	}
}
