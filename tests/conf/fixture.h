/* fixture.h - files beside the tests, the pairings and secrets that they name, and collected errors. */
#ifndef TEST_CONF_FIXTURE_H
#define TEST_CONF_FIXTURE_H

#include <stdlib.h>
#include <string.h>

#include "conf/conf.h"
#include "test.h"

#define KEY_A "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define KEY_B "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100"

static const char joined[] = "peer_name other.example.com\n"
			     "peer_inside 198.51.100.10:7001\n"
			     "username control1\n"
			     "secret " KEY_A "\npeer_spki " KEY_B "\nmedia_key " KEY_A "\n";

/* A file below tests/conf as a NUL-terminated block; the caller frees. */
static inline char *read_file(const char *name, size_t *ret_len)
{
	char path[1024];
	char *text = NULL;
	long len = -1;
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", CONF_TEST_DIR, name);
	f = fopen(path, "rb");
	if (f && fseek(f, 0, SEEK_END) == 0 && (len = ftell(f)) >= 0)
		text = malloc((size_t)len + 1);
	if (text) {
		rewind(f);
		*ret_len = fread(text, 1, (size_t)len, f);
		text[*ret_len] = 0;
	}
	if (f)
		fclose(f);
	return text;
}

struct errors {
	char text[1 << 18];
	size_t len;
	int n_errors, n_warnings;
};

static inline void on_error(void *arg, const struct conf_error *e)
{
	struct errors *errors = arg;
	struct wr w = wr_of(errors->text + errors->len, sizeof errors->text - errors->len - 1);

	conf_error_put(e, &w);
	errors->len += wr_len(&w);
	errors->text[errors->len] = 0;
	errors->n_errors += !e->is_warning;
	errors->n_warnings += e->is_warning;
}

static inline enum err load(
	struct str yaml, const char *name, struct conf *ret, struct errors *errors)
{
	struct conf_file pairings[] = {
		{str_of("edge1"), str_of(joined)}, {str_of("control1"), str_of(joined)}};
	struct conf_file secrets[] = {{str_of("link.secret"), str_of("abcdefgh\n")},
		{str_of("phone.secret"), str_of("secret1\n")},
		{str_of("phone1.secret"), str_of("secret1\n")}};
	struct conf_input in = {.text = yaml,
		.file = name,
		.has_files = true,
		.pairings = pairings,
		.n_pairings = 2,
		.secrets = secrets,
		.n_secrets = 3,
		.revision = 7};

	errors->len = 0;
	errors->text[0] = 0;
	errors->n_errors = errors->n_warnings = 0;
	return conf_load(&in, ret, on_error, errors);
}

#define MINIMAL                                                                                    \
	"version: 1\nnode: {role: control, name: c.example.com, addresses: {inside: "              \
	"192.0.2.10}}\n"                                                                           \
	"zones:\n  - {name: to-edge, type: traversal-client, pairing: edge1, peers: "              \
	"[e.example.com]}\n"

#endif
