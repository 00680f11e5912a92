/* respawn.h - a parent that starts the keeper again when it is killed: for machines without systemd. */
#ifndef PROC_RESPAWN_H
#define PROC_RESPAWN_H

/* In the child it returns -1: go on as keeper. In the parent it returns when the keeper ended on
 * purpose, with its status. */
int respawn_run(void);

#endif
