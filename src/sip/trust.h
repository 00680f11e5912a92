/* trust.h - which headers pass from one kind of zone to another: one table.
 *
 * Unknown headers and parameters pass. Matched on the index, never on text, so every spelling of a name
 * is the same header. */
#ifndef SIP_TRUST_H
#define SIP_TRUST_H

#include "call/zone.h"
#include "sip/edit.h"

enum trust { TRUST_INSIDE, TRUST_LINK, TRUST_INTERNET, TRUST_MAX };

enum trust trust_of(const struct zone *zone);
/* Cuts from a message that came from one zone what the other must not see, or may not say; our realm's
 * credentials; everything that names hops: Via, Route, Record-Route, Path, Service-Route, Fosse-. */
void trust_edit(
	struct sip_edit *e, const struct zone *from, const struct zone *to, struct str realm);

#endif
