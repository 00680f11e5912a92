/* err.h - the one error type: what went wrong, as a negative number, and its text.
 *
 * Zero is success. A system error travels inside as -errno (above -1000); our own values lie below
 * (from -1100). Everything that returns it is MUST_USE. Outputs come last, are named ret_x and are
 * untouched on failure. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define MUST_USE          __attribute__((warn_unused_result))
#define PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

/* clang-format off */
#define ERR_TABLE \
	ERR(NOENT,    "no such thing") \
	ERR(FULL,     "a limit is reached") \
	ERR(SHORT,    "the input ends too early") \
	ERR(SYNTAX,   "the input is malformed") \
	ERR(WRONG_STATE, "not possible in this state") \
	ERR(RANGE,    "a value is out of its range") \
	ERR(DENIED,   "not allowed") \
	ERR(MORE,     "more input is needed") \
	ERR(EXISTS,   "it exists already") \
	ERR(CLOSED,   "the other side closed") \
	ERR(TIMEOUT,  "no answer in time") \
	ERR(AUTH,     "the proof of identity is wrong") \
	ERR(NO_PORT,  "no port of the plan's range is free") \
	ERR(VERSION,  "the version is not ours") \
	ERR(UNSUPPORTED, "not supported")

enum err {
	OK = 0,
	ERR_FIRST_OWN = -1100,
#define ERR(id, text) ERR_##id,
	ERR_TABLE
#undef ERR
	ERR_LAST_OWN
};
/* clang-format on */

/* One short English phrase, never NULL; static. For -errno: the system's text. */
const char *err_text(enum err err);

#endif
