/* h323_q931.c - a stream of TPKT frames with Q.931 messages: what is read is forwarded with all that was in it,
 * and the stream gets on or ends. */
#include <stdlib.h>

#include "h323/q931.h"
#include "h323/tpkt.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
	if (!is_so)
		abort();
}

static void message(struct str in)
{
	static char buf[2 * TPKT_MAX];
	struct wr w = wr_of(buf, sizeof buf);
	struct q931_msg m, again;

	if (q931_read(in, &m) != OK)
		return;
	must(m.n_ies <= Q931_IES_MAX && q931_display(&m).len <= in.len);
	must(q931_number(&m, Q931_CALLED_NUMBER).len <= in.len && q931_cause(&m) < 128);
	q931_forward(&w, &m, m.crv, m.is_from_answering, m.uuie);
	must(w.err == OK && q931_read(wr_done(&w), &again) == OK);
	must(again.crv == m.crv && again.type == m.type && again.has_uuie == m.has_uuie);
	must(str_eq(again.uuie, m.uuie));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str in = {(const char *)data, size}, payload;
	size_t used = 0;

	message(in);
	while (tpkt_next(in, &payload, &used) == OK) {
		must(used >= TPKT_HEADER_LEN && used <= in.len &&
			payload.len == used - TPKT_HEADER_LEN);
		message(payload);
		in = (struct str){in.p + used, in.len - used};
	}
	return 0;
}
