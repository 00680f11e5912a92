/* YAML -> tree -> configuration. What is accepted is printed, read again and must be the same; what the
 * loader makes passes the check of a mapping. */
#include <stdlib.h>
#include <string.h>

#include "base/scratch.h"
#include "conf/conf.h"
#include "conf/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct conf first, second;
static char text[1 << 20];

#define KEY "0011223344556677001122334455667700112233445566770011223344556677"
static const char joined[] = "username u\nsecret " KEY "\npeer_spki " KEY "\nmedia_key " KEY "\n";

static void on_error(void *arg, const struct conf_error *e)
{
	char line[2048];
	struct wr w = wr_of(line, sizeof line);
	unsigned *n = arg;

	conf_error_put(e, &w);
	*n += !e->is_warning;
	if (w.err != OK || (e->line == 0) != (e->column == 0))
		abort();
}

static void walk(struct str yaml)
{
	struct tree t;
	bool is_set;

	if (tree_parse(yaml, &t) != OK)
		abort();
	for (uint32_t i = 1; i < t.n; i++) {
		if (t.nodes[i].parent >= i || t.nodes[i].line == 0 || t.nodes[i].column == 0)
			abort();
	}
	(void)tree_place(&t, yaml.len < 200 ? yaml : STR("zones[0].sip.port"), &is_set);
	tree_free(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct conf_file pairing = {STR("p"), STR(joined)}, secret = {STR("x"), STR("y\n")};
	struct conf_input in = {.text = {(const char *)data, size},
		.file = "f",
		.has_files = true,
		.pairings = &pairing,
		.n_pairings = 1,
		.secrets = &secret,
		.n_secrets = 1};
	unsigned n = 0, again = 0;
	struct wr w = wr_of(text, sizeof text);
	struct plan p;

	walk(in.text);
	if ((conf_load(&in, &first, on_error, &n) == OK) != (n == 0))
		abort();
	if (n)
		return 0;
	conf_to_plan(&first, true, &p);
	if (!conf_check_image(&first, sizeof first))
		abort();
	if (conf_print(&first, STR(""), DUMP_SET | DUMP_SECRETS, &w) != OK)
		return 0; /* does not fit */
	in.text = wr_done(&w);
	if (conf_load(&in, &second, on_error, &again) != OK ||
		conf_diff(&first, &second, NULL, NULL) != 0 ||
		memcmp(&first, &second, sizeof first) != 0)
		abort();
	return 0;
}
