/* h46019.c - see h46019.h. */
#include "h323/h46019.h"

#include <string.h>

#define OID_H46019       "0.0.8.460.19.0.1"
#define P_PARAMETERS     1 /* TraversalParameters, as octets */
#define OCTETS_MAX       128u
#define KEEPALIVE_S_MOST 19

static uint16_t find(const struct per_tree *t, uint16_t list)
{
	for (uint16_t n = per_first(t, list); n != PER_NONE; n = per_next(t, n)) {
		uint16_t id = per_field(t, n, H245_GenericMessage_messageIdentifier);

		if (per_choice(t, id) == H245_CapabilityIdentifier_standard &&
			oid_is(t, per_first(t, id), OID_H46019))
			return n;
	}
	return PER_NONE;
}

static struct str parameters(const struct per_tree *t, uint16_t generic)
{
	uint16_t list = per_field(t, generic, H245_GenericMessage_messageContent);

	for (uint16_t p = per_first(t, list); p != PER_NONE; p = per_next(t, p)) {
		uint16_t id = per_get(t, p,
			PER_PATH(H245_GenericParameter_parameterIdentifier,
				H245_ParameterIdentifier_standard));

		if (per_num(t, id, 0) == P_PARAMETERS)
			return per_str(t, per_get(t, p,
						  PER_PATH(H245_GenericParameter_parameterValue,
							  H245_ParameterValue_octetString)));
	}
	return STR_NONE;
}

static uint16_t port_of(const struct per_tree *t, uint16_t field)
{
	struct addr a;

	return h245_addr(t, per_field(t, 0, field), &a) ? a.port : 0;
}

bool h46019_read(const struct per_tree *t, uint16_t of, uint16_t field, struct per_tree *work,
	struct mux_line *ret_mux)
{
	struct str octets = parameters(t, find(t, per_field(t, of, field)));
	uint16_t id;
	int64_t s;

	if (!octets.len || per_read(work, H46019_TraversalParameters_T, octets) != OK)
		return false;
	id = per_field(work, 0, H46019_TraversalParameters_multiplexID);
	s = per_num(work, per_field(work, 0, H46019_TraversalParameters_keepAliveInterval), 0);
	*ret_mux = (struct mux_line){.has_h46019 = true,
		.has_id = id != PER_NONE,
		.id = (uint32_t)per_num(work, id, 0),
		.port = port_of(work, H46019_TraversalParameters_multiplexedMediaChannel),
		.control_port =
			port_of(work, H46019_TraversalParameters_multiplexedMediaControlChannel),
		.keepalive_port = port_of(work, H46019_TraversalParameters_keepAliveChannel),
		.keepalive_s = (uint8_t)(s > KEEPALIVE_S_MOST ? KEEPALIVE_S_MOST : s),
		.keepalive_type = (uint8_t)per_num(work,
			per_field(work, 0, H46019_TraversalParameters_keepAlivePayloadType), 0)};
	return true;
}

static void put_port(struct per_tree *t, uint16_t field, const struct addr *host, uint16_t port)
{
	struct addr at = addr_with_port(host, port);

	if (port)
		(void)h245_put_addr(t, per_put(t, 0, field), &at);
}

static enum err put_parameters(
	struct per_tree *t, const struct mux_line *mux, const struct addr *host, struct wr *w)
{
	(void)per_root(t, H46019_TraversalParameters_T);
	put_port(t, H46019_TraversalParameters_multiplexedMediaChannel, host, mux->port);
	put_port(t, H46019_TraversalParameters_multiplexedMediaControlChannel, host,
		mux->control_port);
	if (mux->has_id)
		per_set_num(t, per_put(t, 0, H46019_TraversalParameters_multiplexID), mux->id);
	put_port(t, H46019_TraversalParameters_keepAliveChannel, host, mux->keepalive_port);
	if (mux->keepalive_type)
		per_set_num(t, per_put(t, 0, H46019_TraversalParameters_keepAlivePayloadType),
			mux->keepalive_type);
	if (mux->keepalive_s)
		per_set_num(t, per_put(t, 0, H46019_TraversalParameters_keepAliveInterval),
			mux->keepalive_s);
	return per_write(t, w);
}

bool h46019_write(struct per_tree *t, uint16_t of, uint16_t field, struct per_tree *work,
	const struct mux_line *mux, const struct addr *host)
{
	uint8_t *octets = per_take(t, OCTETS_MAX);
	struct wr w = wr_of(octets, octets ? OCTETS_MAX : 0);
	uint16_t g, p;

	if (!mux->has_h46019)
		return true;
	if (!octets || put_parameters(work, mux, host, &w) != OK)
		return false;
	g = per_append(t, per_make(t, of, PER_PATH(field)));
	(void)oid_put(t,
		per_put(t, per_put(t, g, H245_GenericMessage_messageIdentifier),
			H245_CapabilityIdentifier_standard),
		OID_H46019);
	p = per_append(t, per_put(t, g, H245_GenericMessage_messageContent));
	per_set_num(t,
		per_put(t, per_put(t, p, H245_GenericParameter_parameterIdentifier),
			H245_ParameterIdentifier_standard),
		P_PARAMETERS);
	p = per_put(t, per_put(t, p, H245_GenericParameter_parameterValue),
		H245_ParameterValue_octetString);
	per_set_str(t, p, wr_done(&w));
	return p != PER_NONE;
}
