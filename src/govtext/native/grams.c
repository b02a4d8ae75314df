/* Character n-grams of texts: what they weigh, and the heaviest stretches (字串). */

#include "kernels.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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
PyObject *stretches(PyObject *module, PyObject *args) {
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
