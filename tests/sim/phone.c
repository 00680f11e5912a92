/* phone.c - the simulated phone. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "phone.h"

#define T1_MS           500
#define SPEAK_MS        100
#define REPEATS         11    /* about 32 s */
#define PATIENCE_MS     60000 /* nobody listens to a ringing tone for longer */
#define REG_MS          20000
#define TCP_PATIENCE_MS 30000         /* bytes that are not acknowledged: it dials anew */
#define LATE_NS         6000000000ull /* a process may have slept meanwhile */
#define RTP_MAGIC       "FOSSE"

/* ---- text ---- */

/* The value of the first header of this name, trimmed, into z; false: none. */
static bool header(const char *m, const char *name, char *z, size_t size)
{
	size_t n = strlen(name);

	for (const char *line = m; line && *line;
		line = strstr(line, "\r\n"), line = line ? line + 2 : NULL) {
		const char *end = strstr(line, "\r\n");

		if (end == line)
			break;
		if (strncasecmp(line, name, n) != 0 || line[n] != ':')
			continue;
		line += n + 1;
		while (*line == ' ')
			line++;
		snprintf(z, size, "%.*s", (int)(end ? end - line : (long)strlen(line)), line);
		return true;
	}
	*z = '\0';
	return false;
}

static void param(const char *value, const char *name, char *z, size_t size)
{
	char key[32];
	const char *at;

	snprintf(key, sizeof key, ";%s=", name);
	at = strstr(value, key);
	snprintf(z, size, "%.*s", at ? (int)strcspn(at + strlen(key), ";>,\r\n ") : 0,
		at ? at + strlen(key) : "");
}

static void bracketed(const char *value, char *z, size_t size)
{
	const char *at = strchr(value, '<');

	snprintf(z, size, "%.*s", at ? (int)strcspn(at + 1, ">") : (int)strcspn(value, ";"),
		at ? at + 1 : value);
}

/* All Via lines, as they came. */
static void all_vias(const char *m, char *z, size_t size)
{
	size_t used = 0;

	*z = '\0';
	for (const char *line = strstr(m, "\r\n"); line; line = strstr(line + 2, "\r\n")) {
		const char *end = strstr(line + 2, "\r\n");

		if (!end || end == line + 2)
			return;
		if (strncasecmp(line + 2, "Via:", 4) == 0 && used + (size_t)(end - line) < size)
			used += (size_t)snprintf(
				z + used, size - used, "%.*s\r\n", (int)(end - line - 2), line + 2);
	}
}

/* ---- sending ---- */

static void send_raw(struct phone *p, struct str bytes)
{
	struct addr_ctx ctx = {.documentation_allowed = true, .private_allowed = true};
	struct addr_ok to;

	if (!p->uses_tcp && addr_policy(&ctx, USE_CONFIGURED, &p->proxy, &to, NULL) == OK)
		dgram_send(p->sip, &to, bytes);
	else if (p->stream && p->is_connected)
		stream_send(p->stream, bytes);
}

static void send_text(struct phone *p, const char *fmt, ...) PRINTF(2, 3);
static void send_text(struct phone *p, const char *fmt, ...)
{
	char z[PHONE_MSG];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(z, sizeof z, fmt, args);
	va_end(args);
	if (n > 0 && (size_t)n < sizeof z)
		send_raw(p, (struct str){z, (size_t)n});
}

/* Sends now and again until stop_repeating(). */
static void send_repeated(struct phone_call *c, const char *fmt, ...) PRINTF(2, 3);
static void send_repeated(struct phone_call *c, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(c->out, sizeof c->out, fmt, args);
	va_end(args);
	c->out_len = n > 0 && (size_t)n < sizeof c->out ? (size_t)n : 0;
	c->n_repeats = 0;
	send_raw(c->phone, (struct str){c->out, c->out_len});
	c->sent_on = c->phone->n_connections;
	timer_start(c->phone->io, &c->repeat, T1_MS);
}

/* A connection loses nothing but with its end; a 2xx is repeated all the same (RFC 3261 13.3.1.4). */
static bool is_safe(const struct phone_call *c)
{
	return c->phone->uses_tcp && c->sent_on == c->phone->n_connections &&
	       memcmp(c->out, "SIP/2.0", 7) != 0;
}

static void stop_repeating(struct phone_call *c)
{
	timer_stop(&c->repeat);
}

static const char *host_of(const struct phone *p, char z[ADDR_TEXT_SIZE])
{
	return addr_put_host(&p->addr, z);
}

static void new_branch(struct phone_call *c)
{
	uint64_t r;

	io_random(c->phone->io, &r, sizeof r);
	snprintf(c->branch, sizeof c->branch, "z9hG4bKp%016llx", (unsigned long long)r);
}

static void put_sdp(const struct phone_call *c, char *z, size_t size)
{
	char host[ADDR_TEXT_SIZE];

	host_of(c->phone, host);
	snprintf(z, size,
		"v=0\r\no=- 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %u RTP/AVP "
		"0\r\na=rtpmap:0 PCMU/8000\r\n",
		host, host, c->port);
}

static void read_sdp(struct phone_call *c, const char *m)
{
	const char *addr = strstr(m, "c=IN IP4 "), *media = strstr(m, "m=audio ");

	if (!addr || !media)
		return;
	addr += 9;
	if (addr_parse_host((struct str){addr, strcspn(addr, "\r\n ")}, &c->remote_rtp) == OK)
		c->remote_rtp.port = (uint16_t)atoi(media + 8);
}

/* ---- media ---- */

static void on_speak(void *arg)
{
	struct phone_call *c = arg;
	struct phone *p = c->phone;
	struct addr_ctx ctx = {.documentation_allowed = true, .private_allowed = true};
	struct addr_ok to;
	uint8_t packet[80] = {0x80, 0};
	struct wr w = wr_of(packet + 2, sizeof packet - 2);

	timer_start(p->io, &c->speak, SPEAK_MS);
	if (p->is_silent || addr_policy(&ctx, USE_CONFIGURED, &c->remote_rtp, &to, NULL) != OK)
		return;
	wr_u16(&w, (uint16_t)c->seq++);
	wr_u32(&w, c->seq * 800);
	wr_u32(&w, c->port);
	wr_printf(&w, RTP_MAGIC "%s", c->call_id);
	dgram_send(c->rtp, &to, (struct str){(char *)packet, 2 + wr_len(&w)});
	c->n_sent++;
}

/* It was on its way when the line was taken anew; a process that sleeps holds up those of several calls. */
static bool is_late(const struct phone_call *c, struct str call_id)
{
	if (io_now(c->phone->io) - c->begun_ns >= LATE_NS)
		return false;
	for (int i = 0; i < PHONE_FORMER; i++) {
		if (str_eq(call_id, str_of(c->former[i])))
			return true;
	}
	return false;
}

static void on_rtp(struct dgram *d, const struct packet *packets, size_t n, void *arg)
{
	struct phone_call *c = arg;

	(void)d;
	for (size_t i = 0; i < n; i++) {
		struct str tail = str_skip(packets[i].bytes, 12 + sizeof RTP_MAGIC - 1);

		if (c->state == PH_FREE || c->state == PH_OVER)
			continue; /* the end of a call that is over here already */
		if (is_late(c, tail))
			continue;
		if (!str_eq(tail, str_of(c->call_id))) {
			c->n_foreign++;
			continue;
		}
		c->n_heard++;
		c->heard_last_ns = io_now(c->phone->io);
	}
}

/* ---- calls ---- */

static void on_repeat(void *arg)
{
	struct phone_call *c = arg;
	uint32_t wait = T1_MS << (c->n_repeats < 3 ? c->n_repeats + 1 : 3);

	if (++c->n_repeats > REPEATS) {
		c->phone->n_bad += c->is_caller && c->state != PH_OVER;
		c->state = PH_OVER;
		timer_stop(&c->speak);
		return;
	}
	if (!is_safe(c))
		send_raw(c->phone, (struct str){c->out, c->out_len});
	c->sent_on = c->phone->n_connections;
	timer_start(c->phone->io, &c->repeat, wait);
}

static void over(struct phone_call *c, bool is_good)
{
	if (c->state == PH_OVER)
		return;
	if (c->is_caller) {
		c->phone->n_done += is_good;
		c->phone->n_bad += !is_good;
	}
	c->state = PH_OVER;
	stop_repeating(c);
	timer_stop(&c->speak);
	timer_stop(&c->end);
}

static void hang_up(struct phone_call *c)
{
	struct phone *p = c->phone;

	new_branch(c);
	c->state = PH_ENDING;
	timer_stop(&c->speak);
	send_repeated(c,
		"BYE %s SIP/2.0\r\nVia: SIP/2.0/%s;branch=%s;rport\r\nMax-Forwards: 70\r\n"
		"From: <sip:%s@%s>;tag=%s\r\nTo: <%s>;tag=%s\r\nCall-ID: %s\r\nCSeq: %u "
		"BYE\r\nContent-Length: 0\r\n\r\n",
		c->target, p->via, c->branch, p->user, p->domain, c->local_tag, c->remote_uri,
		c->remote_tag, c->call_id, ++c->cseq);
}

static void cancel(struct phone_call *c)
{
	struct phone *p = c->phone;

	c->is_cancelled = true;
	send_text(p,
		"CANCEL %s SIP/2.0\r\nVia: SIP/2.0/%s;branch=%s;rport\r\nMax-Forwards: "
		"70\r\n"
		"From: <sip:%s@%s>;tag=%s\r\nTo: <%s>\r\nCall-ID: %s\r\nCSeq: %u "
		"CANCEL\r\nContent-Length: 0\r\n\r\n",
		c->remote_uri, p->via, c->branch, p->user, p->domain, c->local_tag, c->remote_uri,
		c->call_id, c->cseq);
}

static void on_end(void *arg)
{
	struct phone_call *c = arg;

	if (c->state == PH_UP)
		hang_up(c);
	else if (c->state == PH_RINGING || c->state == PH_CALLING) {
		cancel(c);
		timer_start(c->phone->io, &c->end, 2000); /* a CANCEL may be lost too */
	}
}

static void go_up(struct phone_call *c)
{
	c->state = PH_UP;
	c->is_established = true;
	c->up_ns = io_now(c->phone->io);
	timer_start(c->phone->io, &c->speak, 0);
}

static void send_ack(struct phone_call *c, const char *target, const char *branch)
{
	struct phone *p = c->phone;

	send_text(p,
		"ACK %s SIP/2.0\r\nVia: SIP/2.0/%s;branch=%s;rport\r\nMax-Forwards: 70\r\n"
		"From: <sip:%s@%s>;tag=%s\r\nTo: <%s>;tag=%s\r\nCall-ID: %s\r\nCSeq: %u "
		"ACK\r\nContent-Length: 0\r\n\r\n",
		target, p->via, branch, p->user, p->domain, c->local_tag, c->remote_uri,
		c->remote_tag, c->call_id, c->cseq);
}

static void on_invite_answer(struct phone_call *c, const char *m, unsigned code)
{
	char value[400];

	if (code < 200) {
		if (c->state == PH_CALLING) {
			c->state = PH_RINGING;
			stop_repeating(c);
			timer_start(c->phone->io, &c->end, c->does_cancel ? 300 : PATIENCE_MS);
		}
		return;
	}
	if (c->state != PH_ENDING) /* a 200 that comes again answers no BYE */
		stop_repeating(c);
	header(m, "To", value, sizeof value);
	param(value, "tag", c->remote_tag, sizeof c->remote_tag);
	if (code >= 300) {
		send_ack(c, c->remote_uri, c->branch);
		if (c->state == PH_OVER)
			return;
		c->code = code;
		c->was_refused = true;
		over(c, c->does_cancel && code == 487);
		return;
	}
	header(m, "Contact", value, sizeof value);
	bracketed(value, c->target, sizeof c->target);
	send_ack(c, c->target, "z9hG4bKack");
	if (c->state != PH_CALLING && c->state != PH_RINGING)
		return; /* repeated */
	read_sdp(c, m);
	go_up(c);
	timer_start(c->phone->io, &c->end, c->does_cancel ? 1 : c->hold_ms);
}

static void answer(struct phone *p, const char *m, const char *status, const char *tag)
{
	char via[600], from[300], to[300], id[100], cseq[60];

	all_vias(m, via, sizeof via);
	header(m, "From", from, sizeof from);
	header(m, "To", to, sizeof to);
	header(m, "Call-ID", id, sizeof id);
	header(m, "CSeq", cseq, sizeof cseq);
	send_text(p,
		"SIP/2.0 %s\r\n%sFrom: %s\r\nTo: %s%s%s\r\nCall-ID: %s\r\nCSeq: "
		"%s\r\nContent-Length: 0\r\n\r\n",
		status, via, from, to,
		strstr(to, ";tag=") ? "" : ";tag=", strstr(to, ";tag=") ? "" : tag, id, cseq);
}

static void send_ok(struct phone_call *c, const char *m)
{
	struct phone *p = c->phone;
	char from[300], to[300], id[100], cseq[60], sdp[400];

	header(m, "From", from, sizeof from);
	header(m, "To", to, sizeof to);
	header(m, "Call-ID", id, sizeof id);
	header(m, "CSeq", cseq, sizeof cseq);
	all_vias(m, c->via, sizeof c->via);
	put_sdp(c, sdp, sizeof sdp);
	send_repeated(c,
		"SIP/2.0 200 OK\r\n%sFrom: %s\r\nTo: %s;tag=%s\r\nCall-ID: %s\r\nCSeq: "
		"%s\r\nContact: <%s>\r\n"
		"Content-Type: application/sdp\r\nContent-Length: %zu\r\n\r\n%s",
		c->via, from, to, c->local_tag, id, cseq, p->contact, strlen(sdp), sdp);
}

static struct phone_call *take_line(struct phone *p)
{
	for (int i = 0; i < PHONE_CALLS; i++) {
		struct phone_call *c = &p->calls[i];
		struct dgram *rtp = c->rtp;
		uint16_t port = c->port;
		char former[PHONE_FORMER][sizeof c->call_id];

		if (c->state != PH_FREE && c->state != PH_OVER)
			continue;
		timer_stop(&c->repeat);
		timer_stop(&c->speak);
		timer_stop(&c->end);
		memcpy(former[0], c->call_id, sizeof former[0]);
		memcpy(former[1], c->former[0], sizeof former - sizeof former[0]);
		memset(c, 0, sizeof *c);
		memcpy(c->former, former, sizeof former);
		c->begun_ns = io_now(p->io);
		c->phone = p;
		c->rtp = rtp;
		c->port = port;
		timer_init(&c->repeat, on_repeat, c);
		timer_init(&c->speak, on_speak, c);
		timer_init(&c->end, on_end, c);
		return c;
	}
	return NULL;
}

static struct phone_call *call_of(struct phone *p, const char *m)
{
	char id[100];

	header(m, "Call-ID", id, sizeof id);
	for (int i = 0; i < PHONE_CALLS; i++) {
		if (p->calls[i].state != PH_FREE && strcmp(p->calls[i].call_id, id) == 0)
			return &p->calls[i];
	}
	return NULL;
}

static void new_tag(struct phone_call *c)
{
	uint32_t r;

	io_random(c->phone->io, &r, sizeof r);
	snprintf(c->local_tag, sizeof c->local_tag, "t%08x", r);
}

static void on_invite(struct phone *p, const char *m)
{
	struct phone_call *c = call_of(p, m);
	char value[400];

	if (c && c->state == PH_RINGING && p->does_not_answer)
		answer(p, m, "180 Ringing", c->local_tag); /* repeated: the first answer was lost */
	if (c && c->state != PH_OVER)
		return; /* repeated: its 200 is repeated as well */
	c = take_line(p);
	if (!c) {
		answer(p, m, "486 Busy Here", "busy");
		return;
	}
	c->state = PH_RINGING;
	header(m, "Call-ID", c->call_id, sizeof c->call_id);
	header(m, "From", value, sizeof value);
	param(value, "tag", c->remote_tag, sizeof c->remote_tag);
	bracketed(value, c->remote_uri, sizeof c->remote_uri);
	header(m, "Contact", value, sizeof value);
	bracketed(value, c->target, sizeof c->target);
	header(m, "CSeq", value, sizeof value);
	c->remote_cseq = (unsigned)atoi(value);
	new_tag(c);
	read_sdp(c, m);
	if (p->does_not_answer) {
		answer(p, m, "180 Ringing", c->local_tag);
		snprintf(c->out, sizeof c->out, "%s", m); /* what a CANCEL will refuse */
		return;
	}
	answer(p, m, "180 Ringing", c->local_tag);
	send_ok(c, m);
	go_up(c);
}

static void on_request(struct phone *p, const char *m)
{
	struct phone_call *c = call_of(p, m);

	if (strncmp(m, "INVITE ", 7) == 0) {
		on_invite(p, m);
		return;
	}
	if (strncmp(m, "ACK ", 4) == 0) {
		if (c) {
			c->is_acked = true;
			if (c->state != PH_ENDING)
				stop_repeating(c);
			if (c->was_refused)
				over(c, true);
		}
		return;
	}
	if (strncmp(m, "OPTIONS ", 8) == 0) {
		answer(p, m, "200 OK", "opt");
		return;
	}
	if (!c) {
		p->n_stray++;
		answer(p, m, "481 Call/Transaction Does Not Exist", "none");
		return;
	}
	if (strncmp(m, "BYE ", 4) == 0) {
		answer(p, m, "200 OK", c->local_tag);
		c->is_remote_bye = true;
		over(c, c->is_established);
		return;
	}
	if (strncmp(m, "CANCEL ", 7) == 0) {
		answer(p, m, "200 OK", c->local_tag);
		if (c->state != PH_RINGING || c->was_refused)
			return;
		answer(p, c->out, "487 Request Terminated", c->local_tag);
		c->was_refused = true;
		over(c, true);
		return;
	}
	answer(p, m, "200 OK", c->local_tag);
}

static void on_response(struct phone *p, const char *m)
{
	unsigned code = (unsigned)atoi(m + 8);
	struct phone_call *c = call_of(p, m);
	char cseq[60], id[100];

	header(m, "CSeq", cseq, sizeof cseq);
	header(m, "Call-ID", id, sizeof id);
	if (strstr(cseq, "REGISTER") && strcmp(id, p->reg_id) == 0 && code >= 200) {
		p->is_registered = code == 200;
		if (p->registers)
			timer_start(p->io, &p->reg, p->is_registered ? REG_MS : T1_MS);
		return;
	}
	if (!c || !c->is_caller) {
		if (c && strstr(cseq, "BYE") && code >= 200)
			over(c, true);
		return;
	}
	if (strstr(cseq, "CANCEL") && code == 481)
		over(c, false); /* the node was replaced while it rang */
	else if (strstr(cseq, "INVITE"))
		on_invite_answer(c, m, code);
	else if (strstr(cseq, "BYE") && code >= 200)
		over(c, code == 200 || c->is_remote_bye || code == 481);
}

static void on_message(struct phone *p, struct str bytes)
{
	char m[PHONE_MSG];

	if (bytes.len < 12 || !str_copy(bytes, m, sizeof m))
		return;
	if (strncmp(m, "SIP/2.0 ", 8) == 0)
		on_response(p, m);
	else
		on_request(p, m);
}

static void on_sip(struct dgram *d, const struct packet *packets, size_t n, void *arg)
{
	struct phone *p = arg;

	(void)d;
	for (size_t i = 0; i < n; i++)
		on_message(p, packets[i].bytes);
}

static void on_reg(void *arg)
{
	struct phone *p = arg;
	uint64_t r;

	io_random(p->io, &r, sizeof r);
	send_text(p,
		"REGISTER sip:%s SIP/2.0\r\nVia: "
		"SIP/2.0/%s;branch=z9hG4bKr%016llx;rport\r\nMax-Forwards: 70\r\n"
		"From: <sip:%s@%s>;tag=r\r\nTo: <sip:%s@%s>\r\nCall-ID: %s\r\nCSeq: %u REGISTER\r\n"
		"Contact: <%s>\r\nExpires: 60\r\nContent-Length: 0\r\n\r\n",
		p->domain, p->via, (unsigned long long)r, p->user, p->domain, p->user, p->domain,
		p->reg_id, ++p->reg_cseq, p->contact);
	p->n_reg++;
	timer_start(p->io, &p->reg, 2 * T1_MS); /* again unless it is answered */
}

/* ---- TCP ---- */

/* Of the first message in z, with its body; 0: it is not whole. */
static size_t length_of(const char *z)
{
	const char *end = strstr(z, "\r\n\r\n");
	char value[20];
	size_t len;

	if (!end)
		return 0;
	header(z, "Content-Length", value, sizeof value);
	len = (size_t)(end - z) + 4 + (size_t)atoi(value);
	return len <= strlen(z) ? len : 0;
}

static size_t on_bytes(struct stream *s, struct str bytes, void *arg)
{
	static char z[65536];
	size_t done = 0, len;

	(void)s;
	if (!str_copy(bytes, z, sizeof z))
		abort();
	for (;;) {
		while (z[done] == '\r' || z[done] == '\n')
			done++;
		len = length_of(z + done);
		if (!len)
			return done;
		on_message(arg, (struct str){z + done, len});
		done += len;
	}
}

/* Its binding names the connection that is gone. */
static void on_connected(struct stream *s, void *arg)
{
	struct phone *p = arg;

	(void)s;
	p->is_connected = true;
	p->n_connections++;
	if (p->registers)
		timer_start(p->io, &p->reg, 0);
}

static void on_disconnected(struct stream *s, enum err why, void *arg)
{
	struct phone *p = arg;

	(void)s;
	(void)why;
	p->is_connected = false;
	p->stream = NULL;
	if (p->registers)
		timer_start(p->io, &p->redial, T1_MS);
}

static void on_redial(void *arg)
{
	static const struct stream_ops ops = {
		.opened = on_connected, .bytes = on_bytes, .lost = on_disconnected};
	struct phone *p = arg;
	struct addr_ctx ctx = {.documentation_allowed = true, .private_allowed = true};
	struct local from = {
		.row = PLAN_PUBLIC_TCP_OUT, .addr = addr_with_port(&p->addr, 0), .fd = NO_FD};
	struct addr_ok to;

	if (addr_policy(&ctx, USE_CONFIGURED, &p->proxy, &to, NULL) != OK ||
		stream_dial(p->io, &from, &to, &ops, p, &p->stream) != OK)
		abort();
	stream_set_timeout(p->stream, TCP_PATIENCE_MS);
}

/* ---- start ---- */

static void start(struct io *io, void *arg)
{
	struct phone *p = arg;
	struct local at = {.row = PLAN_PUBLIC_UDP_IN, .addr = p->addr, .fd = NO_FD};

	p->io = io;
	io_set_plan(io, p->plan);
	if (dgram_open(io, &at, on_sip, p, &p->sip) != OK)
		abort();
	for (uint16_t i = 0; i < PHONE_CALLS; i++) {
		p->calls[i].phone = p;
		p->calls[i].port = (uint16_t)(plan_media(p->plan).low + 2 * i);
		at.row = PLAN_PUBLIC_RTP_IN;
		at.addr = addr_with_port(&p->addr, p->calls[i].port);
		if (dgram_open(io, &at, on_rtp, &p->calls[i], &p->calls[i].rtp) != OK)
			abort();
	}
	snprintf(p->reg_id, sizeof p->reg_id, "reg-%s", p->user);
	timer_init(&p->reg, on_reg, p);
	timer_init(&p->redial, on_redial, p);
	if (p->uses_tcp)
		timer_start(io, &p->redial, 100);
	else if (p->registers)
		timer_start(io, &p->reg, 100);
}

static void freed(struct io *io, void *arg)
{
	(void)io;
	(void)arg;
}

bool phone_start(struct phone *p)
{
	static const struct sim_program program = {.name = "phone", .start = start, .freed = freed};
	const char *parameter = p->uses_tcp ? ";transport=tcp" : "";
	char at[ADDR_TEXT_SIZE];
	struct io *io;

	addr_put(&p->addr, at);
	snprintf(p->via, sizeof p->via, "%s %s", p->uses_tcp ? "TCP" : "UDP", at);
	snprintf(p->contact, sizeof p->contact, "sip:%s@%s%s", p->user, at, parameter);
	return sim_start(p->host, &program, p, &io) == OK;
}

void phone_hang_up(struct phone *p)
{
	for (int i = 0; i < PHONE_CALLS; i++) {
		if (p->calls[i].state == PH_UP)
			hang_up(&p->calls[i]);
	}
}

void phone_leave(struct phone *p)
{
	p->registers = false;
	timer_stop(&p->reg);
	timer_stop(&p->redial);
}

struct phone_call *phone_dial(struct phone *p, const char *uri, uint32_t hold_ms, bool does_cancel)
{
	struct phone_call *c = take_line(p);
	char sdp[400];
	uint64_t r;

	if (!c)
		return NULL;
	io_random(p->io, &r, sizeof r);
	p->n_started++;
	c->is_caller = true;
	c->state = PH_CALLING;
	c->hold_ms = hold_ms;
	c->does_cancel = does_cancel;
	c->cseq = 1;
	snprintf(c->call_id, sizeof c->call_id, "%s-%016llx", p->user, (unsigned long long)r);
	snprintf(c->remote_uri, sizeof c->remote_uri, "%s", uri);
	new_tag(c);
	new_branch(c);
	put_sdp(c, sdp, sizeof sdp);
	send_repeated(c,
		"INVITE %s SIP/2.0\r\nVia: SIP/2.0/%s;branch=%s;rport\r\nMax-Forwards: "
		"70\r\nFrom: <sip:%s@%s>;tag=%s\r\n"
		"To: <%s>\r\nCall-ID: %s\r\nCSeq: 1 INVITE\r\nContact: "
		"<%s>\r\nContent-Type: application/sdp\r\n"
		"Content-Length: %zu\r\n\r\n%s",
		uri, p->via, c->branch, p->user, p->domain, c->local_tag, uri, c->call_id,
		p->contact, strlen(sdp), sdp);
	return c;
}

bool phone_is_idle(const struct phone *p)
{
	for (int i = 0; i < PHONE_CALLS; i++) {
		if (p->calls[i].state != PH_FREE && p->calls[i].state != PH_OVER)
			return false;
	}
	return true;
}
