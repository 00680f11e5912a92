/* mime.c - walks multipart bodies by their delimiter lines. Pure; RFC 2046 section 5.1.1.
 *
 * No recursion: a part that is multipart itself is put on a small fixed stack. Every byte is passed
 * once per level. */
#include "sip/mime.h"
#include "sip/lex.h"

/* One multipart body being walked. */
struct level {
	struct str rest; /* starts behind a delimiter line */
	struct str boundary;
	bool is_done; /* the last delimiter is behind us */
};

/* What matters of a part here. */
struct part {
	struct str type, encoding, transfer, content;
};

static struct str without_line_end(struct str s)
{
	if (s.len && s.p[s.len - 1] == '\n')
		s.len--;
	if (s.len && s.p[s.len - 1] == '\r')
		s.len--;
	return s;
}

/* Cuts the line at the front of *s; its text, without its end. */
static struct str cut_line(struct str *s)
{
	struct str line = str_cut(s, '\n');

	return line.len && line.p[line.len - 1] == '\r' ? str_head(line, line.len - 1) : line;
}

/* "--boundary" and blanks; *ret_is_last: "--boundary--". */
static bool is_delimiter(struct str line, struct str boundary, bool *ret_is_last)
{
	if (!str_has_prefix(line, STR("--")) || !str_has_prefix(str_skip(line, 2), boundary))
		return false;
	line = str_skip(line, 2 + boundary.len);
	*ret_is_last = str_has_prefix(line, STR("--"));
	return lex_trim(*ret_is_last ? str_skip(line, 2) : line).len == 0;
}

/* The bytes up to the next delimiter, whose own line end stands before it. A body cut short ends
 * its last part. False: no more. */
static bool next_part(struct level *l, struct str *ret_bytes)
{
	struct str rest = l->rest;
	bool is_last;

	if (l->is_done || !rest.len)
		return false;
	while (rest.len) {
		const char *start = rest.p;

		if (is_delimiter(cut_line(&rest), l->boundary, &is_last)) {
			*ret_bytes = without_line_end(str_between(l->rest.p, start));
			l->rest = rest;
			l->is_done = is_last;
			return true;
		}
	}
	*ret_bytes = l->rest;
	l->is_done = true;
	return true;
}

static bool is_multipart(struct str type)
{
	return str_ieq(lex_cut_token(&type), STR("multipart"));
}

/* Steps over the preamble, to the first part. */
static enum err open_level(struct level *l, struct str type, struct str bytes)
{
	struct str params = type, preamble;

	(void)str_cut(&params, ';');
	*l = (struct level){.rest = bytes, .boundary = sip_param_value(params, STR("boundary"))};
	if (!l->boundary.len || l->boundary.len > 70)
		return ERR_SYNTAX;
	(void)next_part(l, &preamble);
	return OK;
}

static void part_header(struct part *part, struct str line)
{
	struct str value = line, name = lex_trim(str_cut(&value, ':'));

	value = lex_trim(value);
	if (str_ieq(name, STR("Content-Type")) || str_ieq(name, STR("c")))
		part->type = value;
	else if (str_ieq(name, STR("Content-Encoding")) || str_ieq(name, STR("e")))
		part->encoding = value;
	else if (str_ieq(name, STR("Content-Transfer-Encoding")))
		part->transfer = value;
}

static struct part read_part(struct str bytes)
{
	struct part part = {.content = bytes};

	while (part.content.len) {
		struct str line = cut_line(&part.content), more;

		if (!line.len)
			break;
		while (part.content.len &&
			(part.content.p[0] == ' ' || part.content.p[0] == '\t')) {
			more = cut_line(&part.content);
			line = str_between(line.p, more.p + more.len);
		}
		part_header(&part, line);
	}
	return part;
}

static bool is_plain(const struct part *part)
{
	static const struct str plain[] = {{"binary", 6}, {"8bit", 4}, {"7bit", 4}};

	if (part->encoding.len && !str_ieq(part->encoding, STR("identity")))
		return false;
	for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
		if (str_ieq(part->transfer, plain[i]))
			return true;
	}
	return !part->transfer.len;
}

static bool is_sdp(struct str type)
{
	return sip_type_is(type, STR("application"), STR("sdp"));
}

static enum err find_part(struct level *stack, struct str *ret_sdp)
{
	size_t depth = 1, n_parts = 0;
	struct str bytes;

	while (depth) {
		struct part part;

		if (!next_part(&stack[depth - 1], &bytes)) {
			depth--;
			continue;
		}
		if (++n_parts > MIME_PARTS_MAX)
			return ERR_UNSUPPORTED;
		part = read_part(bytes);
		if (is_sdp(part.type)) {
			*ret_sdp = part.content;
			return is_plain(&part) ? OK : ERR_UNSUPPORTED;
		}
		if (!is_multipart(part.type))
			continue;
		if (depth == MIME_DEPTH_MAX)
			return ERR_UNSUPPORTED;
		if (open_level(&stack[depth], part.type, part.content) != OK)
			return ERR_SYNTAX;
		depth++;
	}
	return ERR_NOENT;
}

enum err sip_sdp_body(const struct sip_msg *m, struct str *ret_sdp)
{
	struct part whole = {.type = m->content_type,
		.encoding = sip_header(m, SIP_HDR_CONTENT_ENCODING),
		.content = m->body};
	struct level stack[MIME_DEPTH_MAX];
	enum err err;

	if (!m->body.len)
		return ERR_NOENT;
	if (is_sdp(whole.type)) {
		if (!is_plain(&whole))
			return ERR_UNSUPPORTED;
		*ret_sdp = m->body;
		return OK;
	}
	if (!is_multipart(whole.type))
		return ERR_NOENT;
	err = open_level(&stack[0], whole.type, whole.content);
	return err ? err : find_part(stack, ret_sdp);
}
