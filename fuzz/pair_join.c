/* Frames of a join, one after another: what is accepted is written again and must read the same. */
#include <stdlib.h>
#include <string.h>

#include "pair/join.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct rd reread(const struct wr *w, enum join_type type)
{
	enum join_type again;
	struct rd body;
	size_t size;

	if (w->err || join_frame_parse(wr_done(w), &again, &body, &size) != OK || again != type ||
		size != wr_len(w))
		abort();
	return body;
}

static void check_hello(struct rd *body, struct wr *w)
{
	struct join_hello h, again;
	struct rd r;

	if (join_hello_get(body, &h) != OK)
		return;
	join_hello_put(w, &h);
	r = reread(w, JOIN_HELLO);
	if (join_hello_get(&r, &again) != OK || strcmp(h.name, again.name) != 0 ||
		strcmp(h.zone, again.zone) != 0 || h.version != again.version ||
		memcmp(h.proof, again.proof, sizeof h.proof) != 0)
		abort();
}

static void check_welcome(struct rd *body, struct wr *w)
{
	struct join_welcome h, again;
	struct rd r;

	if (join_welcome_get(body, &h) != OK)
		return;
	join_welcome_put(w, &h);
	r = reread(w, JOIN_WELCOME);
	if (join_welcome_get(&r, &again) != OK || strcmp(h.name, again.name) != 0 ||
		memcmp(h.media_key, again.media_key, sizeof h.media_key) != 0)
		abort();
}

static void check_refused(struct rd *body, struct wr *w)
{
	enum join_refusal why, again;
	struct rd r;

	if (join_refused_get(body, &why) != OK)
		return;
	join_refused_put(w, why);
	r = reread(w, JOIN_REFUSED);
	if (join_refused_get(&r, &again) != OK || why != again)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str rest = {(const char *)data, size};
	enum join_type type;
	struct rd body;
	size_t n;

	while (join_frame_parse(rest, &type, &body, &n) == OK) {
		uint8_t buf[JOIN_FRAME_MAX];
		struct wr w = wr_of(buf, sizeof buf);

		if (type == JOIN_HELLO)
			check_hello(&body, &w);
		else if (type == JOIN_WELCOME)
			check_welcome(&body, &w);
		else
			check_refused(&body, &w);
		rest = str_skip(rest, n);
	}
	return 0;
}
