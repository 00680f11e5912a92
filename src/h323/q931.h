/* q931.h - Q.931 messages as H.225.0 section 7.2 uses them: call reference, type, information elements.
 *
 * Reading gives an index over the message, which must outlive it; nothing is copied, order and unknown
 * elements are kept. The User-user element (7E) carries the H.323 part and has a length of two octets,
 * all others one. Pure. What the elements mean is the reader's business, but for the four that H.323
 * reads: Cause, Display, Called and Calling Party Number. */
#ifndef H323_Q931_H
#define H323_Q931_H

#include "base/rd.h"

#define Q931_IES_MAX     32
#define Q931_DISPLAY_MAX 82 /* Q.931 4.5.16 */

/* clang-format off */
enum q931_type { /* H.225.0 table 4, Q.931 table 4-2 */
	Q931_ALERTING = 0x01, Q931_CALL_PROCEEDING = 0x02, Q931_PROGRESS = 0x03, Q931_SETUP = 0x05,
	Q931_CONNECT = 0x07, Q931_SETUP_ACKNOWLEDGE = 0x0d, Q931_CONNECT_ACKNOWLEDGE = 0x0f,
	Q931_RELEASE_COMPLETE = 0x5a, Q931_FACILITY = 0x62, Q931_NOTIFY = 0x6e,
	Q931_STATUS_ENQUIRY = 0x75, Q931_INFORMATION = 0x7b, Q931_STATUS = 0x7d
};

enum q931_ie_id {
	Q931_BEARER_CAPABILITY = 0x04, Q931_CAUSE = 0x08, Q931_CALL_STATE = 0x14,
	Q931_PROGRESS_INDICATOR = 0x1e, Q931_DISPLAY = 0x28, Q931_SIGNAL = 0x34,
	Q931_CALLING_NUMBER = 0x6c, Q931_CALLED_NUMBER = 0x70, Q931_USER_USER = 0x7e
};
/* clang-format on */

struct q931_ie {
	uint8_t id;
	struct str value; /* behind the length; of a single-octet element that octet */
};

struct q931_msg {
	struct str bytes;
	uint16_t crv;           /* without its flag; 0: the global one */
	bool is_from_answering; /* the flag: its sender is the side that did not choose the number */
	uint8_t type;           /* enum q931_type, or one that we do not know */
	uint8_t n_ies;
	bool has_uuie;
	struct str uuie; /* the octets of H323-UserInformation */
	struct q931_ie ies[Q931_IES_MAX];
};

/* ERR_SHORT, ERR_SYNTAX (another protocol discriminator, a call reference of more than two octets, a
 * User-user element that is empty or not of H.225.0), ERR_FULL (more than 32 elements). */
MUST_USE enum err q931_read(struct str in, struct q931_msg *ret_msg);
/* The first of its kind; NULL: there is none. */
const struct q931_ie *q931_find(const struct q931_msg *m, enum q931_ie_id id);
/* The cause's number, 0: none, or one of another coding standard (Q.850 2.2). */
uint8_t q931_cause(const struct q931_msg *m);
/* The digits of a party number, without plan and presentation; empty: none. */
struct str q931_number(const struct q931_msg *m, enum q931_ie_id id);
struct str q931_display(
	const struct q931_msg *m); /* its text without a charset octet and trailing zeros */

void q931_begin(struct wr *w, uint16_t crv, bool is_from_answering, enum q931_type type);
void q931_put(struct wr *w, enum q931_ie_id id, struct str value); /* longer than 255 is ERR_FULL */
void q931_put_cause(struct wr *w, uint8_t cause); /* location: user, coding: ITU-T */
/* The last element: the User-user one, of octets that are written between begin and end. */
uint8_t *q931_begin_uuie(struct wr *w);
void q931_end_uuie(struct wr *w, uint8_t *mark);
/* A message that came, for the other side: its own call reference and H.323 part, all else as it was, in
 * its order. The User-user element stands where it stood; one is added at the end if there was none. */
void q931_forward(struct wr *w, const struct q931_msg *m, uint16_t crv, bool is_from_answering,
	struct str uuie);
const char *q931_type_name(uint8_t type); /* "Setup"; never NULL */

#endif
