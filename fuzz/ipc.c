/* Every verb x kind between every pair of processes, and every body that has a codec: what is accepted
 * is written again, read again and must be the same bytes. */
#include <stdlib.h>
#include <string.h>

#include "ipc/dial.h"
#include "ipc/flow.h"
#include "ipc/show.h"
#include "ipc/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t first[4096], second[4096];

/* Decodes, encodes, decodes, encodes: both encodings are equal. */
#define ROUND(type, get, put)                                                                      \
	static void round_##get(struct rd body)                                                    \
	{                                                                                          \
		struct type v;                                                                     \
		struct wr a = wr_of(first, sizeof first), b = wr_of(second, sizeof second);        \
		struct rd again;                                                                   \
                                                                                                   \
		if (get(&body, &v) != OK)                                                          \
			return;                                                                    \
		put(&a, &v);                                                                       \
		again = rd_of(wr_done(&a));                                                        \
		if (a.err != OK || get(&again, &v) != OK)                                          \
			abort();                                                                   \
		put(&b, &v);                                                                       \
		if (!str_eq(wr_done(&a), wr_done(&b)))                                             \
			abort();                                                                   \
	}

ROUND(flow_want, flow_want_get, flow_want_put)
ROUND(flow_is, flow_is_get, flow_is_put)
ROUND(zone_media, zone_media_get, zone_media_put)
ROUND(tls_want, tls_want_get, tls_want_put)
ROUND(peer, peer_get, peer_put)
ROUND(show_call, show_call_get, show_call_put)
ROUND(show_zone, show_zone_get, show_zone_put)
ROUND(show_binding, show_binding_get, show_binding_put)
ROUND(show_alarm, show_alarm_get, show_alarm_put)
ROUND(show_process, show_process_get, show_process_put)

static void answers(struct rd body, size_t size_max)
{
	struct peer peer;
	struct str why;
	bool has;

	if (tls_dialled_get(&body, &peer, &has, &why) == OK && why.len > size_max)
		abort();
}

static void counters(struct rd body)
{
	char name[SHOW_NAME_MAX];
	uint64_t v;

	while (show_counter_next(&body, name, &v)) {
		if (strnlen(name, sizeof name) == sizeof name)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct head head;
	struct rd body;
	struct str rest;
	const char *why;

	if (size < 2)
		return 0;
	rest = (struct str){(const char *)data + 2, size - 2};
	body = rd_of(rest);
	while (rest.len) {
		struct str one = wire_cut(&rest);

		if (!one.len || (rest.len && one.p + one.len != rest.p))
			abort();
		(void)!wire_get(one, data[1] & 0x80, data[0] % P_MAX, (data[1] & 0x7f) % P_MAX,
			&head, &body, &why);
	}
	round_flow_want_get(body);
	round_flow_is_get(body);
	round_zone_media_get(body);
	round_tls_want_get(body);
	round_peer_get(body);
	round_show_call_get(body);
	round_show_zone_get(body);
	round_show_binding_get(body);
	round_show_alarm_get(body);
	round_show_process_get(body);
	answers(body, size);
	counters(body);
	return 0;
}
