/* uacs.h - what uac.c and outcome.c share. Nobody else includes it. */
#ifndef SIP_UACS_H
#define SIP_UACS_H

#include "sip/request.h"
#include "sip/uac.h"

/* uac.c */
enum err uac_send(struct dialog *d, enum sip_method method, struct str bytes, struct str next,
	uint64_t mark, uint64_t *ret_attempt);
void uac_send_bye(struct dialog *d, const struct call_event *ev);
void uac_cancel(struct dialog *d, const struct call_event *ev);
/* After a 422. False: no. */
bool uac_invite_again(struct dialog *d, const struct sip_msg *refusal);

/* outcome.c */
extern const struct tx_user uac_tx_user;

#endif
