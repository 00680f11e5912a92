/* sip_sdp.c - a description inside a message: indexed, read, rewritten; the result must be indexed
 * again with the same m-lines, the planned addresses and none of what was cut. */
#include <stdlib.h>

#include "sip/sdp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define HEAD                                                                                       \
	"INVITE sip:b@example.net SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\n"               \
	"From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n"               \
	"Content-Type: application/sdp\r\n\r\n"

struct state {
	struct scratch scratch;
	struct sip_msg m, again;
	struct sdp sdp, sdp_again;
	char in[SIP_MESSAGE_CEILING], out[SIP_MESSAGE_CEILING];
};

static void must(bool is_so)
{
	if (!is_so)
		abort();
}

static void plan_for(const struct sdp *s, struct sdp_plan *plan)
{
	*plan = (struct sdp_plan){.n = s->n_media, .cut_ice = true, .cut_bundle = true};
	plan->origin = addr_v4(198, 51, 100, 1, 0);
	plan->version_offset = 1;
	for (unsigned i = 0; i < s->n_media; i++) {
		plan->lines[i].rtp = addr_v4(198, 51, 100, (uint8_t)(1 + i % 2), 36000);
		plan->lines[i].rtcp_port = i % 3 ? 36001 : 36101;
		plan->lines[i].is_refused = i % 4 == 3 || !s->media[i].port;
	}
}

static void check_line(const struct sdp *s, unsigned i, const struct sdp_line_plan *plan,
	const struct media_line *line)
{
	if (plan->is_refused) {
		must(s->media[i].port == 0);
		return;
	}
	must(line->rtp.port == 36000);
	must(addr_is_any(&line->rtp) || addr_same_host(&line->rtp, &plan->rtp));
	if (line->has_rtcp && !line->has_rtcp_mux)
		must(line->rtcp.port == plan->rtcp_port);
}

static void check_result(struct state *st, const struct sdp_plan *plan)
{
	const struct sdp *s = &st->sdp_again;
	struct media_desc d;

	must(sdp_index(st->again.body, &st->sdp_again) == OK);
	must(s->n_media == plan->n);
	for (unsigned i = 0; i < s->n_media; i++)
		must(str_eq(s->media[i].proto, st->sdp.media[i].proto));
	must(sdp_attr_next(s, SDP_SESSION, SDP_ICE_UFRAG, -1) < 0);
	if (sdp_describe(s, &d) != OK)
		return; /* an address that no edit touched (a session c= of a held call, say) */
	for (unsigned i = 0; i < d.n; i++)
		check_line(s, i, &plan->lines[i], &d.lines[i]);
}

static void rewrite(struct state *st)
{
	struct wr w = wr_of(st->out, sizeof st->out);
	struct sip_edit *e;
	struct sdp_plan plan;
	enum err err;

	scratch_reset(&st->scratch);
	e = sip_edit_new(&st->scratch, &st->m);
	must(e != NULL);
	plan_for(&st->sdp, &plan);
	err = sdp_rewrite(e, &st->sdp, &plan);
	must(err == OK || err == ERR_RANGE);
	if (err)
		return;
	err = sip_edit_apply(e, &w);
	must(err == OK || err == ERR_FULL);
	if (err)
		return;
	sip_msg_init(&st->again);
	st->again.len_max = SIP_MESSAGE_CEILING;
	must(sip_index(wr_done(&w), SIP_DGRAM, &st->again) == OK);
	check_result(st, &plan);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct state st;
	struct wr w = wr_of(st.in, sizeof st.in);
	struct media_desc d;
	struct str body;

	if (!st.scratch.base)
		must(scratch_init(&st.scratch, SCRATCH_SIZE) == OK);
	wr_str(&w, STR(HEAD));
	wr_bytes(&w, data, size < 60000 ? size : 60000);
	sip_msg_init(&st.m);
	st.m.len_max = SIP_MESSAGE_CEILING;
	must(sip_index(wr_done(&w), SIP_DGRAM, &st.m) == OK);
	if (sip_sdp_body(&st.m, &body) != OK)
		return 0;
	if (sdp_index(body, &st.sdp) != OK) {
		must(st.sdp.reason != NULL);
		return 0;
	}
	if (sdp_describe(&st.sdp, &d) == OK)
		must(d.n == st.sdp.n_media);
	rewrite(&st);
	return 0;
}
