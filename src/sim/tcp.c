/* tcp.c - byte streams between hosts, and local pairs: in order, with segments, windows and
 * delay.
 *
 * What a real stack hides is hidden here too: a lost segment comes 200 ms later, one that cannot
 * pass (a cut wire, a firewall without state) is repeated with doubling pauses until the sender's
 * patience ends. A port where nobody listens, and an end that is gone, answer with RESET. A power
 * cut answers nothing. Acknowledgements do not travel. */
#include <errno.h>
#include <string.h>

#include "sim/private.h"

#define SEGMENT_BYTES 1400u
#define WINDOW        (256u * 1024)
#define SEND_BUFFER   (128u * 1024)
#define BACKLOG       1024u
#define PATIENCE_NS   (120ull * NS_PER_S)
#define REPEAT_NS     (200ull * NS_PER_MS)
#define DIAL_NS       (1ull * NS_PER_S)
#define REPEAT_MAX_NS (10ull * NS_PER_S)
#define SLICES        64

/* ---- segments ---- */

static struct wire *new_segment(
	struct sim *sim, enum segment segment, const struct journey *j, struct str bytes)
{
	struct wire *w = pool_take(&sim->wires);

	if (!w)
		return NULL;
	w->segment = segment;
	w->host = j->host;
	w->from = j->from;
	w->to = j->to;
	w->len = (uint32_t)bytes.len;
	if (bytes.len)
		memcpy(w->bytes, bytes.p, bytes.len);
	hash_in(sim, bytes.p, bytes.len);
	return w;
}

/* False: it did not leave, and is to be repeated. */
static bool send_segment(struct file *f, enum segment segment, struct str bytes)
{
	struct sim *sim = f->sim;
	struct journey j = {.protocol = WIRE_TCP,
		.opens = segment == SEG_SYN,
		.from = f->local,
		.to = f->remote,
		.len = (uint32_t)bytes.len};
	struct wire *w;
	uint64_t at;

	if (!travel(sim, f->host, &j))
		return false;
	w = new_segment(sim, segment, &j, bytes);
	if (!w)
		return false;
	w->file = f->peer;
	w->peer = f->h;
	at = sim->now + j.delay_ns + (j.is_lost ? (segment == SEG_SYN ? DIAL_NS : REPEAT_NS) : 0);
	f->last_arrival = at > f->last_arrival ? at : f->last_arrival;
	event_put(sim, f->last_arrival, EVENT_SEGMENT, w->h, 0);
	return true;
}

/* From an end that does not exist (any more). */
static void answer_reset(struct sim *sim, const struct wire *to)
{
	struct journey j = {.protocol = WIRE_TCP, .from = to->to, .to = to->from};
	struct wire *w;

	if (!travel(sim, to->host, &j))
		return;
	w = new_segment(sim, SEG_RESET, &j, STR_NONE);
	if (!w)
		return;
	w->file = to->peer;
	event_put(sim, sim->now + j.delay_ns, EVENT_SEGMENT, w->h, 0);
}

/* ---- giving up, and repeating ---- */

static void fail(struct file *f, int number)
{
	f->reset = (enum err)(-number);
	f->is_dialling = false;
	outq_drop(&f->sim->chunks, &f->out);
	file_tell(f);
	if (f->is_orphan)
		file_unref(f);
}

static void pump_later(struct file *f, uint64_t delay_ns)
{
	if (f->is_pump_due)
		return;
	f->is_pump_due = true;
	event_put(f->sim, f->sim->now + delay_ns, EVENT_PUMP, f->h, 0);
}

/* first_ns: the first pause, doubled each time. */
static void repeat_later(struct file *f, uint64_t first_ns)
{
	uint64_t delay = first_ns << (f->n_retries < 8 ? f->n_retries : 8);
	uint64_t patience = f->patience_ns ? f->patience_ns : PATIENCE_NS;

	if (!f->n_retries++)
		f->stuck_since = f->sim->now;
	if (f->sim->now - f->stuck_since >= patience) {
		fail(f, ETIMEDOUT);
		return;
	}
	if (delay > REPEAT_MAX_NS)
		delay = REPEAT_MAX_NS;
	if (f->sim->now + delay > f->stuck_since + patience)
		delay = f->stuck_since + patience - f->sim->now;
	f->is_stuck = !f->is_dialling;
	pump_later(f, delay);
}

void tcp_dial(struct file *f)
{
	f->is_dialling = true;
	(void)send_segment(f, SEG_SYN, STR_NONE);
	repeat_later(f, DIAL_NS); /* also when it left: the answer may not come */
}

/* ---- moving bytes ---- */

size_t stream_room(const struct file *f)
{
	return f->out.n < SEND_BUFFER ? SEND_BUFFER - f->out.n : 0;
}

/* The next bytes of a queue, in one piece of at most max. */
static struct str next_bytes(const struct outq *q, char *buf, size_t max)
{
	struct str slices[2];
	size_t n_slices = outq_slices(q, slices, 2), n = 0;

	for (size_t i = 0; i < n_slices && n < max; i++) {
		struct str s = str_head(slices[i], max - n);

		memcpy(buf + n, s.p, s.len);
		n += s.len;
	}
	return (struct str){buf, n};
}

static void tell_room(struct file *f)
{
	if (f->wants_room && stream_room(f)) {
		f->wants_room = false;
		file_tell(f);
	}
}

/* Freed by the last call: f must not be used after it. */
static void end_if_done(struct file *f)
{
	if (f->out.n || !(f->is_ending || f->is_orphan) || f->reset)
		return;
	if (!f->has_sent_end && !send_segment(f, SEG_FIN, STR_NONE)) {
		repeat_later(f, REPEAT_NS);
		return;
	}
	f->has_sent_end = true;
	if (f->is_orphan)
		file_unref(f);
}

static void push_tcp(struct file *f)
{
	char buf[SEGMENT_BYTES];

	while (f->out.n) {
		struct file *peer = file_peer(f);
		struct str bytes = next_bytes(&f->out, buf, sizeof buf);

		if (f->n_on_wire + (peer ? peer->in.n : 0) + bytes.len > WINDOW)
			break; /* the reader's eating pushes again */
		if (!send_segment(f, SEG_DATA, bytes)) {
			repeat_later(f, REPEAT_NS);
			return;
		}
		f->n_retries = 0;
		f->n_on_wire += bytes.len;
		outq_forget(&f->sim->chunks, &f->out, bytes.len);
	}
	tell_room(f);
	end_if_done(f);
}

static void push_pair(struct file *f)
{
	char buf[SEGMENT_BYTES];
	struct file *peer = file_peer(f);
	bool moved = false;

	while (peer && f->out.n && (peer->in.n < WINDOW || f->is_orphan)) {
		struct str bytes = next_bytes(&f->out, buf, sizeof buf);

		if (!outq_add(&f->sim->chunks, &peer->in, bytes))
			break;
		outq_forget(&f->sim->chunks, &f->out, bytes.len);
		moved = true;
	}
	if (peer && (f->is_ending || f->is_orphan) && !f->out.n && !peer->is_eof)
		peer->is_eof = moved = true;
	if (peer && moved)
		file_tell(peer);
	if (!peer && !f->reset) {
		f->is_eof = true;
		outq_drop(&f->sim->chunks, &f->out);
		file_tell(f);
	}
	tell_room(f);
	if (f->is_orphan)
		file_unref(f);
}

void stream_push(struct file *f)
{
	if (f->reset || !f->is_connected)
		return;
	if (f->kind == FILE_PAIR)
		push_pair(f);
	else if (!f->is_stuck) /* else it repeats by itself */
		push_tcp(f);
}

void tcp_pump(struct sim *sim, uint64_t file)
{
	struct file *f = pool_get(&sim->files, file);

	if (!f)
		return;
	f->is_pump_due = f->is_stuck = false;
	if (f->is_dialling) {
		(void)send_segment(f, SEG_SYN, STR_NONE);
		repeat_later(f, DIAL_NS);
	} else if (!f->reset) {
		stream_push(f);
	}
}

void stream_eaten(struct file *f, size_t n)
{
	struct file *peer = file_peer(f);

	outq_forget(&f->sim->chunks, &f->in, n);
	if (peer && peer->out.n)
		stream_push(peer);
}

void stream_end(struct file *f)
{
	outq_drop(&f->sim->chunks, &f->in);
	f->is_ending = true;
	if (f->is_connected && !f->is_orphan)
		stream_push(f);
}

/* The last fd is closed. Unread bytes make it a RESET, as TCP does; else what was taken is
 * delivered. */
void stream_abandon(struct file *f)
{
	bool has_unread = f->in.n != 0;

	outq_drop(&f->sim->chunks, &f->in);
	if (f->kind == FILE_PAIR) {
		push_pair(f);
		return;
	}
	if (!f->is_connected || f->reset) {
		file_unref(f);
		return;
	}
	if (has_unread && !f->has_sent_end) {
		outq_drop(&f->sim->chunks, &f->out);
		(void)send_segment(f, SEG_RESET, STR_NONE);
		file_unref(f);
		return;
	}
	stream_push(f);
}

void tcp_vanish(struct file *f)
{
	f->reset = (enum err)(-ECONNRESET);
	outq_drop(&f->sim->chunks, &f->in);
	outq_drop(&f->sim->chunks, &f->out);
}

/* ---- arriving ---- */

static void arrive_syn(struct sim *sim, struct wire *w)
{
	struct file *known = file_find(sim, WIRE_TCP, &w->to, &w->from);
	struct file *listener = file_find(sim, WIRE_TCP, &w->to, NULL), *f;

	if (known) { /* our answer did not come through */
		(void)send_segment(known, SEG_SYN_ACK, STR_NONE);
		return;
	}
	if (!listener) {
		answer_reset(sim, w);
		return;
	}
	if (listener->n_queued == BACKLOG || file_open(sim, w->host, FILE_TCP, &f) != OK)
		return; /* it will be repeated */
	f->local = w->to;
	f->peer = w->peer;
	f->is_connected = true;
	file_bind(f, &w->from);
	list_append(&listener->queue, &f->in_backlog);
	listener->n_queued++;
	(void)send_segment(f, SEG_SYN_ACK, STR_NONE);
	file_tell(listener);
}

static void arrive_syn_ack(struct file *f, struct wire *w)
{
	if (!f->is_dialling)
		return;
	f->is_dialling = false;
	f->is_connected = true;
	f->n_retries = 0;
	f->peer = w->peer;
	file_tell(f);
}

static void arrive_data(struct file *f, struct wire *w)
{
	struct file *sender = pool_get(&f->sim->files, w->peer);

	if (sender)
		sender->n_on_wire -= w->len;
	arrive_syn_ack(f, w); /* if the answer to the dial was lost before it */
	if (f->is_orphan || f->is_ending) {
		answer_reset(f->sim, w);
		return;
	}
	if (!outq_add(&f->sim->chunks, &f->in, (struct str){(const char *)w->bytes, w->len}))
		fail(f, ENOBUFS);
	file_tell(f);
}

static void arrive_segment(struct sim *sim, struct wire *w)
{
	struct file *f = pool_get(&sim->files, w->file);

	if (w->segment == SEG_SYN) {
		arrive_syn(sim, w);
		return;
	}
	if (!f || f->reset) {
		if (!f && w->segment != SEG_RESET)
			answer_reset(sim, w);
		return;
	}
	if (w->segment == SEG_SYN_ACK) {
		arrive_syn_ack(f, w);
	} else if (w->segment == SEG_DATA) {
		arrive_data(f, w);
	} else if (w->segment == SEG_FIN) {
		f->is_eof = true;
		file_tell(f);
	} else {
		fail(f, f->is_dialling ? ECONNREFUSED : ECONNRESET);
	}
}

void segment_arrive(struct sim *sim, uint64_t wire)
{
	struct wire *w = pool_get(&sim->wires, wire);

	sim->counters.n_segments++;
	if (!w->host->is_off)
		arrive_segment(sim, w);
	pool_give(&sim->wires, w);
}
