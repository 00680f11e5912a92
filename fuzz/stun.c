/* stun.c - STUN messages of a stranger: what is read can be built again and is then read the same; a
 * proof made here holds, and a token that is read is a token that we would have written. */
#include <stdlib.h>
#include <string.h>

#include "stun/stun.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
	if (!is_so)
		abort();
}

static bool is_plain(uint16_t type)
{
	return type != SA_MESSAGE_INTEGRITY && type != SA_MESSAGE_INTEGRITY_SHA256 &&
	       type != SA_FINGERPRINT;
}

static void check_same(const struct stun_msg *a, const struct stun_msg *b)
{
	uint32_t k = 0;

	must(a->class == b->class && a->method == b->method &&
		!memcmp(a->tid, b->tid, sizeof a->tid));
	for (uint32_t i = 0; i < a->n_attrs; i++) {
		if (!is_plain(a->attrs[i].type))
			continue;
		must(k < b->n_attrs && b->attrs[k].type == a->attrs[i].type);
		must(str_eq(a->attrs[i].value, b->attrs[k].value));
		k++;
	}
}

static void build_again(const struct stun_msg *m)
{
	static uint8_t buf[STUN_MESSAGE_MAX];
	struct wr w = wr_of(buf, sizeof buf);
	struct stun_msg again;

	stun_begin(&w, m->class, m->method, m->tid);
	for (uint32_t i = 0; i < m->n_attrs; i++) {
		if (is_plain(m->attrs[i].type))
			stun_put(&w, (enum stun_type)m->attrs[i].type, m->attrs[i].value);
	}
	must(w.err == OK);
	stun_put_sha256(&w, STR("key"));
	if (m->n_attrs < STUN_ATTRS_MAX - 1)
		stun_put_fingerprint(&w);
	if (w.err != OK || m->n_attrs >= STUN_ATTRS_MAX)
		return;
	must(stun_parse(wr_done(&w), &again) == OK);
	must(stun_check_sha256(&again, STR("key")) == OK);
	must(stun_check_sha256(&again, STR("other")) == ERR_AUTH);
	check_same(m, &again);
}

static void ask_everything(const struct stun_msg *m)
{
	uint16_t unknown[STUN_ATTRS_MAX], code;
	struct addr a;
	uint32_t value;

	must(stun_unknown(m, unknown) <= m->n_attrs);
	for (uint32_t i = 0; i < m->n_attrs; i++) {
		enum stun_type type = (enum stun_type)m->attrs[i].type;

		must(stun_find(m, type) != NULL);
		if (stun_addr(m, type, &a) == OK)
			must(a.family == AF_V4 || a.family == AF_V6);
		if (stun_u32(m, type, &value) == OK)
			must(stun_find(m, type)->value.len == 4);
	}
	if (stun_error_code(m, &code) == OK)
		must(code >= 300 && code < 700);
	must(stun_check_sha1(m, STR("nobody's key")) != OK);
	must(stun_check_sha256(m, STR("nobody's key")) != OK);
}

static void check_token(struct str bytes)
{
	static const uint8_t key[TOKEN_KEY_LEN];
	uint8_t buf[TOKEN_LEN], answer[TOKEN_ANSWER_MAX], tid[STUN_TID_LEN];
	struct token t, again;
	struct addr a, b;

	if (token_parse(bytes, &t) == OK) {
		must(token_parse(token_put(&t, key, buf), &again) == OK);
		must(t.stream_id == again.stream_id && t.counter == again.counter);
		must(t.component == again.component &&
			token_is_proved(
				str_head((struct str){(const char *)buf, sizeof buf}, TOKEN_LEN),
				key));
	}
	if (token_answer_parse(bytes, tid, &a) == OK) {
		must(token_answer_parse(token_answer_put(tid, &a, key, answer), tid, &b) == OK);
		must(addr_eq(&a, &b));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str bytes = {(const char *)data, size};
	struct stun_msg m;

	check_token(bytes);
	if (stun_parse(bytes, &m) != OK)
		return 0;
	ask_everything(&m);
	build_again(&m);
	return 0;
}
