/* given.c - what the keeper gives, as bodies of rows. Pure. */
#include "ipc/given.h"
#include "base/hash.h"

enum tag { T_ROW = 1, T_ADDR, T_WITH, T_MAY_ASK, T_REVISION, T_NAME, T_IS_DRY_RUN, T_TEXT, T_USE };

uint64_t given_socket_handle(const struct given_socket *s, bool is_udp)
{
	static const struct hash_key fixed = {0x666f737365776179, 0x736f636b6574};
	uint8_t bytes[20];
	struct wr w = wr_of(bytes, sizeof bytes);

	wr_u8(&w, is_udp);
	wr_u8(&w, s->addr.family);
	wr_u16(&w, s->addr.port);
	wr_bytes(&w, s->addr.ip, sizeof s->addr.ip);
	return handle_make(
		HK_SOCKET, (uint32_t)s->row, (uint32_t)siphash(&fixed, bytes, wr_len(&w)));
}

void given_socket_put(struct wr *w, const struct given_socket *s)
{
	wr_t_u16(w, T_ROW, (uint16_t)s->row);
	wr_t_addr(w, T_ADDR, &s->addr);
}

enum err given_socket_get(struct rd *body, struct given_socket *ret)
{
	struct given_socket s = {0};
	uint64_t row = PLAN_NONE;
	struct rd v;
	uint16_t tag;

	while (rd_tag(body, &tag, &v)) {
		if (tag == T_ROW)
			row = rd_t_num(&v);
		else if (tag == T_ADDR)
			s.addr = rd_t_addr(&v);
		rd_join(body, &v);
	}
	if (row == PLAN_NONE || row >= PLAN_ROW_MAX)
		rd_fail(body, ERR_RANGE);
	if (body->err != OK)
		return body->err;
	s.row = (enum plan_row)row;
	*ret = s;
	return OK;
}

void given_peer_put(struct wr *w, const struct given_peer *p)
{
	wr_t_u8(w, T_WITH, (uint8_t)p->with);
	wr_t_u8(w, T_MAY_ASK, p->may_ask);
}

enum err given_peer_get(struct rd *body, struct given_peer *ret)
{
	struct given_peer p = {0};
	uint64_t with = P_NONE;
	struct rd v;
	uint16_t tag;

	while (rd_tag(body, &tag, &v)) {
		if (tag == T_WITH)
			with = rd_t_num(&v);
		else if (tag == T_MAY_ASK)
			p.may_ask = rd_t_num(&v) != 0;
		rd_join(body, &v);
	}
	if (with == P_NONE || with >= P_MAX)
		rd_fail(body, ERR_RANGE);
	if (body->err != OK)
		return body->err;
	p.with = (enum process_id)with;
	*ret = p;
	return OK;
}

void given_config_put(struct wr *w, uint32_t revision)
{
	wr_t_u32(w, T_REVISION, revision);
}

enum err given_config_get(struct rd *body, uint32_t *ret_revision)
{
	uint32_t revision = 0;
	struct rd v;
	uint16_t tag;

	while (rd_tag(body, &tag, &v)) {
		if (tag == T_REVISION)
			revision = (uint32_t)rd_t_num(&v);
		rd_join(body, &v);
	}
	if (body->err == OK)
		*ret_revision = revision;
	return body->err;
}

void given_key_put(struct wr *w, const struct given_key *k)
{
	wr_t_z(w, T_NAME, k->name);
	wr_t_u8(w, T_USE, (uint8_t)k->use);
}

enum err given_key_get(struct rd *body, struct given_key *ret)
{
	struct given_key k = {0};
	uint64_t use = KEY_USE_MAX;
	struct rd v;
	uint16_t tag;

	while (rd_tag(body, &tag, &v)) {
		if (tag == T_NAME)
			rd_t_z(&v, k.name, sizeof k.name);
		else if (tag == T_USE)
			use = rd_t_num(&v);
		rd_join(body, &v);
	}
	if (!k.name[0])
		rd_fail(body, ERR_SHORT);
	if (use >= KEY_USE_MAX)
		rd_fail(body, ERR_RANGE);
	if (body->err != OK)
		return body->err;
	k.use = (enum key_use)use;
	*ret = k;
	return OK;
}

void given_apply_put(struct wr *w, const struct given_apply *a)
{
	wr_t_z(w, T_NAME, a->file);
	wr_t_u8(w, T_IS_DRY_RUN, a->is_dry_run);
}

enum err given_apply_get(struct rd *body, struct given_apply *ret)
{
	struct given_apply a = {0};
	struct rd v;
	uint16_t tag;

	while (rd_tag(body, &tag, &v)) {
		if (tag == T_NAME)
			rd_t_z(&v, a.file, sizeof a.file);
		else if (tag == T_IS_DRY_RUN)
			a.is_dry_run = rd_t_num(&v) != 0;
		rd_join(body, &v);
	}
	if (body->err == OK)
		*ret = a;
	return body->err;
}

void given_pair_put(struct wr *w, const struct given_pair *p)
{
	wr_t_z(w, T_NAME, p->name);
	wr_t_str(w, T_TEXT, p->text);
}

/* It becomes the name of a file: nothing in it may lead elsewhere. */
static bool is_plain_name(const char *name)
{
	if (!name[0] || name[0] == '.')
		return false;
	for (const char *p = name; *p; p++) {
		bool is_letter = ascii_lower(*p) >= 'a' && ascii_lower(*p) <= 'z';

		if (!is_letter && !(*p >= '0' && *p <= '9') && *p != '-' && *p != '_' && *p != '.')
			return false;
	}
	return true;
}

enum err given_pair_get(struct rd *body, struct given_pair *ret)
{
	struct given_pair p = {0};
	struct rd v;
	uint16_t tag;

	while (rd_tag(body, &tag, &v)) {
		if (tag == T_NAME)
			rd_t_z(&v, p.name, sizeof p.name);
		else if (tag == T_TEXT)
			p.text = rd_t_str(&v);
		rd_join(body, &v);
	}
	if (!is_plain_name(p.name))
		rd_fail(body, ERR_RANGE);
	if (body->err == OK)
		*ret = p;
	return body->err;
}
