/* test.h - the smallest test frame: named cases, one TAP line each.
 *
 *	static void reads_a_number(void) { CHECK(x == 1); }
 *	TEST_MAIN(T(reads_a_number), T(refuses_a_sign))
 *
 * CHECK ends the case at its first failure and says where. */
#ifndef TEST_H
#define TEST_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>

struct test_case {
	const char *name;
	void (*run)(void);
};

static jmp_buf test_failed;

#define T(name)                                                                                    \
	{                                                                                          \
#name, name                                                                        \
	}
#define CHECK(cond)                                                                                \
	do {                                                                                       \
		if (!(cond)) {                                                                     \
			printf("# %s:%d: %s\n", __FILE__, __LINE__, #cond);                        \
			longjmp(test_failed, 1);                                                   \
		}                                                                                  \
	} while (0)
#define CHECK_STR(a, lit)                                                                          \
	do {                                                                                       \
		struct str check_a = (a);                                                          \
		if (!str_eq(check_a, str_of(lit))) {                                               \
			printf("# %s:%d: \"%.*s\" is not \"%s\"\n", __FILE__, __LINE__,            \
				(int)check_a.len, check_a.p ? check_a.p : "", lit);                \
			longjmp(test_failed, 1);                                                   \
		}                                                                                  \
	} while (0)
#define TEST_MAIN(...)                                                                             \
	int main(void)                                                                             \
	{                                                                                          \
		static const struct test_case cases[] = {__VA_ARGS__};                             \
		const int n = (int)(sizeof cases / sizeof cases[0]);                               \
		volatile int failed = 0;                                                           \
		setvbuf(stdout, NULL, _IOLBF, 0);                                                  \
		printf("1..%d\n", n);                                                              \
		for (volatile int i = 0; i < n; i++) {                                             \
			if (setjmp(test_failed) == 0) {                                            \
				cases[i].run();                                                    \
				printf("ok %d - %s\n", i + 1, cases[i].name);                      \
			} else {                                                                   \
				printf("not ok %d - %s\n", i + 1, cases[i].name);                  \
				failed++;                                                          \
			}                                                                          \
		}                                                                                  \
		return failed != 0;                                                                \
	}

#endif
