/* err.c - the texts of enum err. Knows no product word. */
#include <string.h>

#include "base/err.h"

const char *err_text(enum err err)
{
	/* clang-format off */
	static const char *const own[] = {
#define ERR(id, text) [ERR_##id - ERR_FIRST_OWN] = text,
		ERR_TABLE
#undef ERR
	};
	/* clang-format on */
	const char *text;

	if (err == OK)
		return "ok";
	if (err > ERR_FIRST_OWN && err < ERR_LAST_OWN)
		return own[err - ERR_FIRST_OWN];
	text = err < 0 && err > ERR_FIRST_OWN ? strerrordesc_np(-(int)err) : NULL;
	return text ? text : "unknown error";
}
