/* spot.c - places of rules. */
#include "conf/spot.h"

#include <stdarg.h>
#include <stdio.h>

struct spot spot(const struct reading *r, const char *fmt, ...)
{
	struct spot s = {0};
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(s.path, sizeof s.path, fmt, args);
	va_end(args);
	s.node = tree_place(&r->tree, str_of(s.path), &s.is_set);
	return s;
}

bool spot_is_bad(const struct reading *r, const struct spot *s)
{
	return s->node && s->is_set && r->tree.nodes[s->node].is_bad;
}

PRINTF(2, 0)
static struct str sentence(
	const struct spot *s, const char *fmt, va_list args, char *buf, size_t size)
{
	int n = snprintf(buf, size, "%s: ", s->path);

	if (n >= 0 && (size_t)n < size)
		(void)vsnprintf(buf + n, size - (size_t)n, fmt, args);
	return str_of(buf);
}

/* One error for one option: what was told already is not told again. */
void fault(struct reading *r, const struct spot *s, const char *fmt, ...)
{
	char buf[REPORT_LINE_MAX];
	va_list args;

	if (spot_is_bad(r, s))
		return;
	va_start(args, fmt);
	reading_error(r, s->node, sentence(s, fmt, args, buf, sizeof buf));
	va_end(args);
}

void hint(struct reading *r, const struct spot *s, const char *fmt, ...)
{
	char buf[REPORT_LINE_MAX];
	va_list args;

	va_start(args, fmt);
	reading_warning(r, s->node, sentence(s, fmt, args, buf, sizeof buf));
	va_end(args);
}
