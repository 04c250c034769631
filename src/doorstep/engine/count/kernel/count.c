/* The Method of Equal Shares on bounds (runs.c), and the steps of add1, in C.

   The same algorithm as bounds.py and stepping.py, which explain why it is right: every purse lies
   between two whole numbers of 64 bits, sums of them are exact, a rate is rounded down for its lower
   bound and up for its upper one, and what is still open is answered with UNSURE, for plain.py to
   decide. No floating point decides anything: keys of the heap are doubles, and only say who
   certainly need not be asked, by more than their rounding.

   Standard C11 and the 128-bit integers of GCC and Clang. Nothing here allocates after open, but
   the lists of ties. */

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"

#define LONGEST_WAIT 64

/* Steps of add1 ------------------------------------------------------------------------------ */

static i64 share_at(const Kernel *k, i64 step) { return k->first + step * k->step_size; }

static wide spent(const Kernel *k, const Run *run) {
    wide sum = 0;
    for (i64 t = 0; t < run->rounds; t++) sum += k->e.cost[run->chosen[t]];
    return sum;
}

static int ended(Kernel *k, const Run *run) {
    wide left = k->e.pot - spent(k, run);
    if (run->rounds == k->e.entrants) return 1;
    if (!k->exhaustive) return 0;
    memset(k->won, 0, (size_t)k->e.projects);
    for (i64 t = 0; t < run->rounds; t++) k->won[run->chosen[t]] = 1;
    for (i64 i = 0; i < k->e.entrants; i++)
        if (!k->won[k->e.paying[i]] && k->e.cost[k->e.paying[i]] <= left) return 0;
    return 1;
}

static void swap(Run *one, Run *other) {
    Run kept = *one;
    *one = *other;
    *other = kept;
}

static int log_full(const Kernel *k) {
    return k->logged == k->log_room || k->winners_logged + k->e.entrants + 1 > k->winners_room;
}

/* Winners are written again only where they differ from those of the last interval. */
static void note(Kernel *k, i64 first, i64 last) {
    const Run *run = &k->current;
    i64 at = k->logged ? k->log[k->logged - 1].winners : -1;
    if (at < 0 || k->winners[at] != run->rounds
        || memcmp(&k->winners[at + 1], run->chosen, (size_t)run->rounds * sizeof(int32_t))) {
        at = k->winners_logged;
        k->winners[at] = (int32_t)run->rounds;
        memcpy(&k->winners[at + 1], run->chosen, (size_t)run->rounds * sizeof(int32_t));
        k->winners_logged += run->rounds + 1;
    }
    k->log[k->logged++] = (Interval){ first, last, at };
}

static int skip(Kernel *k) {
    i64 last = k->step + k->gap, share;
    if (k->waited < k->wait) return 0;
    if (!__builtin_mul_overflow(last, k->step_size, &share) && share < INT64_MAX / 4 - k->first
        && shift_for(k, share_at(k, last)) >= k->current.shift) {
        if (k->current.shift != k->shift) refine(k, k->current.shift);
        if (follow(k, &k->current, &k->after, share_at(k, last))) {
            note(k, k->step, last);
            k->step = last;
            swap(&k->current, &k->after);
            k->gap *= 2;
            k->wait = 1;
            return 1;
        }
    }
    if (k->gap > 2) {
        k->gap /= 2;
    } else {
        k->waited = 0;
        k->wait = k->wait < LONGEST_WAIT / 2 ? 2 * k->wait : LONGEST_WAIT;
    }
    return 0;
}

static int show(Kernel *k) {
    if (!k->after.tie_entries) return 0;
    if (k->has_shown && same_winners(&k->shown, &k->after) && same_ties(&k->shown, &k->after))
        return 0;
    return 1;
}

static int copy_shown(Kernel *k) {
    const Run *run = &k->after;
    if (k->shown.tie_room < run->tie_entries) {
        int32_t *more = realloc(k->shown.tied, (size_t)run->tie_entries * sizeof(int32_t));
        if (!more) return NO_MEMORY;
        k->shown.tied = more;
        k->shown.tie_room = run->tie_entries;
    }
    k->shown.rounds = run->rounds;
    k->shown.tie_entries = run->tie_entries;
    memcpy(k->shown.chosen, run->chosen, (size_t)run->rounds * sizeof(int32_t));
    memcpy(k->shown.tie_size, run->tie_size, (size_t)run->rounds * sizeof(int32_t));
    memcpy(k->shown.tied, run->tied, (size_t)run->tie_entries * sizeof(int32_t));
    k->has_shown = 1;
    return FINE;
}

/* What the caller uses ----------------------------------------------------------------------- */

const char *doorstep_stamp(void) { return DOORSTEP_STAMP; }

static int new_run(Run *run, i64 entrants) {
    size_t room = (size_t)entrants + 1;
    run->chosen = malloc(room * sizeof(int32_t));
    run->tie_size = malloc(room * sizeof(int32_t));
    run->low = malloc(room * sizeof(i64));
    run->high = malloc(room * sizeof(i64));
    run->full = malloc(room * sizeof(i64));
    run->tied = malloc(room * sizeof(int32_t));
    run->tie_room = (i64)room;
    return run->chosen && run->tie_size && run->low && run->high && run->full && run->tied;
}

static void free_run(Run *run) {
    free(run->chosen);
    free(run->tie_size);
    free(run->low);
    free(run->high);
    free(run->full);
    free(run->tied);
}

/* Supporters and purses are megabytes. Given back to the system and asked for again at every count,
   each of their pages is a fault, and those took longer than counting did. So the room of the last
   election is kept for the next: one of them, and only of moderate size. Whoever takes it has it
   alone, whatever other threads do. */
typedef struct Room { size_t size; } Room;
#define MOST_KEPT ((size_t)16 << 20)
static _Atomic(Room *) kept_room;

static char *take_room(Kernel *k, size_t size) {
    Room *room = atomic_exchange(&kept_room, NULL);
    if (!room || room->size < size) {
        free(room);
        room = malloc(sizeof(Room) + size);
        if (room) room->size = size;
    }
    k->room = room;
    return room ? (char *)(room + 1) : NULL;
}

static void leave_room(Room *room) {
    if (room && room->size <= MOST_KEPT) room = atomic_exchange(&kept_room, room);
    free(room);
}

void doorstep_close(Kernel *k) {
    if (!k) return;
    leave_room(k->room);
    free(k->known);
    free(k->known_first);
    free(k->heap);
    free(k->heap_first);
    free(k->passed);
    free(k->offers);
    free(k->won);
    free(k->log);
    free(k->winners);
    free_run(&k->current);
    free_run(&k->after);
    free_run(&k->shown);
    free(k);
}

/* The columns must stay where they are until close. NULL when there is no memory. */
Kernel *doorstep_open(const Election *election, i64 log_room) {
    Kernel *k = calloc(1, sizeof(Kernel));
    if (!k) return NULL;
    k->e = *election;
    const Election *e = &k->e;
    const size_t projects = (size_t)e->projects + 1, entrants = (size_t)e->entrants + 1;
    const i64 entries = e->start[e->projects];
    k->each = (i64 *)e->each;
    const size_t of_purses = ((size_t)e->ballots + 1) * sizeof(Purse);
    char *room = take_room(k, of_purses + ((size_t)entries + 1) * sizeof(Supporter));
    k->purses = (Purse *)room;
    k->supporters = room ? (Supporter *)(room + of_purses) : NULL;
    k->known = malloc(projects * sizeof(i64));
    k->known_first = calloc(projects, sizeof(i64));
    k->heap = malloc(entrants * sizeof(Waiting));
    k->heap_first = malloc(entrants * sizeof(Waiting));
    k->passed = malloc(entrants * sizeof(int32_t));
    k->offers = malloc(entrants * sizeof(Offer));
    k->won = malloc(projects);
    k->log_room = log_room;
    k->log = malloc((size_t)log_room * sizeof(Interval));
    k->winners_room = 16 * (i64)entrants + 4 * log_room;
    k->winners = malloc((size_t)k->winners_room * sizeof(int32_t));
    if (!new_run(&k->current, e->entrants) || !new_run(&k->after, e->entrants)
        || !new_run(&k->shown, e->entrants) || !room || !k->known || !k->known_first || !k->heap
        || !k->heap_first || !k->passed || !k->offers || !k->won || !k->log || !k->winners) {
        doorstep_close(k);
        return NULL;
    }
    for (i64 i = 0; i < entries; i++) {
        k->supporters[i].ballot = (int32_t)e->members[i];
        k->supporters[i].voters = (int32_t)e->weight[e->members[i]];
    }
    for (i64 i = 0; i < e->entrants; i++)
        if (e->cost[e->paying[i]] > k->most_cost) k->most_cost = e->cost[e->paying[i]];
    k->shift = -1;
    return k;
}

/* One run; read it with doorstep_run. */
int doorstep_equal_shares(Kernel *k, i64 share) {
    i64 shift = shift_for(k, share);
    if (shift < 0) return UNSURE;
    if (shift != k->shift) refine(k, shift);
    return run_at(k, &k->current, share);
}

void doorstep_begin(Kernel *k, i64 first, i64 step_size, int exhaustive) {
    k->first = first;
    k->step_size = step_size;
    k->exhaustive = exhaustive;
    k->step = -1;
    k->gap = 2;
    k->wait = k->waited = 1;
    k->has_current = k->has_after = k->has_shown = 0;
    k->logged = k->winners_logged = 0;
}

/* The caller counted the next step itself (after OPEN). */
void doorstep_counted(Kernel *k) {
    k->step++;
    k->has_current = 0;
}

/* Take steps until one of:
   ENDED       the current run stands
   OVERSPENDS  the current run stands, the one after would overspend
   SHOW        the run after the current has ties that were not shown last
   OPEN        the bounds leave the next step open: count it, then doorstep_counted
   PAUSED      the log is full or so much work is done: read the log, and go on */
int doorstep_advance(Kernel *k, i64 work) {
    k->work = 0;
    k->logged = k->winners_logged = 0;
    for (;;) {
        if (!k->has_after) {
            if (k->has_current && ended(k, &k->current)) return ENDED;
            if (k->work > work || log_full(k)) return PAUSED;
            if (k->has_current && skip(k)) continue;
            i64 share = share_at(k, k->step + 1), finest = shift_for(k, share);
            if (k->shift < 0 || finest < k->shift) {
                if (shift_for(k, 2 * share) < 0) return OPEN;
                refine(k, shift_for(k, 2 * share));
            }
            int answer = run_at(k, &k->after, share);
            if (answer) return answer == UNSURE ? OPEN : answer;
            k->has_after = 1;
            if (show(k)) {
                if (copy_shown(k)) return NO_MEMORY;
                return SHOW;
            }
        }
        if (log_full(k)) return PAUSED;
        k->has_after = 0;
        if (spent(k, &k->after) > k->e.pot) return OVERSPENDS;
        k->waited += k->has_current && same_winners(&k->current, &k->after);
        swap(&k->current, &k->after);
        k->has_current = 1;
        k->step++;
        note(k, k->step, k->step);
    }
}

/* Where the columns of a run, the log and the step are, for the caller to read. */
const Run *doorstep_run(const Kernel *k, int after) { return after ? &k->after : &k->current; }
const Interval *doorstep_log(const Kernel *k, i64 *logged, const int32_t **winners) {
    *logged = k->logged;
    *winners = k->winners;
    return k->log;
}
i64 doorstep_step(const Kernel *k) { return k->step; }
int doorstep_has_current(const Kernel *k) { return k->has_current; }
