/* Who may say what to whom: every verb x kind x pair of processes against the catalogue. */
#include <string.h>

#include "ipc/wire.h"
#include "test.h"

static uint8_t buf[WIRE_MAX + 16];
static struct head head;
static struct rd body;
static const char *why;

static enum err get(
	const struct head *h, size_t len, bool has_fd, enum process_id from, enum process_id self)
{
	static const char zeroes[2100];
	struct wr w = wr_of(buf, sizeof buf);

	wire_put(&w, h, (struct str){zeroes, len});
	return wire_get(wr_done(&w), has_fd, from, self, &head, &body, &why);
}

static void every_combination(void)
{
	for (unsigned k = 1; k < KIND_MAX; k++) {
		const struct kind_info *info = kind_info((enum kind)k);

		for (unsigned verb = 1; verb < VERB_MAX; verb++) {
			for (unsigned pair = 0; pair < P_MAX * P_MAX; pair++) {
				unsigned from = pair / P_MAX, self = pair % P_MAX;
				struct head h = {(enum verb)verb, (enum kind)k, 1, 2};
				bool is_question = verb == VERB_ASK;
				unsigned owner = is_question ? self : from,
					 mirror = is_question ? from : self;
				bool may =
					(info->owners >> owner & 1) &&
					(info->mirrors >> mirror & 1) &&
					info->is_ask == (verb >= VERB_ASK) &&
					(k != ROW_KEPT || owner == P_KEEPER || mirror == P_KEEPER);
				size_t len = verb == VERB_ANSWER ? 4 : 0;

				CHECK((get(&h, len, false, (enum process_id)from,
					       (enum process_id)self) == OK) == may);
			}
		}
	}
}

static void examples(void)
{
	struct head want = {VERB_PUT, ROW_FLOW_WANT, 0, 1}, kept = {VERB_PUT, ROW_KEPT, 0, 1};

	CHECK(get(&want, 0, false, P_SIG, P_MEDIA) == OK);
	CHECK(get(&want, 0, false, P_MEDIA, P_SIG) == ERR_DENIED);
	CHECK(get(&want, 0, false, P_CTL, P_MEDIA) == ERR_DENIED);
	CHECK(get(&kept, 0, true, P_MEDIA, P_KEEPER) == OK);
	CHECK(get(&kept, 0, true, P_KEEPER, P_MEDIA) == OK);
	CHECK(get(&kept, 0, true, P_MEDIA, P_SIG) == ERR_DENIED);
	CHECK(get(&kept, 0, false, P_CTL, P_KEEPER) == ERR_DENIED);
}

static void bounds(void)
{
	struct head h = {VERB_PUT, ROW_FLOW_WANT, 0, 1}, del = {VERB_DEL, ROW_FLOW_WANT, 0, 1};
	struct head answer = {VERB_ANSWER, ASK_TLS_DIAL, 1, 1};
	size_t max = kind_info(ROW_FLOW_WANT)->body_max;

	CHECK(get(&h, max, false, P_SIG, P_MEDIA) == OK);
	CHECK(get(&h, max + 1, false, P_SIG, P_MEDIA) == ERR_RANGE);
	CHECK(get(&h, 4, true, P_SIG, P_MEDIA) == ERR_DENIED); /* an fd where none belongs */
	CHECK(get(&del, 0, false, P_SIG, P_MEDIA) == OK);
	CHECK(get(&del, 1, false, P_SIG, P_MEDIA) == ERR_RANGE);
	CHECK(get(&answer, 3, false, P_TLS, P_SIG) == ERR_SHORT);
	CHECK(get(&answer, 4, true, P_TLS, P_SIG) == OK);
	CHECK(wire_get(STR("short"), false, P_SIG, P_MEDIA, &head, &body, &why) == ERR_SHORT);
	h.kind = (enum kind)200;
	CHECK(get(&h, 0, false, P_SIG, P_MEDIA) == ERR_SYNTAX);
	h = (struct head){(enum verb)9, ROW_FLOW_WANT, 0, 1};
	CHECK(get(&h, 0, false, P_SIG, P_MEDIA) == ERR_SYNTAX);
}

static void length_must_fit(void)
{
	struct wr w = wr_of(buf, sizeof buf);

	wire_put(&w, &(struct head){VERB_PUT, ROW_FLOW_WANT, 0, 1}, STR("abcd"));
	CHECK(wire_get(str_head(wr_done(&w), wr_len(&w) - 1), false, P_SIG, P_MEDIA, &head, &body,
		      &why) == ERR_SHORT);
	buf[wr_len(&w)] = 'x';
	CHECK(wire_get((struct str){(char *)buf, wr_len(&w) + 1}, false, P_SIG, P_MEDIA, &head,
		      &body, &why) == ERR_SHORT);
}

static void several_in_one(void)
{
	struct wr w = wr_of(buf, sizeof buf);
	struct str rest, one;

	wire_put(&w, &(struct head){VERB_PUT, ROW_FLOW_WANT, 0, 1}, STR("abcd"));
	wire_put(&w, &(struct head){VERB_DEL, ROW_FLOW_WANT, 0, 2}, STR_NONE);
	wr_bytes(&w, "xyz", 3);
	rest = wr_done(&w);
	one = wire_cut(&rest);
	CHECK(wire_get(one, false, P_SIG, P_MEDIA, &head, &body, &why) == OK && head.handle == 1);
	CHECK(rd_left(&body) == 4);
	one = wire_cut(&rest);
	CHECK(wire_get(one, false, P_SIG, P_MEDIA, &head, &body, &why) == OK && head.handle == 2);
	one = wire_cut(&rest); /* no header: all that is left */
	CHECK(one.len == 3 && rest.len == 0);
	CHECK(wire_get(one, false, P_SIG, P_MEDIA, &head, &body, &why) == ERR_SHORT);
	rest = str_head(wr_done(&w), 19); /* its length lies */
	one = wire_cut(&rest);
	CHECK(one.len == 19 && rest.len == 0);
	CHECK(wire_get(one, false, P_SIG, P_MEDIA, &head, &body, &why) == ERR_SHORT);
}

/* The CLI runs with the rights of whoever calls it: what it mirrors may bring a channel, never a file. */
static void readers_get_no_fd_but_their_channels(void)
{
	for (int kind = KIND_NONE + 1; kind < KIND_MAX; kind++) {
		const struct kind_info *info = kind_info((enum kind)kind);

		if (info->is_ask || !info->may_have_fd || kind == ROW_PEER)
			continue;
		CHECK(!(info->mirrors & PBIT(CTL)));
	}
}

TEST_MAIN(T(readers_get_no_fd_but_their_channels), T(every_combination), T(examples), T(bounds),
	T(length_must_fit), T(several_in_one))
