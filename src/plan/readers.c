/* readers.c - the formats by name: which file prints what. */
#include "plan/readers.h"

#include "plan/formats.h"

static bool name_at(const char *const *names, size_t n, struct str name, size_t *ret_index)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(name, str_of(names[i]))) {
			*ret_index = i;
			return true;
		}
	}
	return false;
}

bool plan_format_of(struct str name, enum plan_format *ret_format)
{
	static const char *const names[PLAN_FORMAT_MAX] = {
		"text", "md", "json", "csv", "nft", "iptables", "cisco-asa", "sysctl"};
	size_t i;

	if (!name_at(names, PLAN_FORMAT_MAX, name, &i))
		return false;
	*ret_format = (enum plan_format)i;
	return true;
}

bool plan_firewall_of(struct str name, enum plan_firewall *ret_firewall)
{
	static const char *const names[PLAN_FIREWALL_MAX] = {"both", "inside", "outside", "host"};
	size_t i;

	if (!name_at(names, PLAN_FIREWALL_MAX, name, &i))
		return false;
	*ret_firewall = (enum plan_firewall)i;
	return true;
}

static bool has_table(struct str name)
{
	for (enum plan_row row = PLAN_NONE + 1; row < PLAN_ROW_MAX; row++) {
		if (str_eq(name, plan_table(row)))
			return true;
	}
	return name.len == 0;
}

enum err plan_print(const struct plan_print *what, enum plan_format format, struct wr *w)
{
	if (!has_table(what->table))
		return ERR_NOENT;
	switch (format) {
	case FORMAT_TEXT:
	case FORMAT_MD:
		plan_put_tables(what, format, w);
		break;
	case FORMAT_JSON:
	case FORMAT_CSV:
		plan_put_list(what, format, w);
		break;
	case FORMAT_NFT:
	case FORMAT_IPTABLES:
	case FORMAT_CISCO_ASA:
		plan_put_rules(what, format, w);
		break;
	case FORMAT_SYSCTL:
		plan_put_sysctl(what, w);
		break;
	case PLAN_FORMAT_MAX:
		return ERR_NOENT;
	}
	return w->err;
}
