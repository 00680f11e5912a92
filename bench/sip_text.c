/* sip_text.c - see sip_text.h. */
#include "sip_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The line after this one; NULL: it was the last header. */
static const char *next_line(const char *line)
{
	const char *end = strchr(line, '\n');

	return end && end[1] != '\r' && end[1] != '\0' ? end + 1 : NULL;
}

/* The value if this line is such a header, else NULL. */
static const char *value_of(const char *line, const char *name, char compact)
{
	size_t n = strlen(name);

	if (strncasecmp(line, name, n) != 0) {
		if (!compact || tolower((unsigned char)*line) != compact)
			return NULL;
		n = 1;
	}
	line += n + strspn(line + n, " \t");
	return *line == ':' ? line + 1 + strspn(line + 1, " \t") : NULL;
}

bool text_header(const char *msg, const char *name, char compact, struct text *ret_value)
{
	for (const char *line = next_line(msg); line; line = next_line(line)) {
		const char *value = value_of(line, name, compact);

		if (!value)
			continue;
		*ret_value = (struct text){value, strcspn(value, "\r\n")};
		return true;
	}
	return false;
}

size_t text_copy_headers(char *to, size_t room, const char *msg, const char *name, char compact)
{
	size_t len = 0;

	for (const char *line = next_line(msg); line; line = next_line(line)) {
		size_t n = strcspn(line, "\n") + 1;

		if (!value_of(line, name, compact) || len + n > room)
			continue;
		memcpy(to + len, line, n);
		len += n;
	}
	return len;
}

struct text text_uri(struct text value)
{
	const char *open = memchr(value.p, '<', value.n);

	if (!open)
		return (struct text){value.p, strcspn(value.p, ";\r\n")};
	return (struct text){open + 1, strcspn(open + 1, ">\r\n")};
}

struct text text_param(struct text value, const char *name)
{
	const char *at = memmem(value.p, value.n, name, strlen(name));

	if (!at)
		return (struct text){value.p, 0};
	at += strlen(name);
	return (struct text){at, strcspn(at, ";,> \t\r\n")};
}

bool text_media(const char *msg, const char *address, uint16_t *ret_port)
{
	const char *body = strstr(msg, "\r\n\r\n");
	const char *c = body ? strstr(body, "\nc=IN IP4 ") : NULL;
	const char *m = body ? strstr(body, "\nm=audio ") : NULL;
	size_t n = strlen(address);

	if (!c || !m || strncmp(c + 10, address, n) != 0 || !strchr("\r\n", c[10 + n]))
		return false;
	*ret_port = (uint16_t)strtoul(m + 9, NULL, 10);
	return *ret_port != 0;
}

uint32_t text_hash(struct text t)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < t.n; i++)
		hash = (hash ^ (uint8_t)t.p[i]) * 16777619u;
	return hash;
}
