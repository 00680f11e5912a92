/* {row, text}: a value of any kind, text -> value -> text -> value. */
#include <stdlib.h>
#include <string.h>

#include "conf/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct conf conf;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_Alignas(16) uint8_t a[CONF_TEXT], b[CONF_TEXT];
	char text[2 * CONF_TEXT + 1], rest[1024];
	struct wr w = wr_of(text, sizeof text), v = wr_of(rest, sizeof rest);
	const struct opt *o;
	struct str in;
	const char *why;

	if (size < 2)
		return 0;
	o = &schema[(uint32_t)(data[0] << 8 | data[1]) % schema_n()];
	in = (struct str){(const char *)data + 2, size - 2};
	if (o->kind == K_LIST || o->size > sizeof a)
		return 0;
	conf.n_zones = 2;
	memcpy(conf.zones[0].name, "one", 4);
	memcpy(conf.zones[1].name, "two", 4);
	memset(a, 0, sizeof a);
	memset(b, 0, sizeof b);
	if (value_parse(o, &conf, in, a, &why) != OK) {
		value_put_allowed(o, &conf, &v);
		value_put_hint(o, &conf, in, &v);
		return 0;
	}
	value_put(o, &conf, a, &w);
	if (w.err != OK || value_parse(o, &conf, wr_done(&w), b, &why) != OK)
		abort();
	if (memcmp(a, b, sizeof a) != 0 || !value_is_sane(o, &conf, a))
		abort();
	return 0;
}
