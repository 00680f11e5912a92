/* build.h - messages of our own: requests we originate, answers to requests.
 *
 * Straight lists of sip_put_x calls into a writer: start line, headers, then sip_put_body, which
 * always ends the message with Content-Length and an empty line. CR, LF and NUL in any text are
 * refused: w->err becomes
 * ERR_SYNTAX and stays so. Never decides where a message goes. */
#ifndef SIP_BUILD_H
#define SIP_BUILD_H

#include "sip/msg.h"

void sip_put_request_line(struct wr *w, struct str method, struct str uri);
void sip_put_status_line(
	struct wr *w, unsigned code, struct str reason); /* empty: the usual phrase */
void sip_put_header(struct wr *w, enum sip_hdr id, struct str value);
void sip_put_header_f(struct wr *w, enum sip_hdr id, const char *fmt, ...) PRINTF(3, 4);
void sip_put_named(struct wr *w, struct str name, struct str value);
/* The lines of a kind as they came in m. */
void sip_put_copied(struct wr *w, const struct sip_msg *m, enum sip_hdr id);
/* Ends the message. content_type is not used when the body is empty. */
void sip_put_body(struct wr *w, struct str content_type, struct str body);
/* A value that must stand between quotes: '"' and '\' get their backslash. */
void sip_put_quoted(struct wr *w, struct str text);

/* The start of an answer: status line, all Vias (the topmost with received and rport as RFC 3261
 * section 18.2.1 and RFC 3581 section 4 ask, when src is given), Record-Route (code 101-299 and a
 * dialog-forming method), From, To (with to_tag when the request had none and code > 100; empty:
 * none), Call-ID, CSeq. The caller goes on with headers of its own and ends with sip_put_body. */
void sip_put_response(struct wr *w, const struct sip_msg *req, unsigned code, struct str reason,
	struct str to_tag, const struct addr *src);
/* The whole stateless answer to a request that sip_index refused: what of the core is present, the
 * fault in the reason phrase, Content-Length: 0. False: nothing to be sent (fault.code 0, no Via,
 * it would be larger than the request + 100 bytes). */
bool sip_put_refusal(
	struct wr *w, const struct sip_msg *m, struct str to_tag, const struct addr *src);
/* "Busy Here"; the class's first phrase for unknown codes. */
const char *sip_reason_phrase(unsigned code);
/* ;received= and ;rport= of a Via element: writes the element as it must be stored or answered. */
void sip_put_via_answer(struct wr *w, const struct sip_via *via, const struct addr *src);

#endif
