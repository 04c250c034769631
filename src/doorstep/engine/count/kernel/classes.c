/* Ways of voting put in the order of a profile, and those that say the same made one.

   The same as ways.py does with NumPy: projects ascend within a class (unless they are ranked),
   classes ascend by their projects, then by their points, as tuples compare. A project that a class
   names twice counts once; where that is not for us to say, the answer is ODD.

   Standard C11. Whatever it allocates it frees: the caller has room for the answer. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef int64_t i64;
typedef uint64_t u64;

enum { NO_MEMORY = -2, ODD = -1, FINE = 0 };

typedef struct {                  /* given by the caller, with room for the answer */
    i64 projects, ranked, classes;
    const i64 *start;             /* classes + 1 */
    const int32_t *choices;       /* positions of projects, all below `projects` */
    const i64 *points;            /* of each choice, those of zero are left out; or null */
    const i64 *weight;
    i64 found;                    /* how many classes there are in the end */
    i64 *found_start, *found_points, *found_weight;
    int32_t *found_choices;
} Classes;

typedef struct { u64 key; i64 at; } Place;          /* key: the first projects of class `at` */

typedef struct {
    Classes *c;
    i64 *start, *points;          /* the classes tidied: each project once, none without points */
    int32_t *choices, *owner;     /* owner: the class of each entry, project after project */
    i64 *dealt;                   /* and its points */
    i64 *of_project, *of_class;   /* one for each, and one more */
    Place *places, *spare;
} Work;

static void *room(i64 things, size_t size) { return malloc(((size_t)things + 1) * size); }

/* Entries as they came, but each project once in a class, and none without points. */
static int tidied(Work *w) {
    const Classes *c = w->c;
    i64 *seen = w->of_project, entries = 0;         /* seen: the last class that named it, + 1 */
    memset(seen, 0, (size_t)c->projects * sizeof *seen);
    for (i64 class = 0; class < c->classes; class++) {
        w->start[class] = entries;
        for (i64 i = c->start[class]; i < c->start[class + 1]; i++) {
            int32_t choice = c->choices[i];
            if (seen[choice] == class + 1) {
                if (c->ranked || c->points) return ODD;
                continue;
            }
            seen[choice] = class + 1;
            if (c->points && !c->points[i]) continue;
            if (c->points) w->points[entries] = c->points[i];
            w->choices[entries++] = choice;
        }
    }
    w->start[c->classes] = entries;
    return FINE;
}

/* All entries dealt out by project, and from there, project by project, back to their classes. */
static void ascending(Work *w) {
    const Classes *c = w->c;
    i64 *next = w->of_project, from = 0;
    memset(next, 0, ((size_t)c->projects + 1) * sizeof *next);
    for (i64 i = 0; i < w->start[c->classes]; i++) next[w->choices[i] + 1]++;
    for (i64 p = 1; p <= c->projects; p++) next[p] += next[p - 1];
    for (i64 class = 0; class < c->classes; class++)
        for (i64 i = w->start[class]; i < w->start[class + 1]; i++) {
            i64 to = next[w->choices[i]]++;
            w->owner[to] = (int32_t)class;
            if (c->points) w->dealt[to] = w->points[i];
        }
    memcpy(w->of_class, w->start, (size_t)c->classes * sizeof *w->of_class);
    for (i64 p = 0; p < c->projects; p++)           /* next[p] is where p ends by now */
        for (; from < next[p]; from++) {
            i64 to = w->of_class[w->owner[from]]++;
            w->choices[to] = (int32_t)p;
            if (c->points) w->points[to] = w->dealt[from];
        }
}

/* Sorting ------------------------------------------------------------------------------------ */

/* As many projects as fit into 64 bits, the first the highest; what a shorter class lacks is 0. */
static void keyed(Work *w) {
    const Classes *c = w->c;
    int bits = 1;
    while (c->projects >> bits) bits++;
    for (i64 class = 0; class < c->classes; class++) {
        const int32_t *from = w->choices + w->start[class], *end = w->choices + w->start[class + 1];
        u64 key = 0;
        for (int at = 64 - bits; at >= 0 && from < end; at -= bits)
            key |= (u64)(*from++ + 1) << at;
        w->places[class] = (Place){key, class};
    }
}

static int compared(const Work *w, const Place *one, const Place *other) {
    if (one->key != other->key) return one->key < other->key ? -1 : 1;
    i64 a = w->start[one->at], b = w->start[other->at];
    i64 size = w->start[one->at + 1] - a, other_size = w->start[other->at + 1] - b;
    i64 both = size < other_size ? size : other_size;
    for (i64 i = 0; i < both; i++) {
        int32_t p = w->choices[a + i], q = w->choices[b + i];
        if (p != q) return p < q ? -1 : 1;
    }
    if (size != other_size) return size < other_size ? -1 : 1;
    for (i64 i = 0; w->c->points && i < size; i++) {
        i64 p = w->points[a + i], q = w->points[b + i];
        if (p != q) return p < q ? -1 : 1;
    }
    return 0;
}

/* By merging ever longer runs. */
static void sorted(Work *w) {
    i64 all = w->c->classes;
    for (i64 run = 1; run < all; run *= 2) {
        for (i64 begins = 0; begins < all; begins += 2 * run) {
            i64 middle = begins + run < all ? begins + run : all;
            i64 ends = begins + 2 * run < all ? begins + 2 * run : all;
            i64 a = begins, b = middle, to = begins;
            while (a < middle && b < ends) {
                int second = compared(w, &w->places[b], &w->places[a]) < 0;
                w->spare[to++] = w->places[second ? b : a];
                b += second, a += !second;
            }
            size_t left = (size_t)(a < middle ? middle - a : ends - b);
            memcpy(w->spare + to, w->places + (a < middle ? a : b), left * sizeof *w->spare);
        }
        Place *swapped = w->places;
        w->places = w->spare, w->spare = swapped;
    }
}

static void answered(Work *w) {
    Classes *c = w->c;
    i64 entries = 0;
    c->found = 0;
    for (i64 n = 0; n < c->classes; n++) {
        i64 class = w->places[n].at, from = w->start[class], size = w->start[class + 1] - from;
        if (n && !compared(w, &w->places[n - 1], &w->places[n])) {
            c->found_weight[c->found - 1] += c->weight[class];
            continue;
        }
        c->found_start[c->found] = entries;
        c->found_weight[c->found++] = c->weight[class];
        memcpy(c->found_choices + entries, w->choices + from, (size_t)size * sizeof *w->choices);
        if (c->points)
            memcpy(c->found_points + entries, w->points + from, (size_t)size * sizeof *w->points);
        entries += size;
    }
    c->found_start[c->found] = entries;
}

int doorstep_classes(Classes *c) {
    i64 entries = c->start[c->classes], with_points = c->points ? entries : 0;
    Work w = {
        .c = c,
        .start = room(c->classes, sizeof *w.start), .points = room(with_points, sizeof *w.points),
        .choices = room(entries, sizeof *w.choices), .owner = room(entries, sizeof *w.owner),
        .dealt = room(with_points, sizeof *w.dealt),
        .of_project = room(c->projects, sizeof *w.of_project),
        .of_class = room(c->classes, sizeof *w.of_class),
        .places = room(c->classes, sizeof *w.places), .spare = room(c->classes, sizeof *w.spare),
    };
    int answer = NO_MEMORY;
    if (w.start && w.points && w.choices && w.owner && w.dealt && w.of_project && w.of_class
        && w.places && w.spare)
        answer = tidied(&w);
    if (!answer) {
        if (!c->ranked) ascending(&w);
        keyed(&w);
        sorted(&w);
        answered(&w);
    }
    free(w.start), free(w.points), free(w.choices), free(w.owner), free(w.dealt);
    free(w.of_project), free(w.of_class), free(w.places), free(w.spare);
    return answer;
}
