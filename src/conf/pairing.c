/* pairing.c - reader and writer of pairing files, by one table of keys. Pure; holds secrets, so its
 * callers wipe the text. */
#include "conf/pairing.h"

#include <stddef.h>
#include <string.h>

struct field {
	const char *key;
	const char *(*read)(struct conf_pairing *p, struct str value); /* NULL, or what is wrong */
	void (*write)(const struct conf_pairing *p, struct wr *w, const char *key);
	size_t off, size;
	unsigned readers; /* as in struct opt; 0: all */
};

static const char *add_key(uint8_t keys[2][32], uint32_t *n, struct str value)
{
	if (*n == 2)
		return "stands more than twice";
	if (str_hex(value, keys[*n], 32) != OK)
		return "is not 64 hexadecimal digits";
	(*n)++;
	return NULL;
}

static void write_hex(struct wr *w, const char *key, const uint8_t *bytes, size_t n)
{
	wr_printf(w, "%s ", key);
	for (size_t i = 0; i < n; i++)
		wr_printf(w, "%02x", bytes[i]);
	wr_printf(w, "\n");
}

static const char *read_spki(struct conf_pairing *p, struct str value)
{
	return add_key(p->spki, &p->n_spki, value);
}

static void write_spki(const struct conf_pairing *p, struct wr *w, const char *key)
{
	for (uint32_t i = 0; i < p->n_spki; i++)
		write_hex(w, key, p->spki[i], 32);
}

static const char *read_media_key(struct conf_pairing *p, struct str value)
{
	return add_key(p->media_keys, &p->n_media_keys, value);
}

static void write_media_key(const struct conf_pairing *p, struct wr *w, const char *key)
{
	for (uint32_t i = 0; i < p->n_media_keys; i++)
		write_hex(w, key, p->media_keys[i], 32);
}

/* Printable and without spaces, so that a line stays a line. */
static const char *read_text(char *z, size_t size, struct str value)
{
	for (size_t i = 0; i < value.len; i++) {
		if ((unsigned char)value.p[i] <= 0x20 || value.p[i] == 0x7f)
			return "holds a space or a control character";
	}
	if (z[0])
		return "stands twice";
	return value.len && str_copy(value, z, size) ? NULL : "is empty or too long";
}

static void write_text(struct wr *w, const char *key, const char *z)
{
	if (z[0])
		wr_printf(w, "%s %s\n", key, z);
}

static const char *read_username(struct conf_pairing *p, struct str value)
{
	return read_text(p->username, sizeof p->username, value);
}

static void write_username(const struct conf_pairing *p, struct wr *w, const char *key)
{
	write_text(w, key, p->username);
}

static const char *read_name(struct conf_pairing *p, struct str value)
{
	return read_text(p->peer_name, sizeof p->peer_name, value);
}

static void write_name(const struct conf_pairing *p, struct wr *w, const char *key)
{
	write_text(w, key, p->peer_name);
}

static const char *read_secret(struct conf_pairing *p, struct str value)
{
	return str_hex(value, p->secret, sizeof p->secret) == OK ? NULL
	                                                         : "is not 64 hexadecimal digits";
}

static bool is_zero(const uint8_t *bytes, size_t n)
{
	uint8_t any = 0;

	for (size_t i = 0; i < n; i++)
		any |= bytes[i];
	return any == 0;
}

static void write_secret(const struct conf_pairing *p, struct wr *w, const char *key)
{
	if (!is_zero(p->secret, sizeof p->secret))
		write_hex(w, key, p->secret, sizeof p->secret);
}

static const char *read_inside(struct conf_pairing *p, struct str value)
{
	return addr_parse(value, &p->peer_inside) == OK ? NULL : "is not an address with its port";
}

static void write_inside(const struct conf_pairing *p, struct wr *w, const char *key)
{
	char text[ADDR_TEXT_SIZE];

	if (p->peer_inside.family)
		wr_printf(w, "%s %s\n", key, addr_put(&p->peer_inside, text));
}

static const char *read_join_secret(struct conf_pairing *p, struct str value)
{
	p->has_join = true;
	return str_hex(value, p->join_secret, sizeof p->join_secret) == OK
	               ? NULL
	               : "is not 32 hexadecimal digits";
}

static void write_join_secret(const struct conf_pairing *p, struct wr *w, const char *key)
{
	if (p->has_join)
		write_hex(w, key, p->join_secret, sizeof p->join_secret);
}

static const char *read_join_until(struct conf_pairing *p, struct str value)
{
	return str_u64(value, INT64_MAX, &p->join_until_s) == OK ? NULL
	                                                         : "is not a time in seconds";
}

static void write_join_until(const struct conf_pairing *p, struct wr *w, const char *key)
{
	if (p->has_join)
		wr_printf(w, "%s %llu\n", key, (unsigned long long)p->join_until_s);
}

#define AT(field) offsetof(struct conf_pairing, field), sizeof(((struct conf_pairing *)0)->field)
#define SIG       (1u << OWNER_SIG)

/* clang-format off */
static const struct field fields[] = {
	{ "peer_name",   read_name,        write_name,        AT(peer_name),   0 },
	{ "peer_inside", read_inside,      write_inside,      AT(peer_inside), 0 },
	{ "username",    read_username,    write_username,    AT(username),    SIG },
	{ "secret",      read_secret,      write_secret,      AT(secret),      SIG },
	{ "peer_spki",   read_spki,        write_spki,        AT(spki),        0 },
	/* fosse-media gets those of the zones in use with their rows, ROW_ZONE_MEDIA */
	{ "media_key",   read_media_key,   write_media_key,   AT(media_keys),  SIG },
	{ "join_secret", read_join_secret, write_join_secret, AT(join_secret), SIG },
	{ "join_until",  read_join_until,  write_join_until,  AT(join_until_s), 0 },
};
/* clang-format on */

enum { N_FIELDS = sizeof fields / sizeof fields[0] };

static const char *read_line(struct conf_pairing *p, struct str line)
{
	struct str key = str_cut(&line, ' ');

	for (size_t i = 0; i < N_FIELDS; i++) {
		if (str_eq(key, str_of(fields[i].key)))
			return fields[i].read(p, str_trim(line));
	}
	return NULL;
}

enum err pairing_parse(
	struct str text, struct conf_pairing *ret_pairing, uint32_t *ret_line, const char **ret_why)
{
	struct conf_pairing p = {0};
	uint32_t n = 0;

	if (text.len > PAIRING_TEXT_MAX) {
		*ret_line = 1;
		*ret_why = "is larger than 4096 bytes";
		return ERR_SYNTAX;
	}
	while (text.len) {
		struct str line = str_trim(str_cut(&text, '\n'));
		const char *why = NULL;

		n++;
		if (line.len && line.p[0] != '#')
			why = read_line(&p, line);
		if (!why)
			continue;
		explicit_bzero(&p, sizeof p);
		*ret_line = n;
		*ret_why = why;
		return ERR_SYNTAX;
	}
	if (!p.has_join)
		p.join_until_s = 0; /* a time without a token is nothing */
	*ret_pairing = p;
	explicit_bzero(&p, sizeof p);
	return OK;
}

void pairing_put(const struct conf_pairing *p, struct wr *w)
{
	for (size_t i = 0; i < N_FIELDS; i++)
		fields[i].write(p, w, fields[i].key);
}

void pairing_blank(struct conf_pairing *p, enum plan_owner reader)
{
	for (size_t i = 0; i < N_FIELDS; i++) {
		const struct field *f = &fields[i];

		if (f->readers && !(f->readers & 1u << reader))
			explicit_bzero((uint8_t *)p + f->off, f->size);
	}
}

bool pairing_is_joined(const struct conf_pairing *p)
{
	return p->n_spki > 0 && p->n_media_keys > 0 && p->username[0] &&
	       !is_zero(p->secret, sizeof p->secret);
}
