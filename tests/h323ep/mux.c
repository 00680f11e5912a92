/* mux.c - H.460.19 at an endpoint, which is always a client: one port pair for all flows, each packet
 * behind the number that its receiver chose, and packets that keep the way through a NAT open.
 *
 * Addresses that we name are private and mean nothing to a server behind the NAT: it learns them from
 * what comes. So the first keep-alive goes out at once, before any media, and silence does not stop them. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "endpoint.h"

#define ALIVE_TYPE 127
#define PACKET_MAX 2048

/* A registered H.460.18 endpoint offers it before it knows what the far end does. */
static bool is_offered(const struct flow *f)
{
	return f->call->e->o.has_19 && (f->call->has_peer_19 || f->call->is_caller);
}

bool mux_is_used(const struct flow *f)
{
	return f->call->e->o.has_mux && is_offered(f) &&
	       (f->call->has_peer_mux || (f->call->is_caller && !f->call->is_peer_known));
}

void mux_put(struct flow *f, bool is_ack, struct wr *w)
{
	struct addr rtp = flow_local(f, false), rtcp = flow_local(f, true);
	char text[TEXT_SIZE * 2], hex[256];
	struct wr x = wr_of(text, sizeof text);

	if (!is_offered(f) || (!mux_is_used(f) && !is_ack))
		return;
	wr_printf(&x, "{");
	if (mux_is_used(f))
		wr_printf(&x,
			"'multiplexedMediaChannel':%s,'multiplexedMediaControlChannel':%s,"
			"'multiplexID':%u%s",
			address245(&rtp), address245(&rtcp), f->id, is_ack ? "," : "");
	if (is_ack)
		wr_printf(&x, "'keepAlivePayloadType':%u", ALIVE_TYPE);
	wr_printf(&x, "}");
	wr_u8(&x, 0);
	pdu_hex(H46019_TraversalParameters_T, text, hex, sizeof hex);
	wr_printf(w,
		",'genericInformation':[{'messageIdentifier':{'standard':'0.0.8.460.19.0.1'},"
		"'messageContent':[{'parameterIdentifier':{'standard':1},'parameterValue':"
		"{'octetString':'%s'}}]}]",
		hex);
}

void mux_took(struct flow *f, struct str raw)
{
	struct addr a;
	struct pdu p;

	if (!pdu_read(&p, H46019_TraversalParameters_T, raw)) {
		say("error", "'text':'TraversalParameters that cannot be read','pdu':'%s'",
			hex_of(raw.p, raw.len));
		pdu_free(&p);
		return;
	}
	if (h245_addr(&p.tree, pdu_at(&p, 0, "multiplexedMediaChannel"), &a))
		f->to_rtp = a;
	if (h245_addr(&p.tree, pdu_at(&p, 0, "multiplexedMediaControlChannel"), &a))
		f->to_rtcp = a;
	if (pdu_has(&p, "multiplexID")) {
		f->has_far_mux = true;
		f->far_id = (uint32_t)pdu_num(&p, "multiplexID", 0);
	}
	if (h245_addr(&p.tree, pdu_at(&p, 0, "keepAliveChannel"), &a)) {
		f->alive_to = a;
		f->alive_s = (unsigned)pdu_num(&p, "keepAliveInterval", 19);
	}
	say("traversal", "'call':%u,'mux':%s,'keep_alive':%u", f->call->id,
		f->has_far_mux ? "true" : "false", f->alive_s);
	pdu_free(&p);
}

/* One to the channel that the server named, one to its RTCP (design of H.460.19 section 7). */
static void on_alive(void *arg)
{
	struct flow *f = arg;
	struct addr to_rtp = f->to_rtp;
	uint8_t packet[28] = {0};
	struct wr w = wr_of(packet, sizeof packet);

	wr_u8(&w, 0x80);
	wr_u8(&w, ALIVE_TYPE);
	wr_u16(&w, f->alive_sequence++);
	wr_u64(&w, 0);
	f->to_rtp = f->alive_to;
	flow_put(f, false, wr_done(&w));
	f->to_rtp = to_rtp;
	w = wr_of(packet, sizeof packet);
	wr_u32(&w, 0x80c80006);
	for (unsigned i = 0; i < 6; i++)
		wr_u32(&w, i ? 0 : f->ssrc);
	flow_put(f, true, wr_done(&w));
	timer_start(&f->call->e->loop, &f->alive, (f->alive_s ? f->alive_s : 19) * 900u);
}

void mux_alive(struct flow *f)
{
	if (!f->alive_to.port || f->alive.at_ms)
		return;
	f->alive.on_time = on_alive;
	f->alive.arg = f;
	on_alive(f);
}

/* ---- the shared ports ---- */
static struct flow *flow_of_id(struct endpoint *e, uint32_t id)
{
	for (unsigned i = 0; i < CALLS_MAX; i++)
		for (unsigned k = 0; k < FLOWS_MAX; k++)
			if (e->calls[i].flows[k].call && e->calls[i].flows[k].id == id)
				return &e->calls[i].flows[k];
	return NULL;
}

static void read_mux(struct endpoint *e, int fd, bool is_rtcp)
{
	uint8_t packet[PACKET_MAX];
	ssize_t n;

	while ((n = recv(fd, packet, sizeof packet, 0)) >= 0) {
		struct rd r = rd_of((struct str){(const char *)packet, (size_t)n});
		struct flow *f = flow_of_id(e, rd_u32(&r));

		if (f && r.err == OK)
			flow_take(f, is_rtcp, (struct str){(const char *)r.p, rd_left(&r)});
		else
			say("error", "'text':'a multiplexed packet with an unknown number'");
	}
}

static void on_rtp(void *arg)
{
	struct endpoint *e = arg;

	read_mux(e, e->mux_rtp.fd, false);
}

static void on_rtcp(void *arg)
{
	struct endpoint *e = arg;

	read_mux(e, e->mux_rtcp.fd, true);
}

static void open_one(struct endpoint *e, struct watch *w, uint16_t port, void (*on_ready)(void *))
{
	struct addr a = addr_with_port(&e->o.local, port);
	int fd = net_udp(&a);

	if (fd < 0) {
		say("error", "'text':'cannot bind the multiplexed ports'");
		exit(1);
	}
	*w = (struct watch){.fd = fd, .want = POLLIN, .on_ready = on_ready, .arg = e};
	loop_watch(&e->loop, w);
}

void mux_open(struct endpoint *e)
{
	open_one(e, &e->mux_rtp, e->next_media_port, on_rtp);
	open_one(e, &e->mux_rtcp, (uint16_t)(e->next_media_port + 1), on_rtcp);
	e->next_media_port = (uint16_t)(e->next_media_port + 2);
}
