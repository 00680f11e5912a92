/* toygk.c - the smallest gatekeeper, so that the endpoint's RAS can be tried without the product.
 *
 * It confirms all: registrations (remembered by their first alias), admissions (the called party's own
 * address, call model direct), disengagement. With --password it wants a token in every registration and
 * says so with securityDenial. Commands on stdin: "sci ALIAS ADDR:PORT GUID", "urq ALIAS", "irq ALIAS",
 * "drq ALIAS GUID CRV", "forget" (registrations), "quit". */
#include <getopt.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "endpoint.h"
#include "h323/h235.h"

#define KNOWN_MAX 8

struct known {
	char alias[TEXT_SIZE];
	struct addr ras, call;
};

struct toy {
	struct loop loop;
	struct watch ras, input;
	const char *password;
	struct known known[KNOWN_MAX];
	unsigned n_known, ttl;
	char line[1024];
	size_t n_line;
};

PRINTF(3, 4)
static void answer(struct toy *t, const struct addr *to, const char *fmt, ...)
{
	char text[PDU_TEXT_MAX];
	uint8_t octets[2048];
	struct pdu p;
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	pdu_make(&p, H225_RasMessage_T, text);
	net_send(t->ras.fd, pdu_write(&p, octets, sizeof octets), to);
	pdu_free(&p);
}

static struct known *find(struct toy *t, const char *alias)
{
	for (unsigned i = 0; i < t->n_known; i++)
		if (strcmp(t->known[i].alias, alias) == 0)
			return &t->known[i];
	return NULL;
}

static bool is_known(const struct toy *t, const struct addr *ras)
{
	for (unsigned i = 0; i < t->n_known; i++)
		if (addr_eq(&t->known[i].ras, ras))
			return true;
	return false;
}

static bool has_proof(struct toy *t, const struct pdu *p)
{
	void *memory = calloc(1, PER_TREE_SIZE);
	struct per_tree work = per_tree_of(&h323_schema, memory);
	struct h235_claim claim;
	uint16_t list = pdu_at(p, 0, "registrationRequest.cryptoTokens");
	bool is_good = !t->password ||
	               (list != PER_NONE && h235_claim_get(&p->tree, list, &claim) == OK &&
			       h235_check(&p->tree, &claim, str_of(t->password), &work) == OK);

	free(memory);
	return is_good;
}

static void on_discovery(
	struct toy *t, const struct addr *from, const struct pdu *p, unsigned number)
{
	struct addr own = net_local(t->ras.fd);

	(void)p;
	answer(t, from,
		"{'gatekeeperConfirm':{'requestSeqNum':%u,'protocolIdentifier':'" H225 "',"
		"'gatekeeperIdentifier':'toy','rasAddress':%s}}",
		number, address225(&own));
}

static void on_registration(
	struct toy *t, const struct addr *from, const struct pdu *p, unsigned number)
{
	bool is_light = pdu_num(p, "registrationRequest.keepAlive", 0) != 0;
	char alias[TEXT_SIZE] = "";
	struct known *k;

	pdu_utf8(p, "registrationRequest.terminalAlias.0.h323-ID", alias, sizeof alias);
	if (!has_proof(t, p) || (is_light && !is_known(t, from))) {
		answer(t, from,
			"{'registrationReject':{'requestSeqNum':%u,'protocolIdentifier':'" H225
			"','rejectReason':{'%s':null}}}",
			number, is_light ? "fullRegistrationRequired" : "securityDenial");
		return;
	}
	if (!is_light &&
		(k = find(t, alias) ? find(t, alias) : &t->known[t->n_known++ % KNOWN_MAX])) {
		(void)str_copy(str_of(alias), k->alias, sizeof k->alias);
		k->ras = *from;
		(void)h225_addr(&p->tree, pdu_at(p, 0, "registrationRequest.callSignalAddress.0"),
			&k->call);
	}
	answer(t, from,
		"{'registrationConfirm':{'requestSeqNum':%u,'protocolIdentifier':'" H225 "',"
		"'callSignalAddress':[],'endpointIdentifier':'%u_toy','timeToLive':%u,"
		"'willRespondToIRR':false,'maintainConnection':false}}",
		number, from->port, t->ttl);
}

static void on_admission(
	struct toy *t, const struct addr *from, const struct pdu *p, unsigned number)
{
	char alias[TEXT_SIZE] = "";
	struct known *k;

	pdu_utf8(p, "admissionRequest.destinationInfo.0.h323-ID", alias, sizeof alias);
	if (!(k = find(t, alias))) {
		answer(t, from,
			"{'admissionReject':{'requestSeqNum':%u,'rejectReason':"
			"{'calledPartyNotRegistered':null}}}",
			number);
		return;
	}
	answer(t, from,
		"{'admissionConfirm':{'requestSeqNum':%u,'bandWidth':1280,'callModel':"
		"{'direct':null},'destCallSignalAddress':%s,'irrFrequency':1}}",
		number, address225(&k->call));
}

static void on_disengage(
	struct toy *t, const struct addr *from, const struct pdu *p, unsigned number)
{
	(void)p;
	answer(t, from, "{'disengageConfirm':{'requestSeqNum':%u}}", number);
}

static void on_unregistration(
	struct toy *t, const struct addr *from, const struct pdu *p, unsigned number)
{
	(void)p;
	answer(t, from, "{'unregistrationConfirm':{'requestSeqNum':%u}}", number);
}

static const struct {
	const char *kind;
	void (*on)(struct toy *t, const struct addr *from, const struct pdu *p, unsigned number);
} handlers[] = {
	{"gatekeeperRequest", on_discovery},
	{"registrationRequest", on_registration},
	{"admissionRequest", on_admission},
	{"disengageRequest", on_disengage},
	{"unregistrationRequest", on_unregistration},
};

static void take(struct toy *t, const struct addr *from, struct str octets)
{
	struct pdu p;
	const char *kind = "unreadable";

	if (pdu_read(&p, H225_RasMessage_T, octets)) {
		uint16_t message = per_first(&p.tree, 0);

		kind = pdu_choice(&p, "");
		for (size_t i = 0; i < sizeof handlers / sizeof handlers[0]; i++)
			if (strcmp(kind, handlers[i].kind) == 0)
				handlers[i].on(t, from, &p,
					(unsigned)per_num(
						&p.tree, pdu_at(&p, message, "requestSeqNum"), 1));
	}
	say("got", "'kind':'%s','pdu':'%s'", kind, hex_of(octets.p, octets.len));
	pdu_free(&p);
}

static void on_ready(void *arg)
{
	struct toy *t = arg;
	uint8_t octets[8192];
	struct sockaddr_storage s;
	socklen_t len = sizeof s;
	ssize_t n = recvfrom(t->ras.fd, octets, sizeof octets, 0, (struct sockaddr *)&s, &len);
	struct addr from = net_get(&s);

	if (n > 0)
		take(t, &from, (struct str){(const char *)octets, (size_t)n});
}

/* ---- commands ---- */
static void send_service(
	struct toy *t, const struct known *k, const char *address, const char *guid)
{
	char text[TEXT_SIZE], hex[TEXT_SIZE];
	struct addr a;

	if (addr_parse(str_of(address), &a) != OK)
		return;
	(void)snprintf(text, sizeof text, "{'callSignallingAddress':%s,'callID':{'guid':'%s'}}",
		address225(&a), guid);
	pdu_hex(H46018_IncomingCallIndication_T, text, hex, sizeof hex);
	answer(t, &k->ras,
		"{'serviceControlIndication':{'requestSeqNum':7,'serviceControl':[{'sessionId':0,"
		"'reason':{'open':null}}],'genericData':[{'id':{'standard':18},'parameters':"
		"[{'id':{'standard':1},'content':{'raw':'%s'}}]}]}}",
		hex);
}

static void run(struct toy *t, char *line)
{
	char *word[4] = {line, NULL, NULL, NULL}, *save = NULL;
	unsigned n = 0;
	struct known *k;

	for (char *w = strtok_r(line, " ", &save); w && n < 4; w = strtok_r(NULL, " ", &save))
		word[n++] = w;
	if (n == 1 && strcmp(word[0], "quit") == 0)
		t->loop.is_over = true;
	else if (n == 1 && strcmp(word[0], "forget") == 0)
		t->n_known = 0;
	if (n < 2 || !(k = find(t, word[1])))
		return;
	if (n == 4 && strcmp(word[0], "sci") == 0)
		send_service(t, k, word[2], word[3]);
	else if (n == 4 && strcmp(word[0], "drq") == 0)
		answer(t, &k->ras,
			"{'disengageRequest':{'requestSeqNum':8,'endpointIdentifier':'toy',"
			"'conferenceID':'00000000000000000000000000000000','callReferenceValue':"
			"%s,'disengageReason':{'forcedDrop':null},'callIdentifier':{'guid':'%s'}}}",
			word[3], word[2]);
	else if (strcmp(word[0], "urq") == 0)
		answer(t, &k->ras,
			"{'unregistrationRequest':{'requestSeqNum':9,'callSignalAddress':[],"
			"'reason':{'reregistrationRequired':null}}}");
	else if (strcmp(word[0], "irq") == 0)
		answer(t, &k->ras, "{'infoRequest':{'requestSeqNum':10,'callReferenceValue':0}}");
}

static void on_input(void *arg)
{
	struct toy *t = arg;
	ssize_t n = read(t->input.fd, t->line + t->n_line, sizeof t->line - 1 - t->n_line);
	char *end;

	if (n <= 0) {
		t->loop.is_over = true;
		return;
	}
	t->n_line += (size_t)n;
	while ((end = memchr(t->line, '\n', t->n_line))) {
		*end = '\0';
		run(t, t->line);
		t->n_line -= (size_t)(end + 1 - t->line);
		memmove(t->line, end + 1, t->n_line);
	}
}

int toygk_main(int argc, char **argv)
{
	static const struct option options[] = {{"local", 1, NULL, 'l'}, {"password", 1, NULL, 'p'},
		{"ttl", 1, NULL, 't'}, {NULL, 0, NULL, 0}};
	struct toy *t = calloc(1, sizeof *t);
	struct addr local = {0};
	int c;

	if (!t)
		return 1;
	t->ttl = 60;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'l' && addr_parse(str_of(optarg), &local) != OK)
			return 2;
		else if (c == 'p')
			t->password = optarg;
		else if (c == 't')
			t->ttl = (unsigned)strtoul(optarg, NULL, 10);
	}
	t->ras = (struct watch){
		.fd = net_udp(&local), .want = POLLIN, .on_ready = on_ready, .arg = t};
	t->input =
		(struct watch){.fd = STDIN_FILENO, .want = POLLIN, .on_ready = on_input, .arg = t};
	if (t->ras.fd < 0)
		return 1;
	loop_watch(&t->loop, &t->ras);
	loop_watch(&t->loop, &t->input);
	say("ready", "%s", "");
	loop_run(&t->loop);
	free(t);
	return 0;
}
