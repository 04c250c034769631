/* One run of Equal Shares at one share, and the proof that all shares between two have its outcome.
   The same as bounds.py, which explains why it is right. */

#include <stdlib.h>
#include <string.h>

#include "kernel.h"

#define SURE (1 + 1e-12)

/* Small parts -------------------------------------------------------------------------------- */

static i64 bits(wide n) {
    i64 found = 0;
    while (n) { n >>= 1; found++; }
    return found;
}

i64 shift_for(const Kernel *k, i64 share) {
    wide most = (wide)k->e.voters * share + k->e.brought;
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

void refine(Kernel *k, i64 shift) {
    k->shift = shift;
    for (i64 i = 0; i < k->e.entrants; i++) {
        i64 p = k->e.paying[i];
        k->known_first[p] = (k->e.cost[p] << shift) / k->e.parts[p];
        k->heap_first[i].key = (double)k->known_first[p] / (double)k->e.worth[p];
        k->heap_first[i].project = (int32_t)p;
    }
    qsort(k->heap_first, (size_t)k->e.entrants, sizeof(Waiting), by_key);
}

void fill_purses(Kernel *k, i64 share, i64 shift) {
    const i64 *carried = k->e.carried;
    for (i64 b = 0; b < k->e.ballots; b++) {
        i64 money = (carried ? share + carried[b] : share) << shift;
        k->purses[b] = (Purse){ money, money };
    }
}

static void begin(Kernel *k, Run *run, i64 share) {
    fill_purses(k, share, k->shift);
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

int run_at(Kernel *k, Run *run, i64 share) {
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

int same_ties(const Run *one, const Run *other) {
    return one->rounds == other->rounds && one->tie_entries == other->tie_entries
        && !memcmp(one->tie_size, other->tie_size, (size_t)one->rounds * sizeof(int32_t))
        && !memcmp(one->tied, other->tied, (size_t)one->tie_entries * sizeof(int32_t));
}

int same_winners(const Run *one, const Run *other) {
    return one->rounds == other->rounds
        && !memcmp(one->chosen, other->chosen, (size_t)one->rounds * sizeof(int32_t));
}

/* 1 when the run at a higher share proves that all between have the outcome of the lower one;
   see bounds.py, same_between. */
int follow(Kernel *k, const Run *lower, Run *run, i64 share) {
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
