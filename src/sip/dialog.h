/* dialog.h - one side of a call as SIP sees it: ids, numbers, targets, and our Contact's token.
 *
 * Call-ID, tags and CSeq numbers pass through us unchanged, so a dialog holds the other side's numbers
 * and, per direction, an offset that is 0 until we send a request of our own in it. What the far side
 * must present to reach the dialog is the token in our Contact: the handle with a MAC that a successor
 * checks with the same key. Tags are checked after that.
 *
 * A dialog in a stable state is a kept record (at most 2 KiB); transactions and early dialogs are not
 * kept. It sends nothing by itself: uas.c and uac.c do. */
#ifndef SIP_DIALOG_H
#define SIP_DIALOG_H

#include "sip/edit.h"
#include "sip/list.h"
#include "sip/plane.h"
#include "sip/sdp.h"
#include "sip/trust.h"

#define CALL_ID_MAX       320u
#define TAG_MAX           160u
#define PARTY_MAX         768u /* a From or To value */
#define TARGET_MAX        768u
#define ROUTES_MAX        1536u
#define FORKS_MAX         20u /* acceptances of one INVITE, but the first */
#define CONTACT_TOKEN_LEN 16u
#define CONTACT_TOKEN_MAX 32u

enum dialog_state {
	DS_INVITED,  /* UAS: an INVITE without a final answer */
	DS_ANSWERED, /* UAS: our 2xx waits for its ACK */
	DS_INVITING, /* UAC: our INVITE without a final answer */
	DS_ACCEPTED, /* UAC: a 2xx came, our ACK has not left */
	DS_UP,
	DS_ENDING, /* our BYE is on its way (kept until it is answered), or our CANCEL */
};

/* Who says that this side is still there (RFC 4028; session.h). */
enum session_mode {
	SESSION_OFF,     /* not answered yet; a link, whose audit does */
	SESSION_WATCHED, /* what the far sides send, or the call ends */
	SESSION_OURS,    /* we do: UPDATE */
	SESSION_ASKED,   /* the far side keeps no timer: it is asked by OPTIONS */
};

struct session {
	enum session_mode mode;
	uint32_t expires_s, min_s; /* min_s: the far side's Min-SE; 0: not said */
	uint64_t due;              /* io_now of what comes next: the end, a refresh */
	uint8_t n_tries;           /* of the refresh that is due */
	bool has_update;           /* the far side allows UPDATE */
	bool is_passed;            /* the last offer of a session was the other side's own */
	struct timer timer;
};

struct dialog {
	uint64_t handle; /* HK_DIALOG */
	uint8_t token[CONTACT_TOKEN_LEN];
	struct sip *sip;
	struct leg *leg;     /* NULL: the core has let go of it */
	struct list by_conn; /* of its conn's; of the stranded ones */
	uint64_t leg_handle;
	struct zone *zone;
	enum dialog_state state;
	bool is_uas; /* the far side is the caller */
	bool is_kept, wants_bye, has_sent_100;
	bool is_conn_only;     /* reached by its own conn alone */
	bool is_unanswerable;  /* UAS: an answer could not be passed on: over in the next turn */
	bool is_udp, is_acked; /* is_acked: UAC, our ACK of the last 2xx left */
	uint64_t conn;         /* the far side's */
	struct addr local, remote; /* of that conn, UDP: to find it again */
	char call_id[CALL_ID_MAX], local_tag[TAG_MAX], remote_tag[TAG_MAX];
	char local_party[PARTY_MAX], remote_party[PARTY_MAX]; /* From and To values, with tags */
	char target[TARGET_MAX];                              /* the far side's Contact URI */
	char alias[ALIAS_MAX];   /* its leg's: by it a registered client is found again */
	char routes[ROUTES_MAX]; /* Route value; "": none */
	uint32_t cseq_in;        /* highest number from the far side */
	uint32_t cseq_out;       /* highest number that we sent to it */
	uint32_t cseq_offset;    /* added to what passes towards it */
	uint32_t invite_out;     /* number of our last INVITE to it: its ACK's */
	uint64_t invite;   /* transaction of the INVITE under way: server (INVITED, re-INVITE) */
	uint64_t offer;    /* server transaction that CEV_ANSWER or CEV_REFUSE answers */
	uint64_t attempt;  /* our INVITE on its way */
	uint64_t offering; /* mark of our request that carries an offer; 0: none */
	uint64_t caller;   /* UAC: the dialog whose INVITE this one carries on */
	uint64_t strangers
		[FORKS_MAX]; /* UAC: further branches below us that accepted; being ended */
	uint32_t n_strangers;
	struct str refusal; /* UAS: the best refusal's message, in the store */
	uint16_t refusal_code;
	struct str ack; /* UAC: our ACK, for repeated 2xx; in the store */
	struct str
		again; /* UAC: our INVITE, for a 422 that is not the caller's to hear; in the store */
	struct session session;
	struct timer timer; /* UAS: repeats the 2xx (RFC 3261 13.3.1.4); ENDING: the end; UP without
			     * a leg, adopted so: BYE */
	uint32_t interval_ms, waited_ms;
	struct addr origin; /* address in o=: the leg's first, for the whole session */
};

struct dialog *dialog_new(struct sip *s, struct zone *zone, bool is_uas); /* NULL: full */
void dialog_free(struct dialog *d);
struct dialog *dialog_get(struct sip *s, uint64_t handle);
/* Our Contact's user part. */
const char *dialog_token(const struct dialog *d, char buf[CONTACT_TOKEN_MAX]);
/* The dialog that a Request-URI's user part names; NULL: no token of ours, or gone. */
struct dialog *dialog_of_token(struct sip *s, struct str user);
/* Call-ID and both tags of a request from the far side. */
bool dialog_fits(const struct dialog *d, const struct sip_msg *m);

/* From the INVITE, or from the first response that makes a dialog. ERR_FULL: an id or header is longer
 * than its bound. */
MUST_USE enum err dialog_from_invite(struct dialog *d, const struct sip_msg *m);
MUST_USE enum err dialog_from_response(struct dialog *d, const struct sip_msg *m);
/* A target refresh: Contact of a re-INVITE, UPDATE or its 2xx (RFC 3261 12.2). */
void dialog_refresh(struct dialog *d, const struct sip_msg *m);
/* UAS: what our first answer with a tag says of us. */
void dialog_set_local(struct dialog *d, struct str party_with_tag, struct str tag);
bool dialog_is_nat(const struct sip_msg *m, const struct zone *zone, const struct addr *source);
void dialog_use_conn(struct dialog *d, struct conn *c);
struct conn *dialog_conn(struct dialog *d); /* open; NULL: gone */
/* A registered client whose connection is gone may have come back by another one: the dialog takes that
 * of its alias's registration, that of the same Contact where there are several. Before something is
 * sent. */
void dialog_rebind(struct dialog *d);
/* Its BYE found the client away: it waits until the client registers by another connection, for two minutes
 * or until its place is needed. */
void dialog_strand(struct dialog *d);
void dialogs_conn_lost(struct conn *c);

/* The number under which a request with number n of the other side goes to the far side. */
uint32_t dialog_cseq_pass(struct dialog *d, uint32_t n);
uint32_t dialog_cseq_own(struct dialog *d); /* of a request of our own */
/* UAS: the refusal of a branch, kept for the caller: its headers may matter to him (challenges,
 * Warning, Contact of a 3xx). The better one stays (RFC 3261 16.7). */
void dialog_hold_refusal(struct dialog *caller, const struct sip_msg *m);
/* Next hop's URI: first route, else the target. */
struct str dialog_next(const struct dialog *d);
/* Request-URI and Route value of a request inside the dialog. They are target and route set, but where the
 * first route is a strict router its URI comes first and the target last (RFC 3261 12.2.1.1). */
struct str dialog_uri(const struct dialog *d);
struct str dialog_route(const struct dialog *d); /* in the scratch arena or d's own; empty: none */

void dialog_keep(struct dialog *d);
void dialogs_adopt(struct sip *s); /* after call_adopt() and the conns */

/* ---- messages ---- */
/* A message from one dialog's side on its way to the other's: common edits. from: zone it came from. */
struct sip_edit *dialog_edit(struct dialog *to, const struct sip_msg *m, const struct zone *from);
/* Puts our Contact where the message has one. host: ATTEMPT_HOST for requests. */
void dialog_edit_contact(struct sip_edit *e, const struct dialog *d, struct str uri);
/* SDP and Fosse-Media of an event. ERR_*: answer 488. */
MUST_USE enum err dialog_edit_media(
	struct sip_edit *e, struct dialog *d, const struct call_event *ev);
/* The edited message in the scratch arena; empty: it cannot be built (logged). */
struct str dialog_build(struct sip_edit *e, struct sip *s);
/* Media of a message for an event; Fosse-Media counts on a link alone. ERR_NOENT: no SDP. ERR_*: 488 or
 * 415. */
MUST_USE enum err media_read(
	struct sip *s, const struct zone *from, const struct sip_msg *m, struct call_event *ev);
void put_fosse_media(struct wr *w, const struct mux_lines *mux);
void fosse_media_read(const struct sip_msg *m, struct mux_lines *ret);

#endif
