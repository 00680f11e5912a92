/* sdes.h - a=crypto: the keys that a description's sender will send with (RFC 4568).
 *
 * Reading only: the line passes through as it is. What cannot be checked here (another suite, a key
 * derivation rate, no authentication, FEC before the tag) reads as no key. */
#ifndef SIP_SDES_H
#define SIP_SDES_H

#include "ipc/srtp_key.h"

/* The value of the attribute. ERR_SYNTAX: no such line. OK: *ret_tag; keys: up to SRTP_KEYS_MAX of them,
 * none if they are of no use. The caller wipes them. */
MUST_USE enum err sdes_read(struct str value, uint32_t *ret_tag,
	struct srtp_key ret_keys[SRTP_KEYS_MAX], uint8_t *ret_n);

#endif
