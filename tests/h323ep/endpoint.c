/* endpoint.c - the endpoint as a program: options, commands on stdin, events on stdout.
 *
 *	call ALIAS | call ADDR [ALIAS]     by the gatekeeper if there is one
 *	dial ADDR[:PORT] [ALIAS]           without asking it
 *	answer, hangup [CAUSE], reject REASON, hold, resume, present on|off
 *	digits DIGITS, ping                of H.245: user input, round trip
 *	start-h245                         leaves the tunnel for a connection of its own
 *	h245 TEXT, raw HEX                 any H.245 message; any octets on the signalling connection
 *	silence on|off                     not one packet of media
 *	stats, register, unregister, quit
 *
 * A command is about the newest call, or the one that it names: "@2 hangup". Options are those of usage(). */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "endpoint.h"

static void usage(void)
{
	fprintf(stderr,
		"usage: fosse-h323 endpoint --local ADDR --alias NAME [--e164 DIGITS]\n"
		"  [--gk ADDR[:1719]] [--password P] [--ttl S] [--no-discovery]\n"
		"  [--ras-port 1719] [--call-port 1720] [--h245-port N] [--media-port N]\n"
		"  [--h245 tunnel|separate|late] [--fast-start] [--auto-answer] [--ring MS]\n"
		"  [--calls N] [--refuse REASON] [--tone HZ] [--codec pcma|pcmu] [--video]\n"
		"  [--h46018] [--h46019] [--mux] [--trace FILE]\n");
	exit(2);
}

/* ---- what others use ---- */
void say(const char *event, const char *fields, ...)
{
	char text[RUNS_MAX * 32 + 4096];
	struct timespec now;
	va_list ap;

	clock_gettime(CLOCK_MONOTONIC, &now);
	va_start(ap, fields);
	(void)vsnprintf(text, sizeof text, fields, ap);
	va_end(ap);
	for (char *p = text; *p; p++)
		if (*p == '\'')
			*p = '"';
	printf("{\"t\":%lld.%09ld,\"event\":\"%s\"%s%s}\n", (long long)now.tv_sec, now.tv_nsec,
		event, *text ? "," : "", text);
	fflush(stdout);
}

/* One write a line: several endpoints may share the file. */
void trace(struct endpoint *e, const char *kind, struct str octets)
{
	FILE *f = e->o.trace ? fopen(e->o.trace, "a") : NULL;
	char buffer[65536];

	if (!f)
		return;
	(void)setvbuf(f, buffer, _IOFBF, sizeof buffer);
	fprintf(f, "%s ", kind);
	for (size_t i = 0; i < octets.len; i++)
		fprintf(f, "%02x", (uint8_t)octets.p[i]);
	fprintf(f, "\n");
	fclose(f);
}

static char *address_buffer(void)
{
	static char buffers[4][200];
	static unsigned turn;

	return buffers[turn++ % 4];
}

const char *address225(const struct addr *a)
{
	char *to = address_buffer();

	(void)snprintf(to, 200, "{'%s':{'ip':'%s','port':%u}}",
		a->family == AF_V6 ? "ip6Address" : "ipAddress",
		hex_of(a->ip, a->family == AF_V6 ? 16 : 4), a->port);
	return to;
}

const char *address245(const struct addr *a)
{
	char *to = address_buffer();

	(void)snprintf(to, 200, "{'unicastAddress':{'%s':{'network':'%s','tsapIdentifier':%u}}}",
		a->family == AF_V6 ? "iP6Address" : "iPAddress",
		hex_of(a->ip, a->family == AF_V6 ? 16 : 4), a->port);
	return to;
}

void random_octets(void *ret, size_t n)
{
	if (getrandom(ret, n, 0) != (ssize_t)n)
		abort();
}

/* ---- commands ---- */
static void silence(struct call *c, const char *rest)
{
	c->is_silent = strcmp(rest, "on") == 0;
	say("silence", "'call':%u,'on':%s", c->id, c->is_silent ? "true" : "false");
}

static void place(struct endpoint *e, const char *rest)
{
	if (!call_place(e, rest, false))
		say("error", "'text':'too many calls'");
}

static void dial(struct endpoint *e, const char *rest)
{
	if (!call_place(e, rest, true))
		say("error", "'text':'too many calls'");
}

static void answer(struct call *c, const char *rest)
{
	(void)rest;
	call_answer(c);
}

static void hang_up(struct call *c, const char *rest)
{
	call_hang_up(c, *rest ? (unsigned)strtoul(rest, NULL, 10) : 16, "");
}

static void reject(struct call *c, const char *rest)
{
	call_hang_up(c, 0, *rest ? rest : "destinationRejection");
}

static void hold(struct call *c, const char *rest)
{
	(void)rest;
	control_pause(c, true);
}

static void resume(struct call *c, const char *rest)
{
	(void)rest;
	control_pause(c, false);
}

static void present(struct call *c, const char *rest)
{
	control_present(c, strcmp(rest, "off") != 0);
}

static void ping(struct call *c, const char *rest)
{
	(void)rest;
	control_ping(c);
}

static void start_h245(struct call *c, const char *rest)
{
	(void)rest;
	call_start_h245(c);
}

static void stats(struct call *c, const char *rest)
{
	(void)rest;
	for (unsigned i = 0; i < FLOWS_MAX; i++)
		if (c->flows[i].call)
			flow_report(&c->flows[i], "stats");
	say("stats-end", "'call':%u", c->id);
}

static void do_register(struct endpoint *e, const char *rest)
{
	(void)rest;
	ras_register(e);
}

static void unregister(struct endpoint *e, const char *rest)
{
	(void)rest;
	if (e->is_registered)
		ras_unregister(e);
}

static void quit(struct endpoint *e, const char *rest)
{
	struct call *c;

	(void)rest;
	while ((c = call_find(e, 0)))
		call_hang_up(c, 16, "");
	e->is_leaving = true;
	if (e->is_registered)
		ras_unregister(e);
	else
		e->loop.is_over = true;
}

static const struct {
	const char *name;
	void (*run)(struct endpoint *e, const char *rest);
	void (*run_call)(struct call *c, const char *rest); /* of the newest call */
} commands[] = {
	{"call", place, NULL},
	{"dial", dial, NULL},
	{"register", do_register, NULL},
	{"unregister", unregister, NULL},
	{"quit", quit, NULL},
	{"silence", NULL, silence},
	{"stats", NULL, stats},
	{"answer", NULL, answer},
	{"hangup", NULL, hang_up},
	{"reject", NULL, reject},
	{"hold", NULL, hold},
	{"resume", NULL, resume},
	{"present", NULL, present},
	{"digits", NULL, control_digits},
	{"ping", NULL, ping},
	{"start-h245", NULL, start_h245},
	{"h245", NULL, control_say},
	{"raw", NULL, call_raw},
};

static void run_command(struct endpoint *e, size_t i, unsigned call, const char *rest)
{
	struct call *c = call_find(e, call);

	if (commands[i].run)
		commands[i].run(e, rest);
	else if (c)
		commands[i].run_call(c, rest);
	else
		say("error", "'text':'no call'");
}

static void run(struct endpoint *e, char *line)
{
	unsigned call = 0;
	char *rest;

	if (*line == '@') {
		call = (unsigned)strtoul(line + 1, &line, 10);
		line += *line == ' ';
	}
	if ((rest = strchr(line, ' ')))
		*rest++ = '\0';
	for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
		if (strcmp(line, commands[i].name) == 0) {
			run_command(e, i, call, rest ? rest : "");
			return;
		}
	if (*line)
		say("error", "'text':'no such command: %s'", quoted(line));
}

static void on_input(void *arg)
{
	struct endpoint *e = arg;
	ssize_t n = read(e->input.fd, e->line + e->n_line, sizeof e->line - 1 - e->n_line);
	char *end;

	if (n < 0 && errno == EAGAIN)
		return;
	if (n <= 0) {
		loop_forget(&e->loop, &e->input);
		quit(e, "");
		return;
	}
	e->n_line += (size_t)n;
	while ((end = memchr(e->line, '\n', e->n_line))) {
		*end = '\0';
		run(e, e->line);
		e->n_line -= (size_t)(end + 1 - e->line);
		memmove(e->line, end + 1, e->n_line);
	}
}

/* ---- options ---- */
static uint16_t port_of(const char *text)
{
	uint64_t port = 0;

	if (str_u64(str_of(text), 65535, &port) != OK)
		usage();
	return (uint16_t)port;
}

static unsigned number_of(const char *text)
{
	uint64_t n = 0;

	if (str_u64(str_of(text), 1000000, &n) != OK)
		usage();
	return (unsigned)n;
}

static struct addr address_of(const char *text, uint16_t port)
{
	struct addr a;

	if (addr_parse(str_of(text), &a) != OK)
		usage();
	return a.port ? a : addr_with_port(&a, port);
}

/* clang-format off */
static const struct option long_options[] = {
	{"local", 1, NULL, 'l'}, {"gk", 1, NULL, 'g'}, {"alias", 1, NULL, 'a'}, {"e164", 1, NULL, 'e'},
	{"password", 1, NULL, 'p'}, {"ttl", 1, NULL, 't'}, {"no-discovery", 0, NULL, 'D'},
	{"ras-port", 1, NULL, 'r'}, {"call-port", 1, NULL, 'c'}, {"h245-port", 1, NULL, 'h'},
	{"media-port", 1, NULL, 'm'}, {"h245", 1, NULL, 'H'}, {"fast-start", 0, NULL, 'f'},
	{"auto-answer", 0, NULL, 'A'}, {"ring", 1, NULL, 'R'}, {"calls", 1, NULL, 'n'},
	{"refuse", 1, NULL, 'x'}, {"tone", 1, NULL, 'T'}, {"codec", 1, NULL, 'C'}, {"video", 0, NULL, 'v'},
	{"h46018", 0, NULL, '8'}, {"h46019", 0, NULL, '9'}, {"mux", 0, NULL, 'M'},
	{"trace", 1, NULL, 'o'}, {NULL, 0, NULL, 0}
};
/* clang-format on */

/* late: not in the tunnel, and by a Facility after the Connect */
static void set_h245(struct options *o, const char *text)
{
	o->is_tunnelling = strcmp(text, "tunnel") == 0;
	o->is_late_h245 = strcmp(text, "late") == 0;
	if (!o->is_tunnelling && !o->is_late_h245 && strcmp(text, "separate") != 0)
		usage();
}

static void set_codec(struct options *o, const char *text)
{
	o->is_ulaw = strcmp(text, "pcmu") == 0;
	o->has_one_codec = true;
	if (!o->is_ulaw && strcmp(text, "pcma") != 0)
		usage();
}

static void set_text(struct options *o, int c, const char *text)
{
	if (c == 'l')
		o->local = address_of(text, 0);
	else if (c == 'g')
		o->gatekeeper = address_of(text, 1719);
	else if (c == 'a')
		o->alias = text;
	else if (c == 'e')
		o->e164 = text;
	else if (c == 'p')
		o->password = text;
	else if (c == 'x')
		o->refusal = text;
	else if (c == 'o')
		o->trace = text;
	else if (c == 'H')
		set_h245(o, text);
	else if (c == 'C')
		set_codec(o, text);
}

static void set_number(struct options *o, int c, const char *text)
{
	if (c == 't')
		o->ttl = number_of(text);
	else if (c == 'r')
		o->ras_port = port_of(text);
	else if (c == 'c')
		o->call_port = port_of(text);
	else if (c == 'h')
		o->h245_port = port_of(text);
	else if (c == 'm')
		o->media_port = port_of(text);
	else if (c == 'R')
		o->ring_ms = number_of(text);
	else if (c == 'n')
		o->calls = number_of(text);
	else if (c == 'T')
		o->tone_hz = number_of(text);
}

static void set_flag(struct options *o, int c)
{
	if (c == 'D')
		o->has_discovery = false;
	else if (c == 'f')
		o->has_fast_start = true;
	else if (c == 'A')
		o->is_auto_answer = true;
	else if (c == 'v')
		o->has_video = true;
	else if (c == '8')
		o->has_18 = true;
	else if (c == '9')
		o->has_19 = true;
	else if (c == 'M')
		o->has_19 = o->has_mux = true;
	else if (c == '?')
		usage();
}

static struct options read_options(int argc, char **argv)
{
	struct options o = {.ras_port = 1719,
		.call_port = 1720,
		.media_port = 20000,
		.tone_hz = 440,
		.calls = 4,
		.is_tunnelling = true,
		.has_discovery = true};
	int c;

	while ((c = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (!optarg)
			set_flag(&o, c);
		else if (strchr("lgaepxoHC", c))
			set_text(&o, c, optarg);
		else
			set_number(&o, c, optarg);
	}
	if (optind < argc || o.local.family == AF_NONE || !o.alias)
		usage();
	return o;
}

int endpoint_main(int argc, char **argv)
{
	struct endpoint *e = calloc(1, sizeof *e);

	if (!e)
		return 1;
	signal(SIGPIPE, SIG_IGN);
	e->o = read_options(argc, argv);
	e->next_media_port = e->o.media_port;
	random_octets(&e->next_request, sizeof e->next_request);
	e->next_request %= 60000;
	e->input =
		(struct watch){.fd = STDIN_FILENO, .want = POLLIN, .on_ready = on_input, .arg = e};
	(void)fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
	loop_watch(&e->loop, &e->input);
	if (e->o.has_mux)
		mux_open(e);
	calls_open(e);
	say("ready", "'alias':'%s','call_port':%u", quoted(e->o.alias), e->o.call_port);
	if (e->o.gatekeeper.port)
		ras_open(e);
	loop_run(&e->loop);
	say("bye", "%s", "");
	free(e);
	return 0;
}
