/* load.c - a load of calls, caller and callee in one process, and a plain relay as the machine's floor.
 *
 *	fosse-h323 load --local ADDR --callee ADDR [--gk ADDR] [--to ADDR:PORT] --calls N [--rate R]
 *	                [--hold S] [--media 0|1] [--window 50] [--slots N] [--parties N] [--rrq N]
 *	                [--call-port 1720] [--ras-port 1719]
 *	fosse-h323 relay --local ADDR:PORT --to ADDR:PORT
 *
 * All parties register with the gatekeeper, if there is one; each call is a Setup to --to (the
 * gatekeeper's 1720) that comes back on a connection of its own to the callee. Callers are --parties
 * endpoints with consecutive addresses from --local, in turn: a node limits what one source may ask.
 * --rrq asks for that many refreshed registrations before the calls, 64 at a time. Messages are encoded once;
 * of each call only call reference and identifiers are written in. What comes is looked at no closer than
 * its type and its tunnelled H.245 need, so that this program costs little beside the one that is measured.
 * --window is how many calls may be on their way up at once; --rate, calls a second, 0 is as many as go.
 *
 * Told on stdout, JSON: "ready", "held" when the last call is up, "figures" at the end. */
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "endpoint.h"
#include "h323/q931.h"
#include "h323/tpkt.h"

#define MESSAGE_MAX 2048
#define GUID_LEN    16
#define SETUP_MS    30000
#define RELEASE_MS  5000
#define OLC_FIRST   0x03 /* first octet of request.openLogicalChannel, aligned PER */
#define ACK_FIRST   0x22 /* of response.openLogicalChannelAck; its second octet has the top bit */

enum message { SETUP, PROCEEDING, ALERTING, CONNECT, CHANNEL, CHANNEL_ACK, RELEASE, MESSAGES };

struct template
{
	uint8_t octets[MESSAGE_MAX];
	size_t n, guid[4]; /* places of the marker */
	unsigned n_guid;
};

enum state { FREE, CONNECTING, CALLING, OPENING, HELD, RELEASING };

struct leg {
	int fd; /* -1: none */
	uint32_t slot;
	bool is_caller, is_waiting; /* is_waiting: an accepted one without Setup */
	uint16_t crv;
	size_t n_in;
	uint8_t in[MESSAGE_MAX];
};

struct slot {
	enum state state;
	uint32_t generation, next_free;
	uint64_t since_us, release_us;
	bool has_ack, has_channel; /* the caller's half of two channels */
	bool is_told;              /* the callee knows the end */
	struct leg *caller, *callee;
};

struct party {
	struct addr address;
	int ras;
	char id[TEXT_SIZE];
	struct template setup; /* of a caller */
	uint8_t refresh[MESSAGE_MAX];
	size_t n_refresh, number_at; /* where its requestSeqNum is */
};

struct load {
	struct addr local, callee, gatekeeper, to;
	uint16_t call_port, ras_port;
	unsigned n_calls, rate, hold_s, window, n_slots, n_callers, n_refreshes;
	bool has_media;
	int epoll, listener;
	struct party *parties; /* the callers, then the callee */
	uint64_t renew_us, now_us, begun_us, up_us, last_up_us;
	unsigned ttl;
	struct template messages[MESSAGES];
	uint8_t magic[4];
	struct slot *slots;
	uint32_t free; /* list of slots, from 1 */
	unsigned n_begun, n_done, n_failed, n_rising, n_held, n_held_max, n_unreleased;
	uint64_t *delays; /* us, of all calls that came up */
	unsigned n_delays;
	char why[200]; /* the first failure */
	struct leg *legs_to_free[64];
	unsigned n_to_free;
	uint8_t memory[PER_TREE_SIZE] __attribute__((aligned(16)));
};

static uint64_t clock_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static void die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(1);
}

/* ---- templates ---- */
static const uint8_t marker[GUID_LEN] = "FosseGuidMarker";

static void note_places(struct template *t)
{
	uint8_t *p = t->octets;

	while ((p = memmem(p, t->n - (size_t)(p - t->octets), marker, GUID_LEN)) && t->n_guid < 4) {
		t->guid[t->n_guid++] = (size_t)(p - t->octets);
		p += GUID_LEN;
	}
	if (!t->n_guid)
		abort();
}

/* A frame whose call reference stands at 6; body as in call.c. */
static void make(struct template *t, enum message which, enum q931_type type, const char *h245,
	const char *body)
{
	bool is_callers = which == SETUP || which == RELEASE || which == CHANNEL;
	char text[PDU_TEXT_MAX];
	uint8_t uuie[MESSAGE_MAX], *frame, *mark;
	struct wr w = wr_of(t->octets, sizeof t->octets);
	struct pdu p;

	(void)snprintf(text, sizeof text,
		"{'h323-uu-pdu':{'h323-message-body':%s,'h245Tunnelling':true%s}}", body, h245);
	pdu_make(&p, H225_H323_UserInformation_T, text);
	frame = tpkt_begin(&w);
	q931_begin(&w, 0x1111, !is_callers, type);
	if (which == SETUP)
		q931_put(&w, Q931_BEARER_CAPABILITY, STR("\x88\xc0\xa5"));
	if (which == RELEASE)
		q931_put_cause(&w, 16);
	mark = q931_begin_uuie(&w);
	wr_str(&w, pdu_write(&p, uuie, sizeof uuie));
	q931_end_uuie(&w, mark);
	tpkt_end(&w, frame);
	pdu_free(&p);
	if (w.err != OK)
		abort();
	t->n = wr_len(&w);
	if (which != CHANNEL && which != CHANNEL_ACK)
		note_places(t);
}

static void make_setup(struct load *l, struct party *p, unsigned number)
{
	struct addr own = addr_with_port(&p->address, l->call_port);
	char body[PDU_TEXT_MAX];
	const char *guid = hex_of(marker, GUID_LEN);

	(void)snprintf(body, sizeof body,
		"{'setup':{'protocolIdentifier':'" H225 "','sourceAddress':[{'h323-ID':'load-%u'}],"
		"'sourceInfo':" TERMINAL ",'destinationAddress':[{'h323-ID':'load-callee'}],"
		"'destCallSignalAddress':%s,'activeMC':false,'conferenceID':'%s','conferenceGoal':"
		"{'create':null},'callType':{'pointToPoint':null},'sourceCallSignalAddress':%s,"
		"'callIdentifier':{'guid':'%s'},'mediaWaitForConnect':false,'canOverlapSend':false,"
		"'multipleCalls':false,'maintainConnection':false}}",
		number, address225(&l->to), guid, address225(&own), guid);
	make(&p->setup, SETUP, Q931_SETUP, "", body);
}

static void make_answers(struct load *l)
{
	static const char *const names[] = {
		[PROCEEDING] = "callProceeding", [ALERTING] = "alerting", [CONNECT] = "connect"};
	static const enum q931_type types[] = {[PROCEEDING] = Q931_CALL_PROCEEDING,
		[ALERTING] = Q931_ALERTING,
		[CONNECT] = Q931_CONNECT};
	char body[PDU_TEXT_MAX], conference[80] = "";
	const char *guid = hex_of(marker, GUID_LEN);

	for (enum message m = PROCEEDING; m <= CONNECT; m++) {
		if (m == CONNECT)
			(void)snprintf(conference, sizeof conference, "'conferenceID':'%s',", guid);
		(void)snprintf(body, sizeof body,
			"{'%s':{'protocolIdentifier':'" H225 "','destinationInfo':" TERMINAL
			",%s'callIdentifier':{'guid':'%s'},'multipleCalls':false,"
			"'maintainConnection':false}}",
			names[m], conference, guid);
		make(&l->messages[m], m, types[m], "", body);
	}
	(void)snprintf(body, sizeof body,
		"{'releaseComplete':{'protocolIdentifier':'" H225
		"','callIdentifier':{'guid':'%s'}}}",
		guid);
	make(&l->messages[RELEASE], RELEASE, Q931_RELEASE_COMPLETE, "", body);
}

/* The channels of both parties look alike but for the address; theirs is of no use to anybody here. */
static void make_channels(struct load *l)
{
	struct addr rtp = addr_with_port(&l->callee, 20000),
		    rtcp = addr_with_port(&l->callee, 20001);
	char text[PDU_TEXT_MAX], hex[512], h245[600];

	(void)snprintf(text, sizeof text,
		"{'request':{'openLogicalChannel':{'forwardLogicalChannelNumber':101,"
		"'forwardLogicalChannelParameters':{'dataType':{'audioData':{'g711Alaw64k':20}},"
		"'multiplexParameters':{'h2250LogicalChannelParameters':{'sessionID':1,"
		"'mediaGuaranteedDelivery':false,'mediaControlChannel':%s,'silenceSuppression':"
		"false}}}}}}",
		address245(&rtcp));
	pdu_hex(H245_MultimediaSystemControlMessage_T, text, hex, sizeof hex);
	(void)snprintf(h245, sizeof h245, ",'h245Control':['%s']", hex);
	make(&l->messages[CHANNEL], CHANNEL, Q931_FACILITY, h245, "{'empty':null}");
	(void)snprintf(text, sizeof text,
		"{'response':{'openLogicalChannelAck':{'forwardLogicalChannelNumber':101,"
		"'forwardMultiplexAckParameters':{'h2250LogicalChannelAckParameters':{'sessionID':"
		"1,"
		"'mediaChannel':%s,'mediaControlChannel':%s}}}}}",
		address245(&rtp), address245(&rtcp));
	pdu_hex(H245_MultimediaSystemControlMessage_T, text, hex, sizeof hex);
	(void)snprintf(h245, sizeof h245, ",'h245Control':['%s']", hex);
	make(&l->messages[CHANNEL_ACK], CHANNEL_ACK, Q931_FACILITY, h245, "{'empty':null}");
}

/* ---- sending ---- */
static void put_guid(const struct load *l, uint32_t slot, uint8_t to[GUID_LEN])
{
	uint32_t generation = l->slots[slot].generation;

	memset(to, 0x5a, GUID_LEN);
	memcpy(to, l->magic, 4);
	memcpy(to + 4, &slot, 4);
	memcpy(to + 8, &generation, 4);
}

static bool send_message(struct load *l, struct leg *g, enum message which)
{
	const struct template *t =
		which == SETUP ? &l->parties[g->slot % l->n_callers].setup : &l->messages[which];
	uint8_t octets[MESSAGE_MAX];

	memcpy(octets, t->octets, t->n);
	octets[6] = (uint8_t)(g->crv >> 8 | (g->is_caller ? 0 : 0x80));
	octets[7] = (uint8_t)g->crv;
	for (unsigned i = 0; i < t->n_guid; i++)
		put_guid(l, g->slot, octets + t->guid[i]);
	return send(g->fd, octets, t->n, MSG_NOSIGNAL) == (ssize_t)t->n;
}

static struct leg *leg_new(struct load *l, int fd, uint32_t slot, bool is_caller)
{
	struct leg *g = calloc(1, sizeof *g);
	struct epoll_event ev = {.events = EPOLLIN | (is_caller ? EPOLLOUT | EPOLLET : 0)};
	int on = 1;

	if (!g)
		die("leg");
	g->fd = fd;
	g->slot = slot;
	g->is_caller = is_caller;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	ev.data.ptr = g;
	if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &ev) != 0)
		die("epoll_ctl");
	return g;
}

/* Its memory goes at the end of the turn: events of it may be waiting. */
static void leg_close(struct load *l, struct leg **at)
{
	struct leg *g = *at;

	if (!g)
		return;
	close(g->fd);
	g->fd = -1;
	*at = NULL;
	l->legs_to_free[l->n_to_free++] = g;
}

/* ---- a call's way ---- */
static void slot_end(struct load *l, uint32_t i)
{
	struct slot *s = &l->slots[i];

	leg_close(l, &s->caller);
	leg_close(l, &s->callee);
	s->state = FREE;
	s->next_free = l->free;
	l->free = i + 1;
	l->n_done++;
}

static void fail(struct load *l, uint32_t i, const char *why)
{
	struct slot *s = &l->slots[i];
	static const char *const states[] = {
		"free", "connecting", "calling", "opening", "held", "releasing"};

	if (s->state == FREE)
		return;
	if (!l->n_failed++)
		(void)snprintf(l->why, sizeof l->why, "%s: %s", states[s->state], why);
	if (s->state < HELD)
		l->n_rising--;
	if (s->state == HELD)
		l->n_held--;
	slot_end(l, i);
}

static void begin_call(struct load *l)
{
	uint32_t i = l->free - 1;
	struct slot *s = &l->slots[i];
	struct addr from = addr_with_port(&l->parties[i % l->n_callers].address, 0);
	int fd;

	l->free = s->next_free;
	*s = (struct slot){
		.state = CONNECTING, .generation = s->generation + 1, .since_us = l->now_us};
	l->n_begun++;
	l->n_rising++;
	if ((fd = net_dial(&from, &l->to)) < 0) {
		fail(l, i, strerror(errno));
		return;
	}
	s->caller = leg_new(l, fd, i, true);
	s->caller->crv = (uint16_t)(i % 0x7ffe + 1);
}

static void is_up(struct load *l, struct slot *s)
{
	s->state = HELD;
	s->release_us = l->now_us + l->hold_s * UINT64_C(1000000);
	l->delays[l->n_delays++] = l->now_us - s->since_us;
	l->n_rising--;
	if (++l->n_held > l->n_held_max)
		l->n_held_max = l->n_held;
	l->last_up_us = l->now_us;
}

static void release(struct load *l, uint32_t i)
{
	struct slot *s = &l->slots[i];

	l->n_held--;
	s->state = RELEASING;
	s->release_us = l->now_us;
	if (!s->caller || !send_message(l, s->caller, RELEASE)) {
		fail(l, i, "cannot send the release");
		return;
	}
	(void)shutdown(s->caller->fd, SHUT_WR);
	if (s->is_told)
		slot_end(l, i);
}

/* The H.245 in a tunnel: has it a channel, an acknowledgement? */
static void look_at_h245(struct load *l, struct str uuie, bool *ret_channel, bool *ret_ack)
{
	struct per_tree t = per_tree_of(&h323_schema, l->memory);
	uint16_t list;

	*ret_channel = *ret_ack = false;
	if (per_read(&t, H225_H323_UserInformation_T, uuie) != OK)
		return;
	list = per_get(&t, 0,
		PER_PATH(H225_H323_UserInformation_h323_uu_pdu, H225_H323_UU_PDU_h245Control));
	for (uint16_t n = per_first(&t, list); n != PER_NONE; n = per_next(&t, n)) {
		struct str s = per_str(&t, n);

		*ret_channel |= s.len > 2 && (uint8_t)s.p[0] == OLC_FIRST;
		*ret_ack |= s.len > 2 && (uint8_t)s.p[0] == ACK_FIRST && (uint8_t)s.p[1] & 0x80;
	}
}

static void on_callers(struct load *l, struct leg *g, const struct q931_msg *m)
{
	struct slot *s = &l->slots[g->slot];
	bool has_channel = false, has_ack = false;

	if (m->type == Q931_RELEASE_COMPLETE) {
		if (s->state != RELEASING)
			fail(l, g->slot, "released by the far end");
		return;
	}
	if (m->type == Q931_CONNECT && s->state == CALLING) {
		s->state = OPENING;
		if (!l->has_media)
			is_up(l, s);
		else if (!send_message(l, g, CHANNEL))
			fail(l, g->slot, "cannot send a channel");
	}
	if (s->state != OPENING || !m->has_uuie)
		return;
	look_at_h245(l, m->uuie, &has_channel, &has_ack);
	s->has_ack |= has_ack;
	s->has_channel |= has_channel;
	if (has_channel && !send_message(l, g, CHANNEL_ACK))
		fail(l, g->slot, "cannot send an acknowledgement");
	else if (s->has_ack && s->has_channel)
		is_up(l, s);
}

static void on_setup(struct load *l, struct leg *g, const struct q931_msg *m)
{
	const uint8_t *p = memmem(m->bytes.p, m->bytes.len, l->magic, 4);
	uint32_t slot, generation;

	if (!p || p + 12 > (const uint8_t *)m->bytes.p + m->bytes.len)
		return;
	memcpy(&slot, p + 4, 4);
	memcpy(&generation, p + 8, 4);
	if (slot >= l->n_slots || l->slots[slot].generation != generation ||
		l->slots[slot].state != CALLING || l->slots[slot].callee)
		return;
	g->slot = slot;
	g->crv = m->crv;
	g->is_waiting = false;
	l->slots[slot].callee = g;
	if (!send_message(l, g, PROCEEDING) || !send_message(l, g, ALERTING) ||
		!send_message(l, g, CONNECT))
		fail(l, slot, "cannot answer");
}

static void on_callees(struct load *l, struct leg *g, const struct q931_msg *m)
{
	struct slot *s = &l->slots[g->slot];
	bool has_channel, has_ack;

	if (g->is_waiting) {
		if (m->type == Q931_SETUP)
			on_setup(l, g, m);
		return;
	}
	if (m->type == Q931_RELEASE_COMPLETE) {
		s->is_told = true;
		if (s->state == RELEASING)
			slot_end(l, g->slot);
		else
			fail(l, g->slot, "the callee was released");
		return;
	}
	if (!l->has_media || m->type == Q931_SETUP || !m->has_uuie)
		return;
	look_at_h245(l, m->uuie, &has_channel, &has_ack);
	if (has_channel && (!send_message(l, g, CHANNEL_ACK) || !send_message(l, g, CHANNEL)))
		fail(l, g->slot, "cannot open the callee's channel");
}

/* ---- reading ---- */
/* A connection has ended. */
static void on_end(struct load *l, struct leg *g)
{
	if (g->is_waiting) {
		struct leg *own = g;

		leg_close(l, &own);
		return;
	}
	if (l->slots[g->slot].state == RELEASING && g->is_caller) {
		leg_close(l, &l->slots[g->slot].caller); /* the callee is waited for */
		return;
	}
	fail(l, g->slot, g->is_caller ? "the caller's connection ended" : "the callee's ended");
}

static void take_frames(struct load *l, struct leg *g)
{
	size_t done = 0, used;
	struct str payload;
	struct q931_msg m;

	while (g->fd >= 0 && tpkt_next((struct str){(const char *)g->in + done, g->n_in - done},
				     &payload, &used) == OK) {
		done += used;
		if (!payload.len || q931_read(payload, &m) != OK)
			continue;
		if (g->is_caller)
			on_callers(l, g, &m);
		else
			on_callees(l, g, &m);
	}
	if (g->fd < 0)
		return;
	memmove(g->in, g->in + done, g->n_in - done);
	g->n_in -= done;
}

static void on_leg(struct load *l, struct leg *g, uint32_t events)
{
	ssize_t n;

	if (g->fd < 0)
		return;
	if (g->is_caller && l->slots[g->slot].state == CONNECTING && events & EPOLLOUT &&
		!(events & (EPOLLERR | EPOLLHUP))) {
		l->slots[g->slot].state = CALLING;
		if (!send_message(l, g, SETUP)) {
			fail(l, g->slot, "cannot send a Setup");
			return;
		}
	}
	while (g->fd >= 0) {
		n = recv(g->fd, g->in + g->n_in, sizeof g->in - g->n_in, MSG_DONTWAIT);
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			on_end(l, g);
			return;
		}
		g->n_in += (size_t)n;
		take_frames(l, g);
	}
}

static void on_listener(struct load *l)
{
	int fd;

	for (unsigned i = 0; i < 32; i++) {
		fd = accept4(l->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd < 0)
			return;
		leg_new(l, fd, 0, false)->is_waiting = true;
	}
}

/* ---- registration ---- */
#define NUMBER_MARK 0x5aa5 /* requestSeqNum - 1, as it stands in a template */

static void make_refresh(struct party *p, const char *text)
{
	static const uint8_t mark[] = {NUMBER_MARK >> 8, NUMBER_MARK & 0xff};
	struct pdu pdu;
	const uint8_t *at;

	pdu_make(&pdu, H225_RasMessage_T, text);
	p->n_refresh = pdu_write(&pdu, p->refresh, sizeof p->refresh).len;
	pdu_free(&pdu);
	if (!(at = memmem(p->refresh, p->n_refresh, mark, sizeof mark)))
		abort();
	p->number_at = (size_t)(at - p->refresh);
}

/* A registration, whole or to refresh one, with any number. */
static void make_registration(struct load *l, unsigned who, bool is_light)
{
	struct party *p = &l->parties[who];
	struct addr ras = net_local(p->ras), call = addr_with_port(&p->address, l->call_port);
	char text[PDU_TEXT_MAX], id[TEXT_SIZE + 40] = "", alias[40] = "load-callee";

	if (who < l->n_callers)
		(void)snprintf(alias, sizeof alias, "load-%u", who);
	if (is_light)
		(void)snprintf(id, sizeof id, "'endpointIdentifier':'%s',", quoted(p->id));
	(void)snprintf(text, sizeof text,
		"{'registrationRequest':{'requestSeqNum':%u,'protocolIdentifier':'" H225
		"','discoveryComplete':false,'callSignalAddress':[%s],'rasAddress':[%s],"
		"'terminalType':" TERMINAL
		",'terminalAlias':[{'h323-ID':'%s'}],'endpointVendor':" VENDOR
		",'keepAlive':%s,%s'willSupplyUUIEs':false,'maintainConnection':false}}",
		NUMBER_MARK + 1, address225(&call), address225(&ras), alias,
		is_light ? "true" : "false", id);
	make_refresh(p, text);
}

static void send_registration(const struct load *l, struct party *p, unsigned number)
{
	p->refresh[p->number_at] = (uint8_t)(number >> 8);
	p->refresh[p->number_at + 1] = (uint8_t)number;
	net_send(p->ras, (struct str){(const char *)p->refresh, p->n_refresh}, &l->gatekeeper);
}

/* false: nothing has come; a rejection ends the program. */
static bool take_ras(struct load *l, struct party *p)
{
	uint8_t octets[MESSAGE_MAX];
	ssize_t n = recv(p->ras, octets, sizeof octets, MSG_DONTWAIT);
	struct pdu pdu;

	if (n <= 0)
		return false;
	if (!pdu_read(&pdu, H225_RasMessage_T, (struct str){(const char *)octets, (size_t)n}) ||
		strcmp(pdu_choice(&pdu, ""), "registrationConfirm") != 0) {
		fprintf(stderr, "not registered: %s %s\n", pdu_choice(&pdu, ""),
			pdu_choice(&pdu, "registrationReject.rejectReason"));
		exit(1);
	}
	pdu_utf8(&pdu, "registrationConfirm.endpointIdentifier", p->id, sizeof p->id);
	l->ttl = (unsigned)pdu_num(&pdu, "registrationConfirm.timeToLive", 1800);
	pdu_free(&pdu);
	return true;
}

static void register_one(struct load *l, unsigned who)
{
	struct party *p = &l->parties[who];
	struct addr a = addr_with_port(&p->address, l->ras_port);

	if ((p->ras = net_udp(&a)) < 0)
		die("RAS port");
	make_registration(l, who, false);
	for (unsigned tries = 0; tries < 800; tries++) {
		if (tries % 200 == 0)
			send_registration(l, p, tries);
		usleep(10000);
		if (!take_ras(l, p))
			continue;
		make_registration(l, who, true);
		return;
	}
	errno = ETIMEDOUT;
	die("registration");
}

static void register_all(struct load *l)
{
	for (unsigned who = 0; who <= l->n_callers; who++)
		register_one(l, who);
	l->renew_us = clock_us() + l->ttl * UINT64_C(500000);
}

static void renew(struct load *l)
{
	bool is_due = l->now_us >= l->renew_us;

	if (!l->gatekeeper.port || !is_due)
		return;
	for (unsigned who = 0; who <= l->n_callers; who++) {
		while (take_ras(l, &l->parties[who])) /* of the last time */
			;
		send_registration(l, &l->parties[who], (unsigned)(l->now_us / 1000));
	}
	l->renew_us = l->now_us + l->ttl * UINT64_C(500000);
}

/* Each party in turn, 64 on their way at a time; after 100 ms of silence those are counted as lost. */
static void refresh(struct load *l)
{
	unsigned n_sent = 0, n_got = 0, n_lost = 0, n = l->n_refreshes;
	uint8_t octets[MESSAGE_MAX];
	uint64_t begun_us = clock_us(), last_us = begun_us, waited_us = 0;
	double seconds;

	while (n_got + n_lost < n) {
		for (; n_sent < n && n_sent - n_got - n_lost < 64; n_sent++)
			send_registration(l, &l->parties[n_sent % (l->n_callers + 1)], n_sent);
		for (unsigned who = 0; who <= l->n_callers; who++)
			while (recv(l->parties[who].ras, octets, sizeof octets, MSG_DONTWAIT) > 0) {
				n_got++;
				last_us = clock_us();
			}
		if (clock_us() - last_us < 100000)
			continue;
		waited_us += clock_us() - last_us;
		last_us = clock_us();
		n_lost = n_sent - n_got;
	}
	seconds = (double)(last_us - begun_us - waited_us) / 1e6;
	say("refreshed", "'sent':%u,'answered':%u,'seconds':%.3f,'per_second':%.0f", n_sent, n_got,
		seconds, seconds > 0 ? n_got / seconds : 0);
}

/* ---- the run ---- */
static void begin_calls(struct load *l)
{
	uint64_t due = l->rate ? (l->now_us - l->begun_us) * l->rate / 1000000 + 1 : l->n_calls;

	while (l->free && l->n_rising < l->window && l->n_begun < l->n_calls && l->n_begun < due)
		begin_call(l);
}

/* All slots, each 5 ms: timeouts, and the end of holding. */
static void sweep(struct load *l)
{
	for (uint32_t i = 0; i < l->n_slots; i++) {
		struct slot *s = &l->slots[i];

		if (s->state == HELD && l->now_us >= s->release_us) {
			release(l, i);
		} else if (s->state == RELEASING && l->now_us > s->release_us + RELEASE_MS * 1000) {
			l->n_unreleased++;
			fail(l, i, "the callee was not told");
		} else if (s->state != FREE && s->state < HELD &&
			   l->now_us > s->since_us + SETUP_MS * 1000) {
			fail(l, i, "not up in time");
		}
		if (l->n_to_free > 40)
			return; /* the rest in the next turn */
	}
}

static void turn(struct load *l)
{
	struct epoll_event events[16];
	int n = epoll_wait(l->epoll, events, 16, 2);

	l->now_us = clock_us();
	for (int i = 0; i < n; i++)
		if (events[i].data.ptr)
			on_leg(l, events[i].data.ptr, events[i].events);
		else
			on_listener(l);
	while (l->n_to_free)
		free(l->legs_to_free[--l->n_to_free]);
}

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static double delay_ms(const struct load *l, unsigned percent)
{
	size_t at = (size_t)l->n_delays * percent / 100;

	return l->n_delays ? (double)l->delays[at < l->n_delays ? at : l->n_delays - 1] / 1000 : 0;
}

static double own_cpu(void)
{
	struct rusage u;

	(void)getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

/* The seconds are those from the first Setup to the last call that came up. */
static void tell_figures(struct load *l, double cpu)
{
	double seconds = (double)(l->last_up_us - l->begun_us) / 1e6;

	qsort(l->delays, l->n_delays, sizeof *l->delays, by_size);
	say("figures",
		"'calls':%u,'failed':%u,'unreleased':%u,'seconds':%.3f,'calls_per_second':%.1f,"
		"'p50_ms':%.2f,'p90_ms':%.2f,'p99_ms':%.2f,'max_ms':%.2f,'held_max':%u,"
		"'generator_cpu_ms_per_call':%.4f,'media':%s,'first_failure':'%s'",
		l->n_delays, l->n_failed, l->n_unreleased, seconds,
		seconds > 0 ? l->n_delays / seconds : 0, delay_ms(l, 50), delay_ms(l, 90),
		delay_ms(l, 99), delay_ms(l, 100), l->n_held_max,
		l->n_begun ? cpu * 1000 / l->n_begun : 0, l->has_media ? "true" : "false",
		quoted(l->why));
}

static void run(struct load *l)
{
	uint64_t swept_us = 0;
	double cpu = own_cpu();
	bool is_told = false;

	l->begun_us = l->last_up_us = l->now_us = clock_us();
	while (l->n_done < l->n_calls) {
		begin_calls(l);
		turn(l);
		if (!is_told && l->n_delays + l->n_failed >= l->n_calls) {
			is_told = true;
			say("held", "'calls':%u,'seconds':%.3f", l->n_held,
				(double)(l->last_up_us - l->begun_us) / 1e6);
		}
		if (l->now_us - swept_us < 5000)
			continue;
		swept_us = l->now_us;
		sweep(l);
		renew(l);
	}
	tell_figures(l, own_cpu() - cpu);
}

/* ---- the begin ---- */
/* clang-format off */
static const struct option long_options[] = {
	{"local", 1, NULL, 'l'}, {"callee", 1, NULL, 'c'}, {"gk", 1, NULL, 'g'}, {"to", 1, NULL, 't'},
	{"calls", 1, NULL, 'n'}, {"rate", 1, NULL, 'r'}, {"hold", 1, NULL, 'h'}, {"media", 1, NULL, 'm'},
	{"parties", 1, NULL, 'P'}, {"rrq", 1, NULL, 'q'}, {"window", 1, NULL, 'w'}, {"slots", 1, NULL, 's'}, {"call-port", 1, NULL, 'p'},
	{"ras-port", 1, NULL, 'R'}, {NULL, 0, NULL, 0}
};
/* clang-format on */

static void usage(void)
{
	fprintf(stderr,
		"usage: fosse-h323 load --local ADDR --callee ADDR --gk ADDR|--to ADDR:PORT "
		"--calls N\n  [--rate R] [--hold S] [--media 0|1] [--window N] [--slots N] "
		"[--parties N] [--rrq N]\n  [--call-port N] [--ras-port N]\n");
	exit(2);
}

static struct addr address_of(const char *text, uint16_t port)
{
	struct addr a;

	if (addr_parse(str_of(text), &a) != OK)
		usage();
	return a.port ? a : addr_with_port(&a, port);
}

static void set_address(struct load *l, int c, const char *text)
{
	if (c == 'l')
		l->local = address_of(text, 0);
	else if (c == 'c')
		l->callee = address_of(text, 0);
	else if (c == 'g')
		l->gatekeeper = address_of(text, 1719);
	else if (c == 't')
		l->to = address_of(text, 1720);
}

static void set_number(struct load *l, int c, const char *text)
{
	uint64_t n;

	if (str_u64(str_of(text), 100000000, &n) != OK)
		usage();
	if (c == 'n')
		l->n_calls = (unsigned)n;
	else if (c == 'r')
		l->rate = (unsigned)n;
	else if (c == 'h')
		l->hold_s = (unsigned)n;
	else if (c == 'm')
		l->has_media = n != 0;
	else if (c == 'w')
		l->window = (unsigned)n;
	else if (c == 's')
		l->n_slots = (unsigned)n;
	else if (c == 'p')
		l->call_port = (uint16_t)n;
	else if (c == 'R')
		l->ras_port = (uint16_t)n;
	else if (c == 'P')
		l->n_callers = (unsigned)n;
	else if (c == 'q')
		l->n_refreshes = (unsigned)n;
}

static void read_options(struct load *l, int argc, char **argv)
{
	int c;

	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (c == '?')
			usage();
		else if (strchr("lcgt", c))
			set_address(l, c, optarg);
		else
			set_number(l, c, optarg);
	}
	if (!l->to.port && l->gatekeeper.port)
		l->to = addr_with_port(&l->gatekeeper, 1720);
	if (!l->to.port || !l->local.family || !l->callee.family || !l->n_callers ||
		l->n_callers > 4096 || !l->window)
		usage();
}

static void open_all(struct load *l)
{
	struct addr a = addr_with_port(&l->callee, l->call_port);
	struct epoll_event ev = {.events = EPOLLIN, .data.ptr = NULL};
	struct rlimit files = {100000, 100000};

	(void)setrlimit(RLIMIT_NOFILE, &files);
	l->n_slots = l->n_slots < l->n_calls ? l->n_slots : l->n_calls;
	l->slots = calloc(l->n_slots + 1, sizeof *l->slots);
	l->delays = calloc(l->n_calls + 1, sizeof *l->delays);
	l->parties = calloc(l->n_callers + 1, sizeof *l->parties);
	if (!l->slots || !l->delays || !l->parties)
		die("memory");
	for (uint32_t i = l->n_slots; i > 0; i--) {
		l->slots[i - 1].next_free = l->free;
		l->free = i;
	}
	random_octets(l->magic, sizeof l->magic);
	if ((l->epoll = epoll_create1(EPOLL_CLOEXEC)) < 0 || (l->listener = net_listen(&a)) < 0 ||
		epoll_ctl(l->epoll, EPOLL_CTL_ADD, l->listener, &ev) != 0)
		die("listener");
}

static void make_parties(struct load *l)
{
	for (unsigned i = 0; i <= l->n_callers; i++) {
		struct party *p = &l->parties[i];

		p->address = i < l->n_callers ? l->local : l->callee;
		for (unsigned k = i < l->n_callers ? i : 0; k; k--) /* the next IPv4 address */
			if (++p->address.ip[3] == 0)
				p->address.ip[2]++;
		if (i < l->n_callers)
			make_setup(l, p, i);
	}
}

int load_main(int argc, char **argv)
{
	struct load *l = calloc(1, sizeof *l);

	if (!l)
		return 1;
	signal(SIGPIPE, SIG_IGN);
	*l = (struct load){
		.call_port = 1720, .ras_port = 1719, .window = 50, .n_slots = 8000, .n_callers = 1};
	read_options(l, argc, argv);
	open_all(l);
	make_parties(l);
	make_answers(l);
	make_channels(l);
	if (l->gatekeeper.port)
		register_all(l);
	say("ready", "%s", "");
	if (l->gatekeeper.port && l->n_refreshes)
		refresh(l);
	run(l);
	free(l->parties);
	free(l->slots);
	free(l->delays);
	free(l);
	return 0;
}
