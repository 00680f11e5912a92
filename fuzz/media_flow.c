/* media_flow.c - what a killed process left and what strangers send, into the flows of an Edge: records,
 * wanted rows and datagrams are taken from the input, and no packet ever goes to who proved nothing. */
#include "../tests/media/world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SOURCES = 3, STRANGER = SOURCES, OPS_MAX = 200 };

#define OURS 0xfe1234c1u

static struct node edge;
static struct node *nodes[] = {&edge};
static int sources[SOURCES + 1];
static bool is_stranger_told;

static void must(bool is_so)
{
	if (!is_so)
		abort();
}

static struct flow_want usual(void)
{
	struct flow_want w = {.call = 7, .classes = CLASS_RTP | CLASS_DTLS, .lease_ms = 120000};
	struct flow_end link = {.kind = END_MUX_SERVER,
		.has_rtcp = true,
		.row = PLAN_LINK_RTP,
		.stream_id = 0x1111111111111111,
		.zone = handle_make(HK_ZONE, 3, 1)};
	struct flow_end out = {.kind = END_DIRECT, .is_nat = true, .row = PLAN_PUBLIC_RTP_IN};

	link.local = at(EDGE, 36000);
	out.local = at(EDGE, 36020);
	out.remote_rtp = at("203.0.113.20", 4000);
	out.signalling = at("203.0.113.20", 5060);
	w.end[0] = link;
	w.end[1] = out;
	return w;
}

/* Another's client by multiplexID, and another's server: we are its client. */
static struct flow_want others(void)
{
	struct flow_want w = {.call = 8, .classes = CLASS_RTP, .lease_ms = 120000};
	struct flow_end client = {.kind = END_ID_SERVER,
		.is_nat = true,
		.has_rtcp = true,
		.row = PLAN_LINK_RTP,
		.h46019 = {.role = H46019_SERVER, .keepalive_type = 116, .id_in = OURS}};
	struct flow_end server = {.kind = END_DIRECT, .has_rtcp = true, .row = PLAN_PUBLIC_RTP_IN};

	client.local = at(EDGE, 36000);
	client.signalling = at("203.0.113.20", 1720);
	server.local = at(EDGE, 36030);
	server.remote_rtp = at("203.0.113.20", 4000);
	server.remote_rtcp = at("203.0.113.20", 61000);
	server.h46019 = (struct h46019){.role = H46019_CLIENT,
		.keepalive_type = 116,
		.id_in = OURS,
		.has_id_out = true,
		.id_rtp = 1};
	server.h46019.keepalive_rtp = server.remote_rtp;
	w.end[0] = client;
	w.end[1] = server;
	return w;
}

static void start(void)
{
	struct zone_media zone = {.name = "control", .is_edge = true, .keepalive_ms = 1000};
	struct flow_want want = usual(), other = others();

	net_clear();
	node_init(&edge, true);
	sources[0] = phone("203.0.113.20", 4000);
	sources[1] = phone("203.0.113.20", 61000);
	sources[2] = phone("192.0.2.10", 36012);
	sources[STRANGER] = phone("203.0.113.66", 4000);
	flows_edge_up(edge.flows, true);
	flows_zone_put(edge.flows, handle_make(HK_ZONE, 3, 1), &zone);
	flows_put(edge.flows, handle_make(HK_STREAM, 1, 1), &want);
	flows_put(edge.flows, handle_make(HK_STREAM, 2, 1), &other);
	flows_sync(edge.flows);
}

/* A record whose body is the input's, in the place of one that was left. */
static void spoil_record(struct rd *in)
{
	struct str body = rd_bytes(in, rd_left(in) < 200 ? rd_left(in) : 200);
	struct record *r = &edge.keep.records[rd_u8(in) % 8];

	if (!r->key || in->err)
		return;
	memcpy(r->body, body.p, body.len);
	r->len = body.len;
}

static void put_want(struct rd *in)
{
	struct rd body = rd_of(rd_bytes(in, rd_u16(in) % 400u));
	struct flow_want want;

	if (flow_want_get(&body, &want) == OK)
		flows_put(edge.flows, handle_make(HK_STREAM, rd_u8(in) % 4u, 1), &want);
}

static void give_datagram(struct rd *in, uint8_t from)
{
	static const uint16_t ports[] = {36000, 36001, 36020, 36021};
	struct addr to = at(EDGE, ports[rd_u8(in) % 4]);
	struct str bytes = rd_bytes(in, rd_u8(in));

	if (in->err == OK)
		phone_send(sources[from % (SOURCES + 1)], &to, bytes);
	run_nodes(nodes, 1, 1);
}

/* Behind an id: the right one, it read backwards, one of the input's. */
static void give_id(struct rd *in, uint8_t from)
{
	static const uint16_t ports[] = {36000, 36001, 36030, 36031};
	uint8_t how = rd_u8(in), buf[260];
	struct addr to = at(EDGE, ports[how % 4]);
	struct wr w = wr_of(buf, sizeof buf);

	if (how / 4 % 3 == 0)
		wr_u32(&w, OURS);
	else if (how / 4 % 3 == 1)
		wr_u32(&w, multiplex_id_backwards(OURS));
	wr_str(&w, rd_bytes(in, rd_u8(in)));
	if (in->err == OK)
		phone_send(sources[from % (SOURCES + 1)], &to, wr_done(&w));
	run_nodes(nodes, 1, 1);
}

static void step(struct rd *in)
{
	uint8_t op = rd_u8(in);

	switch (op % 6) {
	case 0:
		put_want(in);
		break;
	case 1:
		node_kill(&edge);
		spoil_record(in);
		node_start(&edge);
		break;
	case 2:
		run_nodes(nodes, 1, rd_u16(in) % 16384); /* keep-alives pile up */
		break;
	case 3:
		give_id(in, op / 6);
		break;
	default:
		give_datagram(in, op / 6);
		break;
	}
	is_stranger_told |= phone_heard(sources[STRANGER]) > 0;
	for (int i = 0; i < SOURCES; i++)
		(void)phone_heard(sources[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rd in = rd_of((struct str){(const char *)data, size});
	bool names_stranger = memmem(data, size, "\xcb\x00\x71\x42", 4) != NULL;

	start();
	is_stranger_told = false;
	for (int i = 0; i < OPS_MAX && rd_more(&in); i++)
		step(&in);
	must(names_stranger || !is_stranger_told);
	must(flows_count(edge.flows) <= 16);
	flows_edge_up(edge.flows, true);
	flows_sync(edge.flows);
	must(flows_count(edge.flows) == 0);
	for (size_t i = 0; i < RECORDS_MAX; i++)
		must(handle_kind(edge.keep.records[i].key) != HK_FLOW);
	node_free(&edge);
	return 0;
}
