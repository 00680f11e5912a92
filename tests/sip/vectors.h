/* vectors.h - pieces of messages that the codec's tests are built of. */
#ifndef TEST_SIP_VECTORS_H
#define TEST_SIP_VECTORS_H

#include <stdlib.h>
#include <string.h>

#include "base/scratch.h"
#include "sip/msg.h"
#include "test.h"

#define INVITE_HEAD                                                                                \
	"INVITE sip:ben@example.net SIP/2.0\r\n"                                                   \
	"Via: SIP/2.0/UDP one.example.org:5070;branch=z9hG4bKone;rport\r\n"                        \
	"v: SIP/2.0/TCP two.example.org;branch=z9hG4bKtwo,\r\n"                                    \
	"  SIP/2.0/TLS three.example.org;branch=z9hG4bKthree\r\n"                                  \
	"Max-Forwards: 20\r\n"                                                                     \
	"From: \"Ann, A.\" <sip:ann@example.org>;tag=a-1\r\n"                                      \
	"To: <sip:ben@example.net>\r\n"                                                            \
	"Call-ID: 77@one.example.org\r\n"                                                          \
	"CSeq: 4 INVITE\r\n"                                                                       \
	"Contact: <sip:ann@192.0.2.7:5070;transport=udp>;+sip.instance=\"<urn:uuid:0>\"\r\n"       \
	"Supported: timer, 100rel,ice ,outbound\r\n"                                               \
	"X-Odd :  keep   my spaces \r\n"                                                           \
	"Fosse-Call: id=1\r\n"

#define BODY                                                                                       \
	"v=0\r\n"                                                                                  \
	"o=- 1 1 IN IP4 192.0.2.7\r\n"                                                             \
	"s=-\r\n"                                                                                  \
	"c=IN IP4 192.0.2.7\r\n"                                                                   \
	"t=0 0\r\n"                                                                                \
	"m=audio 4000 RTP/AVP 0\r\n"

/* Indexes a message that must be good. */
static inline void index_ok(struct str bytes, struct sip_msg *m)
{
	enum err err;

	sip_msg_init(m);
	err = sip_index(bytes, SIP_DGRAM, m);
	if (err)
		printf("# %s\n", m->fault.reason ? m->fault.reason : err_text(err));
	CHECK(err == OK);
}

#endif
