/* addr.c - literals from the wire: what is read is written back as itself, and its verdict is stable.
 *
 * Also prefixes and the body form, and the policy with the input as its own NAT64 prefix. */
#include <stdlib.h>

#include "base/addr_policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
	if (!is_so)
		abort();
}

static void check_text(struct str text)
{
	char buf[ADDR_TEXT_SIZE];
	struct addr a, again;

	if (addr_parse(text, &a) != OK)
		return;
	must(addr_parse(str_of(addr_put(&a, buf)), &again) == OK);
	must(addr_eq(&a, &again));
}

/* A verdict is the same for the canonical address that it gives, and never an address of the table. */
static void check_policy(const struct addr *a, const struct prefix *nat64)
{
	const struct addr_ctx ctx = {.nat64 = nat64, .n_nat64 = nat64 ? 1 : 0};

	for (int use = 0; use < USE_MAX; use++) {
		struct addr_ok ok, again;
		const char *why = NULL;

		if (addr_policy(&ctx, (enum addr_use)use, a, &ok, &why) != OK) {
			must(why != NULL);
			continue;
		}
		must(addr_policy(&ctx, (enum addr_use)use, &ok.addr, &again, &why) == OK);
		must(addr_eq(&ok.addr, &again.addr));
		must(ok.addr.family == AF_V6 || (ok.addr.ip[0] != 127 && ok.addr.ip[0] < 224));
	}
}

static void check_body(struct str bytes)
{
	struct rd r = rd_of(bytes), again;
	struct addr a = rd_t_addr(&r), b;
	uint8_t buf[64];
	struct wr w = wr_of(buf, sizeof buf);
	struct rd value;
	uint16_t tag;

	if (r.err != OK)
		return;
	check_policy(&a, NULL);
	wr_t_addr(&w, 1, &a);
	again = rd_of(wr_done(&w));
	must(rd_tag(&again, &tag, &value));
	b = rd_t_addr(&value);
	must(value.err == OK && addr_eq(&a, &b));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size};
	struct str second = text, first = str_cut(&second, ' ');
	struct prefix p;
	struct addr a;

	check_text(text);
	check_body(text);
	if (prefix_parse(first, &p) == OK && addr_parse(second, &a) == OK) {
		(void)prefix_has(&p, &a);
		check_policy(&a, &p);
	}
	return 0;
}
