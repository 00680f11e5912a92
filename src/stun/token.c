/* token.c - the frame by which Control proves to Edge that a source address is a stream's.
 *
 * A token is a Binding request with three attributes in one order, and nothing else is a token: a
 * longer or shorter message, another order, another method is refused before any hash is computed.
 * Pure. Who may move what by it (counter, 5-tuple, silence) is the flow's business, not this file's.
 *
 *	Control                                        Edge
 *	   | header, "f1:<id>:<r|c>:<counter>", MAC(C), CRC  |   108 bytes
 *	   |------------------------------------------------>|
 *	   |    header, XOR-MAPPED-ADDRESS, MAC(E), CRC       |    76 bytes (IPv6: 88)
 *	   |<------------------------------------------------| */
#include <string.h>

#include "base/crypt.h"
#include "stun/stun.h"

#define NAME_LEN    38 /* f1: 16 hex : r|c : 16 hex */
#define ANSWER_V4   76
#define N_ATTRS     3
#define KEY_CONTEXT "fosse-mux-1" /* with its NUL */

void token_key(struct str media_key, uint64_t stream_id, enum token_component component,
	enum token_sender sender, uint8_t ret_key[TOKEN_KEY_LEN])
{
	uint8_t info[sizeof KEY_CONTEXT + 8 + 2];
	struct wr w = wr_of(info, sizeof info);

	wr_bytes(&w, KEY_CONTEXT, sizeof KEY_CONTEXT);
	wr_u64(&w, stream_id);
	wr_u8(&w, (uint8_t)component);
	wr_u8(&w, (uint8_t)sender);
	hkdf_sha256(media_key, STR_NONE, wr_done(&w), ret_key, TOKEN_KEY_LEN);
}

static struct str key_str(const uint8_t key[TOKEN_KEY_LEN])
{
	return (struct str){(const char *)key, TOKEN_KEY_LEN};
}

struct str token_put(
	const struct token *t, const uint8_t key[TOKEN_KEY_LEN], uint8_t buf[TOKEN_LEN])
{
	char name[NAME_LEN + 1];
	struct wr text = wr_of(name, sizeof name), w = wr_of(buf, TOKEN_LEN);

	wr_printf(&text, "f1:%016llx:%c:%016llx", (unsigned long long)t->stream_id,
		(char)t->component, (unsigned long long)t->counter);
	stun_begin(&w, STUN_REQUEST, STUN_BINDING, t->tid);
	stun_put(&w, SA_USERNAME, wr_done(&text));
	stun_put_sha256(&w, key_str(key));
	stun_put_fingerprint(&w);
	return wr_done(&w);
}

/* A field of 16 hexadecimal digits. */
static enum err read_u64_hex(struct str digits, uint64_t *ret_value)
{
	uint8_t bytes[8];
	struct rd r = rd_of((struct str){(const char *)bytes, sizeof bytes});
	enum err err = str_hex(digits, bytes, sizeof bytes);

	if (err == OK)
		*ret_value = rd_u64(&r);
	return err;
}

static enum err read_name(struct str name, struct token *t)
{
	struct str rest = name, version = str_cut(&rest, ':'), id = str_cut(&rest, ':');
	struct str component = str_cut(&rest, ':');

	if (name.len != NAME_LEN || !str_eq(version, STR("f1")) || component.len != 1)
		return ERR_SYNTAX;
	if (component.p[0] != TOKEN_RTP && component.p[0] != TOKEN_RTCP)
		return ERR_SYNTAX;
	t->component = component.p[0] == TOKEN_RTP ? TOKEN_RTP : TOKEN_RTCP;
	if (read_u64_hex(id, &t->stream_id) != OK || read_u64_hex(rest, &t->counter) != OK)
		return ERR_SYNTAX;
	return t->stream_id ? OK : ERR_SYNTAX;
}

/* Three attributes: the first one, a full MAC, FINGERPRINT. */
static bool has_shape(const struct stun_msg *m, enum stun_class class, enum stun_type first)
{
	return m->class == class && m->method == STUN_BINDING && m->n_attrs == N_ATTRS &&
	       m->attrs[0].type == first && m->attrs[1].type == SA_MESSAGE_INTEGRITY_SHA256 &&
	       m->attrs[1].value.len == SHA256_LEN && m->attrs[2].type == SA_FINGERPRINT;
}

enum err token_parse(struct str bytes, struct token *ret_token)
{
	struct stun_msg m;
	struct token t = {0};

	if (bytes.len != TOKEN_LEN || stun_parse(bytes, &m) != OK ||
		!has_shape(&m, STUN_REQUEST, SA_USERNAME))
		return ERR_SYNTAX;
	if (read_name(m.attrs[0].value, &t) != OK)
		return ERR_SYNTAX;
	memcpy(t.tid, m.tid, sizeof t.tid);
	*ret_token = t;
	return OK;
}

bool token_is_proved(struct str bytes, const uint8_t key[TOKEN_KEY_LEN])
{
	struct stun_msg m;

	return stun_parse(bytes, &m) == OK && m.n_attrs == N_ATTRS &&
	       m.attrs[1].value.len == SHA256_LEN && stun_check_sha256(&m, key_str(key)) == OK;
}

struct str token_answer_put(const uint8_t tid[STUN_TID_LEN], const struct addr *mapped,
	const uint8_t key[TOKEN_KEY_LEN], uint8_t buf[TOKEN_ANSWER_MAX])
{
	struct wr w = wr_of(buf, TOKEN_ANSWER_MAX);

	stun_begin(&w, STUN_SUCCESS, STUN_BINDING, tid);
	stun_put_addr(&w, SA_XOR_MAPPED_ADDRESS, mapped);
	stun_put_sha256(&w, key_str(key));
	stun_put_fingerprint(&w);
	return wr_done(&w);
}

enum err token_answer_parse(
	struct str bytes, uint8_t ret_tid[STUN_TID_LEN], struct addr *ret_mapped)
{
	struct stun_msg m;
	struct addr mapped;

	if ((bytes.len != ANSWER_V4 && bytes.len != TOKEN_ANSWER_MAX) ||
		stun_parse(bytes, &m) != OK || !has_shape(&m, STUN_SUCCESS, SA_XOR_MAPPED_ADDRESS))
		return ERR_SYNTAX;
	if (stun_addr(&m, SA_XOR_MAPPED_ADDRESS, &mapped) != OK)
		return ERR_SYNTAX;
	memcpy(ret_tid, m.tid, sizeof m.tid);
	*ret_mapped = mapped;
	return OK;
}
