/* dns_msg.h - DNS answers decoded (RFC 1035, 2782, 3403). Pure: bytes in, structs out.
 *
 * Only the answer section is looked at, and in it only records of the name that was asked, or of
 * the end of its CNAME chain (at most 8): nothing a server adds beside the point is believed.
 * Names are letters, digits, '-', '_' and '.'; a record with any other name does not exist for
 * us. */
#ifndef IO_DNS_MSG_H
#define IO_DNS_MSG_H

#include "io/io.h"

#define DNS_NAME_MAX 253

/* Letters, digits, '-', '_'; labels of 1..63; without a dot at its end. */
bool dns_name_is_good(struct str name);
uint16_t dns_type_code(enum dns_type type); /* the number on the wire */

struct dns_found {
	struct dns_answer *answers; /* room for DNS_ANSWERS_MAX */
	size_t n;
	uint32_t ttl_s; /* the smallest on the way, 1..3,600 */
	bool is_cut;    /* there would be more over a stream */
};

/* OK: at least one record. ERR_NOENT: the name or the record does not exist. ERR_AUTH: the question
 * is not what was asked, letter for letter. ERR_VERSION: the server does not understand EDNS.
 * ERR_SHORT: cut by the server before any record that we need. ERR_TIMEOUT: the server failed.
 * ERR_SYNTAX: not an answer. After an error *ret_found is as it was. */
MUST_USE enum err dns_decode(
	struct str msg, struct str name, enum dns_type type, struct dns_found *ret_found);

#endif
