/* dns_msg.c - any bytes as an answer to any question; what is found must be askable itself. */
#include <stdlib.h>

#include "io/dns_msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dns_answer answers[DNS_ANSWERS_MAX];
	struct str msg = {(const char *)data, size};
	struct str names[] = {STR("a.example"), STR("_sip._udp.example"), STR("example")};

	for (int i = 0; i < 12; i++) {
		struct dns_found found = {.answers = answers};
		enum dns_type type = (enum dns_type)(i % 4);

		if (dns_decode(msg, names[i / 4], type, &found) != OK)
			continue;
		if (!found.n || found.n > DNS_ANSWERS_MAX || !found.ttl_s)
			abort();
		for (size_t k = 0; k < found.n; k++) {
			bool is_name = type == DNS_SRV || type == DNS_NAPTR;

			if (is_name && !dns_name_is_good(str_of(answers[k].name)))
				abort();
		}
	}
	return 0;
}
