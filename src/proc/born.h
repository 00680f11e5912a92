/* born.h - the fds and arguments with which the keeper starts a process. */
#ifndef PROC_BORN_H
#define PROC_BORN_H

enum born_fd {
	BORN_CHANNEL = 3, /* to the keeper */
	BORN_LISTENER,    /* where a later keeper dials in */
	BORN_PAGE,        /* shared memory: one word that counts up */
	BORN_EMPTY,       /* the folder that becomes the root */
	BORN_END
};
/* argv: executable, name of the node, user to become */
enum born_arg { BORN_NODE = 1, BORN_USER, BORN_ARGS };

enum { BORN_PAGE_SIZE = 4096, HEARTBEAT_MS = 100 };
/* Exit statuses that say why. */
enum { EXIT_POWERS = 70, EXIT_START = 71, EXIT_KEEPER = 72 };

#endif
