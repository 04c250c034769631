/* The votes of a .pb file, grouped as they are written and looked up, in one pass over its bytes.

   The same as grouping.py does with whole columns: it says which votes there are, how many voters
   cast each, and which projects each names. Whatever is not plain is answered with ODD, and the
   reader of rows decides; so nothing here refuses a file or knows why one should be. Spans are told
   apart by hashes and then byte by byte.

   Standard C11. Everything it allocates belongs to the Scan, which the caller gives back. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef int64_t i64;
typedef uint64_t u64;
typedef const unsigned char *Text;

enum { NO_MEMORY = -2, ODD = -1, FINE = 0 };

#define MOST_IN_A_ROW 100000
#define WORD 8
#define STEPS_FOR_EACH 4           /* for each byte: far more than chance asks for */
#define AHEAD 16

typedef struct {                  /* given by the caller */
    Text text;
    i64 begins, ends;             /* of the rows in the text; the last needs no line end */
    i64 columns, voter, vote, points;   /* points: right after vote, or -1 for none */
    i64 most_rows, projects;
    const i64 *id_start;          /* projects + 1: of ids one after another in `ids` */
    Text ids;
} Votes;

typedef struct {                  /* kinds: votes written alike */
    i64 rows, kinds, named;
    i64 *start, *size, *points;   /* of each kind, its vote in the text; bytes of its points */
    i64 *weight, *count;          /* voters, and projects named */
    int32_t *projects;            /* of all kinds, as named */
} Scan;

/* Hashing ------------------------------------------------------------------------------------ */

typedef struct { uint32_t print, at; } Slot;        /* at: position + 1; 0 where empty */
typedef struct { Slot *slots; u64 mask; i64 used; } Table;

/* The first eight bytes, or all of fewer: other numbers for others of the same size. */
static u64 word_of(Text from, i64 size) {
    u64 word;
    uint32_t first, last;
    if (size >= WORD) return memcpy(&word, from, WORD), word;
    if (size < WORD / 2)
        return size ? from[0] | (u64)from[size / 2] << 8 | (u64)from[size - 1] << 16 : 0;
    memcpy(&first, from, sizeof first);
    memcpy(&last, from + size - sizeof last, sizeof last);
    return first | (u64)last << 32;
}

static u64 mixed(u64 h) {
    h = (h ^ (h >> 33)) * 0xFF51AFD7ED558CCDu;
    h = (h ^ (h >> 33)) * 0xC4CEB9FE1A85EC53u;
    return h ^ (h >> 33);
}

static uint32_t print_of(Text from, i64 size) {
    u64 h = (u64)size;
    for (; size > WORD; from += WORD, size -= WORD) h = mixed(h ^ word_of(from, WORD)) + WORD;
    return (uint32_t)mixed(h ^ word_of(from, size));
}

static int table_for(Table *t, i64 things) {
    u64 room = 16;
    while (room < 2 * (u64)things) room *= 2;
    t->mask = room - 1;
    t->used = 0;
    t->slots = calloc(room, sizeof(Slot));
    return t->slots ? FINE : NO_MEMORY;
}

/* In a slot that was found empty. A table that is half full becomes twice as large. */
static int put(Table *t, u64 slot, uint32_t print, i64 at) {
    t->slots[slot] = (Slot){print, (uint32_t)at + 1};
    if (2 * (u64)++t->used <= t->mask) return FINE;
    Table larger;
    if (table_for(&larger, (i64)t->mask + 1)) return NO_MEMORY;
    for (u64 old = 0; old <= t->mask; old++) {
        if (!t->slots[old].at) continue;
        u64 free_one = t->slots[old].print & larger.mask;
        while (larger.slots[free_one].at) free_one = (free_one + 1) & larger.mask;
        larger.slots[free_one] = t->slots[old];
    }
    larger.used = t->used;
    free(t->slots);
    *t = larger;
    return FINE;
}

/* Rows --------------------------------------------------------------------------------------- */

typedef struct { i64 start, size; } Span;

typedef struct {
    const Votes *v;
    Scan *s;
    Table kinds, ids;
    Span *cast;                   /* of each row, the id of its voter */
    i64 cast_room, kind_room, project_room, steps_left;
} Pass;

/* Whether to look one slot further. Ids that were made to collide are the reader's to deal with. */
static int go_on(Pass *p) { return p->steps_left-- > 0; }

static int visible(unsigned char letter) { return letter > ' ' && letter < 127; }

static int same(const Pass *p, Span a, Span b) {
    return a.size == b.size && !memcmp(p->v->text + a.start, p->v->text + b.start, (size_t)a.size);
}

/* Whether a row that votes for nothing could be the title of a section: let the reader say. */
static int like_a_title(Text id, i64 size) {
    static const char *const names[] = {"META", "PROJECTS", "VOTES"};
    for (i64 i = 0; i < size; i++)
        if (id[i] > 127) return 1;
    for (int n = 0; n < 3; n++) {
        i64 i = 0;
        if ((i64)strlen(names[n]) != size) continue;
        while (i < size && (id[i] & ~32) == names[n][i]) i++;
        if (i == size) return 1;
    }
    return 0;
}

static int new_voter(Pass *p, Span id) {
    Text from = p->v->text + id.start;
    if (!id.size || !visible(from[0]) || !visible(from[id.size - 1])) return ODD;
    if (p->s->rows == p->cast_room) {
        p->cast_room *= 2;
        Span *more = realloc(p->cast, (size_t)p->cast_room * sizeof *more);
        if (!more) return NO_MEMORY;
        p->cast = more;
    }
    p->cast[p->s->rows++] = id;
    return FINE;
}

/* Whether each id is larger than the one before, as most files have them. */
static int ascending(const Pass *p) {
    for (i64 row = 1; row < p->s->rows; row++) {
        Span a = p->cast[row - 1], b = p->cast[row];
        if (a.size > b.size) return 0;
        if (a.size == b.size
            && memcmp(p->v->text + a.start, p->v->text + b.start, (size_t)a.size) >= 0)
            return 0;
    }
    return 1;
}

static int each_voted_once(Pass *p) {
    uint32_t prints[AHEAD];
    Table voters;
    int answer = FINE;
    i64 rows = p->s->rows;
    if (ascending(p)) return FINE;
    if (table_for(&voters, rows + 1)) return NO_MEMORY;
    for (i64 row = 0; row < rows + AHEAD && !answer; row++) {
        i64 ready = row - AHEAD;          /* its slot was asked of the memory some rows ago */
        if (ready >= 0) {
            uint32_t print = prints[ready % AHEAD];
            u64 at = print & voters.mask;
            for (; voters.slots[at].at; at = (at + 1) & voters.mask) {
                i64 other = voters.slots[at].at - 1;
                if (voters.slots[at].print == print && same(p, p->cast[ready], p->cast[other]))
                    answer = ODD;
                if (answer || !go_on(p)) break;
            }
            if (voters.slots[at].at) answer = ODD;
            else answer = put(&voters, at, print, ready);
        }
        if (row < rows) {
            Span id = p->cast[row];
            prints[row % AHEAD] = print_of(p->v->text + id.start, id.size);
            __builtin_prefetch(&voters.slots[prints[row % AHEAD] & voters.mask], 1);
        }
    }
    free(voters.slots);
    return answer;
}

static i64 project(Pass *p, Text from, i64 size) {
    const Votes *v = p->v;
    uint32_t print = print_of(from, size);
    u64 at = print & p->ids.mask;
    for (; p->ids.slots[at].at; at = (at + 1) & p->ids.mask) {
        i64 found = p->ids.slots[at].at - 1, start = v->id_start[found];
        if (p->ids.slots[at].print == print && v->id_start[found + 1] - start == size
            && !memcmp(v->ids + start, from, (size_t)size))
            return found;
        if (!go_on(p)) return ODD;
    }
    return ODD;
}

/* The projects of a vote that was not met before. */
static int named(Pass *p, Span vote) {
    Scan *s = p->s;
    Text from = p->v->text + vote.start, end = from + vote.size;
    i64 before = s->named;
    if (s->named + vote.size / 2 + 1 > p->project_room) {
        p->project_room = 2 * p->project_room + vote.size;
        int32_t *more = realloc(s->projects, (size_t)p->project_room * sizeof *more);
        if (!more) return NO_MEMORY;
        s->projects = more;
    }
    while (from < end) {
        Text comma = memchr(from, ',', (size_t)(end - from));
        i64 found = project(p, from, (comma ? comma : end) - from);
        if (found < 0 || comma == end - 1) return ODD;
        s->projects[s->named++] = (int32_t)found;
        from = comma ? comma + 1 : end;
    }
    s->count[s->kinds] = s->named - before;
    return FINE;
}

static int grown(i64 **column, i64 room) {
    i64 *more = realloc(*column, (size_t)room * sizeof *more);
    if (more) *column = more;
    return more ? FINE : NO_MEMORY;
}

static int new_kind(Pass *p, Span vote, i64 points) {
    Scan *s = p->s;
    if (s->kinds == p->kind_room) {
        p->kind_room *= 2;
        i64 **columns[] = {&s->start, &s->size, &s->points, &s->weight, &s->count};
        for (int c = 0; c < 5; c++)
            if (grown(columns[c], p->kind_room)) return NO_MEMORY;
    }
    s->start[s->kinds] = vote.start;
    s->size[s->kinds] = vote.size;
    s->points[s->kinds] = points;
    s->weight[s->kinds] = 0;
    return named(p, vote);
}

/* points: the bytes of the field of points after the vote, -1 without one. */
static int cast(Pass *p, Span vote, i64 points) {
    Scan *s = p->s;
    Span whole = {vote.start, vote.size + 1 + points};
    uint32_t print = print_of(p->v->text + whole.start, whole.size);
    u64 at = print & p->kinds.mask;
    for (; p->kinds.slots[at].at; at = (at + 1) & p->kinds.mask) {
        i64 kind = p->kinds.slots[at].at - 1;
        Span other = {s->start[kind], s->size[kind] + 1 + s->points[kind]};
        if (p->kinds.slots[at].print == print && vote.size == s->size[kind] && same(p, whole, other)) {
            s->weight[kind]++;
            return FINE;
        }
        if (!go_on(p)) return ODD;
    }
    int answer = new_kind(p, vote, points);
    if (answer) return answer;
    s->weight[s->kinds] = 1;
    return put(&p->kinds, at, print, s->kinds++);
}

/* Whether the bytes are UTF-8 (RFC 3629, section 4). */
static int utf8(Text at, Text end) {
    while (at < end) {
        unsigned char lead = *at++;
        if (lead < 0x80) continue;
        if (lead < 0xC2 || lead > 0xF4) return 0;
        int more = 1 + (lead >= 0xE0) + (lead >= 0xF0);
        if (end - at < more) return 0;
        unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        for (; more--; at++, low = 0x80, high = 0xBF)
            if (*at < low || *at > high) return 0;
    }
    return 1;
}

static const char stops[256] = {[0] = 1, ['\n'] = 1, ['\r'] = 1, ['"'] = 1, [';'] = 1};

/* One row, from its first byte to its line end or the end of the text; *next: the row after it. */
static int row(Pass *p, i64 begins, i64 *next) {
    const Votes *v = p->v;
    Span voter = {0, 0}, vote = {0, 0};
    i64 points = -1, column = 0, field = begins, at = begins;
    unsigned char all = 0;
    for (;; at++) {
        unsigned char letter = at < v->ends ? v->text[at] : '\n';
        all |= letter;
        if (!stops[letter]) continue;
        if (letter == '"' || letter == 0) return ODD;
        int line_end = letter == '\n';
        i64 end = at;
        if (letter == '\r') {
            if (at + 1 < v->ends && v->text[at + 1] != '\n') return ODD;
            line_end = 1;
            at++;
        }
        if (column == v->voter) voter = (Span){field, end - field};
        if (column == v->vote) vote = (Span){field, end - field};
        if (column == v->points) points = end - field;
        column++;
        field = at + 1;
        if (line_end) break;
    }
    *next = field;
    if (all > 127 && !utf8(v->text + begins, v->text + at)) return ODD;
    if (column != v->columns || field - begins > MOST_IN_A_ROW || p->s->rows == v->most_rows)
        return ODD;
    if (!vote.size && like_a_title(v->text + voter.start, voter.size)) return ODD;
    int answer = new_voter(p, voter);
    return answer ? answer : cast(p, vote, points);
}

/* Giving and taking back --------------------------------------------------------------------- */

void doorstep_scanned(Scan *s) {
    if (!s) return;
    free(s->start), free(s->size), free(s->points), free(s->weight), free(s->count);
    free(s->projects);
    free(s);
}

static int ready(Pass *p) {
    const Votes *v = p->v;
    Scan *s = p->s;
    p->cast_room = 4096;
    p->kind_room = 1024;
    p->project_room = 4096;
    p->steps_left = STEPS_FOR_EACH * (v->projects + v->ends - v->begins);
    p->cast = malloc((size_t)p->cast_room * sizeof *p->cast);
    s->projects = malloc((size_t)p->project_room * sizeof *s->projects);
    i64 **columns[] = {&s->start, &s->size, &s->points, &s->weight, &s->count};
    for (int c = 0; c < 5; c++)
        if (grown(columns[c], p->kind_room)) return NO_MEMORY;
    if (!p->cast || !s->projects || table_for(&p->kinds, p->kind_room)
        || table_for(&p->ids, v->projects + 1))
        return NO_MEMORY;
    for (i64 id = 0; id < v->projects; id++) {
        i64 start = v->id_start[id];
        uint32_t print = print_of(v->ids + start, v->id_start[id + 1] - start);
        u64 at = print & p->ids.mask;
        while (p->ids.slots[at].at) at = (at + 1) & p->ids.mask;
        if (put(&p->ids, at, print, id)) return NO_MEMORY;
    }
    return FINE;
}

/* Scan the rows. *found is null unless the answer is FINE; give it to doorstep_scanned later. */
int doorstep_scan(const Votes *votes, Scan **found) {
    Pass p = {.v = votes, .s = calloc(1, sizeof(Scan))};
    *found = NULL;
    if (!p.s) return NO_MEMORY;
    int answer = ready(&p);
    for (i64 at = votes->begins; !answer && at < votes->ends;) answer = row(&p, at, &at);
    if (!answer) answer = each_voted_once(&p);
    free(p.cast), free(p.kinds.slots), free(p.ids.slots);
    if (!answer) *found = p.s;
    else doorstep_scanned(p.s);
    return answer;
}
