/* Character n-grams, shingles and passages of texts, and a chain over their paragraphs (字串). */

#include "kernels.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define GOLDEN 0x9E3779B97F4A7C15u
#define MOST_LONG 1024  /* n-grams of more characters there are none */
#define LONGEST 4        /* characters of 16 bits in a key of 64 */
#define BEYOND 0xFFFDu   /* stands for a character outside the basic plane */
#define MOST_KEYS ((Py_ssize_t)1 << 28)
#define LIKELY_BITS 19   /* of a hash: 64 kB of bits, that stay in the nearest cache, tell most strangers */

/* An n-gram of a model; all that is known of one lies in one line of the cache. */
typedef struct {
    uint64_t key;
    float weight;
    int32_t number; /* -1 for a free slot */
} Gram;

/* The n-grams of a model by the hash of their keys. */
typedef struct {
    PyObject_HEAD
    Gram *slots;
    uint64_t *likely; /* a bit for each hash that some key has */
    Py_ssize_t size;
    int shift; /* 64 less the bits of a slot */
} Grams;

/* The slot of a key, or a free one. */
static inline Gram *slot_of(const Grams *self, uint64_t key) {
    uint64_t mask = (~(uint64_t)0) >> self->shift, at = (key * GOLDEN) >> self->shift;
    while (self->slots[at].number >= 0 && self->slots[at].key != key) at = (at + 1) & mask;
    return self->slots + at;
}

static void grams_free(PyObject *object) {
    Grams *self = (Grams *)object;
    PyTypeObject *type = Py_TYPE(object);
    PyMem_Free(self->slots);
    PyMem_Free(self->likely);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(object);
    Py_DECREF(type);
}

/* Fill the table; false, with an error set, where memory ends. */
static int grams_fill(Grams *self, const uint64_t *keys, const float *weights) {
    int bits = 4;
    while ((Py_ssize_t)1 << bits < 2 * self->size) bits++; /* at most half of the slots are taken */
    self->shift = 64 - bits;
    self->slots = PyMem_Malloc(((size_t)1 << bits) * sizeof *self->slots);
    self->likely = PyMem_Calloc((size_t)1 << (LIKELY_BITS - 6), sizeof *self->likely);
    if (!self->slots || !self->likely) {
        PyErr_NoMemory();
        return 0;
    }
    for (size_t i = 0; i < (size_t)1 << bits; i++) self->slots[i].number = -1;
    for (Py_ssize_t i = 0; i < self->size; i++) {
        uint64_t bit = keys[i] * GOLDEN >> (64 - LIKELY_BITS);
        Gram *slot = slot_of(self, keys[i]), gram = {keys[i], weights[i], (int32_t)i};
        if (slot->number < 0) *slot = gram; /* of a key that stands twice the first counts */
        self->likely[bit >> 6] |= (uint64_t)1 << (bit & 63);
    }
    return 1;
}

/* Grams(keys, weights): the n-grams of a model, uint64 and float32. */
static PyObject *grams_new(PyTypeObject *type, PyObject *args, PyObject *named) {
    Py_buffer keys, weights;
    if (named && PyDict_Size(named)) return PyErr_Format(PyExc_TypeError, "arguments are given by place");
    if (!PyArg_ParseTuple(args, "y*y*", &keys, &weights)) return NULL;
    Grams *self = NULL;
    if (keys.len % 8 || weights.len != keys.len / 2 || keys.len / 8 > MOST_KEYS)
        PyErr_SetString(PyExc_ValueError, "a key of 8 bytes and a weight of 4 for each n-gram are wanted");
    else if ((self = (Grams *)((allocfunc)PyType_GetSlot(type, Py_tp_alloc))(type, 0))) {
        self->size = keys.len / 8;
        if (!grams_fill(self, keys.buf, weights.buf)) {
            Py_DECREF((PyObject *)self);
            self = NULL;
        }
    }
    PyBuffer_Release(&keys);
    PyBuffer_Release(&weights);
    return (PyObject *)self;
}

/* Whether places rise from 0, strictly, within a text. */
static int are_starts(const int64_t *starts, Py_ssize_t texts, Py_ssize_t size) {
    for (Py_ssize_t i = 0; i < texts; i++)
        if (i ? starts[i] <= starts[i - 1] : starts[i] != 0) return 0;
    return texts ? starts[texts - 1] <= size : !size;
}

/* The n-grams of n characters: the sums of those that a text has not had, and what each character bears.

   The break before a text belongs to it. `last` says in which text an n-gram was found last, `borne` has room for what
   the n-gram at each place gives to each of its characters. */
static void weigh_length(const Grams *self, const uint32_t *point, Py_ssize_t size, const int64_t *starts,
                         Py_ssize_t texts, int n, int32_t *last, double *borne, double *sums, int64_t *counts,
                         double *shares) {
    Py_ssize_t text = 0, places = size - n + 1;
    uint64_t key = 0, mask = n < LONGEST ? ((uint64_t)1 << (16 * n)) - 1 : ~(uint64_t)0;
    for (Py_ssize_t end = 0; end < size; end++) {
        Py_ssize_t at = end - n + 1;
        key = (key << 16 | (point[end] < BEYOND ? point[end] : BEYOND)) & mask;
        if (at < 0) continue;
        borne[at] = 0;
        uint64_t bit = key * GOLDEN >> (64 - LIKELY_BITS);
        if (!(self->likely[bit >> 6] >> (bit & 63) & 1)) continue;
        const Gram *gram = slot_of(self, key);
        if (gram->number < 0) continue;
        borne[at] = (double)(gram->weight / (float)n);
        while (text + 1 < texts && starts[text + 1] <= at + 1) text++;
        if (last[gram->number] == text) continue;
        last[gram->number] = (int32_t)text;
        sums[text] += (double)gram->weight;
        counts[text]++;
    }
    for (int shift = 0; shift < n; shift++) /* shift by shift: the order of the additions */
        for (Py_ssize_t at = 0; at < places; at++) shares[at + shift] += borne[at];
}

/* weigh(points, starts, longest, sums, counts, shares): see `NgramModel`; the last three come filled with zeros. */
static PyObject *grams_weigh(PyObject *object, PyObject *args) {
    const Grams *self = (Grams *)object;
    Py_buffer points, starts, sums, counts, shares;
    int longest, done = 0;
    if (!PyArg_ParseTuple(args, "y*y*iw*w*w*", &points, &starts, &longest, &sums, &counts, &shares)) return NULL;
    Py_ssize_t size = points.len / 4, texts = starts.len / 8;
    if (points.len % 4 || starts.len % 8 || texts > INT32_MAX || longest < 0 || longest > MOST_LONG || sums.len != starts.len || counts.len != starts.len ||
        shares.len != size * 8 || !are_starts(starts.buf, texts, size))
        PyErr_SetString(PyExc_ValueError, "starts rise from 0 within the text; sums and shares are as long as texts");
    else if (are_apart((const Py_buffer *const[]){&points, &starts, &sums, &counts, &shares}, 5, 3)) {
        int32_t *last = PyMem_Malloc(((size_t)self->size + 1) * sizeof *last);
        double *borne = PyMem_Malloc(((size_t)size + 1) * sizeof *borne);
        done = last && borne;
        if (done) {
            memset(last, 0xFF, ((size_t)self->size + 1) * sizeof *last);
            Py_BEGIN_ALLOW_THREADS
            for (int n = 1; n <= longest; n++)
                weigh_length(self, points.buf, size, starts.buf, texts, n, last, borne, sums.buf, counts.buf, shares.buf);
            Py_END_ALLOW_THREADS
        } else
            PyErr_NoMemory();
        PyMem_Free(last);
        PyMem_Free(borne);
    }
    PyBuffer_Release(&points);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&sums);
    PyBuffer_Release(&counts);
    PyBuffer_Release(&shares);
    if (!done) return NULL;
    Py_RETURN_NONE;
}

/* --- stretches ---------------------------------------------------------------------------------------------------- */

typedef struct {
    const uint32_t *point;
    int64_t length;
    double weight;
    int64_t rank;
} Stretch;

static int by_content(const Stretch *a, const Stretch *b) {
    int64_t least = a->length < b->length ? a->length : b->length;
    for (int64_t i = 0; i < least; i++)
        if (a->point[i] != b->point[i]) return a->point[i] < b->point[i] ? -1 : 1;
    return (a->length > b->length) - (a->length < b->length);
}

static int by_content_and_rank(const void *a, const void *b) {
    const Stretch *one = a, *other = b;
    int order = by_content(one, other);
    return order ? order : (one->rank > other->rank) - (one->rank < other->rank);
}

static int by_weight(const void *a, const void *b) { /* the heaviest first; those of one text differ in content */
    const Stretch *one = a, *other = b;
    if (one->weight != other->weight) return one->weight > other->weight ? -1 : 1;
    return by_content(one, other);
}

/* Make equal stretches one, their weights added in the order of the text; return how many are left. */
static Py_ssize_t merge(Stretch *found, Py_ssize_t size) {
    Py_ssize_t kept = 0;
    qsort(found, (size_t)size, sizeof *found, by_content_and_rank);
    for (Py_ssize_t i = 0; i < size; i++) {
        if (kept && !by_content(found + kept - 1, found + i))
            found[kept - 1].weight += found[i].weight;
        else
            found[kept++] = found[i];
    }
    return kept;
}

static inline int is_mark(uint32_t point, const uint32_t *marks, Py_ssize_t size) {
    for (Py_ssize_t i = 0; i < size; i++)
        if (marks[i] == point) return 1;
    return 0;
}

typedef struct {
    Py_buffer points, starts, weights, marks, first, length, sums, counts;
} Stretches;

/* The stretches of one text, by its place and end; `sum` is the sum of all weights before it, and moved on. */
static void stretches_of(Stretches *of, Py_ssize_t text, int64_t start, int64_t end, Py_ssize_t most, Stretch *found,
                         double *sum) {
    const uint32_t *point = of->points.buf, *marks = of->marks.buf;
    const double *weight = of->weights.buf;
    Py_ssize_t kept = 0, kinds = of->marks.len / 4;
    double top = 0;
    for (int64_t at = start; at < end; at++) top = weight[at] > top ? weight[at] : top;
    double least = top / 4 > 1e-9 ? top / 4 : 1e-9;
    for (int64_t at = start; at < end;) {
        if (!(weight[at] > least) || point[at] == '\n') {
            *sum += weight[at++];
            continue;
        }
        double before = *sum;
        int64_t first = at;
        while (at < end && weight[at] > least && point[at] != '\n') *sum += weight[at++];
        int64_t last = at;
        while (first < last && is_mark(point[first], marks, kinds)) first++;
        while (first < last && is_mark(point[last - 1], marks, kinds)) last--;
        Stretch one = {point + first, last - first, *sum - before, kept};
        found[kept++] = one;
    }
    kept = merge(found, kept);
    qsort(found, (size_t)kept, sizeof *found, by_weight);
    if (kept > most) kept = most;
    for (Py_ssize_t i = 0; i < kept; i++) {
        ((int64_t *)of->first.buf)[text * most + i] = found[i].point - point;
        ((int64_t *)of->length.buf)[text * most + i] = found[i].length;
        ((double *)of->sums.buf)[text * most + i] = found[i].weight;
    }
    ((int64_t *)of->counts.buf)[text] = kept;
}

/* stretches(points, starts, weights, marks, most, first, length, sums, counts): the heaviest stretches of each text.

   A stretch is a run of characters that weigh more than a quarter of the heaviest of the text; marks at its ends are
   left out. Given room for `most` of each text. */
PyObject *grams_stretches(PyObject *module, PyObject *args) {
    Stretches of;
    Py_ssize_t most;
    int done = 0;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*y*nw*w*w*w*", &of.points, &of.starts, &of.weights, &of.marks, &most, &of.first,
                          &of.length, &of.sums, &of.counts))
        return NULL;
    Py_ssize_t size = of.points.len / 4, texts = of.starts.len / 8;
    const int64_t *starts = of.starts.buf;
    if (of.points.len % 4 || of.starts.len % 8 || of.marks.len % 4 || of.weights.len != size * 8 ||
        of.counts.len != texts * 8 || most < 0 || (texts && most > PY_SSIZE_T_MAX / 8 / texts) ||
        of.first.len != texts * most * 8 || of.length.len != of.first.len || of.sums.len != of.first.len ||
        !are_starts(starts, texts, size))
        PyErr_SetString(PyExc_ValueError, "starts rise from 0 within the text; there is room for the most of each text");
    else if (are_apart((const Py_buffer *const[]){&of.points, &of.starts, &of.weights, &of.marks, &of.first, &of.length, &of.sums, &of.counts}, 8, 4)) {
        Stretch *found = PyMem_Malloc(((size_t)size / 2 + 1) * sizeof *found); /* something lies between two */
        if (found) {
            double sum = 0;
            Py_BEGIN_ALLOW_THREADS
            for (Py_ssize_t i = 0; i < texts; i++)
                stretches_of(&of, i, starts[i], i + 1 < texts ? starts[i + 1] : size, most, found, &sum);
            Py_END_ALLOW_THREADS
            done = 1;
        } else
            PyErr_NoMemory();
        PyMem_Free(found);
    }
    PyBuffer_Release(&of.points);
    PyBuffer_Release(&of.starts);
    PyBuffer_Release(&of.weights);
    PyBuffer_Release(&of.marks);
    PyBuffer_Release(&of.first);
    PyBuffer_Release(&of.length);
    PyBuffer_Release(&of.sums);
    PyBuffer_Release(&of.counts);
    if (!done) return NULL;
    Py_RETURN_NONE;
}

/* --- shingles ----------------------------------------------------------------------------------------------------- */

/* shingles(points, size, hashes): a hash of each run of `size` characters, as `compare.shingles` defines it. */
PyObject *grams_shingles(PyObject *module, PyObject *args) {
    Py_buffer points, hashes;
    Py_ssize_t size;
    int done = 0;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*nw*", &points, &size, &hashes)) return NULL;
    Py_ssize_t length = points.len / 4, count = length - size + 1;
    if (points.len % 4 || size < 1 || count < 1 || hashes.len != count * 8)
        PyErr_SetString(PyExc_ValueError, "a hash for each run of characters is wanted");
    else if (are_apart((const Py_buffer *const[]){&points, &hashes}, 2, 1)) {
        const uint32_t *point = points.buf;
        uint64_t *hash = hashes.buf, rolling = 0, highest = 1;
        done = 1;
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t i = 1; i < size; i++) highest *= GOLDEN;
        for (Py_ssize_t i = 0; i < length; i++) {
            if (i >= size) rolling -= point[i - size] * highest;
            rolling = rolling * GOLDEN + point[i];
            if (i < size - 1) continue;
            uint64_t mixed = (rolling ^ rolling >> 29) * 0xBF58476D1CE4E5B9u;
            hash[i - size + 1] = mixed ^ mixed >> 32;
        }
        Py_END_ALLOW_THREADS
    }
    PyBuffer_Release(&points);
    PyBuffer_Release(&hashes);
    if (!done) return NULL;
    Py_RETURN_NONE;
}

/* recurring(hashes, mask): set a 1 for each hash that stands twice or more, and for a few others.

   What two bits of a table tell of a hash is cheap, and spares the rest the sorting. */
PyObject *grams_recurring(PyObject *module, PyObject *args) {
    Py_buffer hashes, mask;
    int done = 0;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*w*", &hashes, &mask)) return NULL;
    Py_ssize_t count = hashes.len / 8;
    if (hashes.len % 8 || mask.len != count)
        PyErr_SetString(PyExc_ValueError, "a mark for each hash is wanted");
    else if (are_apart((const Py_buffer *const[]){&hashes, &mask}, 2, 1)) {
        int bits = 10;
        while (bits < 34 && (Py_ssize_t)1 << bits < 8 * count) bits++;
        uint64_t *once = PyMem_Calloc((size_t)1 << (bits - 6), sizeof *once);
        uint64_t *again = PyMem_Calloc((size_t)1 << (bits - 6), sizeof *again);
        done = once && again;
        if (done) {
            const uint64_t *hash = hashes.buf;
            char *marks = mask.buf;
            Py_BEGIN_ALLOW_THREADS
            for (Py_ssize_t i = 0; i < count; i++) {
                uint64_t at = hash[i] >> (64 - bits), bit = (uint64_t)1 << (at & 63);
                if (once[at >> 6] & bit) again[at >> 6] |= bit;
                once[at >> 6] |= bit;
            }
            for (Py_ssize_t i = 0; i < count; i++) {
                uint64_t at = hash[i] >> (64 - bits);
                marks[i] = (char)(again[at >> 6] >> (at & 63) & 1);
            }
            Py_END_ALLOW_THREADS
        } else
            PyErr_NoMemory();
        PyMem_Free(once);
        PyMem_Free(again);
    }
    PyBuffer_Release(&hashes);
    PyBuffer_Release(&mask);
    if (!done) return NULL;
    Py_RETURN_NONE;
}

/* --- bigrams ------------------------------------------------------------------------------------------------------ */

#define CODES 0x110000u
#define DIGIT_BITS 11 /* of a pass of the sort; a bigram has at most 42 bits */
#define PASSES 4

/* What it takes to number the bigrams of texts; `size` is one more than there can be. */
typedef struct {
    uint64_t *keys, *sorted, *table; /* distinct bigrams; room to sort them; all by their hash */
    int32_t *slots, *numbers, *order, *spare, *rows, *column, *starts;
    int bits;
    int32_t distinct;
} Bigrams;

static int bigrams_room(Bigrams *of, size_t size) {
    memset(of, 0, sizeof *of);
    of->bits = 4;
    while ((size_t)1 << of->bits < 2 * size) of->bits++;
    size_t slots = (size_t)1 << of->bits;
    return (of->keys = PyMem_Malloc(size * 8)) && (of->sorted = PyMem_Malloc(size * 8)) &&
           (of->table = PyMem_Malloc(slots * 8)) && (of->slots = PyMem_Calloc(slots, 4)) &&
           (of->numbers = PyMem_Malloc(size * 4)) && (of->order = PyMem_Malloc(size * 4)) &&
           (of->spare = PyMem_Malloc(size * 4)) && (of->rows = PyMem_Malloc(size * 4)) &&
           (of->column = PyMem_Malloc(size * 4)) && (of->starts = PyMem_Calloc(size + 1, 4));
}

static void bigrams_free(Bigrams *of) {
    void *all[] = {of->keys, of->sorted, of->table, of->slots, of->numbers,
                   of->order, of->spare, of->rows, of->column, of->starts};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) PyMem_Free(all[i]);
}

/* Number each bigram by its first place; return how many there are, -1 where the texts are not as many as said. */
static int64_t number_bigrams(Bigrams *of, const uint32_t *point, Py_ssize_t size, Py_ssize_t texts) {
    int64_t count = 0;
    int32_t row = 0;
    for (Py_ssize_t i = 0; i < size; i++) {
        if (point[i] >= CODES || row >= texts) return -1;
        if (!point[i]) {
            row++;
            continue;
        }
        if (i + 1 == size || !point[i + 1]) continue;
        uint64_t key = (uint64_t)point[i] * CODES + point[i + 1];
        uint64_t mask = ((uint64_t)1 << of->bits) - 1, at = (key * GOLDEN) >> (64 - of->bits);
        while (of->slots[at] && of->table[at] != key) at = (at + 1) & mask;
        if (!of->slots[at]) { /* 0 is free, so that numbers are one less */
            of->table[at] = of->keys[of->distinct] = key;
            of->slots[at] = ++of->distinct;
        }
        of->rows[count] = row;
        of->numbers[count++] = of->slots[at] - 1;
    }
    return row == texts ? count : -1;
}

/* Make the numbers those of the rising bigrams. */
static void rank_bigrams(Bigrams *of, int64_t count) {
    int32_t distinct = of->distinct;
    for (int32_t i = 0; i < distinct; i++) of->order[i] = i;
    for (int pass = 0; pass < PASSES; pass++) {
        int shift = pass * DIGIT_BITS;
        int32_t places[(1 << DIGIT_BITS) + 1] = {0}, mask = (1 << DIGIT_BITS) - 1;
        for (int32_t i = 0; i < distinct; i++) places[(int32_t)(of->keys[i] >> shift & mask) + 1]++;
        for (int32_t i = 0; i < mask; i++) places[i + 1] += places[i];
        for (int32_t i = 0; i < distinct; i++) {
            int32_t at = places[of->keys[i] >> shift & mask]++;
            of->sorted[at] = of->keys[i];
            of->spare[at] = of->order[i];
        }
        uint64_t *keys = of->keys;
        int32_t *order = of->order;
        of->keys = of->sorted, of->sorted = keys;
        of->order = of->spare, of->spare = order;
    }
    for (int32_t i = 0; i < distinct; i++) of->spare[of->order[i]] = i;
    for (int64_t i = 0; i < count; i++) of->numbers[i] = of->spare[of->numbers[i]];
}

/* Fill in, for each text, its bigrams, rising and each once. */
static void place_bigrams(Bigrams *of, int64_t count, Py_ssize_t texts, int64_t *starts, int32_t *columns) {
    int32_t *first = of->starts, *row = of->column; /* by bigram: where its texts begin; the texts */
    for (int64_t i = 0; i < count; i++) first[of->numbers[i] + 1]++;
    for (int32_t i = 0; i < of->distinct; i++) first[i + 1] += first[i];
    for (int64_t i = 0; i < count; i++) row[first[of->numbers[i]]++] = of->rows[i];
    /* Now each begins where it ended: one back. */
    for (Py_ssize_t i = 0; i <= texts; i++) starts[i] = 0;
    for (int32_t i = 0; i < of->distinct; i++)
        for (int32_t at = i ? first[i - 1] : 0; at < first[i]; at++)
            if (at == (i ? first[i - 1] : 0) || row[at] != row[at - 1]) starts[row[at] + 1]++;
    for (Py_ssize_t i = 0; i < texts; i++) starts[i + 1] += starts[i];
    for (int32_t i = 0; i < of->distinct; i++)
        for (int32_t at = i ? first[i - 1] : 0; at < first[i]; at++)
            if (at == (i ? first[i - 1] : 0) || row[at] != row[at - 1]) columns[starts[row[at]]++] = i;
    for (Py_ssize_t i = texts; i > 0; i--) starts[i] = starts[i - 1];
    starts[0] = 0;
}

/* bigrams(points, starts, columns): number the bigrams of texts that end with 0 each; return how many there are.

   `columns`: int32, as long as the points; the bigrams of text i, rising and each once, stand from starts[i] to
   starts[i + 1] in it. */
PyObject *grams_bigrams(PyObject *module, PyObject *args) {
    Py_buffer points, starts, columns;
    int64_t found = -1;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*w*w*", &points, &starts, &columns)) return NULL;
    Py_ssize_t size = points.len / 4, texts = starts.len / 8 - 1;
    if (points.len % 4 || starts.len % 8 || texts < 0 || size > INT32_MAX / 2 || columns.len != points.len)
        PyErr_SetString(PyExc_ValueError, "as many texts as ends, and a column for each character, are wanted");
    else if (are_apart((const Py_buffer *const[]){&points, &starts, &columns}, 3, 2)) {
        Bigrams of;
        if (bigrams_room(&of, (size_t)size + 1)) {
            int64_t count;
            Py_BEGIN_ALLOW_THREADS
            count = number_bigrams(&of, points.buf, size, texts);
            if (count >= 0) {
                rank_bigrams(&of, count);
                place_bigrams(&of, count, texts, starts.buf, columns.buf);
                found = of.distinct;
            }
            Py_END_ALLOW_THREADS
            if (count < 0) PyErr_SetString(PyExc_ValueError, "code points, and as many texts as ends, are wanted");
        } else
            PyErr_NoMemory();
        bigrams_free(&of);
    }
    PyBuffer_Release(&points);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&columns);
    return found < 0 ? NULL : PyLong_FromLongLong(found);
}

/* --- what texts have in common ------------------------------------------------------------------------------------ */

/* Whether rows lie in order within columns below `size`; how often each column stands is added to `times`. */
static int count_columns(const int64_t *starts, Py_ssize_t rows, const int32_t *columns, Py_ssize_t length,
                         Py_ssize_t size, int32_t *times) {
    if (starts[0] < 0 || starts[rows] > length) return 0;
    for (Py_ssize_t i = 0; i < rows; i++)
        if (starts[i] > starts[i + 1]) return 0;
    for (int64_t at = starts[0]; at < starts[rows]; at++) {
        if (columns[at] < 0 || columns[at] >= size) return 0;
        times[columns[at]]++;
    }
    return 1;
}

typedef struct {
    Py_buffer starts_a, starts_b, columns, by_frequency, total_a, total_b, shared;
} Overlaps;

/* Fill in the sums; false where the columns do not fit. `first` has room for the columns and one more. */
static int add_overlaps(Overlaps *of, Py_ssize_t size, int32_t *times, int32_t *first, int32_t *rows, double *weight) {
    const int64_t *a = of->starts_a.buf, *b = of->starts_b.buf;
    const int32_t *columns = of->columns.buf;
    const double *by_frequency = of->by_frequency.buf;
    double *total_a = of->total_a.buf, *total_b = of->total_b.buf, *shared = of->shared.buf;
    Py_ssize_t many_a = of->total_a.len / 8, many_b = of->total_b.len / 8, length = of->columns.len / 4;
    Py_ssize_t most = of->by_frequency.len / 8;
    memset(times, 0, (size_t)size * sizeof *times);
    if (!count_columns(b, many_b, columns, length, size, times)) return 0;
    first[0] = 0;
    for (Py_ssize_t i = 0; i < size; i++) first[i + 1] = first[i] + times[i];
    for (Py_ssize_t j = 0; j < many_b; j++)
        for (int64_t at = b[j]; at < b[j + 1]; at++) rows[first[columns[at] + 1] - times[columns[at]]--] = (int32_t)j;
    memset(times, 0, (size_t)size * sizeof *times);
    if (!count_columns(b, many_b, columns, length, size, times)) return 0;
    if (!count_columns(a, many_a, columns, length, size, times)) return 0;
    for (Py_ssize_t i = 0; i < size; i++) {
        if (times[i] >= most) return 0;
        weight[i] = by_frequency[times[i]];
    }
    for (Py_ssize_t j = 0; j < many_b; j++) {
        total_b[j] = 0;
        for (int64_t at = b[j]; at < b[j + 1]; at++) total_b[j] += weight[columns[at]];
    }
    memset(shared, 0, (size_t)of->shared.len);
    for (Py_ssize_t i = 0; i < many_a; i++) {
        double *row = shared + i * many_b;
        total_a[i] = 0;
        for (int64_t at = a[i]; at < a[i + 1]; at++) {
            int32_t column = columns[at];
            total_a[i] += weight[column];
            for (int32_t k = first[column]; k < first[column + 1]; k++) row[rows[k]] += weight[column];
        }
    }
    return 1;
}

/* overlap(starts_a, starts_b, columns, size, by_frequency, total_a, total_b, shared): see `compare.figures.overlap`.

   Sums are added up in the order of the columns of a row. */
PyObject *grams_overlap(PyObject *module, PyObject *args) {
    Overlaps of;
    Py_ssize_t size;
    int done = 0;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*ny*w*w*w*", &of.starts_a, &of.starts_b, &of.columns, &size, &of.by_frequency,
                          &of.total_a, &of.total_b, &of.shared))
        return NULL;
    Py_ssize_t a = of.total_a.len / 8, b = of.total_b.len / 8, length = of.columns.len / 4;
    int fine = of.total_a.len % 8 == 0 && of.total_b.len % 8 == 0 && of.starts_a.len == (a + 1) * 8 &&
               of.starts_b.len == (b + 1) * 8 && of.columns.len % 4 == 0 && length < INT32_MAX / 2 && b < INT32_MAX &&
               size >= 0 && size < INT32_MAX && (!b || a <= PY_SSIZE_T_MAX / 8 / b) && of.shared.len == a * b * 8;
    int told = fine && !are_apart((const Py_buffer *const[]){&of.starts_a, &of.starts_b, &of.columns, &of.by_frequency, &of.total_a, &of.total_b, &of.shared}, 7, 3);
    fine = fine && !told;
    if (fine) {
        int32_t *times = PyMem_Malloc(((size_t)size + 1) * sizeof *times);
        int32_t *first = PyMem_Malloc(((size_t)size + 1) * sizeof *first);
        int32_t *rows = PyMem_Malloc(((size_t)length + 1) * sizeof *rows);
        double *weight = PyMem_Malloc(((size_t)size + 1) * sizeof *weight);
        if (times && first && rows && weight) {
            Py_BEGIN_ALLOW_THREADS
            fine = done = add_overlaps(&of, size, times, first, rows, weight);
            Py_END_ALLOW_THREADS
        } else
            PyErr_NoMemory();
        PyMem_Free(times);
        PyMem_Free(first);
        PyMem_Free(rows);
        PyMem_Free(weight);
    }
    if (!fine) PyErr_SetString(PyExc_ValueError, "rows of columns, a weight for each frequency and room are wanted");
    PyBuffer_Release(&of.starts_a);
    PyBuffer_Release(&of.starts_b);
    PyBuffer_Release(&of.columns);
    PyBuffer_Release(&of.by_frequency);
    PyBuffer_Release(&of.total_a);
    PyBuffer_Release(&of.total_b);
    PyBuffer_Release(&of.shared);
    if (!done) return NULL;
    Py_RETURN_NONE;
}

/* --- words -------------------------------------------------------------------------------------------------------- */

#define NODE_BITS 32
#define FIRST_BITS 16

/* Words as a trie in one hash table: a key is a node and a character. */
typedef struct {
    PyObject_HEAD
    uint64_t *keys;  /* 0 for a free slot: no key leads from the root by the character 0 */
    int32_t *nodes;  /* where it leads */
    int32_t *words;  /* the number of the word that ends at a node, or -1 */
    uint64_t *first; /* a bit for the low 16 bits of each character that begins a word */
    int32_t many;    /* nodes */
    int bits;
} Words;

static inline size_t word_slot(const Words *self, uint64_t key) {
    uint64_t mask = ((uint64_t)1 << self->bits) - 1, at = (key * GOLDEN) >> (64 - self->bits);
    while (self->keys[at] && self->keys[at] != key) at = (at + 1) & mask;
    return (size_t)at;
}

static void words_free(PyObject *object) {
    Words *self = (Words *)object;
    PyTypeObject *type = Py_TYPE(object);
    PyMem_Free(self->keys);
    PyMem_Free(self->nodes);
    PyMem_Free(self->words);
    PyMem_Free(self->first);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(object);
    Py_DECREF(type);
}

/* Fill the trie with words that end with 0 each; false, with an error set, where memory ends. */
static int words_fill(Words *self, const uint32_t *point, Py_ssize_t size) {
    self->bits = 4;
    while ((Py_ssize_t)1 << self->bits < 2 * (size + 1)) self->bits++; /* no more nodes than characters */
    self->keys = PyMem_Calloc((size_t)1 << self->bits, sizeof *self->keys);
    self->nodes = PyMem_Malloc(((size_t)1 << self->bits) * sizeof *self->nodes);
    self->words = PyMem_Malloc(((size_t)size + 2) * sizeof *self->words);
    self->first = PyMem_Calloc((size_t)1 << (FIRST_BITS - 6), sizeof *self->first);
    if (!self->keys || !self->nodes || !self->words || !self->first) {
        PyErr_NoMemory();
        return 0;
    }
    int32_t node = 0, number = 0;
    self->words[0] = -1;
    self->many = 1;
    for (Py_ssize_t i = 0; i < size; i++) {
        if (!point[i]) {
            if (node && self->words[node] < 0) self->words[node] = number;
            node = 0, number++;
            continue;
        }
        if (!node) self->first[(point[i] & 0xFFFF) >> 6] |= (uint64_t)1 << (point[i] & 63);
        size_t slot = word_slot(self, (uint64_t)node << NODE_BITS | point[i]);
        if (!self->keys[slot]) {
            self->keys[slot] = (uint64_t)node << NODE_BITS | point[i];
            self->words[self->many] = -1;
            self->nodes[slot] = self->many++;
        }
        node = self->nodes[slot];
    }
    return 1;
}

/* Words(points): words, numbered in their order, that end with 0 each. */
static PyObject *words_new(PyTypeObject *type, PyObject *args, PyObject *named) {
    Py_buffer points;
    if (named && PyDict_Size(named)) return PyErr_Format(PyExc_TypeError, "arguments are given by place");
    if (!PyArg_ParseTuple(args, "y*", &points)) return NULL;
    Words *self = NULL;
    if (points.len % 4 || points.len / 4 > INT32_MAX / 4)
        PyErr_SetString(PyExc_ValueError, "words of 4 bytes a character are wanted");
    else if ((self = (Words *)((allocfunc)PyType_GetSlot(type, Py_tp_alloc))(type, 0)) &&
             !words_fill(self, points.buf, points.len / 4)) {
        Py_DECREF((PyObject *)self);
        self = NULL;
    }
    PyBuffer_Release(&points);
    return (PyObject *)self;
}

/* find(points, words, starts): the longest word at each place that none before it covers; return how many.

   `words`: int32, `starts`: int64, room for one at each place. */
static PyObject *words_find(PyObject *object, PyObject *args) {
    const Words *self = (Words *)object;
    Py_buffer points, words, starts;
    Py_ssize_t found = -1;
    if (!PyArg_ParseTuple(args, "y*w*w*", &points, &words, &starts)) return NULL;
    Py_ssize_t size = points.len / 4;
    if (points.len % 4 || words.len != points.len || starts.len != size * 8)
        PyErr_SetString(PyExc_ValueError, "room for a word at each place is wanted");
    else if (are_apart((const Py_buffer *const[]){&points, &words, &starts}, 3, 2)) {
        const uint32_t *point = points.buf;
        int32_t *word = words.buf;
        int64_t *start = starts.buf;
        found = 0;
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t at = 0; at < size;) {
            Py_ssize_t next = at + 1;
            if (self->first[(point[at] & 0xFFFF) >> 6] >> (point[at] & 63) & 1) {
                int32_t node = 0, longest = -1;
                for (Py_ssize_t end = at; end < size && point[end]; end++) {
                    size_t slot = word_slot(self, (uint64_t)node << NODE_BITS | point[end]);
                    if (!self->keys[slot]) break;
                    node = self->nodes[slot];
                    if (self->words[node] >= 0) longest = self->words[node], next = end + 1;
                }
                if (longest >= 0) word[found] = longest, start[found++] = at;
            }
            at = next;
        }
        Py_END_ALLOW_THREADS
    }
    PyBuffer_Release(&points);
    PyBuffer_Release(&words);
    PyBuffer_Release(&starts);
    return found < 0 ? NULL : PyLong_FromSsize_t(found);
}

static PyMethodDef word_methods[] = {
    {"find", words_find, METH_VARARGS, "Find the longest word at each place."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot word_slots[] = {
    {Py_tp_new, words_new},
    {Py_tp_dealloc, words_free},
    {Py_tp_methods, word_methods},
    {Py_tp_doc, "Words that are found in texts."},
    {0, NULL},
};

static PyType_Spec word_spec = {
    "govtext.native._kernels.Words", sizeof(Words), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE, word_slots,
};

PyObject *words_type(PyObject *module) { return PyType_FromModuleAndSpec(module, &word_spec, NULL); }

/* --- a chain ------------------------------------------------------------------------------------------------------ */

/* Sums of a row times a matrix, in the order of the row, times other factors; the largest is made 1. */
static void step(const double *row, const double *matrix, const double *factors, Py_ssize_t labels, double *out) {
    double most = 0;
    for (Py_ssize_t j = 0; j < labels; j++) {
        double sum = row[0] * matrix[j];
        for (Py_ssize_t k = 1; k < labels; k++) sum += row[k] * matrix[k * labels + j];
        out[j] = factors ? sum * factors[j] : sum;
        most = out[j] > most ? out[j] : most;
    }
    for (Py_ssize_t j = 0; j < labels; j++) out[j] /= most;
}

/* forward_backward(emissions, matrices, chosen, labels, ahead, behind): the two passes of a hidden Markov chain.

   `emissions`, `ahead`, `behind`: double[n][labels], `matrices`: double[m][labels][labels], rows from, columns to;
   `chosen`: byte[n], the matrix of the change to each place. Each row of `ahead` and `behind` has 1 for its largest. */
PyObject *grams_forward_backward(PyObject *module, PyObject *args) {
    Py_buffer emissions, matrices, chosen, ahead, behind;
    Py_ssize_t labels;
    int done = 0;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*nw*w*", &emissions, &matrices, &chosen, &labels, &ahead, &behind)) return NULL;
    Py_ssize_t n = chosen.len, width = labels > 0 && labels <= 1 << 12 ? labels * 8 : 0;
    Py_ssize_t kinds = width ? matrices.len / (width * labels) : 0;
    int fine = width && n <= PY_SSIZE_T_MAX / width && emissions.len == n * width && ahead.len == n * width &&
               behind.len == n * width && kinds * width * labels == matrices.len;
    for (Py_ssize_t i = 0; fine && i < n; i++) fine = ((const unsigned char *)chosen.buf)[i] < kinds;
    int told = fine && !are_apart((const Py_buffer *const[]){&emissions, &matrices, &chosen, &ahead, &behind}, 5, 2);
    fine = fine && !told;
    double *product = fine ? PyMem_Malloc((size_t)width) : NULL;
    double *turned = fine ? PyMem_Malloc((size_t)matrices.len + 1) : NULL;
    if (told) {
        /* told already */
    } else if (!fine)
        PyErr_SetString(PyExc_ValueError, "a row of labels for each place and a matrix for each change are wanted");
    else if (!product || !turned)
        PyErr_NoMemory();
    else {
        const double *matrix = matrices.buf, *emission = emissions.buf;
        const unsigned char *kind = chosen.buf;
        double *on = ahead.buf, *back = behind.buf;
        Py_ssize_t square = labels * labels;
        done = 1;
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t m = 0; m < kinds; m++)
            for (Py_ssize_t i = 0; i < square; i++)
                turned[m * square + i % labels * labels + i / labels] = matrix[m * square + i];
        if (n) memcpy(on, emission, (size_t)width);
        for (Py_ssize_t i = 1; i < n; i++)
            step(on + (i - 1) * labels, matrix + kind[i] * square, emission + i * labels, labels, on + i * labels);
        for (Py_ssize_t j = 0; n && j < labels; j++) back[(n - 1) * labels + j] = 1;
        for (Py_ssize_t i = n - 2; i >= 0; i--) {
            for (Py_ssize_t j = 0; j < labels; j++)
                product[j] = emission[(i + 1) * labels + j] * back[(i + 1) * labels + j];
            step(product, turned + kind[i + 1] * square, NULL, labels, back + i * labels);
        }
        Py_END_ALLOW_THREADS
    }
    PyMem_Free(product);
    PyMem_Free(turned);
    PyBuffer_Release(&emissions);
    PyBuffer_Release(&matrices);
    PyBuffer_Release(&chosen);
    PyBuffer_Release(&ahead);
    PyBuffer_Release(&behind);
    if (!done) return NULL;
    Py_RETURN_NONE;
}

/* --- the type ----------------------------------------------------------------------------------------------------- */

static PyMethodDef methods[] = {
    {"weigh", grams_weigh, METH_VARARGS, "Add up the weights of the n-grams of texts, and of each character."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_new, grams_new},
    {Py_tp_dealloc, grams_free},
    {Py_tp_methods, methods},
    {Py_tp_doc, "Character n-grams with a weight each."},
    {0, NULL},
};

static PyType_Spec spec = {
    "govtext.native._kernels.Grams", sizeof(Grams), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE, slots,
};

PyObject *grams_type(PyObject *module) { return PyType_FromModuleAndSpec(module, &spec, NULL); }
