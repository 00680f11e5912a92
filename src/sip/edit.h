/* edit.h - changes to a message that came, as a list of cuts and insertions, applied once.
 *
 * What no edit touches leaves as it came: order, case, spacing, folds, unknown headers. Cuts take
 * whole logical lines or the slice given; texts are checked here: folds are taken out, any other
 * CR, LF and NUL is refused whatever its source, so nothing from configuration, directory or peer
 * can add a line. Only this file writes line ends. The error is sticky: call after call, then one
 * check at sip_edit_apply. Content-Length follows the body in one place, the applier. Insertions at
 * one place keep the order of the calls.
 *
 * An edit lives in the scratch arena and dies with the handler, as do the texts it made. */
#ifndef SIP_EDIT_H
#define SIP_EDIT_H

#include "base/scratch.h"
#include "sip/msg.h"

#define SIP_EDITS_MAX 512u

enum sip_line_ends { SIP_CRLF_BEFORE = 1, SIP_CRLF_BEHIND = 2 };

struct sip_edit_item {
	const char *text;
	uint16_t text_len;
	uint16_t pos, cut_len; /* from the start of the buffer */
	uint8_t line_ends;     /* SIP_CRLF_BEFORE, SIP_CRLF_BEHIND: written around the text */
	bool is_line;          /* a whole line: stays even where a cut takes the place */
};

struct sip_edit {
	const struct sip_msg *m;
	struct scratch *scratch;
	enum err err;
	bool has_new_body; /* body replaced as a whole */
	struct str body;
	uint16_t n;
	struct sip_edit_item items[SIP_EDITS_MAX];
};

/* m must be indexed without a fault and outlive the edit. NULL: the arena is full. */
struct sip_edit *sip_edit_new(struct scratch *scratch, const struct sip_msg *m);

/* A text in the arena; empty once the edit has failed. */
struct str sip_edit_text(struct sip_edit *e, const char *fmt, ...) PRINTF(2, 3);

/* A whole logical line, folds included. field: index as from sip_first. */
void sip_edit_cut_field(struct sip_edit *e, int field);
void sip_edit_cut_header(struct sip_edit *e, enum sip_hdr id);     /* all its lines */
void sip_edit_cut_named(struct sip_edit *e, struct str name);      /* by name, all spellings */
void sip_edit_cut_prefixed(struct sip_edit *e, struct str prefix); /* "Fosse-": any case */
/* Keeps the elements of a comma-separated header for which keep() says so; lines that lose none
 * stay as they are, lines that lose all go. Once per header and edit. */
typedef bool(sip_keep_h)(struct str element, void *arg);
void sip_edit_keep(struct sip_edit *e, enum sip_hdr id, sip_keep_h *keep, void *arg);
/* The same for option tags and methods, any case: Supported, Require, Proxy-Require, Allow, ... */
void sip_edit_cut_tokens(struct sip_edit *e, enum sip_hdr id, const struct str *tokens, size_t n);
/* One element (slice as from sip_list_next, field as in the list), with its comma; the whole line
 * when nothing else stands on it. One element of a line only: else sip_edit_keep. */
void sip_edit_cut_element(struct sip_edit *e, int field, struct str element);

/* A slice of the message (it must point into its buffer) becomes text. */
void sip_edit_replace(struct sip_edit *e, struct str slice, struct str text);
void sip_edit_insert(struct sip_edit *e, const char *before, struct str text);
void sip_edit_set_uri(struct sip_edit *e, struct str uri); /* Request-URI */
/* What leaves normalised whoever wrote it: the third colon of RFC 5118 section 4.10. */
void sip_edit_normalise(struct sip_edit *e);
void sip_edit_set_field(struct sip_edit *e, int field, struct str value);
/* The first line gets the value, further ones go; a new line at the end of the header section
 * without one. */
void sip_edit_set_header(struct sip_edit *e, enum sip_hdr id, struct str value);

/* New lines. before_field: index; n_fields or -1: at the end of the header section. */
void sip_edit_add_line(struct sip_edit *e, int before_field, struct str name, struct str value);
void sip_edit_add_header(struct sip_edit *e, enum sip_hdr id, struct str value); /* at the end */
/* Before the first line of that kind; without one: before the first header line. Via, Route,
 * Record-Route. */
void sip_edit_push_header(struct sip_edit *e, enum sip_hdr id, struct str value);

/* The whole body and its type; an empty body drops Content-Type, too. The body's bytes are not
 * checked. */
void sip_edit_set_body(struct sip_edit *e, struct str content_type, struct str body);

/* Whole lines inside the body (SDP): the line end is written here. pos points into the buffer. */
void sip_edit_body_line(struct sip_edit *e, const char *pos, struct str line);
void sip_edit_body_cut(struct sip_edit *e, struct str lines);

/* Length of the result; 0 after an error. */
size_t sip_edit_len(const struct sip_edit *e);
/* Writes the result. Content-Length follows the body, and is added where the message had none. An
 * edit without items gives the bytes that came. ERR_SYNTAX: a text held CR, LF or NUL; ERR_FULL:
 * too many edits, the arena or out is full, the result is longer than SIP_MESSAGE_CEILING;
 * ERR_WRONG_STATE: two edits of the same bytes (what lies inside a cut line goes with it; added
 * lines stay). Nothing is written to out after an error. */
MUST_USE enum err sip_edit_apply(const struct sip_edit *e, struct wr *out);

#endif
