/* The Method of Equal Shares on bounds, and the steps of add1, in C.

   The same algorithm as bounds.py and stepping.py, which explain why it is right: every purse lies
   between two whole numbers of 64 bits, sums of them are exact, a rate is rounded down for its lower
   bound and up for its upper one, and what is still open is answered with UNSURE, for plain.py to
   decide. No floating point decides anything: keys of the heap are doubles, and only say who
   certainly need not be asked, by more than their rounding.

   Standard C11 and the 128-bit integers of GCC and Clang. Nothing here allocates after open, but
   the lists of ties. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef int64_t i64;
typedef __int128 wide;

#define MOST_BITS 62
#define SURE (1 + 1e-12)
#define LONGEST_WAIT 64

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
    i64 projects, ballots, voters, pot, entrants;
    const i64 *start, *members, *each, *weight, *cost, *parts, *worth, *order, *paying;
} Election;

typedef struct {                  /* a stretch of steps with the same winners */
    i64 first, last, winners;     /* winners: where they begin in the log of winners */
} Interval;

typedef struct {
    Election e;
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

/* Small parts -------------------------------------------------------------------------------- */

static i64 bits(wide n) {
    i64 found = 0;
    while (n) { n >>= 1; found++; }
    return found;
}

static i64 shift_for(const Kernel *k, i64 share) {
    wide most = (wide)k->e.voters * share;
    if (most < k->most_cost) most = k->most_cost;
    return MOST_BITS - bits(most);
}

static i64 floor_div(i64 above, i64 below) {   /* below > 0 */
    i64 whole = above / below;
    return whole - (above % below < 0);
}

static i64 ceil_div(i64 above, i64 below) {
    i64 whole = above / below;
    return whole + (above % below > 0);
}

static void sift_up(Waiting *heap, i64 at) {
    Waiting one = heap[at];
    while (at && heap[(at - 1) / 2].key > one.key) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap[at] = one;
}

static void push(Kernel *k, int32_t p) {
    Waiting one = { (double)k->known[p] / (double)k->e.worth[p], p };
    k->heap[k->waiting] = one;
    sift_up(k->heap, k->waiting++);
}

static int32_t pop(Kernel *k) {
    int32_t p = k->heap[0].project;
    Waiting last = k->heap[--k->waiting];
    i64 at = 0, below;
    while ((below = 2 * at + 1) < k->waiting) {
        if (below + 1 < k->waiting && k->heap[below + 1].key < k->heap[below].key) below++;
        if (k->heap[below].key >= last.key) break;
        k->heap[at] = k->heap[below];
        at = below;
    }
    k->heap[at] = last;
    return p;
}

static int by_key(const void *a, const void *b) {
    double one = ((const Waiting *)a)->key, other = ((const Waiting *)b)->key;
    return (one > other) - (one < other);
}

/* One project at one moment ------------------------------------------------------------------ */

/* Bounds of the rate at which the supporters pay the cost; see bounds.py, _offer. */
static int offer_of(Kernel *k, int32_t p, int limited, i64 limit, Offer *out) {
    const Purse *purses = k->purses;
    const i64 from = k->e.start[p], to = k->e.start[p + 1];
    const i64 cost = k->e.cost[p] << k->shift;
    i64 low = k->known[p], trial = low;
    for (;;) {
        i64 least = 0, most = 0, full = k->e.parts[p], richest_ask = INT64_MAX;
        k->work += to - from;
        if (!k->each) {
            for (i64 i = from; i < to; i++) {
                const Supporter s = k->supporters[i];
                const Purse purse = purses[s.ballot];
                if (purse.low < trial) {
                    least += s.voters * purse.low;
                    most += s.voters * purse.high;
                    full -= s.voters;
                } else if (purse.low < richest_ask) {
                    richest_ask = purse.low;
                }
            }
        } else {
            for (i64 i = from; i < to; i++) {
                const Supporter s = k->supporters[i];
                const Purse purse = purses[s.ballot];
                if (purse.low < (wide)k->each[i] * trial) {
                    least += s.voters * purse.low;
                    most += s.voters * purse.high;
                    full -= s.voters * k->each[i];
                }
            }
            richest_ask = trial;
        }
        if (!full) {
            if (most < cost) return CANNOT;
            if (least < cost) return UNSURE;
            *out = (Offer){ low, trial, 0, p };
            return CAN;
        }
        i64 higher = floor_div(cost - most, full);
        if (higher > low) low = higher;
        if (limited && low > limit) {
            k->known[p] = low;
            return OVER;
        }
        if (least + full * trial < cost) {
            trial = ceil_div(cost - least, full);
            if (trial > richest_ask) continue;   /* others become poor: look again */
        }
        *out = (Offer){ low, trial, most ? 0 : full, p };
        return CAN;
    }
}

/* The sign of one's exact rate for each part of worth less the other's; -2 or 2: too large. */
static int compared(const Kernel *k, const Offer *one, const Offer *other, int *fits) {
    wide ours = (wide)k->e.cost[one->project] * other->full;
    wide theirs = (wide)k->e.cost[other->project] * one->full;
    i64 w1 = k->e.worth[one->project], w2 = k->e.worth[other->project];
    if (w1 == k->e.cost[one->project] && w2 == k->e.cost[other->project]) {
        ours = other->full;
        theirs = one->full;
    } else if (w1 != 1 || w2 != 1) {
        *fits = 0;
    }
    return (ours > theirs) - (ours < theirs);
}

static int below(const Kernel *k, i64 rate, int32_t p, i64 other_rate, int32_t q) {
    return (wide)rate * k->e.worth[q] < (wide)other_rate * k->e.worth[p];
}

/* All that could have the lowest rate; with a ceiling, all that could have one no higher. */
static i64 find_offers(Kernel *k, int fixed, i64 ceiling, i64 ceiling_worth) {
    i64 found = 0, passed = 0;
    int limited = fixed, answer = FINE;
    while (k->waiting) {
        if (limited && k->heap[0].key > (double)ceiling / (double)ceiling_worth * SURE) break;
        int32_t p = pop(k);
        i64 limit = 0;
        if (limited) {
            wide most = (wide)ceiling * k->e.worth[p] / ceiling_worth;
            limit = most > INT64_MAX ? INT64_MAX : (i64)most;
        }
        Offer *offer = &k->offers[found];
        int answered = offer_of(k, p, limited, limit, offer);
        if (answered == UNSURE) { answer = UNSURE; break; }
        if (answered == OVER) k->passed[passed++] = p;
        if (answered != CAN) continue;
        found++;
        if (!limited || (!fixed && (wide)offer->high * ceiling_worth
                                       < (wide)ceiling * k->e.worth[p])) {
            limited = 1;
            ceiling = offer->high;
            ceiling_worth = k->e.worth[p];
        }
    }
    while (passed) push(k, k->passed[--passed]);
    return answer ? answer : found;
}

/* Moves the offers with the lowest rate to the front, in tie order, and says how many they are. */
static i64 lowest(Kernel *k, i64 found) {
    Offer *offers = k->offers;
    i64 best = 0, near = 0, level = 0;
    for (i64 i = 1; i < found; i++)
        if (below(k, offers[i].high, offers[i].project, offers[best].high, offers[best].project))
            best = i;
    const Offer ceiling = offers[best];
    for (i64 i = 0; i < found; i++)
        if (!below(k, ceiling.high, ceiling.project, offers[i].low, offers[i].project)) {
            Offer one = offers[i];
            offers[i] = offers[near];
            offers[near++] = one;
        }
    if (near == 1) return 1;
    for (i64 i = 0; i < near; i++)
        if (!offers[i].full) return UNSURE;
    int fits = 1;
    best = 0;
    for (i64 i = 1; i < near; i++)
        if (compared(k, &offers[i], &offers[best], &fits) < 0) best = i;
    const Offer first = offers[best];
    for (i64 i = 0; i < near; i++)
        if (compared(k, &offers[i], &first, &fits) == 0) {
            Offer one = offers[i];
            offers[i] = offers[level];
            i64 at = level++;
            while (at && k->e.order[offers[at - 1].project] > k->e.order[one.project]) {
                offers[at] = offers[at - 1];
                at--;
            }
            offers[at] = one;
        }
    return fits ? level : UNSURE;
}

/* Runs --------------------------------------------------------------------------------------- */

static void refine(Kernel *k, i64 shift) {
    k->shift = shift;
    for (i64 i = 0; i < k->e.entrants; i++) {
        i64 p = k->e.paying[i];
        k->known_first[p] = (k->e.cost[p] << shift) / k->e.parts[p];
        k->heap_first[i].key = (double)k->known_first[p] / (double)k->e.worth[p];
        k->heap_first[i].project = (int32_t)p;
    }
    qsort(k->heap_first, (size_t)k->e.entrants, sizeof(Waiting), by_key);
}

static void begin(Kernel *k, Run *run, i64 share) {
    Purse full = { share << k->shift, share << k->shift };
    for (i64 b = 0; b < k->e.ballots; b++) k->purses[b] = full;
    memcpy(k->known, k->known_first, (size_t)k->e.projects * sizeof(i64));
    memcpy(k->heap, k->heap_first, (size_t)k->e.entrants * sizeof(Waiting));
    k->waiting = k->e.entrants;
    k->work += k->e.ballots;
    run->share = share;
    run->shift = k->shift;
    run->rounds = run->tie_entries = 0;
}

static int buy(Kernel *k, Run *run, i64 level, i64 found) {
    const Offer first = k->offers[0];
    const i64 round = run->rounds++;
    run->chosen[round] = first.project;
    run->low[round] = first.low;
    run->high[round] = first.high;
    run->full[round] = first.full;
    run->tie_size[round] = 0;
    if (level > 1) {
        if (run->tie_entries + level > run->tie_room) {
            i64 room = 2 * run->tie_room + level;
            int32_t *more = realloc(run->tied, (size_t)room * sizeof(int32_t));
            if (!more) return NO_MEMORY;
            run->tied = more;
            run->tie_room = room;
        }
        for (i64 i = 0; i < level; i++) run->tied[run->tie_entries++] = k->offers[i].project;
        run->tie_size[round] = (int32_t)level;
    }
    for (i64 i = 1; i < found; i++) {
        k->known[k->offers[i].project] = k->offers[i].low;
        push(k, k->offers[i].project);
    }
    const i64 from = k->e.start[first.project], to = k->e.start[first.project + 1];
    k->work += to - from;
    for (i64 i = from; i < to; i++) {
        Purse *purse = &k->purses[k->supporters[i].ballot];
        if (!k->each) {
            purse->low = purse->low > first.high ? purse->low - first.high : 0;
            purse->high = purse->high > first.low ? purse->high - first.low : 0;
        } else {
            wide most = (wide)k->each[i] * first.high, least = (wide)k->each[i] * first.low;
            purse->low = purse->low > most ? (i64)(purse->low - most) : 0;
            purse->high = purse->high > least ? (i64)(purse->high - least) : 0;
        }
    }
    return FINE;
}

/* A tie did not matter when all in it were bought next, one after another at its rate. */
static int judge_ties(const Kernel *k, Run *run) {
    i64 entry = 0;
    for (i64 t = 0; t < run->rounds; t++) {
        i64 size = run->tie_size[t];
        if (!size) continue;
        int harmless = t + size <= run->rounds;
        for (i64 i = 0; harmless && i < size; i++) {
            int among = 0;
            for (i64 j = 0; j < size; j++) among |= run->tied[entry + j] == run->chosen[t + i];
            harmless = among;
        }
        for (i64 i = 1; harmless && i < size; i++) {
            Offer one = { run->low[t], run->high[t], run->full[t], run->chosen[t] };
            Offer other = { run->low[t + i], run->high[t + i], run->full[t + i],
                            run->chosen[t + i] };
            int fits = 1;
            if (other.full) {
                harmless = compared(k, &one, &other, &fits) == 0;
                if (!fits) return UNSURE;
            } else if (below(k, one.high, one.project, other.low, other.project)) {
                harmless = 0;
            } else {
                return UNSURE;
            }
        }
        entry += size;
        if (harmless) run->tie_size[t] = (int32_t)-size;
    }
    return FINE;
}

static int run_at(Kernel *k, Run *run, i64 share) {
    begin(k, run, share);
    for (;;) {
        i64 found = find_offers(k, 0, 0, 1), level;
        if (found < 0) return UNSURE;
        if (!found) return judge_ties(k, run);
        if ((level = lowest(k, found)) < 0) return UNSURE;
        if (buy(k, run, level, found)) return NO_MEMORY;
    }
}

static i64 size_of(i64 tie) { return tie < 0 ? -tie : tie; }

static int same_ties(const Run *one, const Run *other) {
    return one->rounds == other->rounds && one->tie_entries == other->tie_entries
        && !memcmp(one->tie_size, other->tie_size, (size_t)one->rounds * sizeof(int32_t))
        && !memcmp(one->tied, other->tied, (size_t)one->tie_entries * sizeof(int32_t));
}

static int same_winners(const Run *one, const Run *other) {
    return one->rounds == other->rounds
        && !memcmp(one->chosen, other->chosen, (size_t)one->rounds * sizeof(int32_t));
}

/* 1 when the run at a higher share proves that all between have the outcome of the lower one;
   see bounds.py, same_between. */
static int follow(Kernel *k, const Run *lower, Run *run, i64 share) {
    i64 entry = 0;
    begin(k, run, share);
    for (i64 t = 0; t < lower->rounds; t++) {
        i64 size = size_of(lower->tie_size[t]);
        i64 found = find_offers(k, 1, lower->high[t], k->e.worth[lower->chosen[t]]), level = found;
        if (found != (size ? size : 1)) return 0;
        if (size) {
            level = lowest(k, found);
            if (level != size || k->offers[0].full != lower->full[t]) return 0;
            for (i64 i = 0; i < size; i++)
                if (k->offers[i].project != lower->tied[entry + i]) return 0;
        } else if (k->offers[0].project != lower->chosen[t]) {
            return 0;
        }
        entry += size;
        if (buy(k, run, level, found)) return 0;
    }
    return find_offers(k, 0, 0, 1) == 0 && !judge_ties(k, run) && same_ties(lower, run);
}

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

void doorstep_close(Kernel *k) {
    if (!k) return;
    free(k->supporters);
    free(k->purses);
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
    k->supporters = malloc(((size_t)entries + 1) * sizeof(Supporter));
    k->purses = malloc(((size_t)e->ballots + 1) * sizeof(Purse));
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
        || !new_run(&k->shown, e->entrants) || !k->supporters || !k->purses || !k->known
        || !k->known_first || !k->heap || !k->heap_first || !k->passed || !k->offers || !k->won
        || !k->log || !k->winners) {
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
