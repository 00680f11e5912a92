/* h239.c - H.239: the token of the second video. Who has it opens the channel; releasing it closes it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"

/* H.239 table 13: 1 flowControlRelease 3 presentationTokenRequest, 4 its response, 5 release, 6 owner */
static void send_token(
	struct call *c, const char *what, unsigned sub, const char *more, unsigned number)
{
	bool is_request = strcmp(what, "request") == 0, is_response = strcmp(what, "response") == 0;

	control_send(c,
		"{'%s':{'%s':{'messageIdentifier':{'standard':'0.0.8.239.2'},"
		"'subMessageIdentifier':%u,'messageContent':[%s{'parameterIdentifier':"
		"{'standard':44},'parameterValue':{'unsignedMin':0}},{'parameterIdentifier':"
		"{'standard':42},'parameterValue':{'unsignedMin':%u}}]}}}",
		what,
		is_request    ? "genericRequest"
		: is_response ? "genericResponse"
			      : "genericCommand",
		sub, more, number);
}

void control_present(struct call *c, bool is_on)
{
	struct channel *ch = channel_to(c, CONTENT);
	unsigned number = ch ? ch->number : 101;

	if (is_on) {
		send_token(c, "request", 3,
			"{'parameterIdentifier':{'standard':43},'parameterValue':"
			"{'unsignedMin':5}},",
			101u + c->control.next_number);
		return;
	}
	c->control.is_presenting = false;
	if (ch)
		channel_close(c, ch);
	send_token(c, "command", 5, "", number);
}

/* The channel that a message about the token names. */
static unsigned token_channel(const struct pdu *p, const char *root, const char *name)
{
	char path[120];

	for (unsigned i = 0; i < 8; i++) {
		(void)snprintf(path, sizeof path,
			"%s.%s.messageContent.%u.parameterIdentifier.standard", root, name, i);
		if (pdu_num(p, path, 0) != 42)
			continue;
		(void)snprintf(path, sizeof path,
			"%s.%s.messageContent.%u.parameterValue.unsignedMin", root, name, i);
		return (unsigned)pdu_num(p, path, 0);
	}
	return 0;
}

void h239_take(struct call *c, const struct pdu *p, const char *root, const char *name)
{
	char path[120];
	int64_t sub;

	(void)snprintf(path, sizeof path, "%s.%s.messageIdentifier.standard", root, name);
	if (!oid_is(&p->tree, pdu_at(p, 0, path), "0.0.8.239.2"))
		return;
	(void)snprintf(path, sizeof path, "%s.%s.subMessageIdentifier", root, name);
	sub = pdu_num(p, path, 0);
	if (strcmp(root, "request") == 0 && sub == 3) {
		say("presents", "'call':%u,'who':'far'", c->id);
		send_token(c, "response", 4,
			"{'parameterIdentifier':{'standard':126},'parameterValue':"
			"{'logical':null}},",
			token_channel(p, root, name));
	} else if (strcmp(root, "response") == 0 && sub == 4) {
		bool is_given = false;

		for (unsigned i = 0; i < 8; i++) {
			(void)snprintf(path, sizeof path,
				"%s.%s.messageContent.%u.parameterIdentifier.standard", root, name,
				i);
			is_given |= pdu_num(p, path, 0) == 126;
		}
		say("token", "'call':%u,'granted':%s", c->id, is_given ? "true" : "false");
		c->control.is_presenting = is_given;
		channels_open(c);
	} else if (strcmp(root, "command") == 0 && sub == 5) {
		say("presents", "'call':%u,'who':'nobody'", c->id);
	}
}
