/* log.h - one line per event: JSON, escaped, from events that are declared, never free text.
 *
 * An event is a constant {id, level, text, limit}, declared beside the code that reports it:
 *	LOG_EVENT(ev_link_up, "LNK-002", LOG_NOTICE, "traversal link is up");
 *	log_put(log, &ev_link_up, F_STR("zone", name), F_ADDR("peer", &addr));
 * Ids are stable: people build alarms on them. Every line of a call carries F_H("call", handle), the
 * same value on both nodes. Bytes from peers are escaped and cut at 128. No secret is a field. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/addr.h"

enum log_level { LOG_ERROR, LOG_NOTICE, LOG_INFO, LOG_DEBUG, LOG_LEVEL_MAX };

struct log_event {
	const char *id;
	enum log_level level;
	const char *text;
};

#define LOG_EVENT(name, id_, level_, text_)                                                        \
	static const struct log_event name = {(id_), (level_), (text_)}

enum log_type { LOG_STR, LOG_NUM, LOG_HANDLE, LOG_ADDR, LOG_ERR };

struct log_field {
	const char *name;
	enum log_type type;
	struct str s;
	uint64_t n;
	const struct addr *addr;
};

#define F_STR(k, v)  ((struct log_field){.name = (k), .type = LOG_STR, .s = (v)})
#define F_Z(k, v)    ((struct log_field){.name = (k), .type = LOG_STR, .s = str_of(v)})
#define F_NUM(k, v)  ((struct log_field){.name = (k), .type = LOG_NUM, .n = (uint64_t)(v)})
#define F_H(k, v)    ((struct log_field){.name = (k), .type = LOG_HANDLE, .n = (v)})
#define F_ADDR(k, v) ((struct log_field){.name = (k), .type = LOG_ADDR, .addr = (v)})
#define F_ERR(v)     ((struct log_field){.name = "err", .type = LOG_ERR, .n = (uint64_t)(int64_t)(v)})

#define LOG_LINE_MAX 2048

struct log {
	void (*sink)(void *arg, struct str line); /* one whole line with its LF; must not block */
	void *arg;
	uint64_t (*wall)(void *arg); /* ns since 1970 */
	enum log_level level;        /* what is above is not built at all */
	const char *node, *process;
	/* limiter: lines of one event per 10 s; the rest is counted and said */
	struct log_limit {
		const struct log_event *ev;
		uint64_t since;
		uint32_t n, suppressed;
	} limits[64];
};

void log_write(
	struct log *log, const struct log_event *ev, const struct log_field *fields, size_t n);
#define log_put(log, ev, ...)                                                                      \
	log_write((log), (ev), (const struct log_field[]){__VA_ARGS__},                            \
		sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field))
/* Appends text with JSON escapes, cut at max input bytes (then "..." is added). Bytes that are not
 * printable ASCII become \u00XX: one line stays one line, whatever a peer sent. */
void wr_json(struct wr *w, struct str text, size_t max);
/* The short text of a handle in logs and lists: kind letter(s), slot and generation in hex. */
#define HANDLE_TEXT_SIZE 24
const char *handle_put(uint64_t h, char buf[HANDLE_TEXT_SIZE]);

#endif
