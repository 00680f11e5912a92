/* refresh.h - session timers at work: the requests of our own that keep a session alive or ask whether the
 * far side is there, and the end of a call whose far side is gone (RFC 4028 sections 7 and 10). */
#ifndef SIP_REFRESH_H
#define SIP_REFRESH_H

#include "sip/dialog.h"

/* Of struct dialog's session: a refresh is due, or the session is over. */
void refresh_timer(void *dialog);
/* The dialogs of a predecessor: their time runs on. */
void refresh_adopt(struct sip *s);

#endif
