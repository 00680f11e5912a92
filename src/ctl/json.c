/* json.c - writer of JSON objects and of times. Pure: no clock, no memory of its own. */
#include "ctl/json.h"

#include "base/log.h"

#define TEXT_MAX 8192

struct js js_of(struct wr *w)
{
	return (struct js){.w = w};
}

static void begin(struct js *js, const char *key)
{
	if (js->has_before)
		wr_u8(js->w, ',');
	if (key)
		wr_printf(js->w, "\"%s\":", key);
	js->has_before = true;
}

void js_open(struct js *js, const char *key, char bracket)
{
	begin(js, key);
	wr_u8(js->w, (uint8_t)bracket);
	js->has_before = false;
}

void js_close(struct js *js, char bracket)
{
	wr_u8(js->w, (uint8_t)bracket);
	js->has_before = true;
}

void js_str(struct js *js, const char *key, struct str value)
{
	begin(js, key);
	wr_u8(js->w, '"');
	wr_json(js->w, value, TEXT_MAX);
	wr_u8(js->w, '"');
}

void js_z(struct js *js, const char *key, const char *value)
{
	js_str(js, key, str_of(value));
}

void js_num(struct js *js, const char *key, uint64_t value)
{
	begin(js, key);
	wr_printf(js->w, "%llu", (unsigned long long)value);
}

void js_milli(struct js *js, const char *key, uint64_t thousandths)
{
	begin(js, key);
	wr_printf(js->w, "%llu.%03u", (unsigned long long)(thousandths / 1000),
		(unsigned)(thousandths % 1000));
}

void js_bool(struct js *js, const char *key, bool value)
{
	begin(js, key);
	wr_str(js->w, value ? STR("true") : STR("false"));
}

static void js_null(struct js *js, const char *key)
{
	begin(js, key);
	wr_str(js->w, STR("null"));
}

const char *addr_text(const struct addr *a, char text[ADDR_TEXT_SIZE])
{
	return a->port ? addr_put(a, text) : addr_put_host(a, text);
}

void js_addr(struct js *js, const char *key, const struct addr *value)
{
	char text[ADDR_TEXT_SIZE];

	if (value->family == AF_NONE)
		js_null(js, key);
	else
		js_z(js, key, addr_text(value, text));
}

void wr_time(struct wr *w, uint64_t wall_s)
{
	unsigned of_day = (unsigned)(wall_s % 86400);

	wr_date(w, wall_s / 86400);
	wr_printf(w, "T%02u:%02u:%02uZ", of_day / 3600, of_day / 60 % 60, of_day % 60);
}

void js_time(struct js *js, const char *key, uint64_t wall_s)
{
	if (!wall_s) {
		js_null(js, key);
		return;
	}
	begin(js, key);
	wr_u8(js->w, '"');
	wr_time(js->w, wall_s);
	wr_u8(js->w, '"');
}
