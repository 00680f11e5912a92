/* log.c - builds lines and hands them to the sink; makes no system call. */
#include <time.h>

#include "base/handle.h"
#include "base/log.h"

#define PEER_BYTES_MAX 128
#define LIMIT_PER_10S  200
#define TEN_S          10000000000u

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

/* RFC 3339 in UTC with microseconds. gmtime_r reads no clock and no file for UTC. */
static void put_time(struct wr *w, uint64_t wall_ns)
{
	time_t s = (time_t)(wall_ns / 1000000000u);
	struct tm tm = {0};

	(void)gmtime_r(&s, &tm);
	wr_printf(w, "%04d-%02d-%02dT%02d:%02d:%02d.%06uZ", tm.tm_year + 1900, tm.tm_mon + 1,
		tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
		(unsigned)(wall_ns % 1000000000u / 1000));
}

static void put_field(struct wr *w, const struct log_field *f)
{
	char buf[ADDR_TEXT_SIZE];

	wr_printf(w, ",\"%s\":", f->name);
	switch (f->type) {
	case LOG_NUM:
		wr_printf(w, "%llu", (unsigned long long)f->n);
		return;
	case LOG_STR:
		wr_u8(w, '"');
		wr_json(w, f->s, PEER_BYTES_MAX);
		wr_u8(w, '"');
		return;
	case LOG_HANDLE:
		wr_printf(w, "\"%s\"", handle_put(f->n, buf));
		return;
	case LOG_ADDR:
		wr_printf(w, "\"%s\"", addr_put(f->addr, buf));
		return;
	case LOG_ERR:
		wr_printf(w, "\"%s\"", err_text((enum err)(int64_t)f->n));
		return;
	}
}

/* True: write it; *ret_suppressed = lines of this event left out in the window that just ended. */
static bool is_within_limit(
	struct log *log, const struct log_event *ev, uint64_t now, uint32_t *ret_suppressed)
{
	struct log_limit *l = &log->limits[((uintptr_t)ev / sizeof *ev) % 64];

	*ret_suppressed = 0;
	if (l->ev != ev || now - l->since >= TEN_S) {
		if (l->ev == ev)
			*ret_suppressed = l->suppressed;
		*l = (struct log_limit){.ev = ev, .since = now};
	}
	if (l->n++ < LIMIT_PER_10S)
		return true;
	l->suppressed++;
	return false;
}

void log_write(
	struct log *log, const struct log_event *ev, const struct log_field *fields, size_t n)
{
	static const char *const levels[] = {"error", "notice", "info", "debug"};
	char buf[LOG_LINE_MAX];
	struct wr w = wr_of(buf, sizeof buf - 2);
	uint64_t wall;
	uint32_t suppressed;

	if (!log || !log->sink || ev->level > log->level)
		return;
	wall = log->wall(log->arg);
	if (!is_within_limit(log, ev, wall, &suppressed))
		return;
	wr_str(&w, STR("{\"ts\":\""));
	put_time(&w, wall);
	wr_printf(&w,
		"\",\"level\":\"%s\",\"node\":\"%s\",\"process\":\"%s\",\"id\":\"%s\",\"msg\":\"%"
	        "s\"",
		levels[ev->level], log->node, log->process, ev->id, ev->text);
	for (size_t i = 0; i < n; i++)
		put_field(&w, &fields[i]);
	if (suppressed)
		wr_printf(&w, ",\"suppressed\":%u", suppressed);
	if (w.err != OK) /* cannot happen with our field sizes; a cut line would not be JSON */
		return;
	buf[wr_len(&w)] = '}';
	buf[wr_len(&w) + 1] = '\n';
	log->sink(log->arg, (struct str){buf, wr_len(&w) + 2});
}
