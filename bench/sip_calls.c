/* sip_calls.c - two endpoints that call each other through a server, as fast as it lets them.
 *
 *	sip_calls SERVER CALLER CALLEE CALLS SECONDS [ALIASES]
 *
 * The addresses are IPv4; the server listens on 5060 of its own over UDP. Both endpoints register
 * ALIASES aliases, then "registered N" is printed and CALLS calls are kept in flight for SECONDS:
 * INVITE, 180 and 200, ACK, two RTP packets that the callee sends back, BYE. One line of key=value
 * ends the program.
 *
 * What was asked of the server is checked for each call: media must be at the server's address in
 * both descriptions, and each packet must come from the very port that its receiver was told. A call
 * is done when its BYE is answered; it failed if it was refused, ended early or left alone for 4 s.
 * Nothing is sent twice: a message that gets lost is a failed call. A 180 that comes after the 200
 * is reordered. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "sip_text.h"

#define DOMAIN       "example.test"
#define SERVER_PORT  5060u
#define SIP_PORT     5070u
#define RTP_PORT     7000u
#define LEGS         (1u << 20)
#define PACKETS      2u
#define RTP_LEN      172u /* 20 ms of PCMU */
#define TIMEOUT_US   4000000u
#define MEDIA_US     500000u
#define SWEEP_US     100000u
#define BUCKET_US    10u
#define BUCKETS      100000u
#define REGISTER_MAX 32u /* unanswered at a time */

enum state { IDLE, INVITED, TALKING, ENDING };

struct call {
	uint32_t gen;
	enum state state;
	uint64_t since_us, invited_us;
	unsigned n_back; /* packets that came back */
	uint16_t media_port;
	char to[256], route[256], target[256];
};

/* What the callee knows of a call: found by its To tag, a hash of the INVITE's branch. */
struct leg {
	uint32_t tag;
	bool is_acked;
};

struct agent {
	const char *ip;
	char letter;
	int sip, rtp;
};

struct count {
	uint64_t done, failed, reordered, unacked, repeated, strays;
	uint64_t sent_up, got_up, sent_down, got_down;
	unsigned registered;
};

struct run {
	const char *server_ip;
	struct sockaddr_in server;
	struct agent caller, callee;
	unsigned n_calls, n_aliases;
	uint32_t id; /* of this run: a server remembers the branches of the last one */
	struct call *calls;
	uint64_t now_us;
	bool is_draining, has_complained;
	struct count count;
	struct leg legs[LEGS];
	uint32_t caller_slot[65536]; /* by the server's media port: slot + 1 */
	bool is_callee_port[65536];
	uint32_t histogram[BUCKETS + 1];
	struct in in;
	struct out out;
};

/* ---- what the caller sends ---- */

static void send_text(struct run *r, const struct agent *from, int len)
{
	if (len <= 0 || len >= (int)DATAGRAM_MAX)
		fail("message too long");
	out_add(&r->out, from->sip, (size_t)len, &r->server);
}

static void send_register(struct run *r, const struct agent *a, unsigned alias)
{
	char *room = out_room(&r->out);
	int n = snprintf(room, DATAGRAM_MAX,
		"REGISTER sip:" DOMAIN " SIP/2.0\r\n"
		"Via: SIP/2.0/UDP %s:%u;branch=z9hG4bK%x.r%c%u;rport\r\n"
		"From: <sip:%c%u@" DOMAIN ">;tag=r%u\r\n"
		"To: <sip:%c%u@" DOMAIN ">\r\n"
		"Call-ID: r%c%u.%x@%s\r\n"
		"CSeq: 1 REGISTER\r\n"
		"Contact: <sip:%c%u@%s:%u>\r\n"
		"Expires: 600\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
		a->ip, SIP_PORT, r->id, a->letter, alias, a->letter, alias, alias, a->letter, alias,
		a->letter, alias, r->id, a->ip, a->letter, alias, a->ip, SIP_PORT);

	send_text(r, a, n);
}

static int describe(char *to, size_t room, const struct agent *a)
{
	return snprintf(to, room,
		"v=0\r\no=- 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\n"
		"m=audio %u RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n"
		"a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\n",
		a->ip, a->ip, RTP_PORT);
}

static void invite(struct run *r, unsigned slot)
{
	struct call *c = &r->calls[slot];
	const struct agent *a = &r->caller;
	unsigned alias = (slot + c->gen * r->n_calls) % r->n_aliases;
	char body[512];
	int n_body = describe(body, sizeof body, a), n;

	c->state = INVITED;
	c->since_us = c->invited_us = r->now_us;
	c->n_back = 0;
	n = snprintf(out_room(&r->out), DATAGRAM_MAX,
		"INVITE sip:%c%u@" DOMAIN " SIP/2.0\r\n"
		"Via: SIP/2.0/UDP %s:%u;branch=z9hG4bK%x.i%u.%u;rport\r\n"
		"From: \"Caller\" <sip:%c%u@" DOMAIN ">;tag=f%u.%u\r\n"
		"To: <sip:%c%u@" DOMAIN ">\r\n"
		"Call-ID: c%u.%u.%x@%s\r\nCSeq: 1 INVITE\r\n"
		"Contact: <sip:%c%u@%s:%u>\r\nMax-Forwards: 70\r\n"
		"User-Agent: bench\r\nAllow: INVITE, ACK, CANCEL, BYE, OPTIONS\r\n"
		"Supported: replaces\r\nSubject: a call of the bench\r\n"
		"Content-Type: application/sdp\r\nContent-Length: %d\r\n\r\n%s",
		r->callee.letter, alias, a->ip, SIP_PORT, r->id, slot, c->gen, a->letter, alias,
		slot, c->gen, r->callee.letter, alias, slot, c->gen, r->id, a->ip, a->letter, alias,
		a->ip, SIP_PORT, n_body, body);
	send_text(r, a, n);
}

/* A request inside the dialog; letter makes its branch unique. */
static void send_inside(struct run *r, unsigned slot, const char *method, int cseq, char letter)
{
	const struct call *c = &r->calls[slot];
	const struct agent *a = &r->caller;
	unsigned alias = (slot + c->gen * r->n_calls) % r->n_aliases;
	int n = snprintf(out_room(&r->out), DATAGRAM_MAX,
		"%s %s SIP/2.0\r\n"
		"Via: SIP/2.0/UDP %s:%u;branch=z9hG4bK%x.%c%u.%u;rport\r\n%s"
		"From: \"Caller\" <sip:%c%u@" DOMAIN ">;tag=f%u.%u\r\n"
		"To: %s\r\nCall-ID: c%u.%u.%x@%s\r\nCSeq: %d %s\r\nMax-Forwards: 70\r\n"
		"Content-Length: 0\r\n\r\n",
		method, c->target, a->ip, SIP_PORT, r->id, letter, slot, c->gen, c->route,
		a->letter, alias, slot, c->gen, c->to, slot, c->gen, r->id, a->ip, cseq, method);

	send_text(r, a, n);
}

static void put_u32(char *to, uint32_t value)
{
	memcpy(to, &value, sizeof value);
}

static uint32_t get_u32(const char *from)
{
	uint32_t value;

	memcpy(&value, from, sizeof value);
	return value;
}

static void send_media(struct run *r, unsigned slot)
{
	const struct call *c = &r->calls[slot];
	struct sockaddr_in to = address(r->server_ip, c->media_port);

	for (unsigned i = 0; i < PACKETS; i++) {
		char *p = out_room(&r->out);

		memset(p, 0xff, RTP_LEN);
		p[0] = (char)0x80;
		p[1] = 0;
		p[2] = (char)(c->gen >> 8);
		p[3] = (char)(c->gen + i);
		put_u32(p + 4, htonl(160 * (c->gen + i)));
		put_u32(p + 8, htonl(slot << 16 | (c->gen & 0xffff)));
		put_u32(p + 12, slot);
		put_u32(p + 16, c->gen);
		out_add(&r->out, r->caller.rtp, RTP_LEN, &to);
		r->count.sent_up++;
	}
}

/* ---- how a call ends ---- */

static void next_call(struct run *r, unsigned slot)
{
	struct call *c = &r->calls[slot];

	if (c->media_port && r->caller_slot[c->media_port] == slot + 1)
		r->caller_slot[c->media_port] = 0;
	c->media_port = 0;
	c->gen++;
	c->state = IDLE;
	if (!r->is_draining)
		invite(r, slot);
}

static void call_failed(struct run *r, unsigned slot, const char *why)
{
	static const char *const names[] = {"idle", "invited", "talking", "ending"};

	r->count.failed++;
	if (!r->has_complained)
		fprintf(stderr, "first failure, %s: %.400s\n", names[r->calls[slot].state], why);
	r->has_complained = true;
	next_call(r, slot);
}

static void hang_up(struct run *r, unsigned slot)
{
	r->calls[slot].state = ENDING;
	r->calls[slot].since_us = r->now_us;
	send_inside(r, slot, "BYE", 2, 'b');
}

/* ---- answers to the caller ---- */

static void copy_text(char *to, size_t room, struct text t)
{
	(void)snprintf(to, room, "%.*s", (int)t.n, t.p);
}

static void note_setup_time(struct run *r, const struct call *c)
{
	uint64_t bucket = (r->now_us - c->invited_us) / BUCKET_US;

	r->histogram[bucket < BUCKETS ? bucket : BUCKETS]++;
}

static void on_answer(struct run *r, unsigned slot, const char *msg)
{
	struct call *c = &r->calls[slot];
	struct text to, contact, route = {0};

	if (c->state != INVITED) { /* our ACK was not in time */
		r->count.repeated++;
		send_inside(r, slot, "ACK", 1, 'a');
		return;
	}
	if (!text_header(msg, "To", 't', &to) || !text_header(msg, "Contact", 'm', &contact)) {
		call_failed(r, slot, msg);
		return;
	}
	copy_text(c->to, sizeof c->to, to);
	copy_text(c->target, sizeof c->target, text_uri(contact));
	c->route[0] = '\0';
	if (text_header(msg, "Record-Route", 0, &route))
		(void)snprintf(c->route, sizeof c->route, "Route: %.*s\r\n", (int)route.n, route.p);
	note_setup_time(r, c);
	c->state = TALKING;
	c->since_us = r->now_us;
	send_inside(r, slot, "ACK", 1, 'a');
	if (!text_media(msg, r->server_ip, &c->media_port)) {
		call_failed(r, slot, msg);
		return;
	}
	r->caller_slot[c->media_port] = slot + 1;
	send_media(r, slot);
}

/* The call that a message to the caller belongs to, by its Call-ID; false: none of today. */
static bool find_call(struct run *r, const char *msg, unsigned *ret_slot, uint32_t *ret_gen)
{
	struct text id;
	char *end;

	if (!text_header(msg, "Call-ID", 'i', &id) || *id.p != 'c')
		return false;
	*ret_slot = (unsigned)strtoul(id.p + 1, &end, 10);
	*ret_gen = (uint32_t)strtoul(end + 1, NULL, 10);
	return *end == '.' && *ret_slot < r->n_calls;
}

static void on_call_response(struct run *r, const char *msg, unsigned status, bool is_invite)
{
	unsigned slot;
	uint32_t gen;
	struct call *c;

	if (!find_call(r, msg, &slot, &gen))
		return;
	c = &r->calls[slot];
	if (status == 180 && (gen + 1 == c->gen || (gen == c->gen && c->state != INVITED)))
		r->count.reordered++;
	if (status < 200 || gen != c->gen || c->state == IDLE)
		return;
	if (status >= 300)
		call_failed(r, slot, msg);
	else if (is_invite)
		on_answer(r, slot, msg);
	else if (c->state == ENDING) {
		r->count.done++;
		next_call(r, slot);
	}
}

static void on_response(struct run *r, const char *msg)
{
	unsigned status = (unsigned)strtoul(msg + strlen("SIP/2.0 "), NULL, 10);
	struct text cseq;

	if (!text_header(msg, "CSeq", 0, &cseq))
		return;
	if (memmem(cseq.p, cseq.n, "REGISTER", 8)) {
		if (status == 200)
			r->count.registered++;
		else if (status > 200)
			fprintf(stderr, "not registered: %.400s\n", msg);
		return;
	}
	on_call_response(r, msg, status, memmem(cseq.p, cseq.n, "INVITE", 6) != NULL);
}

/* ---- requests to an endpoint ---- */

/* The answer's head: status line and what is copied from the request. Returns its length. */
static size_t answer_head(char *room, const char *msg, const char *status, uint32_t tag)
{
	size_t n = (size_t)snprintf(room, DATAGRAM_MAX, "SIP/2.0 %s\r\n", status);
	struct text to;

	n += text_copy_headers(room + n, 1024, msg, "Via", 'v');
	n += text_copy_headers(room + n, 512 - 256, msg, "Record-Route", 0);
	n += text_copy_headers(room + n, 256, msg, "From", 'f');
	n += text_copy_headers(room + n, 256, msg, "Call-ID", 'i');
	n += text_copy_headers(room + n, 64, msg, "CSeq", 0);
	if (text_header(msg, "To", 't', &to)) {
		n += (size_t)snprintf(room + n, 256, "To: %.*s", (int)to.n, to.p);
		if (tag)
			n += (size_t)snprintf(room + n, 16, ";tag=%x", tag);
		n += (size_t)snprintf(room + n, 16, "\r\n");
	}
	return n;
}

static void answer_invite(
	struct run *r, const struct agent *a, const char *msg, const struct sockaddr_in *from)
{
	struct text via = {msg, 0};
	uint32_t tag;
	uint16_t port;
	char body[512], *room;
	size_t n;
	int n_body = describe(body, sizeof body, a);

	if (text_header(msg, "Via", 'v', &via) && text_media(msg, r->server_ip, &port))
		r->is_callee_port[port] = true;
	tag = text_hash(text_param(via, "branch=")) | 1;
	r->legs[tag % LEGS] = (struct leg){.tag = tag};
	room = out_room(&r->out);
	n = answer_head(room, msg, "180 Ringing", tag);
	n += (size_t)snprintf(room + n, DATAGRAM_MAX - n,
		"Contact: <sip:%s:%u>\r\nContent-Length: 0\r\n\r\n", a->ip, SIP_PORT);
	out_add(&r->out, a->sip, n, from);
	room = out_room(&r->out);
	n = answer_head(room, msg, "200 OK", tag);
	n += (size_t)snprintf(room + n, DATAGRAM_MAX - n,
		"Contact: <sip:%s:%u>\r\nContent-Type: application/sdp\r\nContent-Length: %d"
		"\r\n\r\n%s",
		a->ip, SIP_PORT, n_body, body);
	out_add(&r->out, a->sip, n, from);
}

static struct leg *find_leg(struct run *r, const char *msg)
{
	struct text to;
	uint32_t tag;

	if (!text_header(msg, "To", 't', &to))
		return NULL;
	tag = (uint32_t)strtoul(text_param(to, "tag=").p, NULL, 16);
	return r->legs[tag % LEGS].tag == tag ? &r->legs[tag % LEGS] : NULL;
}

static void on_request(
	struct run *r, const struct agent *a, const char *msg, const struct sockaddr_in *from)
{
	struct leg *leg = find_leg(r, msg);
	char *room;
	size_t n;

	if (strncmp(msg, "INVITE ", 7) == 0) {
		answer_invite(r, a, msg, from);
		return;
	}
	if (strncmp(msg, "ACK ", 4) == 0) {
		if (leg)
			leg->is_acked = true;
		return;
	}
	if (strncmp(msg, "BYE ", 4) == 0 && (!leg || !leg->is_acked))
		r->count.unacked++;
	room = out_room(&r->out);
	n = answer_head(room, msg, "200 OK", 0);
	n += (size_t)snprintf(room + n, DATAGRAM_MAX - n, "Content-Length: 0\r\n\r\n");
	out_add(&r->out, a->sip, n, from);
}

/* ---- media ---- */

static bool is_server_media(const struct run *r, const struct sockaddr_in *from)
{
	return from->sin_addr.s_addr == r->server.sin_addr.s_addr;
}

static void on_callee_media(
	struct run *r, const char *packet, size_t len, const struct sockaddr_in *from)
{
	char *room;

	if (len != RTP_LEN || !is_server_media(r, from) ||
		!r->is_callee_port[ntohs(from->sin_port)]) {
		r->count.strays++;
		return;
	}
	r->count.got_up++;
	room = out_room(&r->out);
	memcpy(room, packet, len);
	room[8] = (char)(room[8] ^ 0x40); /* a source of its own */
	out_add(&r->out, r->callee.rtp, len, from);
	r->count.sent_down++;
}

static void on_caller_media(
	struct run *r, const char *packet, size_t len, const struct sockaddr_in *from)
{
	uint32_t slot = r->caller_slot[ntohs(from->sin_port)];
	struct call *c;

	if (len != RTP_LEN || !is_server_media(r, from) || slot == 0 ||
		get_u32(packet + 12) != slot - 1 ||
		get_u32(packet + 16) != r->calls[slot - 1].gen) {
		r->count.strays++;
		return;
	}
	r->count.got_down++;
	c = &r->calls[slot - 1];
	if (++c->n_back == PACKETS && c->state == TALKING)
		hang_up(r, slot - 1);
}

/* ---- the loop ---- */

static void read_sip(struct run *r, const struct agent *a)
{
	unsigned n = in_read(&r->in, a->sip);

	for (unsigned i = 0; i < n; i++)
		if (strncmp(r->in.bytes[i], "SIP/2.0 ", 8) == 0)
			on_response(r, r->in.bytes[i]);
		else
			on_request(r, a, r->in.bytes[i], &r->in.from[i]);
}

static void read_rtp(struct run *r, const struct agent *a)
{
	unsigned n = in_read(&r->in, a->rtp);

	for (unsigned i = 0; i < n; i++)
		if (a == &r->caller)
			on_caller_media(r, r->in.bytes[i], r->in.len[i], &r->in.from[i]);
		else
			on_callee_media(r, r->in.bytes[i], r->in.len[i], &r->in.from[i]);
}

static void turn(struct run *r)
{
	struct pollfd fds[] = {{r->caller.sip, POLLIN, 0}, {r->callee.sip, POLLIN, 0},
		{r->caller.rtp, POLLIN, 0}, {r->callee.rtp, POLLIN, 0}};

	(void)poll(fds, 4, 20);
	r->now_us = clock_us();
	for (unsigned i = 0; i < 4; i++) {
		const struct agent *a = i % 2 == 0 ? &r->caller : &r->callee;

		if (fds[i].revents && i < 2)
			read_sip(r, a);
		else if (fds[i].revents)
			read_rtp(r, a);
	}
	out_flush(&r->out);
}

static void sweep(struct run *r)
{
	for (unsigned i = 0; i < r->n_calls; i++) {
		struct call *c = &r->calls[i];
		uint64_t age_us = r->now_us - c->since_us;

		if (c->state == TALKING && age_us > MEDIA_US)
			hang_up(r, i); /* what did not come back is counted as lost */
		else if (c->state != IDLE && age_us > TIMEOUT_US)
			call_failed(r, i, "left alone");
	}
	out_flush(&r->out);
}

static bool has_calls(const struct run *r)
{
	for (unsigned i = 0; i < r->n_calls; i++)
		if (r->calls[i].state != IDLE)
			return true;
	return false;
}

static void register_all(struct run *r)
{
	unsigned n = 2 * r->n_aliases, sent = 0;
	uint64_t end_us = clock_us() + 10u * 1000 * 1000;

	while (r->count.registered < n) {
		for (; sent < n && sent - r->count.registered < REGISTER_MAX; sent++)
			send_register(r, sent % 2 ? &r->callee : &r->caller, sent / 2);
		out_flush(&r->out);
		turn(r);
		if (r->now_us > end_us)
			fail("registrations are not answered");
	}
	printf("registered %u\n", n);
	fflush(stdout);
}

static void call_for(struct run *r, unsigned seconds)
{
	uint64_t end_us, swept_us;

	r->now_us = swept_us = clock_us();
	end_us = r->now_us + seconds * UINT64_C(1000000);
	for (unsigned i = 0; i < r->n_calls; i++)
		invite(r, i);
	out_flush(&r->out);
	while (!r->is_draining || has_calls(r)) {
		turn(r);
		r->is_draining = r->now_us >= end_us;
		if (r->now_us - swept_us < SWEEP_US)
			continue;
		swept_us = r->now_us;
		sweep(r);
	}
}

/* The set-up time, in ms, that this share of the calls did not exceed. */
static double percentile(const struct run *r, double share)
{
	uint64_t total = 0, below = 0;

	for (unsigned i = 0; i <= BUCKETS; i++)
		total += r->histogram[i];
	for (unsigned i = 0; i <= BUCKETS; i++) {
		below += r->histogram[i];
		if (total && (double)below >= share * (double)total)
			return (i + 1) * BUCKET_US / 1000.0;
	}
	return 0;
}

static void print(const struct run *r, double seconds)
{
	const struct count *c = &r->count;

	printf("calls=%lu failed=%lu lost_packets=%lu packets=%lu strays=%lu reordered=%lu "
	       "unacked=%lu "
	       "repeated=%lu seconds=%.2f p50_ms=%.2f p99_ms=%.2f\n",
		c->done, c->failed, c->sent_up - c->got_up + c->sent_down - c->got_down,
		c->sent_up + c->sent_down, c->strays, c->reordered, c->unacked, c->repeated,
		seconds, percentile(r, 0.5), percentile(r, 0.99));
}

static struct agent agent_open(const char *ip, char letter)
{
	struct sockaddr_in sip = address(ip, SIP_PORT), rtp = address(ip, RTP_PORT);

	return (struct agent){
		.ip = ip, .letter = letter, .sip = udp_open(&sip), .rtp = udp_open(&rtp)};
}

int main(int argc, char **argv)
{
	struct run *r = calloc(1, sizeof *r);
	uint64_t begun_us;

	if (argc < 6 || argc > 7 || !r) {
		fprintf(stderr, "usage: sip_calls SERVER CALLER CALLEE CALLS SECONDS [ALIASES]\n");
		return 2;
	}
	r->id = (uint32_t)clock_us();
	r->server_ip = argv[1];
	r->server = address(argv[1], SERVER_PORT);
	r->caller = agent_open(argv[2], 'a');
	r->callee = agent_open(argv[3], 'b');
	r->n_calls = (unsigned)strtoul(argv[4], NULL, 10);
	r->n_aliases = argc == 7 ? (unsigned)strtoul(argv[6], NULL, 10) : 500;
	r->calls = calloc(r->n_calls, sizeof *r->calls);
	if (!r->calls || !r->n_calls || !r->n_aliases)
		fail("calls");
	register_all(r);
	begun_us = clock_us();
	call_for(r, (unsigned)strtoul(argv[5], NULL, 10));
	print(r, (double)(clock_us() - begun_us) / 1e6);
	return 0;
}
