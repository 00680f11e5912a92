/* msg.h - one SIP message: an immutable buffer, an index of its header lines, the nine core values.
 *
 * One pass makes one record per logical header line; the values that every message needs are read
 * at once, so that a fault in one of them is decided before the message reaches a transaction.
 * Everything else is read when asked (value.h). Slices point into the caller's buffer, which must
 * outlive the message and must not change. All memory is in struct sip_msg (about 3 KiB: take it
 * from the scratch arena).
 *
 *	"INVITE sip:a@b SIP/2.0" CRLF | line | line | fold | CRLF | body | excess, not forwarded
 *	 ^start                        ^fields[0].line             ^head_end   ^end
 *
 * Never writes to the buffer, never resolves or judges an address, never answers. */
#ifndef SIP_MSG_H
#define SIP_MSG_H

#include "base/scratch.h"
#include "sip/value.h"

/* Limits; each refusal has its reason in struct sip_fault. */
#define SIP_MESSAGE_MAX     32768u /* default of sip.max_message: 513, close */
#define SIP_MESSAGE_CEILING 65535u /* offsets are 16 bits wide */
#define SIP_LINE_MAX        8192u  /* a logical header line: 400 */
#define SIP_FIELDS_MAX      200u   /* header lines: 400 */
#define SIP_VIAS_MAX        70u    /* 483 */
#define SIP_ROUTES_MAX      30u    /* Route and Record-Route values together: 400 */
#define SIP_CONTACTS_MAX    20u    /* 400 */

/* clang-format off */
#define SIP_METHOD_TABLE \
	M(INVITE) M(ACK) M(BYE) M(CANCEL) M(OPTIONS) M(REGISTER) M(PRACK) M(UPDATE) M(INFO) \
	M(REFER) M(NOTIFY) M(SUBSCRIBE) M(MESSAGE) M(PUBLISH) M(SERVICE)

enum sip_method {
	SIP_OTHER_METHOD,
#define M(name) SIP_##name,
	SIP_METHOD_TABLE
#undef M
	SIP_METHOD_MAX
};

/* Header names: identifier, name as we write it, compact form or 0, may it stand once only. In
 * groups of one length, which the lookup needs; L(n) takes no number, it names the first of its
 * group. */
#define SIP_HDR_TABLE \
	L(2) \
	H(TO,                   "To",                   't', true) \
	L(3) \
	H(VIA,                  "Via",                  'v', false) \
	L(4) \
	H(CSEQ,                 "CSeq",                 0,   true) \
	H(DATE,                 "Date",                 0,   false) \
	H(FROM,                 "From",                 'f', true) \
	H(JOIN,                 "Join",                 0,   true) \
	H(PATH,                 "Path",                 0,   false) \
	H(RACK,                 "RAck",                 0,   true) \
	H(RSEQ,                 "RSeq",                 0,   true) \
	L(5) \
	H(ALLOW,                "Allow",                0,   false) \
	H(EVENT,                "Event",                'o', true) \
	H(ROUTE,                "Route",                0,   false) \
	L(6) \
	H(ACCEPT,               "Accept",               0,   false) \
	H(MIN_SE,               "Min-SE",               0,   true) \
	H(REASON,               "Reason",               0,   false) \
	H(SERVER,               "Server",               0,   false) \
	L(7) \
	H(CALL_ID,              "Call-ID",              'i', true) \
	H(CONTACT,              "Contact",              'm', false) \
	H(EXPIRES,              "Expires",              0,   true) \
	H(PRIVACY,              "Privacy",              0,   false) \
	H(REQUIRE,              "Require",              0,   false) \
	H(SUBJECT,              "Subject",              's', false) \
	H(WARNING,              "Warning",              0,   false) \
	L(8) \
	H(IDENTITY,             "Identity",             'y', false) \
	H(REFER_TO,             "Refer-To",             'r', true) \
	H(REPLACES,             "Replaces",             0,   true) \
	H(SIP_ETAG,             "SIP-ETag",             0,   true) \
	L(9) \
	H(CALL_INFO,            "Call-Info",            0,   false) \
	H(DIVERSION,            "Diversion",            0,   false) \
	H(SUPPORTED,            "Supported",            'k', false) \
	H(TIMESTAMP,            "Timestamp",            0,   false) \
	L(10) \
	H(ALERT_INFO,           "Alert-Info",           0,   false) \
	H(FLOW_TIMER,           "Flow-Timer",           0,   false) \
	H(FOSSE_CALL,           "Fosse-Call",           0,   true) \
	H(FOSSE_LINK,           "Fosse-Link",           0,   true) \
	H(SESSION_ID,           "Session-ID",           0,   false) \
	H(USER_AGENT,           "User-Agent",           0,   false) \
	L(11) \
	H(FOSSE_MEDIA,          "Fosse-Media",          0,   true) \
	H(IN_REPLY_TO,          "In-Reply-To",          0,   false) \
	H(MIN_EXPIRES,          "Min-Expires",          0,   false) \
	H(REFERRED_BY,          "Referred-By",          'b', true) \
	H(RETRY_AFTER,          "Retry-After",          0,   false) \
	H(UNSUPPORTED,          "Unsupported",          0,   false) \
	L(12) \
	H(ALLOW_EVENTS,         "Allow-Events",         'u', false) \
	H(CONTENT_TYPE,         "Content-Type",         'c', true) \
	H(HISTORY_INFO,         "History-Info",         0,   false) \
	H(MAX_FORWARDS,         "Max-Forwards",         0,   true) \
	H(MIME_VERSION,         "MIME-Version",         0,   false) \
	H(RECORD_ROUTE,         "Record-Route",         0,   false) \
	H(SIP_IF_MATCH,         "SIP-If-Match",         0,   true) \
	L(13) \
	H(AUTHORIZATION,        "Authorization",        0,   false) \
	H(IDENTITY_INFO,        "Identity-Info",        'n', false) \
	H(P_SERVED_USER,        "P-Served-User",        0,   false) \
	H(PROXY_REQUIRE,        "Proxy-Require",        0,   false) \
	H(SERVICE_ROUTE,        "Service-Route",        0,   false) \
	H(TARGET_DIALOG,        "Target-Dialog",        0,   false) \
	L(14) \
	H(ACCEPT_CONTACT,       "Accept-Contact",       'a', false) \
	H(CONTENT_LENGTH,       "Content-Length",       'l', true) \
	H(REJECT_CONTACT,       "Reject-Contact",       'j', false) \
	L(15) \
	H(ACCEPT_ENCODING,      "Accept-Encoding",      0,   false) \
	H(ACCEPT_LANGUAGE,      "Accept-Language",      0,   false) \
	H(REMOTE_PARTY_ID,      "Remote-Party-ID",      0,   false) \
	H(SESSION_EXPIRES,      "Session-Expires",      'x', true) \
	L(16) \
	H(CONTENT_ENCODING,     "Content-Encoding",     'e', false) \
	H(WWW_AUTHENTICATE,     "WWW-Authenticate",     0,   false) \
	L(18) \
	H(PROXY_AUTHENTICATE,   "Proxy-Authenticate",   0,   false) \
	H(SUBSCRIPTION_STATE,   "Subscription-State",   0,   true) \
	L(19) \
	H(AUTHENTICATION_INFO,  "Authentication-Info",  0,   false) \
	H(CONTENT_DISPOSITION,  "Content-Disposition",  0,   false) \
	H(P_ASSERTED_IDENTITY,  "P-Asserted-Identity",  0,   false) \
	H(PROXY_AUTHORIZATION,  "Proxy-Authorization",  0,   false) \
	H(REQUEST_DISPOSITION,  "Request-Disposition",  'd', false) \
	L(20) \
	H(P_PREFERRED_IDENTITY, "P-Preferred-Identity", 0,   false)

enum sip_hdr {
	SIP_HDR_OTHER,
#define L(len) SIP_HDR_LEN_##len, SIP_HDR_BEFORE_##len = SIP_HDR_LEN_##len - 1,
#define H(id, name, compact, is_single) SIP_HDR_##id,
	SIP_HDR_TABLE
#undef H
#undef L
	SIP_HDR_MAX
};
/* clang-format on */

enum sip_framing { SIP_DGRAM, SIP_STREAM };

/* One logical header line; offsets from the start of the buffer. */
struct sip_field {
	uint16_t line, line_len;   /* with its folds and its final line end */
	uint16_t value, value_len; /* behind the colon, without LWS at both ends */
	uint8_t name_len;          /* the name starts at line; 255: longer */
	uint8_t id;                /* enum sip_hdr */
	uint8_t next;              /* index + 1 of the next line of that id; 0: the last */
};

/* What is wrong, for the stateless answer and the log. */
struct sip_fault {
	uint16_t code;      /* the answer; 0: no answer, drop (responses, ACK, not SIP at all) */
	uint16_t offset;    /* in the buffer */
	bool is_framing;    /* the end of the message is unknown: a stream must close */
	const char *reason; /* static: "CSeq method"; NULL: no fault */
};

/* How far a stream was read: all that a conn keeps between two looks at its bytes. */
struct sip_scan {
	uint32_t at;   /* bytes already searched for the end of the header section */
	uint32_t need; /* bytes that the whole message takes; 0: not known yet */
};

struct sip_msg {
	/* set by the caller; sip_msg_init() gives the defaults */
	struct sip_scan scan;
	uint32_t len_max;       /* SIP_MESSAGE_MAX */
	bool lenient_line_ends; /* a bare LF ends a line too; written as CRLF by the edit */

	/* set by sip_index */
	struct sip_fault fault;
	struct str bytes;              /* the buffer up to the end of this message */
	uint32_t start, head_end, end; /* start line; first byte of the body; behind the last */
	bool has_bare_lf;

	bool is_request;
	enum sip_method method; /* of the request; in a response that of CSeq */
	struct str method_text;
	struct str uri_text; /* Request-URI */
	struct sip_uri uri;
	uint16_t status; /* 100-699 */
	struct str reason;

	struct sip_via via; /* the topmost */
	struct str from_tag, to_tag, call_id;
	uint32_t cseq;
	struct str cseq_method;
	int max_forwards;        /* 0-255 (larger: 255); -1: absent */
	int64_t content_length;  /* -1: absent */
	struct str content_type; /* the whole value; empty: none */
	struct str body;

	uint8_t n_fields;
	uint8_t first[SIP_HDR_MAX]; /* index + 1; 0: none */
	struct sip_field fields[SIP_FIELDS_MAX];
};

/* Before the first sip_index of a message. (Not needed between the steps of one stream message.) */
void sip_msg_init(struct sip_msg *m);
/* Indexes the message at the front of bytes; CRLF before its start line is skipped.
 *	OK         all set; m->end tells how many bytes it took
 *	ERR_MORE   stream: call again with the same bytes and more. Only m->scan must live that
 *	           long (a conn keeps it and puts it back into a fresh m); the buffer may move
 *	ERR_SYNTAX, ERR_RANGE (a limit), ERR_VERSION
 *	           m->fault says what; fields and core values found so far are set, as far as a
 *	           stateless answer needs them; m->end as for OK unless fault.is_framing */
MUST_USE enum err sip_index(struct str bytes, enum sip_framing framing, struct sip_msg *m);
/* A whole message that was indexed before, and is held: in the arena. NULL: bytes is empty, or no room. */
const struct sip_msg *sip_msg_held(struct scratch *scratch, struct str bytes);
/* Number of CR and LF bytes at the front: keep-alive pings are four of them (RFC 5626 section
 * 3.5.1). */
size_t sip_count_crlf(struct str bytes);

enum sip_method sip_method_of(struct str token);     /* case counts */
const char *sip_method_name(enum sip_method method); /* "" for SIP_OTHER_METHOD */
/* Long and compact forms, any case. */
enum sip_hdr sip_hdr_of(struct str name);
const char *sip_hdr_name(enum sip_hdr id); /* "" for SIP_HDR_OTHER */

/* Lines of one kind: for (i = sip_first(m, id); i >= 0; i = sip_next(m, i)). -1: no more. */
int sip_first(const struct sip_msg *m, enum sip_hdr id);
int sip_next(const struct sip_msg *m, int field);
bool sip_has(const struct sip_msg *m, enum sip_hdr id);
struct str sip_field_name(const struct sip_msg *m, int field);
struct str sip_field_value(const struct sip_msg *m, int field);
struct str sip_field_line(const struct sip_msg *m, int field);
/* By name: known names match all their spellings, unknown ones any case. */
bool sip_field_is(const struct sip_msg *m, int field, struct str name);
/* Value of the first line of that kind; empty: none. */
struct str sip_header(const struct sip_msg *m, enum sip_hdr id);
/* The same by name, for headers without an id. */
struct str sip_header_named(const struct sip_msg *m, struct str name);

#endif
