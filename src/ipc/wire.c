/* wire.c - reads and checks the header of a message; pure. */
#include "ipc/wire.h"

void wire_put(struct wr *w, const struct head *head, struct str body)
{
	wr_u8(w, (uint8_t)head->verb);
	wr_u8(w, (uint8_t)head->kind);
	wr_u16(w, (uint16_t)body.len);
	wr_u32(w, head->seq);
	wr_u64(w, head->handle);
	wr_str(w, body);
}

bool kind_is_between(enum kind kind, enum process_id owner, enum process_id mirror)
{
	const struct kind_info *k = kind_info(kind);

	/* Records go between a worker and the keeper, never between workers. */
	if (kind == ROW_KEPT && owner != P_KEEPER && mirror != P_KEEPER)
		return false;
	return (k->owners & 1u << owner) && (k->mirrors & 1u << mirror);
}

/* The longest body of this message; false: nobody may send it to us. */
static bool is_allowed(
	const struct head *h, enum process_id from, enum process_id self, size_t *ret_max)
{
	const struct kind_info *k = kind_info(h->kind);

	*ret_max = 0;
	switch (h->verb) {
	case VERB_PUT:
		*ret_max = k->body_max;
		return !k->is_ask && kind_is_between(h->kind, from, self);
	case VERB_DEL:
	case VERB_SYNC:
	case VERB_AGAIN:
		return !k->is_ask && kind_is_between(h->kind, from, self);
	case VERB_ASK:
		*ret_max = k->body_max;
		return k->is_ask && kind_is_between(h->kind, self, from);
	case VERB_ANSWER:
		*ret_max = k->body_max + 4u;
		return k->is_ask && kind_is_between(h->kind, from, self);
	case VERB_NONE:
	case VERB_MAX:
		return false;
	}
	return false;
}

struct str wire_cut(struct str *rest)
{
	struct rd r = rd_of(*rest);
	struct str one;
	size_t len;

	(void)rd_u16(&r);
	len = WIRE_HEAD + rd_u16(&r);
	one = r.err == OK ? str_head(*rest, len) : *rest;
	*rest = str_skip(*rest, one.len);
	return one;
}

static enum err refuse(const char **ret_why, const char *why, enum err err)
{
	*ret_why = why;
	return err;
}

enum err wire_get(struct str bytes, bool has_fd, enum process_id from, enum process_id self,
	struct head *ret_head, struct rd *ret_body, const char **ret_why)
{
	struct rd r = rd_of(bytes);
	struct head h = {0};
	size_t len, max;

	h.verb = (enum verb)rd_u8(&r);
	h.kind = (enum kind)rd_u8(&r);
	len = rd_u16(&r);
	h.seq = rd_u32(&r);
	h.handle = rd_u64(&r);
	if (r.err != OK || len != rd_left(&r))
		return refuse(ret_why, "length", ERR_SHORT);
	if (h.verb == VERB_NONE || h.verb >= VERB_MAX || h.kind == KIND_NONE || h.kind >= KIND_MAX)
		return refuse(ret_why, "unknown verb or kind", ERR_SYNTAX);
	if (!is_allowed(&h, from, self, &max))
		return refuse(ret_why, "not its owner, or not for us", ERR_DENIED);
	if (len > max)
		return refuse(ret_why, "body too long", ERR_RANGE);
	if (h.verb == VERB_ANSWER && len < 4)
		return refuse(ret_why, "answer without error", ERR_SHORT);
	if (has_fd && (!max || !kind_info(h.kind)->may_have_fd))
		return refuse(ret_why, "fd where none belongs", ERR_DENIED);
	*ret_head = h;
	*ret_body = r;
	return OK;
}
