/* list.c - cursors over the elements of one kind of header. Pure.
 *
 * A cursor stays on the line of its last element until it is asked for the next, so that an edit
 * knows where that element stands. */
#include "sip/list.h"

static void enter(struct sip_list *l, int field)
{
	l->field = field;
	l->rest = field >= 0 ? sip_field_value(l->m, field) : STR_NONE;
}

struct sip_list sip_list_of(const struct sip_msg *m, enum sip_hdr id)
{
	struct sip_list l = {.m = m};

	enter(&l, sip_first(m, id));
	return l;
}

/* Privacy separates by semicolons (RFC 3323 section 4.2). */
static char separator(const struct sip_list *l)
{
	return l->m->fields[l->field].id == SIP_HDR_PRIVACY ? ';' : ',';
}

enum err sip_list_next(struct sip_list *l, struct str *ret_element)
{
	for (; l->field >= 0; enter(l, sip_next(l->m, l->field))) {
		while (l->rest.len) {
			struct str element;

			if (lex_cut_at(&l->rest, separator(l), &element) != OK)
				return ERR_SYNTAX;
			element = lex_trim(element);
			if (element.len) {
				*ret_element = element;
				return OK;
			}
		}
	}
	return ERR_NOENT;
}

bool sip_list_has(const struct sip_msg *m, enum sip_hdr id, struct str token)
{
	struct sip_list l = sip_list_of(m, id);
	struct str element;

	while (sip_list_next(&l, &element) == OK) {
		if (str_ieq(lex_cut_token(&element), token))
			return true;
	}
	return false;
}

size_t sip_list_count(const struct sip_msg *m, enum sip_hdr id)
{
	struct sip_list l = sip_list_of(m, id);
	struct str element;
	size_t n = 0;

	while (sip_list_next(&l, &element) == OK)
		n++;
	return n;
}

enum err sip_via_next(struct sip_list *l, struct sip_via *ret_via)
{
	struct str element;
	enum err err = sip_list_next(l, &element);

	return err ? err : sip_via_parse(element, ret_via);
}

enum err sip_nameaddr_next(struct sip_list *l, struct sip_nameaddr *ret_na)
{
	struct str element;
	enum err err = sip_list_next(l, &element);

	return err ? err : sip_nameaddr_parse(element, ret_na);
}
