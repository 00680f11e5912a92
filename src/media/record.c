/* record.c - what a flow leaves to the next process: its wanted row, its proofs, its sockets.
 *
 * Put when a flow is wanted, proved or moved, and for the age of a pinhole at every other refresh or so;
 * never per packet. Records are read as hostile input; one that does not make sense is dropped and
 * signalling repeats its row. */
#include <string.h>

#include "media/flow.h"

#define RECORD_VERSION 1

LOG_EVENT(ev_record, "MED-108", LOG_ERROR, "record of a flow dropped");
LOG_EVENT(ev_adopted, "MED-109", LOG_NOTICE, "flows go on after a restart");

/* ---- records ---- */

enum { TAG_WANTED_AS = 1, TAG_WANT, TAG_BASE, TAG_PATH };
enum {
	TAG_PATH_WHICH = 1,
	TAG_PATH_PROOF,
	TAG_PATH_SOURCE,
	TAG_PATH_COUNTER,
	TAG_PATH_TOKEN,
	TAG_PATH_MARK,
	TAG_PATH_OPEN
};

static void put_marks(struct wr *w, const struct srtp_marks *marks)
{
	for (size_t i = 0; i < marks->n; i++) {
		const struct srtp_mark *m = &marks->marks[i];
		uint8_t *mark = wr_t_begin(w, TAG_PATH_MARK);

		wr_u32(w, m->ssrc);
		wr_u32(w, m->seq);
		wr_u32(w, m->roc);
		wr_u32(w, m->roc_of_keys);
		wr_t_end(w, mark);
	}
}

static void put_path(struct wr *w, const struct path *p)
{
	uint8_t *mark = wr_t_begin(w, TAG_PATH);

	wr_t_u8(w, TAG_PATH_WHICH, (uint8_t)(p->end * 2 + p->component));
	wr_t_u8(w, TAG_PATH_PROOF, p->latch.proof);
	wr_t_addr(w, TAG_PATH_SOURCE, &p->latch.source);
	wr_t_u64(w, TAG_PATH_COUNTER, p->token_counter);
	wr_t_u64(w, TAG_PATH_TOKEN, p->token_ns);
	wr_t_u64(w, TAG_PATH_OPEN, p->latch.open_until_ns);
	put_marks(w, &p->seen);
	wr_t_end(w, mark);
}

void flow_keep(struct flow *f)
{
	uint8_t buf[KEEP_BODY_MAX];
	struct wr w = wr_of(buf, sizeof buf);
	uint8_t *mark;

	wr_u8(&w, RECORD_VERSION);
	wr_t_u64(&w, TAG_WANTED_AS, f->wanted_as);
	mark = wr_t_begin(&w, TAG_WANT);
	flow_want_put(&w, &f->want);
	wr_t_end(&w, mark);
	wr_t_u64(&w, TAG_BASE, f->token_base_us);
	for (int end = 0; end < 2; end++) {
		for (int c = 0; c < COMP_MAX; c++) {
			if (f->path[end][c].latch.proof)
				put_path(&w, &f->path[end][c]);
			f->path[end][c].kept_token_ns = f->path[end][c].token_ns;
		}
	}
	keep_put(f->flows->d.keep, f->handle, wr_done(&w), NO_FD);
	explicit_bzero(buf, sizeof buf); /* keys */
}

/* ---- sockets ---- */

static uint64_t port_key(const struct path *p)
{
	uint64_t h = p->flow->handle;

	return handle_make(
		HK_PORT, handle_slot(h) * 4 + p->end * 2u + p->component, handle_generation(h));
}

enum { TAG_PORT_FLOW = 1, TAG_PORT_END, TAG_PORT_COMPONENT };

void path_keep(struct path *p)
{
	struct flow *f = p->flow;
	uint8_t buf[64];
	struct wr w = wr_of(buf, sizeof buf);

	wr_u8(&w, RECORD_VERSION);
	wr_t_u64(&w, TAG_PORT_FLOW, f->wanted_as);
	wr_t_u8(&w, TAG_PORT_END, p->end);
	wr_t_u8(&w, TAG_PORT_COMPONENT, p->component);
	keep_put(f->flows->d.keep, port_key(p), wr_done(&w), dgram_fd(p->dgram));
	p->is_kept = true;
}

void path_unkeep(struct path *p)
{
	if (p->is_kept)
		keep_del(p->flow->flows->d.keep, port_key(p));
	p->is_kept = false;
}

/* ---- of a predecessor ---- */

struct record {
	uint64_t wanted_as, base_us;
	struct flow_want want;
	struct latch latch[4];
	uint64_t counter[4], token_ns[4];
	struct srtp_marks seen[4];
};

static void read_mark(struct rd *v, struct srtp_marks *marks)
{
	struct srtp_mark m = {0};

	m.ssrc = rd_u32(v);
	m.seq = rd_u32(v);
	m.roc = rd_u32(v);
	m.roc_of_keys = rd_u32(v);
	m.kept = (uint16_t)m.seq;
	if (marks->n == SRTP_MARKS_MAX || rd_more(v))
		rd_fail(v, ERR_RANGE);
	if (v->err == OK)
		marks->marks[marks->n++] = m;
	marks->next = marks->n % SRTP_MARKS_MAX;
}

static enum err read_path(struct rd *r, struct record *rec)
{
	struct latch latch = {0};
	struct srtp_marks seen = {0};
	uint64_t counter = 0, token_ns = 0;
	unsigned which = 4;
	uint16_t tag;
	struct rd value;

	while (rd_tag(r, &tag, &value)) {
		if (tag == TAG_PATH_WHICH)
			which = (unsigned)rd_t_num(&value);
		else if (tag == TAG_PATH_PROOF)
			latch.proof = (uint8_t)rd_t_num(&value);
		else if (tag == TAG_PATH_SOURCE)
			latch.source = rd_t_addr(&value);
		else if (tag == TAG_PATH_COUNTER)
			counter = rd_t_num(&value);
		else if (tag == TAG_PATH_TOKEN)
			token_ns = rd_t_num(&value);
		else if (tag == TAG_PATH_OPEN)
			latch.open_until_ns = rd_t_num(&value);
		else if (tag == TAG_PATH_MARK)
			read_mark(&value, &seen);
		rd_join(r, &value);
	}
	if (which > 3 || latch.proof >= PROOF_MAX)
		rd_fail(r, ERR_RANGE);
	if (r->err)
		return r->err;
	rec->latch[which] = latch;
	rec->counter[which] = counter;
	rec->token_ns[which] = token_ns;
	rec->seen[which] = seen;
	return OK;
}

static enum err read_record(struct rd *r, struct record *rec)
{
	uint16_t tag;
	struct rd value;

	if (rd_u8(r) != RECORD_VERSION)
		return ERR_VERSION;
	while (rd_tag(r, &tag, &value)) {
		if (tag == TAG_WANTED_AS)
			rec->wanted_as = rd_t_num(&value);
		else if (tag == TAG_WANT)
			rd_fail(&value, flow_want_get(&value, &rec->want));
		else if (tag == TAG_BASE)
			rec->base_us = rd_t_num(&value);
		else if (tag == TAG_PATH)
			(void)read_path(&value, rec);
		rd_join(r, &value);
	}
	return r->err;
}

static void restore(struct flow *f, const struct record *rec)
{
	uint64_t now = io_now(f->flows->d.io);

	f->want = rec->want;
	f->token_base_us = rec->base_us;
	for (int i = 0; i < 4; i++) {
		struct path *p = &f->path[i / 2][i % 2];

		p->latch = rec->latch[i];
		p->latch.last_ns = now;
		if (p->latch.open_until_ns > now + LATCH_OPEN_NS)
			p->latch.open_until_ns = 0; /* of another boot, or nonsense */
		p->token_counter = rec->counter[i];
		p->seen = rec->seen[i];
		p->is_restored = p->latch.proof != PROOF_NONE;
		p->token_ns = rec->token_ns[i] < now ? rec->token_ns[i] : now;
		p->kept_token_ns = p->token_ns;
		/* it proved itself to the predecessor: Edge knows this very socket */
		if (p->latch.proof && f->want.end[p->end].kind == END_MUX_CLIENT)
			p->prover.is_proved = true;
	}
	for (int end = 0; end < 2; end++) {
		if (!flow_end_is_shared(&f->want.end[end]))
			continue;
		for (int c = 0; c < COMP_MAX; c++)
			mux_source(f->flows->mux, &f->path[end][c]);
	}
	flow_renew_lease(f);
}

static void adopt_flow(struct flows *fs, const struct kept *kept)
{
	struct record rec = {0};
	struct rd r = rd_of(kept->body);
	enum err err = read_record(&r, &rec);
	struct flow *f = NULL;

	if (err == OK)
		f = pool_take_at(&fs->pool, kept->key);
	if (!f) {
		log_put(io_log(fs->d.io), &ev_record, F_H("record", kept->key),
			F_ERR(err ? err : ERR_FULL));
		keep_del(fs->d.keep, kept->key);
	} else {
		flow_init(fs, f, rec.wanted_as);
		restore(f, &rec);
	}
	explicit_bzero(&rec, sizeof rec); /* keys */
}

static void adopt_socket(struct flows *fs, const struct kept *kept)
{
	uint64_t wanted_as = 0;
	unsigned end = 2, component = COMP_MAX;
	uint16_t tag;
	struct rd value, r = rd_of(kept->body);
	struct flow *f;
	struct path *p;

	(void)rd_u8(&r);
	while (rd_tag(&r, &tag, &value)) {
		if (tag == TAG_PORT_FLOW)
			wanted_as = rd_t_num(&value);
		else if (tag == TAG_PORT_END)
			end = (unsigned)rd_t_num(&value);
		else if (tag == TAG_PORT_COMPONENT)
			component = (unsigned)rd_t_num(&value);
		rd_join(&r, &value);
	}
	f = flows_find(fs, wanted_as);
	p = f && r.err == OK && end < 2 && component < COMP_MAX ? &f->path[end][component] : NULL;
	if (p && !p->dgram && port_key(p) == kept->key && !flow_end_is_shared(&f->want.end[end]) &&
		path_open(p, kept->fd) == OK) {
		p->is_kept = true;
		return;
	}
	io_close_fd(fs->d.io, kept->fd);
	keep_del(fs->d.keep, kept->key);
}

void flows_adopt(struct flows *fs)
{
	struct kept kept;

	mux_adopt(fs->mux);
	while (keep_next(fs->d.keep, HK_FLOW, &kept))
		adopt_flow(fs, &kept);
	while (keep_next(fs->d.keep, HK_PORT, &kept))
		adopt_socket(fs, &kept);
	for (struct flow *f = NULL; (f = pool_next(&fs->pool, f));) {
		flow_realise(f);
		row_put(fs->d.ipc, &f->row);
	}
	if (fs->pool.n_taken)
		log_put(io_log(fs->d.io), &ev_adopted, F_NUM("flows", fs->pool.n_taken));
}
