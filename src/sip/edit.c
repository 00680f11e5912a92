/* edit.c - the edit list: sorted cuts and insertions over an immutable message, applied in one
 * walk.
 *
 * Items are kept sorted by (position, insertions before cuts, order of the calls). The walk is made
 * twice with the same code, once counting, once writing: the length is known before the first byte
 * leaves. Content-Length is one more item, made by the applier between the two. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "sip/edit.h"
#include "sip/list.h"

struct sip_edit *sip_edit_new(struct scratch *scratch, const struct sip_msg *m)
{
	struct sip_edit *e = scratch_take(scratch, sizeof *e);

	if (!e)
		return NULL;
	e->m = m;
	e->scratch = scratch;
	return e;
}

static void fail(struct sip_edit *e, enum err err)
{
	if (e->err == OK)
		e->err = err;
}

/* ---- texts ---- */

static char *room(struct sip_edit *e, size_t len)
{
	char *p = e->err == OK ? scratch_take(e->scratch, len + 1) : NULL;

	if (!p)
		fail(e, ERR_FULL);
	return p;
}

struct str sip_edit_text(struct sip_edit *e, const char *fmt, ...)
{
	va_list args, again;
	int n;
	char *p;

	va_start(args, fmt);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, args);
	p = n < 0 ? NULL : room(e, (size_t)n);
	if (p)
		(void)vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	va_end(args);
	return p ? (struct str){p, (size_t)n} : STR_NONE;
}

/* A text that may stand in a line. Values taken from messages can hold folds: those go. */
static struct str one_line(struct sip_edit *e, struct str text)
{
	struct wr w;
	char *p;

	if (lex_is_line(text))
		return text;
	p = room(e, text.len);
	if (!p)
		return STR_NONE;
	w = wr_of(p, text.len);
	if (lex_put_line(&w, text) != OK)
		fail(e, ERR_SYNTAX);
	return wr_done(&w);
}

static struct str header_text(struct sip_edit *e, struct str name, struct str value)
{
	size_t len = name.len + 2 + value.len;
	char *p;
	struct wr w;

	if (!lex_is_line(name))
		fail(e, ERR_SYNTAX);
	value = one_line(e, value);
	p = room(e, len);
	if (!p)
		return STR_NONE;
	w = wr_of(p, len);
	wr_str(&w, name);
	wr_str(&w, STR(": "));
	wr_str(&w, value);
	return wr_done(&w);
}

/* ---- items ---- */

static bool is_before(const struct sip_edit_item *a, const struct sip_edit_item *b)
{
	if (a->pos != b->pos)
		return a->pos < b->pos;
	return !a->cut_len && b->cut_len;
}

static bool is_inside(const struct sip_edit *e, struct str slice)
{
	const char *start = e->m->bytes.p + e->m->start, *end = e->m->bytes.p + e->m->end;
	const char *head_end = e->m->bytes.p + e->m->head_end;

	if (!slice.p || slice.p < start || slice.len > (size_t)(end - start) ||
		slice.p + slice.len > end)
		return false;
	return slice.p >= head_end || slice.p + slice.len <= head_end;
}

/* The one way into the list. */
static void add(
	struct sip_edit *e, struct str slice, struct str text, unsigned line_ends, bool is_line)
{
	struct sip_edit_item item = {
		.text = text.p,
		.text_len = (uint16_t)text.len,
		.cut_len = (uint16_t)slice.len,
		.line_ends = (uint8_t)line_ends,
		.is_line = is_line,
	};
	size_t i = e->n;

	if (e->err)
		return;
	if (!is_inside(e, slice) || !lex_is_line(text)) {
		fail(e, lex_is_line(text) ? ERR_WRONG_STATE : ERR_SYNTAX);
		return;
	}
	if (e->n == SIP_EDITS_MAX || text.len > SIP_MESSAGE_CEILING) {
		fail(e, ERR_FULL);
		return;
	}
	item.pos = (uint16_t)(slice.p - e->m->bytes.p);
	for (; i > 0 && is_before(&item, &e->items[i - 1]); i--)
		e->items[i] = e->items[i - 1];
	e->items[i] = item;
	e->n++;
}

static struct str at(const char *p)
{
	return (struct str){p, 0};
}

/* ---- header lines ---- */

void sip_edit_cut_field(struct sip_edit *e, int field)
{
	/* its line must stay for the applier to write the new length into */
	if (e->m->fields[field].id != SIP_HDR_CONTENT_LENGTH)
		add(e, sip_field_line(e->m, field), STR_NONE, 0, true);
}

void sip_edit_cut_header(struct sip_edit *e, enum sip_hdr id)
{
	for (int i = sip_first(e->m, id); i >= 0; i = sip_next(e->m, i))
		sip_edit_cut_field(e, i);
}

void sip_edit_cut_named(struct sip_edit *e, struct str name)
{
	for (int i = 0; i < e->m->n_fields; i++) {
		if (sip_field_is(e->m, i, name))
			sip_edit_cut_field(e, i);
	}
}

void sip_edit_cut_prefixed(struct sip_edit *e, struct str prefix)
{
	for (int i = 0; i < e->m->n_fields; i++) {
		if (str_ieq(str_head(sip_field_name(e->m, i), prefix.len), prefix))
			sip_edit_cut_field(e, i);
	}
}

void sip_edit_set_field(struct sip_edit *e, int field, struct str value)
{
	sip_edit_replace(e, sip_field_value(e->m, field), value);
}

/* What keep() leaves of one line, joined again. */
static struct str kept_of(
	struct sip_edit *e, struct str value, sip_keep_h *keep, void *arg, bool *ret_lost)
{
	char *p = room(e, value.len * 2);
	struct str part;
	struct wr w;

	*ret_lost = false;
	if (!p)
		return STR_NONE;
	w = wr_of(p, value.len * 2);
	while (value.len && lex_cut_at(&value, ',', &part) == OK) {
		part = lex_trim(part);
		if (!part.len)
			continue;
		if (!keep(part, arg)) {
			*ret_lost = true;
			continue;
		}
		if (wr_len(&w))
			wr_str(&w, STR(", "));
		wr_str(&w, part);
	}
	return wr_done(&w);
}

void sip_edit_keep(struct sip_edit *e, enum sip_hdr id, sip_keep_h *keep, void *arg)
{
	for (int i = sip_first(e->m, id); i >= 0; i = sip_next(e->m, i)) {
		bool has_lost;
		struct str kept = kept_of(e, sip_field_value(e->m, i), keep, arg, &has_lost);

		if (has_lost && kept.len)
			sip_edit_set_field(e, i, kept);
		else if (has_lost)
			sip_edit_cut_field(e, i);
	}
}

struct tokens {
	const struct str *v;
	size_t n;
};

static bool is_no_token(struct str element, void *arg)
{
	const struct tokens *tokens = arg;
	struct str token = lex_cut_token(&element);

	for (size_t i = 0; i < tokens->n; i++) {
		if (str_ieq(token, tokens->v[i]))
			return false;
	}
	return true;
}

void sip_edit_cut_tokens(struct sip_edit *e, enum sip_hdr id, const struct str *tokens, size_t n)
{
	struct tokens arg = {tokens, n};

	sip_edit_keep(e, id, is_no_token, &arg);
}

/* The first element takes the comma behind it, any other the one before it. */
void sip_edit_cut_element(struct sip_edit *e, int field, struct str element)
{
	struct str value = sip_field_value(e->m, field);
	const char *end = element.p + element.len, *stop = value.p + value.len;
	const char *from = element.p;

	if (from <= value.p) {
		struct str rest = lex_ltrim(str_between(end, stop));

		if (!rest.len) {
			sip_edit_cut_field(e, field);
			return;
		}
		rest = lex_ltrim(str_skip(rest, 1));
		end = rest.len ? rest.p : stop;
	} else {
		while (from > value.p && *from != ',')
			from--;
	}
	add(e, str_between(from, end), STR_NONE, 0, false);
}

void sip_edit_replace(struct sip_edit *e, struct str slice, struct str text)
{
	add(e, slice, one_line(e, text), 0, false);
}

void sip_edit_insert(struct sip_edit *e, const char *before, struct str text)
{
	add(e, at(before), one_line(e, text), 0, false);
}

void sip_edit_set_uri(struct sip_edit *e, struct str uri)
{
	sip_edit_replace(e, e->m->uri_text, uri);
}

void sip_edit_add_line(struct sip_edit *e, int before_field, struct str name, struct str value)
{
	const struct sip_msg *m = e->m;
	const struct sip_field *f = &m->fields[m->n_fields - 1];
	size_t pos = before_field >= 0 && before_field < m->n_fields
	                     ? m->fields[before_field].line
	                     : (size_t)f->line + f->line_len;

	add(e, at(m->bytes.p + pos), header_text(e, name, value), SIP_CRLF_BEHIND, true);
}

void sip_edit_add_header(struct sip_edit *e, enum sip_hdr id, struct str value)
{
	sip_edit_add_line(e, -1, str_of(sip_hdr_name(id)), value);
}

void sip_edit_push_header(struct sip_edit *e, enum sip_hdr id, struct str value)
{
	int first = sip_first(e->m, id);

	sip_edit_add_line(e, first >= 0 ? first : 0, str_of(sip_hdr_name(id)), value);
}

void sip_edit_set_header(struct sip_edit *e, enum sip_hdr id, struct str value)
{
	int first = sip_first(e->m, id);

	if (first < 0) {
		sip_edit_add_header(e, id, value);
		return;
	}
	sip_edit_set_field(e, first, value);
	for (int i = sip_next(e->m, first); i >= 0; i = sip_next(e->m, i))
		sip_edit_cut_field(e, i);
}

static void cut_third_colon(struct sip_edit *e, struct str uri)
{
	const char *p = uri.p ? memmem(uri.p, uri.len, ":::", 3) : NULL;

	if (p && memchr(uri.p, '[', (size_t)(p - uri.p)))
		add(e, (struct str){p, 1}, STR_NONE, 0, false);
}

void sip_edit_normalise(struct sip_edit *e)
{
	static const enum sip_hdr ids[] = {SIP_HDR_FROM, SIP_HDR_TO};
	struct sip_nameaddr na;

	cut_third_colon(e, e->m->uri_text);
	for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
		if (sip_nameaddr_parse(sip_header(e->m, ids[i]), &na) == OK)
			cut_third_colon(e, na.uri);
	}
}

/* ---- body ---- */

void sip_edit_set_body(struct sip_edit *e, struct str content_type, struct str body)
{
	e->has_new_body = true;
	e->body = body;
	if (body.len) {
		sip_edit_set_header(e, SIP_HDR_CONTENT_TYPE, content_type);
		return;
	}
	sip_edit_cut_header(e, SIP_HDR_CONTENT_TYPE);
	sip_edit_cut_header(e, SIP_HDR_CONTENT_ENCODING);
	sip_edit_cut_header(e, SIP_HDR_CONTENT_DISPOSITION);
}

void sip_edit_body_line(struct sip_edit *e, const char *pos, struct str line)
{
	const char *start = e->m->bytes.p + e->m->head_end;
	bool is_cut_short = pos > start && pos[-1] != '\n';

	add(e, at(pos), line, is_cut_short ? SIP_CRLF_BEFORE : SIP_CRLF_BEHIND, true);
}

/* Neighbouring cuts become one: a description with thousands of candidates stays a short list. */
void sip_edit_body_cut(struct sip_edit *e, struct str lines)
{
	struct sip_edit_item *last = e->n ? &e->items[e->n - 1] : NULL;

	if (e->err == OK && last && last->cut_len && !last->text_len && last->is_line &&
		is_inside(e, lines) && e->m->bytes.p + last->pos + last->cut_len == lines.p &&
		last->pos >= e->m->head_end)
		last->cut_len = (uint16_t)(last->cut_len + lines.len);
	else
		add(e, lines, STR_NONE, 0, true);
}

/* ---- applying ---- */

/* The result, counted or written. */
struct sink {
	struct wr *w; /* NULL: only counted */
	size_t len;
	bool is_in_line; /* the last byte was no LF */
	enum err err;
};

static void put(struct sink *s, const char *p, size_t n)
{
	s->len += n;
	if (n)
		s->is_in_line = p[n - 1] != '\n';
	if (s->w)
		wr_bytes(s->w, p, n);
}

/* Bytes of the message. A bare LF that a lenient zone let in leaves as CRLF. */
static void put_range(struct sink *s, const struct sip_msg *m, size_t from, size_t to)
{
	const char *p = m->bytes.p + from, *end = m->bytes.p + to, *nl;

	while (m->has_bare_lf && from < m->head_end && (nl = memchr(p, '\n', (size_t)(end - p)))) {
		bool is_bare = nl == m->bytes.p || nl[-1] != '\r';

		put(s, p, (size_t)(nl - p));
		if (is_bare)
			put(s, "\r", 1);
		put(s, "\n", 1);
		p = nl + 1;
	}
	put(s, p, (size_t)(end - p));
}

static void put_text(struct sink *s, const struct sip_edit_item *item)
{
	if (item->line_ends & SIP_CRLF_BEFORE && s->is_in_line)
		put(s, "\r\n", 2);
	put(s, item->text, item->text_len);
	if (item->line_ends & SIP_CRLF_BEHIND)
		put(s, "\r\n", 2);
}

struct walk {
	size_t at;       /* everything before is done */
	bool is_in_line; /* the last cut took whole lines */
};

static void step(
	struct sink *s, const struct sip_msg *m, struct walk *w, const struct sip_edit_item *item)
{
	size_t end = (size_t)item->pos + item->cut_len;

	if (item->pos >= w->at) {
		put_range(s, m, w->at, item->pos);
		put_text(s, item);
		w->at = end;
		w->is_in_line = item->is_line;
	} else if (end > w->at || (!w->is_in_line && !item->is_line)) {
		s->err = ERR_WRONG_STATE; /* two edits of the same bytes */
	} else if (item->is_line) {
		put_text(s, item);
	}
}

/* The head or the body with its edits; extra: one more item or NULL. */
static void walk(
	struct sink *s, const struct sip_edit *e, bool is_body, const struct sip_edit_item *extra)
{
	size_t head_end = e->m->head_end, to = is_body ? e->m->end : head_end;
	struct walk w = {.at = is_body ? head_end : e->m->start};

	for (size_t i = 0; i < e->n; i++) {
		const struct sip_edit_item *item = &e->items[i];

		if (extra && is_before(extra, item)) {
			step(s, e->m, &w, extra);
			extra = NULL;
		}
		if (is_body == (item->pos >= head_end))
			step(s, e->m, &w, item);
	}
	if (extra)
		step(s, e->m, &w, extra);
	put_range(s, e->m, w.at, to);
}

static void put_body(struct sink *s, const struct sip_edit *e)
{
	if (e->has_new_body)
		put(s, e->body.p, e->body.len);
	else
		walk(s, e, /* is_body */ true, NULL);
}

/* The item that makes Content-Length true; false: it is already. */
static bool length_item(
	const struct sip_edit *e, size_t len, char text[32], struct sip_edit_item *ret_item)
{
	const struct sip_msg *m = e->m;
	int field = sip_first(m, SIP_HDR_CONTENT_LENGTH);
	const struct sip_field *f = &m->fields[field >= 0 ? field : m->n_fields - 1];
	struct sip_edit_item item = {.text = text};
	int n = snprintf(text, 32, field >= 0 ? "%zu" : "Content-Length: %zu", len);

	if (m->content_length == (int64_t)len)
		return false;
	item.text_len = (uint16_t)n;
	if (field >= 0) {
		item.pos = f->value;
		item.cut_len = f->value_len;
	} else {
		item.pos = (uint16_t)(f->line + f->line_len);
		item.line_ends = SIP_CRLF_BEHIND;
		item.is_line = true;
	}
	*ret_item = item;
	return true;
}

/* Head and body into the sink. */
static void put_all(struct sink *s, const struct sip_edit *e)
{
	struct sink body = {0};
	struct sip_edit_item item;
	char text[32];
	bool has_item;

	put_body(&body, e);
	has_item = (e->n || e->has_new_body) && length_item(e, body.len, text, &item);
	walk(s, e, /* is_body */ false, has_item ? &item : NULL);
	put_body(s, e);
	if (s->err == OK)
		s->err = body.err;
}

size_t sip_edit_len(const struct sip_edit *e)
{
	struct sink s = {.err = e->err};

	if (e->err == OK)
		put_all(&s, e);
	return s.err == OK ? s.len : 0;
}

enum err sip_edit_apply(const struct sip_edit *e, struct wr *out)
{
	struct sink s = {.err = e->err};

	if (s.err == OK)
		put_all(&s, e);
	if (s.err == OK && out->err)
		s.err = out->err;
	if (s.err == OK && (s.len > SIP_MESSAGE_CEILING || s.len > (size_t)(out->end - out->p)))
		s.err = ERR_FULL;
	if (s.err)
		return s.err;
	s = (struct sink){.w = out};
	put_all(&s, e);
	return out->err;
}
