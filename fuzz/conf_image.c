/* A mapping that somebody else made: a good one with patches {offset 3 bytes, length 1, bytes}. What the
 * check lets pass is read in full. */
#include <stdlib.h>
#include <string.h>

#include "conf/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct conf good, image;
static char text[1 << 22];

static const char yaml[] =
	"version: 1\nnode: {role: control, name: c.example, addresses: {inside: 192.0.2.10}}\n"
	"zones: [{name: a, type: traversal-client, pairing: p, peers: [e.example]}, {name: d, "
	"type: dns}]\n"
	"users: [{name: u, password: x}]\nsubzones: [{name: s, match: [{subnet: 10.0.0.0/8}]}]\n"
	"dial_plan: {search_rules: [{mode: any-alias, source: [a, local], target: a}]}\n";

static void on_error(void *arg, const struct conf_error *e)
{
	(void)arg;
	(void)e;
}

static void make_good(void)
{
	struct conf_input in = {.text = STR(yaml), .file = "f"};

	if (conf_load(&in, &good, on_error, NULL) != OK)
		abort();
	memcpy(&image, &good, sizeof image);
}

static void patch(const uint8_t *data, size_t size, bool is_undone)
{
	while (size >= 5) {
		const size_t at = (size_t)(data[0] << 16 | data[1] << 8 | data[2]) % sizeof image;
		size_t n = data[3] % 16 + 1u;

		if (n > size - 4)
			n = size - 4;
		if (n > sizeof image - at)
			n = sizeof image - at;
		memcpy((uint8_t *)&image + at, is_undone ? (const uint8_t *)&good + at : data + 4,
			n);
		data += 4 + n;
		size -= 4 + n;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wr w = wr_of(text, sizeof text);
	struct plan p;

	if (!good.n_zones)
		make_good();
	patch(data, size, false);
	if (conf_check_image(&image, sizeof image)) {
		conf_to_plan(&image, true, &p);
		(void)!conf_print(&image, STR(""), DUMP_EFFECTIVE, &w);
		(void)conf_diff(&good, &image, NULL, NULL);
		(void)conf_diff(&image, &good, NULL, NULL);
		(void)conf_zone(&image, STR("a"));
	}
	patch(data, size, true);
	return 0;
}
