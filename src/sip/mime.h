/* mime.h - finds the session description in a body: the body itself or a part of it (RFC 2046
 * section 5.1, RFC 5621). The slice lies inside the message, so that edits of it are edits of the
 * message; every other part passes as it came. Decodes nothing. */
#ifndef SIP_MIME_H
#define SIP_MIME_H

#include "sip/msg.h"

#define MIME_DEPTH_MAX 4u  /* multipart inside multipart: 415 */
#define MIME_PARTS_MAX 16u /* of all levels together: 415 */

/* The first application/sdp in reading order. ERR_NOENT: none. ERR_UNSUPPORTED: it is encoded, or a
 * limit is reached before it is found. ERR_SYNTAX: a multipart body without a usable boundary. */
MUST_USE enum err sip_sdp_body(const struct sip_msg *m, struct str *ret_sdp);

#endif
