/* What the exact prices of a run are worked out from: prices.py says how, and does so with long
   integers. Here every purse is followed once more, and whoever could not pay in full is asked what
   they had paid for before. */

#include "kernel.h"

typedef struct {                  /* given by the caller, with room for the answer */
    i64 rounds, share, shift;
    const i64 *chosen, *low, *high, *round_of;  /* round_of: of each project; rounds if not chosen */
    i64 *full;                    /* of each round: parts paid in full, */
    i64 *voters, *brought;        /* who gave all they had, and what they had carried over */
    i64 *paid;                    /* rounds * rounds: parts that those had paid for, by round */
} Prices;

/* Whoever has money left paid in full for all that they support and that was bought. */
static void gave_all(const Kernel *k, const Prices *out, i64 round, int32_t ballot) {
    const Election *e = &k->e;
    const i64 weight = e->weight[ballot];
    out->voters[round] += weight;
    if (e->carried) out->brought[round] += weight * e->carried[ballot];
    for (i64 i = e->ballot_start[ballot]; i < e->ballot_start[ballot + 1]; i++) {
        i64 before = out->round_of[e->choices[i]];
        if (before < round)
            out->paid[round * out->rounds + before] += e->choice_parts
                                                     ? weight * e->choice_parts[i] : weight;
    }
}

/* UNSURE when the bounds leave open whether somebody paid in full. Purses are those of a run. */
int doorstep_prices(Kernel *k, Prices *out) {
    fill_purses(k, out->share, out->shift);
    for (i64 t = 0; t < out->rounds; t++) {
        const i64 p = out->chosen[t];
        i64 full = k->e.parts[p];
        for (i64 i = k->e.start[p]; i < k->e.start[p + 1]; i++) {
            const Supporter s = k->supporters[i];
            const i64 each = k->each ? k->each[i] : 1;
            const wide most = (wide)each * out->high[t], least = (wide)each * out->low[t];
            Purse *purse = &k->purses[s.ballot];
            if (purse->low >= most) {
                purse->low -= (i64)most;
                purse->high -= (i64)least;
                continue;
            }
            if (purse->high > least) return UNSURE;
            full -= s.voters * each;
            if (purse->high) gave_all(k, out, t, s.ballot);
            purse->low = purse->high = 0;
        }
        out->full[t] = full;
    }
    return FINE;
}
