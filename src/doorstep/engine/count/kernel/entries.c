/* Who supports each project: the columns of a profile, which go ballot by ballot, dealt out project
   by project. The same as entries in columns.py does with NumPy, in two passes and without columns
   between. Whatever is written has room given by the caller. */

#include <string.h>

#include "kernel.h"

typedef struct {
    i64 projects, ballots;
    const i64 *ballot_start;      /* ballots + 1 */
    const int32_t *choices;       /* positions of projects, all below `projects` */
    const i64 *weight, *parts;    /* voters of each ballot; parts of each choice, null: all one */
    i64 *start, *members, *each;  /* the answer, as in Election; each only with parts */
    i64 *votes, *sums;            /* of each project: who names it; parts, only with parts */
} Entries;

void doorstep_entries(const Entries *e) {
    const i64 all = e->ballot_start[e->ballots];
    i64 *next = e->start + 1;     /* where the next supporter of each project goes */
    memset(e->start, 0, ((size_t)e->projects + 1) * sizeof(i64));
    memset(e->votes, 0, (size_t)e->projects * sizeof(i64));
    if (e->parts) memset(e->sums, 0, (size_t)e->projects * sizeof(i64));
    for (i64 i = 0; i < all; i++)
        if (!e->parts || e->parts[i]) next[e->choices[i]]++;
    for (i64 p = 0, before = 0; p < e->projects; p++) {
        i64 here = next[p];
        next[p] = before;
        before += here;
    }
    for (i64 b = 0; b < e->ballots; b++)
        for (i64 i = e->ballot_start[b]; i < e->ballot_start[b + 1]; i++) {
            const int32_t p = e->choices[i];
            e->votes[p] += e->weight[b];
            if (e->parts) {
                if (!e->parts[i]) continue;
                e->each[next[p]] = e->parts[i];
                e->sums[p] += e->weight[b] * e->parts[i];
            }
            e->members[next[p]++] = b;
        }
}
