/* h46019.c - ends of H.460.19 (docs/protocols/h46019-media.md): multiplexIDs on and off, keep-alives in and out.
 *
 * What is media goes on to flow_input(), as that of all ends; what proves a source is the latch's to
 * say. It never lets an id or a keep-alive through to the other end. */
#include <string.h>

#include "media/flow.h"

/* ---- out ---- */

void path_send_behind_id(struct path *p, uint32_t id, const struct addr_ok *to, struct str bytes)
{
	uint8_t buf[MULTIPLEX_ID_LEN + DATAGRAM_MAX];

	multiplex_id_write(id, buf);
	memcpy(buf + MULTIPLEX_ID_LEN, bytes.p, bytes.len);
	dgram_send(p->dgram, to, (struct str){(const char *)buf, MULTIPLEX_ID_LEN + bytes.len});
}

/* ---- in ---- */

/* It goes no further. */
static void take_keepalive(struct path *p, const struct addr *from, struct str bytes)
{
	if (!path_proves_keepalive(p, from, bytes)) {
		path_count_unknown(p, from);
		return;
	}
	p->flow->n_keepalives[p->end]++;
	p->flow->flows->counters.keepalives++;
}

bool h46019_input_behind_id(
	struct path *p, const struct addr *from, struct str bytes, bool is_backwards)
{
	enum component component = (enum component)p->component;
	enum wire_class class;

	if (keepalive_is(bytes, component, &p->flow->want.end[p->end].h46019)) {
		take_keepalive(p, from, bytes);
		return true;
	}
	if (is_backwards)
		return false;
	if (demux_packet(bytes, &class) != OK)
		p->flow->flows->counters.bad_datagram++;
	else
		flow_input(p, from, bytes, class, component);
	return true;
}

static void count_unknown_id(struct path *p, const struct addr *from)
{
	path_count_unknown(p, from);
	p->flow->flows->counters.unknown_ids++;
}

/* On a port of one stream the id only has to be right. RTCP without it (Polycom) is heard from who has proved
 * itself with it. */
static void cut_id(struct path *p, const struct addr *from, struct str bytes)
{
	const struct h46019 *h = &p->flow->want.end[p->end].h46019;
	struct str rest = str_skip(bytes, MULTIPLEX_ID_LEN);
	uint32_t id = rest.len ? multiplex_id_read(bytes) : 0;

	if (id == h->id_in) {
		(void)h46019_input_behind_id(p, from, rest, false);
		return;
	}
	if (id == multiplex_id_backwards(h->id_in) && h46019_input_behind_id(p, from, rest, true))
		return;
	if (p->component == COMP_RTCP && wire_class_of(bytes) == WC_RTCP &&
		latch_is_source(&p->latch, from))
		(void)h46019_input_behind_id(p, from, bytes, false);
	else
		count_unknown_id(p, from);
}

void h46019_input(struct path *p, const struct packet *packet)
{
	enum wire_class class;

	if (packet->is_cut || demux_packet(packet->bytes, &class) != OK)
		p->flow->flows->counters.bad_datagram++;
	else if (p->flow->want.end[p->end].h46019.id_in)
		cut_id(p, &packet->from, packet->bytes);
	else
		(void)h46019_input_behind_id(p, &packet->from, packet->bytes, false);
}

/* ---- keep-alives of ours ---- */

static void send_keepalive(struct flow *f, int end, enum component component, struct str bytes)
{
	const struct flow_end *e = &f->want.end[end];
	const struct h46019 *h = &e->h46019;
	struct path *p = &f->path[end][component];
	struct addr_ok to;

	if (!p->dgram ||
		!flow_allow(f->flows, e, USE_SDP_MEDIA,
			component == COMP_RTCP ? &h->keepalive_rtcp : &h->keepalive_rtp, &to))
		return;
	if (h->has_id_out)
		path_send_behind_id(p, h->id_keepalive, &to, bytes);
	else
		dgram_send(p->dgram, &to, bytes);
	f->n_keepalives[end]++;
}

static void send_keepalive_0(void *arg, enum component component, struct str bytes)
{
	send_keepalive(arg, 0, component, bytes);
}

static void send_keepalive_1(void *arg, enum component component, struct str bytes)
{
	send_keepalive(arg, 1, component, bytes);
}

void h46019_init(struct flow *f)
{
	struct io *io = f->flows->d.io;

	keepalive_init(&f->alive[0], io, send_keepalive_0, f);
	keepalive_init(&f->alive[1], io, send_keepalive_1, f);
}
