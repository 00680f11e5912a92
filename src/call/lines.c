/* lines.c - see lines.h. */
#include <string.h>

#include "call/lines.h"

LOG_EVENT(ev_refused, "MED-100", LOG_INFO, "media line refused");

#define RECORD_VERSION 1

enum { TAG_CALL = 1, TAG_LINE, TAG_PORT0, TAG_PORT1, TAG_WANT, TAG_KIND, TAG_SESSION, TAG_WAYS };

static void write_want(const struct row *row, struct wr *w)
{
	flow_want_put(w, &container_of(row, const struct media_stream, row)->want);
}

struct media_stream *line_new(struct call_streams *s, uint8_t line)
{
	struct media_stream *st = pool_take(s->deps->pool);

	if (!st)
		return NULL;
	st->call = s->call;
	st->line = line;
	st->is_new = true;
	st->want = (struct flow_want){
		.call = s->call, .line = line, .lease_ms = s->deps->conf->media.lease_ms};
	row_init(&st->row, ROW_FLOW_WANT, st->handle, write_want);
	return st;
}

void line_end(struct call_streams *s, uint32_t line)
{
	struct media_stream *st = s->lines[line];

	if (!st)
		return;
	row_del(s->deps->ipc, &st->row);
	keep_del(s->deps->keep, st->handle);
	port_pool_give(s->deps->ports, st->port[0]);
	port_pool_give(s->deps->ports, st->port[1]);
	pool_give(s->deps->pool, st);
	s->lines[line] = NULL;
}

void line_show(struct call_streams *s, struct media_stream *st)
{
	st->is_shown = true;
	row_put(s->deps->ipc, &st->row);
}

void line_log_refused(
	struct call_streams *s, uint32_t line, const struct media_line *ml, const char *why)
{
	log_put(io_log(s->deps->io), &ev_refused, F_H("call", s->call), F_NUM("line", line),
		F_ADDR("address", &ml->rtp), F_Z("why", why));
}

/* A line that the call has not yet takes two port pairs: as many of them as the setting allows, whoever else
 * would have room. */
bool line_has_room(const struct call_streams *s, uint32_t line, const char **ret_why)
{
	uint32_t n = 0;

	if (s->lines[line])
		return true;
	for (uint32_t i = 0; i < MEDIA_LINES_MAX; i++)
		n += s->lines[i] != NULL;
	*ret_why = "limits.streams_per_call is reached";
	return n < s->deps->conf->limits.streams_per_call;
}

/* ---- records ---- */

void streams_keep(struct call_streams *s)
{
	for (uint32_t i = 0; i < s->n; i++) {
		struct media_stream *st = s->lines[i];
		uint8_t buf[KEEP_BODY_MAX];
		struct wr w = wr_of(buf, sizeof buf);
		uint8_t *mark;

		if (!st)
			continue;
		wr_u8(&w, RECORD_VERSION);
		wr_t_u64(&w, TAG_CALL, st->call);
		wr_t_u8(&w, TAG_LINE, st->line);
		wr_t_u16(&w, TAG_PORT0, st->port[0]);
		wr_t_u16(&w, TAG_PORT1, st->port[1]);
		if (st->is_channel) {
			wr_t_u8(&w, TAG_KIND, st->kind);
			wr_t_u8(&w, TAG_SESSION, st->session);
			wr_t_u8(&w, TAG_WAYS, (uint8_t)(st->has_way[0] | st->has_way[1] << 1));
		}
		mark = wr_t_begin(&w, TAG_WANT);
		flow_want_put(&w, &st->want);
		wr_t_end(&w, mark);
		keep_put(s->deps->keep, st->handle, wr_done(&w), NO_FD);
		explicit_bzero(buf, sizeof buf); /* keys */
	}
}

static void read_ways(struct media_stream *st, uint64_t ways)
{
	st->is_channel = true;
	st->has_way[0] = ways & 1;
	st->has_way[1] = ways >> 1 & 1;
}

static enum err read_record(struct rd *r, struct media_stream *ret)
{
	uint16_t tag;
	struct rd value;

	if (rd_u8(r) != RECORD_VERSION)
		return ERR_VERSION;
	while (rd_tag(r, &tag, &value)) {
		if (tag == TAG_CALL)
			ret->call = rd_t_num(&value);
		else if (tag == TAG_LINE)
			ret->line = (uint8_t)rd_t_num(&value);
		else if (tag == TAG_PORT0)
			ret->port[0] = (uint16_t)rd_t_num(&value);
		else if (tag == TAG_PORT1)
			ret->port[1] = (uint16_t)rd_t_num(&value);
		else if (tag == TAG_KIND)
			ret->kind = (uint8_t)rd_t_num(&value);
		else if (tag == TAG_SESSION)
			ret->session = (uint8_t)rd_t_num(&value);
		else if (tag == TAG_WAYS)
			read_ways(ret, rd_t_num(&value));
		else if (tag == TAG_WANT && flow_want_get(&value, &ret->want) != OK)
			return ERR_SYNTAX;
		rd_join(r, &value);
	}
	return r->err;
}

enum err stream_adopt_record(
	const struct streams_deps *deps, const struct kept *kept, struct media_stream **ret_stream)
{
	struct media_stream read = {0}, *st;
	struct rd r = rd_of(kept->body);
	enum err err = read_record(&r, &read);

	if (err)
		return err;
	if (read.line >= MEDIA_LINES_MAX)
		return ERR_RANGE;
	st = pool_take_at(deps->pool, kept->key);
	if (!st)
		return ERR_FULL;
	st->call = read.call;
	st->line = read.line;
	st->want = read.want;
	st->is_channel = read.is_channel;
	st->kind = read.kind;
	st->session = read.session;
	memcpy(st->has_way, read.has_way, sizeof st->has_way);
	explicit_bzero(&read.want, sizeof read.want); /* keys */
	row_init(&st->row, ROW_FLOW_WANT, st->handle, write_want);
	for (int i = 0; i < 2; i++) {
		if (read.port[i] && port_pool_take_at(deps->ports, read.port[i]))
			st->port[i] = read.port[i];
	}
	row_put(deps->ipc, &st->row);
	st->is_shown = true;
	*ret_stream = st;
	return OK;
}
