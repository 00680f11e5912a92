/* regex.c - compiles by recursive descent with a depth limit, runs all threads in step: each byte of the
 * text visits each step at most once. No system call, no allocation but scratch. */
#include <string.h>

#include "base/regex.h"

#define DEPTH_MAX   16
#define PATTERN_MAX 1024
#define REPEAT_MAX  64

enum op { OP_CHAR, OP_ANY, OP_SET, OP_SPLIT, OP_JUMP, OP_SAVE, OP_BEGIN, OP_END, OP_MATCH };

struct compiler {
	struct regex *re;
	const char *p, *end, *start;
	const char *why;
	enum err err;
};

static void parse_alternatives(struct compiler *c, int depth);

static void fail(struct compiler *c, enum err err, const char *why)
{
	if (c->err != OK)
		return;
	c->err = err;
	c->why = why;
}

static uint16_t emit(struct compiler *c, enum op op, uint8_t byte, uint16_t x, uint16_t y)
{
	struct regex *re = c->re;

	if (re->n_steps == REGEX_STEPS_MAX) {
		fail(c, ERR_FULL, "the expression is too large");
		return 0;
	}
	re->steps[re->n_steps] = (struct regex_step){(uint8_t)op, byte, x, y};
	return re->n_steps++;
}

static bool more(const struct compiler *c)
{
	return c->err == OK && c->p < c->end;
}

static void set_add(uint8_t set[32], unsigned from, unsigned to)
{
	for (unsigned i = from; i <= to; i++)
		set[i / 8] = (uint8_t)(set[i / 8] | 1u << i % 8);
}

/* \d \w \s; false: c stands for itself. */
static bool set_class(uint8_t set[32], char c)
{
	switch (c) {
	case 'd':
		set_add(set, '0', '9');
		return true;
	case 'w':
		set_add(set, '0', '9');
		set_add(set, 'a', 'z');
		set_add(set, 'A', 'Z');
		set_add(set, '_', '_');
		return true;
	case 's':
		set_add(set, ' ', ' ');
		set_add(set, '\t', '\r');
		return true;
	default:
		return false;
	}
}

static void fold_set(uint8_t set[32])
{
	for (unsigned i = 'a'; i <= 'z'; i++) {
		unsigned upper = i - 'a' + 'A';
		bool has = set[i / 8] >> i % 8 & 1 || set[upper / 8] >> upper % 8 & 1;

		if (has) {
			set_add(set, i, i);
			set_add(set, upper, upper);
		}
	}
}

static uint8_t *new_set(struct compiler *c)
{
	if (c->re->n_sets == REGEX_SETS_MAX) {
		fail(c, ERR_FULL, "too many sets");
		return c->re->sets[0];
	}
	return c->re->sets[c->re->n_sets++];
}

static unsigned set_byte(struct compiler *c)
{
	if (*c->p == '\\' && c->p + 1 < c->end)
		c->p++;
	return (unsigned char)*c->p++;
}

/* after "[" */
static void parse_set(struct compiler *c)
{
	uint8_t *set = new_set(c);
	uint16_t index = (uint16_t)(c->re->n_sets - 1);
	bool is_negated = more(c) && *c->p == '^';
	bool is_first = true;

	memset(set, 0, 32);
	if (is_negated)
		c->p++;
	while (more(c) && (*c->p != ']' || is_first)) {
		unsigned from, to;

		is_first = false;
		if (*c->p == '\\' && c->p + 1 < c->end && set_class(set, c->p[1])) {
			c->p += 2;
			continue;
		}
		from = to = set_byte(c);
		if (c->p + 1 < c->end && *c->p == '-' && c->p[1] != ']') {
			c->p++;
			to = set_byte(c);
		}
		if (to < from)
			fail(c, ERR_SYNTAX, "a range in a set runs backwards");
		set_add(set, from, to < from ? from : to);
	}
	if (!more(c))
		fail(c, ERR_SYNTAX, "a set is not closed by ]");
	else
		c->p++;
	if (c->re->is_folded)
		fold_set(set);
	for (int i = 0; is_negated && i < 32; i++)
		set[i] = (uint8_t)~set[i];
	emit(c, OP_SET, 0, index, 0);
}

static void emit_char(struct compiler *c, char byte)
{
	emit(c, OP_CHAR, (uint8_t)(c->re->is_folded ? ascii_lower(byte) : byte), 0, 0);
}

static void parse_escape(struct compiler *c)
{
	uint8_t set[32] = {0}, *kept;

	if (!more(c)) {
		fail(c, ERR_SYNTAX, "\\ at the end");
		return;
	}
	if (*c->p >= '1' && *c->p <= '9') {
		fail(c, ERR_SYNTAX, "back-references are not supported in a pattern");
		return;
	}
	if (!set_class(set, *c->p)) {
		emit_char(c, *c->p++);
		return;
	}
	c->p++;
	kept = new_set(c);
	memcpy(kept, set, sizeof set);
	emit(c, OP_SET, 0, (uint16_t)(c->re->n_sets - 1), 0);
}

static void parse_group(struct compiler *c, int depth)
{
	uint16_t group = 0;
	bool is_kept = c->re->n_groups < REGEX_GROUPS_MAX;

	if (is_kept) {
		group = ++c->re->n_groups;
		emit(c, OP_SAVE, 0, (uint16_t)(2 * group), 0);
	}
	parse_alternatives(c, depth + 1);
	if (!more(c) || *c->p != ')') {
		fail(c, ERR_SYNTAX, "a group is not closed by )");
		return;
	}
	c->p++;
	if (is_kept)
		emit(c, OP_SAVE, 0, (uint16_t)(2 * group + 1), 0);
}

static void parse_atom(struct compiler *c, int depth)
{
	char byte = *c->p++;

	switch (byte) {
	case '(':
		parse_group(c, depth);
		return;
	case '[':
		parse_set(c);
		return;
	case '.':
		emit(c, OP_ANY, 0, 0, 0);
		return;
	case '^':
		emit(c, OP_BEGIN, 0, 0, 0);
		return;
	case '$':
		emit(c, OP_END, 0, 0, 0);
		return;
	case '\\':
		parse_escape(c);
		return;
	case '*':
	case '+':
	case '?':
	case '{':
		c->p--;
		fail(c, ERR_SYNTAX, "nothing to repeat");
		return;
	default:
		emit_char(c, byte);
	}
}

static unsigned parse_number(struct compiler *c)
{
	unsigned n = 0;
	const char *from = c->p;

	while (more(c) && *c->p >= '0' && *c->p <= '9' && n <= REPEAT_MAX)
		n = n * 10 + (unsigned)(*c->p++ - '0');
	if (c->p == from)
		fail(c, ERR_SYNTAX, "a number is missing in { }");
	if (n > REPEAT_MAX)
		fail(c, ERR_SYNTAX, "a repetition of more than 64");
	return n;
}

struct repeat {
	unsigned min, max; /* max 0: without end */
};

/* after the first byte of the operator */
static struct repeat parse_repeat(struct compiler *c, char op)
{
	struct repeat r = {op == '+', op == '?'};

	if (op != '{')
		return r;
	r.min = r.max = parse_number(c);
	if (more(c) && *c->p == ',') {
		c->p++;
		if (more(c) && *c->p == '}')
			r.max = 0;
		else if ((r.max = parse_number(c)) == 0 || r.max < r.min)
			fail(c, ERR_SYNTAX, "a repetition runs backwards");
	} else if (!r.max) {
		fail(c, ERR_SYNTAX, "a repetition of 0");
	}
	if (!more(c) || *c->p != '}')
		fail(c, ERR_SYNTAX, "{ is not closed by }");
	else
		c->p++;
	return r;
}

/* One more copy of the steps [from, from + n), jumps moved along. */
static void copy_steps(struct compiler *c, uint16_t from, uint16_t n)
{
	uint16_t shift = (uint16_t)(c->re->n_steps - from);

	for (uint16_t i = 0; i < n && c->err == OK; i++) {
		struct regex_step s = c->re->steps[from + i];
		bool is_jump = s.op == OP_SPLIT || s.op == OP_JUMP;

		emit(c, (enum op)s.op, s.c, (uint16_t)(is_jump ? s.x + shift : s.x),
			(uint16_t)(s.op == OP_SPLIT ? s.y + shift : s.y));
	}
}

/* Opens a gap for a split in front of the atom at `from`. */
static void insert_split(struct compiler *c, uint16_t from)
{
	uint16_t n = (uint16_t)(c->re->n_steps - from);

	emit(c, OP_SPLIT, 0, 0, 0);
	if (c->err != OK)
		return;
	memmove(&c->re->steps[from + 1], &c->re->steps[from], n * sizeof c->re->steps[0]);
	for (uint16_t i = 0; i < n; i++) {
		struct regex_step *s = &c->re->steps[from + 1 + i];

		if (s->op == OP_SPLIT || s->op == OP_JUMP)
			s->x++;
		if (s->op == OP_SPLIT)
			s->y++;
	}
	c->re->steps[from] = (struct regex_step){OP_SPLIT, 0, (uint16_t)(from + 1), c->re->n_steps};
}

static void repeat_atom(struct compiler *c, uint16_t from, struct repeat r)
{
	uint16_t n = (uint16_t)(c->re->n_steps - from), last;

	for (unsigned i = 1; i < r.min; i++)
		copy_steps(c, from, n);
	if (r.max == 0) {
		last = (uint16_t)(c->re->n_steps - n);
		if (r.min == 0) {
			insert_split(c, from);
			emit(c, OP_JUMP, 0, from, 0);
			if (c->err == OK)
				c->re->steps[from].y = c->re->n_steps;
		} else {
			uint16_t split = emit(c, OP_SPLIT, 0, last, 0);

			if (c->err == OK)
				c->re->steps[split].y = (uint16_t)(split + 1);
		}
		return;
	}
	/* (a(a(a)?)?)? written flat: each optional copy may leave to its own end */
	for (unsigned i = r.min; i < r.max && c->err == OK; i++) {
		uint16_t at = c->re->n_steps;

		if (i == 0) {
			insert_split(c, from);
			continue;
		}
		copy_steps(c, r.min == 0 ? (uint16_t)(from + 1) : from, n);
		insert_split(c, at);
	}
}

static void parse_sequence(struct compiler *c, int depth)
{
	while (more(c) && *c->p != '|' && *c->p != ')') {
		uint16_t from = c->re->n_steps;

		parse_atom(c, depth);
		while (more(c) && (*c->p == '*' || *c->p == '+' || *c->p == '?' || *c->p == '{')) {
			char op = *c->p++;
			struct repeat r = parse_repeat(c, op);

			if (c->err == OK)
				repeat_atom(c, from, r);
		}
	}
}

static void parse_alternatives(struct compiler *c, int depth)
{
	uint16_t from = c->re->n_steps;

	if (depth > DEPTH_MAX) {
		fail(c, ERR_FULL, "groups are nested too deeply");
		return;
	}
	parse_sequence(c, depth);
	while (more(c) && *c->p == '|') {
		uint16_t jump;

		c->p++;
		insert_split(c, from);
		jump = emit(c, OP_JUMP, 0, 0, 0);
		if (c->err != OK)
			return;
		c->re->steps[from].y = c->re->n_steps;
		parse_alternatives(c, depth);
		if (c->err == OK)
			c->re->steps[jump].x = c->re->n_steps;
	}
}

enum err regex_compile(
	struct str pattern, bool is_folded, struct regex *ret, size_t *ret_at, const char **ret_why)
{
	struct compiler c = {.re = ret, .p = pattern.p, .start = pattern.p, .err = OK};

	c.end = pattern.len ? pattern.p + pattern.len : pattern.p;
	if (pattern.len > PATTERN_MAX) /* alternatives recurse: their number is bounded by this */
		fail(&c, ERR_FULL, "the expression is too long");
	ret->n_steps = ret->n_sets = ret->n_groups = 0;
	ret->is_folded = is_folded;
	parse_alternatives(&c, 0);
	if (more(&c))
		fail(&c, ERR_SYNTAX, "a ) without its (");
	emit(&c, OP_MATCH, 0, 0, 0);
	if (c.err != OK) {
		*ret_at = (size_t)(c.p - c.start);
		*ret_why = c.why;
	}
	return c.err;
}

/* ---- matching ---- */

#define SLOTS (2 * (REGEX_GROUPS_MAX + 1))
#define UNSET UINT16_MAX

struct thread {
	uint16_t step;
	uint16_t at[SLOTS];
};

struct threads {
	struct thread *list;
	uint16_t n;
};

struct matcher {
	const struct regex *re;
	struct str text;
	uint32_t *seen;       /* position + 1 at which a step was added last */
	struct thread *stack; /* steps still to be followed without eating a byte */
	bool is_found;
	uint16_t found[SLOTS];
};

/* Follows jumps, splits and saves from a thread; adds what waits for a byte. In order of preference. */
static void follow(struct matcher *m, struct threads *to, const struct thread *from, uint32_t pos)
{
	size_t n = 0;

	m->stack[n++] = *from;
	while (n) {
		struct thread t = m->stack[--n];
		const struct regex_step *s = &m->re->steps[t.step];

		if (m->seen[t.step] == pos + 1)
			continue;
		m->seen[t.step] = pos + 1;
		switch ((enum op)s->op) {
		case OP_JUMP:
			t.step = s->x;
			m->stack[n++] = t;
			break;
		case OP_SPLIT:
			t.step = s->y;
			m->stack[n++] = t;
			t.step = s->x;
			m->stack[n++] = t;
			break;
		case OP_SAVE:
			t.at[s->x] = (uint16_t)pos;
			t.step++;
			m->stack[n++] = t;
			break;
		case OP_BEGIN:
		case OP_END:
			if (pos == (s->op == OP_BEGIN ? 0 : m->text.len)) {
				t.step++;
				m->stack[n++] = t;
			}
			break;
		case OP_CHAR:
		case OP_ANY:
		case OP_SET:
		case OP_MATCH:
			to->list[to->n++] = t;
			break;
		}
	}
}

static bool eats(const struct regex *re, const struct regex_step *s, char byte)
{
	unsigned char b = (unsigned char)byte;

	if (s->op == OP_ANY)
		return true;
	if (s->op == OP_SET)
		return re->sets[s->x][b / 8] >> b % 8 & 1;
	return s->op == OP_CHAR && (char)s->c == (re->is_folded ? ascii_lower(byte) : byte);
}

static void run_byte(
	struct matcher *m, const struct threads *now, struct threads *next, uint32_t pos)
{
	bool is_end = pos == m->text.len;

	next->n = 0;
	for (uint16_t i = 0; i < now->n; i++) {
		struct thread t = now->list[i];
		const struct regex_step *s = &m->re->steps[t.step];

		if (s->op == OP_MATCH && is_end) {
			memcpy(m->found, t.at, sizeof m->found);
			m->is_found = true;
			return; /* the first in order of preference */
		}
		if (!is_end && eats(m->re, s, m->text.p[pos])) {
			t.step++;
			follow(m, next, &t, pos + 1);
		}
	}
}

static bool take_memory(struct matcher *m, struct threads lists[2], struct scratch *scratch)
{
	size_t n = m->re->n_steps;

	m->seen = scratch_take(scratch, n * sizeof *m->seen);
	/* each step enters the stack at most twice per position: once from each split's arm */
	m->stack = scratch_take(scratch, (2 * n + 2) * sizeof *m->stack);
	lists[0].list = scratch_take(scratch, n * sizeof *lists[0].list);
	lists[1].list = scratch_take(scratch, n * sizeof *lists[1].list);
	return m->seen && m->stack && lists[0].list && lists[1].list;
}

bool regex_match(
	const struct regex *re, struct str text, struct scratch *scratch, struct regex_match *ret)
{
	struct matcher m = {.re = re, .text = text};
	struct threads lists[2] = {0};
	struct thread first = {0};

	if (text.len >= UNSET || !take_memory(&m, lists, scratch))
		return false;
	memset(first.at, 0xff, sizeof first.at);
	follow(&m, &lists[0], &first, 0);
	for (uint32_t pos = 0; pos <= text.len && !m.is_found; pos++)
		run_byte(&m, &lists[pos % 2], &lists[(pos + 1) % 2], pos);
	if (!m.is_found)
		return false;
	*ret = (struct regex_match){.group = {text}};
	for (int i = 1; i <= REGEX_GROUPS_MAX; i++) {
		uint16_t from = m.found[2 * i], to = m.found[2 * i + 1];

		if (from != UNSET && to != UNSET && to >= from)
			ret->group[i] = (struct str){text.p + from, (size_t)(to - from)};
	}
	return true;
}

enum err regex_replace(
	struct str replacement, const struct regex_match *m, char *ret_z, size_t size)
{
	struct wr w = wr_of(ret_z, size - 1);

	for (size_t i = 0; i < replacement.len; i++) {
		char c = replacement.p[i];
		char next = i + 1 < replacement.len ? replacement.p[i + 1] : '\0';

		if (c != '\\') {
			wr_u8(&w, (uint8_t)c);
			continue;
		}
		if (next != '\\' && (next < '0' || next > '9'))
			return ERR_SYNTAX;
		if (next == '\\')
			wr_u8(&w, '\\');
		else
			wr_str(&w, m->group[next - '0']);
		i++;
	}
	ret_z[wr_len(&w)] = '\0';
	return w.err;
}
