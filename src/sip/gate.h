/* gate.h - what a request must pass before anybody looks at what it wants: form, rates, limits, identity.
 *
 * Answers what it refuses, with a reason. The checks of the grammar were made before (msg.h); those of a
 * call's way are the call core's. */
#ifndef SIP_GATE_H
#define SIP_GATE_H

#include "sip/uas.h"

/* Form and extensions: 400, 403, 416, 420, 482, 483. True: go on. */
bool gate_form(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m);
/* Rates and limits of new work: 503. True: go on. */
bool gate_limits(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m);
/* The rate of requests inside a dialog: 503, then silence. True: go on. */
bool gate_dialog(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m);
/* A limit that is reached: counted, logged, an alarm; 503 with the text as its reason. */
void gate_refuse(struct sip *s, const struct conn *c, struct tx *tx, const struct sip_msg *m,
	const char *setting, struct str text);
/* The alarm alone, one for each setting: it goes 5 s after the last refusal. setting: a literal. */
void gate_raise_limit(struct sip *s, const char *setting);
/* The handlers of sip->limit_calm and sip->lag. */
void gate_limit_calm(void *arg);
void gate_lag(void *arg);
/* By the policy given. is_proxy: 407, else 401. True: go on; *ret_caller says as whom. */
bool gate_identity(struct sip *s, struct conn *c, struct tx *tx, const struct sip_msg *m,
	enum conf_auth policy, bool is_proxy, struct caller *ret_caller);
/* The policy that a conn's zone has for calls. */
enum conf_auth gate_policy(struct sip *s, const struct conn *c, const struct sip_msg *m);
/* Is that host this node, or one of its domains? */
bool gate_is_ours(const struct sip *s, struct str host);

#endif
