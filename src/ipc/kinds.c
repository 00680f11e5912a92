/* kinds.c - the catalogue of kinds as a table, and the names of our processes. Pure data. */
#include "ipc/kinds.h"

#define KIND(id, is_ask, owners, mirrors, max, may_have_fd)                                        \
	_Static_assert((max) <= KIND_BODY_MAX, #id);
KIND_TABLE
#undef KIND

static const struct kind_info kinds[KIND_MAX] = {[KIND_NONE] = {.name = "none"},
#define KIND(id, is_ask_, owners_, mirrors_, max_, fd_)                                            \
	[id] = {#id, (is_ask_), (owners_), (mirrors_), (max_), (fd_)},
	KIND_TABLE
#undef KIND
};

const struct kind_info *kind_info(enum kind kind)
{
	return &kinds[(unsigned)kind < KIND_MAX ? kind : KIND_NONE];
}

const char *process_name(enum process_id id)
{
	static const char *const names[P_MAX] = {
		"none", "keeper", "tls", "sig", "media", "uc", "admin", "ctl"};

	return names[(unsigned)id < P_MAX ? id : P_NONE];
}
