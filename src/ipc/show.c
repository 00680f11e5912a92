/* show.c - bodies of the rows that people see. Pure codecs: bytes in, structs out.
 *
 * Each struct is described once, as a table of fields {tag, type, offset, size}; one writer and one
 * reader walk it. Unknown tags are skipped, missing ones leave zero; a text that does not fit or holds
 * a NUL refuses the body. */
#include <string.h>

#include "ipc/show.h"

enum field_type { FT_END, FT_Z, FT_U8, FT_U32, FT_U64, FT_BOOL, FT_ADDR };

struct field {
	uint16_t tag;
	enum field_type type;
	size_t at, size;
};

#define Z(tag, s, m)                                                                               \
	{                                                                                          \
		(tag), FT_Z, offsetof(struct s, m), sizeof(((struct s *)NULL)->m)                  \
	}
#define U8(tag, s, m)                                                                              \
	{                                                                                          \
		(tag), FT_U8, offsetof(struct s, m), 1                                             \
	}
#define U32(tag, s, m)                                                                             \
	{                                                                                          \
		(tag), FT_U32, offsetof(struct s, m), 4                                            \
	}
#define U64(tag, s, m)                                                                             \
	{                                                                                          \
		(tag), FT_U64, offsetof(struct s, m), 8                                            \
	}
#define FLAG(tag, s, m)                                                                            \
	{                                                                                          \
		(tag), FT_BOOL, offsetof(struct s, m), sizeof(bool)                                \
	}
#define ADDR(tag, s, m)                                                                            \
	{                                                                                          \
		(tag), FT_ADDR, offsetof(struct s, m), sizeof(struct addr)                         \
	}
#define END_OF_FIELDS                                                                              \
	{                                                                                          \
		0, FT_END, 0, 0                                                                    \
	}

static void put_field(struct wr *w, const struct field *f, const void *p)
{
	switch (f->type) {
	case FT_Z:
		wr_t_str(w, f->tag, (struct str){p, strnlen(p, f->size - 1)});
		return;
	case FT_U8:
		wr_t_u8(w, f->tag, *(const uint8_t *)p);
		return;
	case FT_U32:
		wr_t_u32(w, f->tag, *(const uint32_t *)p);
		return;
	case FT_U64:
		wr_t_u64(w, f->tag, *(const uint64_t *)p);
		return;
	case FT_BOOL:
		wr_t_u8(w, f->tag, *(const bool *)p);
		return;
	case FT_ADDR:
		wr_t_addr(w, f->tag, p);
		return;
	case FT_END:
		return;
	}
}

static void get_field(struct rd *v, const struct field *f, void *p)
{
	switch (f->type) {
	case FT_Z:
		rd_t_z(v, p, f->size);
		return;
	case FT_U8:
		*(uint8_t *)p = (uint8_t)rd_t_num(v);
		return;
	case FT_U32:
		*(uint32_t *)p = (uint32_t)rd_t_num(v);
		return;
	case FT_U64:
		*(uint64_t *)p = rd_t_num(v);
		return;
	case FT_BOOL:
		*(bool *)p = rd_t_num(v) != 0;
		return;
	case FT_ADDR:
		*(struct addr *)p = rd_t_addr(v);
		return;
	case FT_END:
		return;
	}
}

static void put_fields(struct wr *w, const struct field *fields, const void *p)
{
	for (const struct field *f = fields; f->type != FT_END; f++)
		put_field(w, f, (const char *)p + f->at);
}

/* One field of a struct, if its tag is one of them. */
static void get_one(struct rd *v, const struct field *fields, uint16_t tag, void *p)
{
	for (const struct field *f = fields; f->type != FT_END; f++) {
		if (f->tag == tag)
			get_field(v, f, (char *)p + f->at);
	}
}

static enum err get_fields(struct rd *body, const struct field *fields, void *p)
{
	struct rd v;
	uint16_t tag;

	while (rd_tag(body, &tag, &v)) {
		get_one(&v, fields, tag, p);
		rd_join(body, &v);
	}
	return body->err;
}

/* clang-format off */
static const struct field leg_fields[] = {
	Z(1, show_leg, alias), Z(2, show_leg, zone), Z(3, show_leg, protocol), ADDR(4, show_leg, peer),
	END_OF_FIELDS
};
static const struct field call_fields[] = {
	U64(1, show_call, id), U8(2, show_call, state), U64(3, show_call, since_wall_s),
	Z(4, show_call, rule), Z(5, show_call, why),
	END_OF_FIELDS
};
enum { T_LEG_0 = 16, T_LEG_1 };
static const struct field zone_fields[] = {
	Z(1, show_zone, name), Z(2, show_zone, type), FLAG(3, show_zone, is_up), FLAG(4, show_zone, has_link),
	Z(5, show_zone, transport), ADDR(6, show_zone, local), ADDR(7, show_zone, peer),
	U64(8, show_zone, since_wall_s), U32(9, show_zone, rtt_us), U32(10, show_zone, calls),
	Z(11, show_zone, why), FLAG(12, show_zone, has_h323), FLAG(13, show_zone, is_h323_up),
	ADDR(14, show_zone, h323_peer), Z(15, show_zone, h323_why),
	END_OF_FIELDS
};
static const struct field binding_fields[] = {
	Z(1, show_binding, aor), Z(2, show_binding, contact), Z(3, show_binding, user_agent),
	Z(4, show_binding, transport), Z(5, show_binding, auth_user), ADDR(6, show_binding, peer),
	U64(7, show_binding, expires_wall_s), FLAG(8, show_binding, is_nat), FLAG(9, show_binding, has_conn),
	END_OF_FIELDS
};
static const struct field alarm_fields[] = {
	Z(1, show_alarm, id), Z(2, show_alarm, severity), Z(3, show_alarm, cause), Z(4, show_alarm, fix),
	U64(5, show_alarm, since_wall_s),
	END_OF_FIELDS
};
static const struct field process_fields[] = {
	Z(1, show_process, name), U32(2, show_process, pid), U32(3, show_process, restarts),
	U64(4, show_process, since_wall_s), Z(5, show_process, state), U32(6, show_process, kept),
	END_OF_FIELDS
};
/* clang-format on */

void show_call_put(struct wr *w, const struct show_call *c)
{
	put_fields(w, call_fields, c);
	for (uint16_t i = 0; i < 2; i++) {
		uint8_t *mark = wr_t_begin(w, (uint16_t)(T_LEG_0 + i));

		put_fields(w, leg_fields, &c->leg[i]);
		wr_t_end(w, mark);
	}
}

enum err show_call_get(struct rd *body, struct show_call *ret)
{
	struct show_call c = {0};
	struct rd v;
	uint16_t tag;

	while (rd_tag(body, &tag, &v)) {
		if (tag == T_LEG_0 || tag == T_LEG_1)
			(void)get_fields(&v, leg_fields, &c.leg[tag - T_LEG_0]);
		else
			get_one(&v, call_fields, tag, &c);
		rd_join(body, &v);
	}
	if (c.state > CALL_ENDING)
		rd_fail(body, ERR_RANGE);
	if (body->err == OK)
		*ret = c;
	return body->err;
}

void show_zone_put(struct wr *w, const struct show_zone *z)
{
	put_fields(w, zone_fields, z);
}

enum err show_zone_get(struct rd *body, struct show_zone *ret)
{
	struct show_zone z = {0};

	if (get_fields(body, zone_fields, &z) == OK)
		*ret = z;
	return body->err;
}

void show_binding_put(struct wr *w, const struct show_binding *b)
{
	put_fields(w, binding_fields, b);
}

enum err show_binding_get(struct rd *body, struct show_binding *ret)
{
	struct show_binding b = {0};

	if (get_fields(body, binding_fields, &b) == OK)
		*ret = b;
	return body->err;
}

void show_alarm_put(struct wr *w, const struct show_alarm *a)
{
	put_fields(w, alarm_fields, a);
}

enum err show_alarm_get(struct rd *body, struct show_alarm *ret)
{
	struct show_alarm a = {0};

	if (get_fields(body, alarm_fields, &a) == OK)
		*ret = a;
	return body->err;
}

void show_process_put(struct wr *w, const struct show_process *p)
{
	put_fields(w, process_fields, p);
}

enum err show_process_get(struct rd *body, struct show_process *ret)
{
	struct show_process p = {0};

	if (get_fields(body, process_fields, &p) == OK)
		*ret = p;
	return body->err;
}

enum counter_tag { TC_NAME = 1, TC_VALUE };

void show_counter_put(struct wr *w, const char *name, uint64_t value)
{
	wr_t_z(w, TC_NAME, name);
	wr_t_u64(w, TC_VALUE, value);
}

bool show_counter_next(struct rd *body, char ret_name[SHOW_NAME_MAX], uint64_t *ret_value)
{
	struct rd v;
	uint16_t tag;

	ret_name[0] = '\0';
	while (rd_tag(body, &tag, &v)) {
		if (tag == TC_NAME)
			rd_t_z(&v, ret_name, SHOW_NAME_MAX);
		else if (tag == TC_VALUE)
			*ret_value = rd_t_num(&v);
		rd_join(body, &v);
		if (tag == TC_VALUE && body->err == OK && ret_name[0])
			return true;
	}
	return false;
}
