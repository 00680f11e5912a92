/* log.c - builds lines and hands them to the sink; makes no system call, not even a hidden one.
 *
 * A line is built whole or not at all. A field that does not fit is cut shorter, then left out and
 * said so: a peer that fills its names with bytes that swell when escaped cannot make a line vanish. */
#include "base/log.h"
#include "base/handle.h"

#define PEER_BYTES_MAX  128
#define LIMIT_PER_10S   200
#define TEN_S           10000000000u
#define N_LIMITS        (sizeof((struct log *)0)->limits / sizeof((struct log *)0)->limits[0])
#define TAIL            64 /* room for "cut", "suppressed" and the end */
#define SECONDS_PER_DAY 86400u

const char *handle_put(uint64_t h, char buf[HANDLE_TEXT_SIZE])
{
	struct wr w = wr_of(buf, HANDLE_TEXT_SIZE - 1);

	wr_printf(&w, "%x.%x.%08x", (unsigned)handle_kind(h), handle_slot(h), handle_generation(h));
	buf[wr_len(&w)] = '\0';
	return buf;
}

void wr_json(struct wr *w, struct str text, size_t max)
{
	struct str s = str_head(text, max);

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == '"' || c == '\\')
			wr_u8(w, '\\');
		if (c < 0x20 || c >= 0x7f)
			wr_printf(w, "\\u%04x", c);
		else
			wr_u8(w, c);
	}
	if (s.len < text.len)
		wr_str(w, STR("..."));
}

/* RFC 3339 in UTC with microseconds. */
static void put_time(struct wr *w, uint64_t wall_ns)
{
	uint64_t s = wall_ns / 1000000000u;
	unsigned of_day = (unsigned)(s % SECONDS_PER_DAY);

	wr_date(w, s / SECONDS_PER_DAY);
	wr_printf(w, "T%02u:%02u:%02u.%06uZ", of_day / 3600, of_day / 60 % 60, of_day % 60,
		(unsigned)(wall_ns % 1000000000u / 1000));
}

static void put_text(struct wr *w, struct str text, size_t max)
{
	wr_u8(w, '"');
	wr_json(w, text, max);
	wr_u8(w, '"');
}

static void put_value(struct wr *w, const struct log_field *f, size_t max)
{
	char buf[ADDR_TEXT_SIZE];

	switch (f->type) {
	case LOG_NUM:
		wr_printf(w, "%llu", (unsigned long long)f->n);
		return;
	case LOG_STR:
		put_text(w, f->s, max);
		return;
	case LOG_HANDLE:
		put_text(w, str_of(handle_put(f->n, buf)), sizeof buf);
		return;
	case LOG_ADDR:
		put_text(w, str_of(addr_put(f->addr, buf)), sizeof buf);
		return;
	case LOG_ERR:
		put_text(w, str_of(err_text((enum err)(int64_t)f->n)), PEER_BYTES_MAX);
		return;
	}
}

/* False: it did not fit even cut short, and nothing of it was written. */
static bool put_field(struct wr *w, const struct log_field *f)
{
	const struct wr before = *w;

	for (size_t max = PEER_BYTES_MAX; max >= 8; max /= 4) {
		wr_printf(w, ",\"%s\":", f->name);
		put_value(w, f, max);
		if (w->err == OK)
			return true;
		*w = before;
	}
	return false;
}

static void put_head(struct wr *w, const struct log *log, const struct log_event *ev, uint64_t wall)
{
	static const char *const levels[] = {"error", "notice", "info", "debug"};

	wr_str(w, STR("{\"ts\":\""));
	put_time(w, wall);
	wr_printf(w, "\",\"level\":\"%s\",\"node\":", levels[ev->level]);
	put_text(w, str_of(log->node), PEER_BYTES_MAX);
	wr_printf(w, ",\"process\":\"%s\",\"id\":\"%s\",\"msg\":\"%s\"", log->process, ev->id,
		ev->text);
}

/* The event's own place, else the first free one, else (more events than places) it shares one. */
static struct log_limit *limit_of(struct log *log, const struct log_event *ev)
{
	size_t home = ((uintptr_t)ev / sizeof *ev) % N_LIMITS;

	for (size_t i = 0; i < N_LIMITS; i++) {
		struct log_limit *l = &log->limits[(home + i) % N_LIMITS];

		if (l->ev == ev || !l->ev)
			return l;
	}
	return &log->limits[home];
}

static bool is_within_limit(
	struct log *log, const struct log_event *ev, uint64_t now, uint32_t *ret_suppressed)
{
	struct log_limit *l = limit_of(log, ev);

	*ret_suppressed = 0;
	if (l->ev != ev || now - l->since >= TEN_S) {
		if (l->ev == ev)
			*ret_suppressed = l->suppressed;
		*l = (struct log_limit){.ev = ev, .since = now};
	}
	if (l->n < LIMIT_PER_10S) {
		l->n++;
		return true;
	}
	l->suppressed++;
	return false;
}

void log_write(
	struct log *log, const struct log_event *ev, const struct log_field *fields, size_t n)
{
	char buf[LOG_LINE_MAX];
	struct wr w = wr_of(buf, sizeof buf - TAIL);
	uint64_t wall;
	uint32_t suppressed, n_cut = 0;

	if (!log || !log->sink || ev->level > log->level)
		return;
	wall = log->wall(log->arg);
	if (!is_within_limit(log, ev, wall, &suppressed))
		return;
	put_head(&w, log, ev, wall);
	for (size_t i = 0; i < n; i++)
		n_cut += !put_field(&w, &fields[i]);
	w.end += TAIL;
	if (n_cut)
		wr_printf(&w, ",\"cut\":%u", n_cut);
	if (suppressed)
		wr_printf(&w, ",\"suppressed\":%u", suppressed);
	wr_str(&w, STR("}\n"));
	if (w.err == OK)
		log->sink(log->arg, wr_done(&w));
}
