/* What the parts of the kernel share: see count.c for what it does. */

#ifndef DOORSTEP_KERNEL_H
#define DOORSTEP_KERNEL_H

#include <stdint.h>

typedef int64_t i64;
typedef __int128 wide;

#define MOST_BITS 62

enum { NO_MEMORY = -2, UNSURE = -1, FINE = 0 };                         /* of a run */
enum { ENDED = 1, OVERSPENDS = 2, SHOW = 3, OPEN = 4, PAUSED = 5 };     /* of advance */
enum { CANNOT = 0, CAN = 1, OVER = 2 };                                 /* of an offer */

typedef struct { int32_t ballot, voters; } Supporter;
typedef struct { i64 low, high; } Purse;
typedef struct { i64 low, high, full; int32_t project; } Offer;
typedef struct { double key; int32_t project; } Waiting;

typedef struct {
    i64 share, rounds, shift, tie_entries, tie_room;
    int32_t *chosen, *tie_size;   /* tie_size: 0 where there was no tie, negative where harmless */
    i64 *low, *high, *full;
    int32_t *tied;                /* the ties one after another */
} Run;

typedef struct {                  /* given by the caller, in columns */
    i64 projects, ballots, voters, pot, entrants, brought;
    const i64 *start, *members, *each, *weight, *cost, *parts, *worth, *order, *paying;
    const i64 *carried;           /* of a voter of each ballot, beside the share; or null */
    const i64 *ballot_start, *choice_parts;     /* ballot by ballot; parts null: all one */
    const int32_t *choices;
} Election;

typedef struct {                  /* a stretch of steps with the same winners */
    i64 first, last, winners;     /* winners: where they begin in the log of winners */
} Interval;

typedef struct {
    Election e;
    struct Room *room;            /* supporters and purses, in one piece: see take_room */
    Supporter *supporters;
    i64 *each;
    Purse *purses;
    i64 *known, *known_first;
    Waiting *heap, *heap_first;
    int32_t *passed;
    Offer *offers;
    char *won;
    i64 waiting, shift, most_cost, work;
    Run current, after, shown;
    int has_current, has_after, has_shown;
    i64 first, step_size, step, gap, wait, waited, exhaustive;
    Interval *log;
    i64 logged, log_room, winners_logged, winners_room;
    int32_t *winners;             /* for each: how many, then the projects */
} Kernel;

/* runs.c; nobody outside the library sees these */
#pragma GCC visibility push(hidden)
i64 shift_for(const Kernel *k, i64 share);          /* how fine the bounds of a share can be */
void refine(Kernel *k, i64 shift);                  /* change to bounds so fine */
void fill_purses(Kernel *k, i64 share, i64 shift);  /* as they are at the start */
int run_at(Kernel *k, Run *run, i64 share);         /* FINE, UNSURE or NO_MEMORY */
int follow(Kernel *k, const Run *lower, Run *run, i64 share);
int same_winners(const Run *one, const Run *other);
int same_ties(const Run *one, const Run *other);
#pragma GCC visibility pop

#endif
