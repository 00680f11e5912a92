/* sip_text.h - as much SIP as a driver needs to read what a server made of its messages.
 *
 * Independent of src/sip on purpose: a fault there must not hide itself here. Messages are
 * NUL-terminated, from a server that the driver was told to trust; nothing is copied. */
#ifndef BENCH_SIP_TEXT_H
#define BENCH_SIP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	const char *p;
	size_t n;
};

/* The value of the first header of this name (compact: its short form, or 0) without line end. */
bool text_header(const char *msg, const char *name, char compact, struct text *ret_value);
/* The URI between < and >, or up to the first parameter. */
struct text text_uri(struct text value);
/* What follows "tag=" or "branch=" (name with its =), up to the next separator; n 0: none. */
struct text text_param(struct text value, const char *name);
/* Appends all headers of this name, each with its line end; returns how many bytes. */
size_t text_copy_headers(char *to, size_t room, const char *msg, const char *name, char compact);
/* Whether the body's session is at this address; its audio port. */
bool text_media(const char *msg, const char *address, uint16_t *ret_port);
/* FNV-1a. */
uint32_t text_hash(struct text t);

#endif
