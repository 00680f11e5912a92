/* Every error has one text of its own; what is none has a text too. */
#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "test.h"

static void own_values_have_texts(void)
{
	for (int e = ERR_FIRST_OWN + 1; e < ERR_LAST_OWN; e++) {
		const char *text = err_text((enum err)e);

		CHECK(text && *text && strcmp(text, "unknown error") != 0);
		for (int other = ERR_FIRST_OWN + 1; other < e; other++)
			CHECK(strcmp(text, err_text((enum err)other)) != 0);
	}
	CHECK_STR(str_of(err_text(ERR_FULL)), "a limit is reached");
	CHECK_STR(str_of(err_text(OK)), "ok");
}

static void system_errors_travel_inside(void)
{
	CHECK_STR(str_of(err_text((enum err)(-ENOENT))), "No such file or directory");
	CHECK_STR(str_of(err_text((enum err)(-EADDRINUSE))), "Address already in use");
}

static void no_value_is_without_text(void)
{
	static const int odd[] = {1, 100000, -999, -1000, ERR_FIRST_OWN, ERR_LAST_OWN, -1101, -2000,
		-2147483647 - 1, 2147483647};

	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++)
		CHECK_STR(str_of(err_text((enum err)odd[i])), "unknown error");
}

static void own_values_are_no_system_errors(void)
{
	CHECK(ERR_LAST_OWN < -999);
	CHECK(ERR_NOENT < 0);
}

TEST_MAIN(T(own_values_have_texts), T(system_errors_travel_inside), T(no_value_is_without_text),
	T(own_values_are_no_system_errors))
