/* The most probable cut of Han characters by word frequencies, as jieba finds it (最大概率切分). */

#include "kernels.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define CHILD_BITS 21 /* of an entry: its node; above it the key */
#define MOST_NODES ((uint32_t)1 << CHILD_BITS)
#define FIRST_HAN 0x4E00
#define LAST_HAN 0x9FD5

/* A trie as one hash table: a key is a parent node and a character, an entry a key and the node it leads to.
   Most look-ups fail at the third character, so that one line of the cache a look-up is all that is read. */
typedef struct {
    PyObject_HEAD
    uint64_t *entries;
    int shift; /* 64 less the bits of a slot */
    uint32_t nodes;
    double *weight; /* of the word that ends at a node; -HUGE_VAL for none */
    double unknown; /* of a character that is no word */
    uint32_t first[LAST_HAN - FIRST_HAN + 1]; /* the nodes of single characters: they are asked for at every place */
} Dictionary;

static inline int is_han(uint32_t point) { return point >= FIRST_HAN && point <= LAST_HAN; }

/* The entry for a key, or the free slot where it belongs. */
static inline uint64_t *slot_of(const Dictionary *self, uint32_t parent, uint32_t character) {
    uint64_t key = (uint64_t)parent << 16 | character;
    uint64_t mask = (~(uint64_t)0) >> self->shift;
    uint64_t at = (key * GOLDEN) >> self->shift;
    while (self->entries[at] && self->entries[at] >> CHILD_BITS != key) at = (at + 1) & mask;
    return self->entries + at;
}

static inline uint32_t child_of(const Dictionary *self, uint32_t parent, uint32_t character) {
    return (uint32_t)(*slot_of(self, parent, character) & (MOST_NODES - 1));
}

/* Twice the slots; false where memory ends. */
static int grow(Dictionary *self) {
    uint64_t *old = self->entries;
    size_t slots = (size_t)1 << (64 - self->shift);
    uint64_t *entries = PyMem_Calloc(2 * slots, sizeof *entries);
    double *weight = PyMem_Realloc(self->weight, slots * sizeof *weight); /* at most half of the slots are taken */
    if (weight) self->weight = weight;
    if (!entries || !weight) {
        PyMem_Free(entries);
        return 0;
    }
    self->entries = entries;
    self->shift -= 1;
    for (size_t i = 0; i < slots; i++) {
        uint64_t key = old[i] >> CHILD_BITS;
        if (old[i]) *slot_of(self, (uint32_t)(key >> 16), (uint32_t)(key & 0xFFFF)) = old[i];
    }
    PyMem_Free(old);
    return 1;
}

static int add(Dictionary *self, const uint32_t *word, Py_ssize_t length, double weight) {
    uint32_t node = 0;
    for (Py_ssize_t i = 0; i < length; i++) {
        uint64_t *slot = slot_of(self, node, word[i]);
        if (!*slot) {
            if (self->nodes + 1 >= MOST_NODES) {
                PyErr_SetString(PyExc_OverflowError, "too many words for one dictionary");
                return 0;
            }
            if (self->nodes + 1 >= (uint32_t)1 << (63 - self->shift)) {
                if (!grow(self)) {
                    PyErr_NoMemory();
                    return 0;
                }
                slot = slot_of(self, node, word[i]);
            }
            self->weight[self->nodes] = -HUGE_VAL;
            *slot = ((uint64_t)node << 16 | word[i]) << CHILD_BITS | self->nodes++;
        }
        node = (uint32_t)(*slot & (MOST_NODES - 1));
    }
    self->weight[node] = weight;
    return 1;
}

static void dictionary_free(PyObject *object) {
    Dictionary *self = (Dictionary *)object;
    PyTypeObject *type = Py_TYPE(object);
    PyMem_Free(self->entries);
    PyMem_Free(self->weight);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(object);
    Py_DECREF(type);
}

/* Dictionary(points, starts, ends, frequencies, total): words as stretches of code points, a later one for an earlier.

   A word with other characters than Han is left out, one of frequency 0 is never chosen. */
static PyObject *dictionary_new(PyTypeObject *type, PyObject *args, PyObject *named) {
    Py_buffer points, starts, ends, frequencies;
    double total;
    if (named && PyDict_Size(named)) return PyErr_Format(PyExc_TypeError, "arguments are given by place");
    if (!PyArg_ParseTuple(args, "y*y*y*y*d", &points, &starts, &ends, &frequencies, &total)) return NULL;
    Dictionary *self = (Dictionary *)((allocfunc)PyType_GetSlot(type, Py_tp_alloc))(type, 0);
    if (self) {
        const uint32_t *point = points.buf;
        const int64_t *start = starts.buf, *end = ends.buf, *frequency = frequencies.buf;
        Py_ssize_t size = points.len / 4, words = starts.len / 8;
        double log_total = log(total);
        self->shift = 64 - 16;
        self->nodes = 1;
        self->unknown = -log_total;
        self->entries = PyMem_Calloc((size_t)1 << 16, sizeof *self->entries);
        self->weight = PyMem_Malloc(((size_t)1 << 15) * sizeof *self->weight);
        int fine = self->entries && self->weight;
        if (!fine) PyErr_NoMemory();
        if (fine && (ends.len != starts.len || frequencies.len != starts.len)) {
            PyErr_SetString(PyExc_ValueError, "a start, an end and a frequency for each word are wanted");
            fine = 0;
        }
        for (Py_ssize_t i = 0; fine && i < words; i++) {
            fine = start[i] >= 0 && start[i] <= end[i] && end[i] <= size;
            if (!fine) PyErr_SetString(PyExc_ValueError, "a word reaches beyond the text");
            int64_t at = start[i];
            while (fine && at < end[i] && is_han(point[at])) at++;
            if (fine && at == end[i] && at > start[i]) {
                double weight = frequency[i] > 0 ? log((double)frequency[i]) - log_total : -HUGE_VAL;
                fine = add(self, point + start[i], (Py_ssize_t)(at - start[i]), weight);
            }
        }
        for (uint32_t han = FIRST_HAN; fine && han <= LAST_HAN; han++) self->first[han - FIRST_HAN] = child_of(self, 0, han);
        if (!fine) {
            Py_DECREF((PyObject *)self);
            self = NULL;
        }
    }
    PyBuffer_Release(&points);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&ends);
    PyBuffer_Release(&frequencies);
    return (PyObject *)self;
}

/* Mark the words of one run of Han characters, given room for the score of the rest from each place on. */
static void cut_run(const Dictionary *self, const uint32_t *point, Py_ssize_t start, Py_ssize_t end, double *rest,
                    int32_t *length, char *mask) {
    rest[end] = 0;
    for (Py_ssize_t at = end - 1; at >= start; at--) {
        double best = -HUGE_VAL;
        int32_t chosen = 0;
        uint32_t node = self->first[point[at] - FIRST_HAN];
        for (Py_ssize_t stop = at + 1; node; stop++) {
            double score = self->weight[node] + rest[stop];
            if (score >= best && score > -HUGE_VAL) { /* of two cuts equally probable the one with the longer word */
                best = score;
                chosen = (int32_t)(stop - at);
            }
            node = stop < end ? child_of(self, node, point[stop]) : 0;
        }
        rest[at] = chosen ? best : self->unknown + rest[at + 1];
        length[at] = chosen ? chosen : 1;
    }
    for (Py_ssize_t at = start; at < end; at += length[at]) mask[at] = 1;
    mask[end] = 1;
}

/* mark(points, mask): set a 1 wherever a token begins or ends; each character that is not Han is one. */
static PyObject *dictionary_mark(PyObject *object, PyObject *args) {
    const Dictionary *self = (Dictionary *)object;
    Py_buffer points, mask;
    if (!PyArg_ParseTuple(args, "y*w*", &points, &mask)) return NULL;
    Py_ssize_t size = points.len / 4;
    double *rest = PyMem_Malloc((size + 1) * sizeof *rest);
    int32_t *length = PyMem_Malloc((size + 1) * sizeof *length);
    int fine = rest && length && mask.len == size + 1;
    if (!rest || !length)
        PyErr_NoMemory();
    else if (fine)
        fine = are_apart((const Py_buffer *const[]){&points, &mask}, 2, 1);
    else
        PyErr_SetString(PyExc_ValueError, "the mask is one longer than the text");
    if (fine) {
        const uint32_t *point = points.buf;
        char *marks = mask.buf;
        Py_BEGIN_ALLOW_THREADS
        marks[0] = 1;
        for (Py_ssize_t at = 0; at < size;) {
            Py_ssize_t start = at;
            while (at < size && is_han(point[at])) at++;
            if (at > start) cut_run(self, point, start, at, rest, length, marks);
            if (at < size) marks[at] = marks[at + 1] = 1, at++;
        }
        Py_END_ALLOW_THREADS
    }
    PyMem_Free(rest);
    PyMem_Free(length);
    PyBuffer_Release(&points);
    PyBuffer_Release(&mask);
    if (!fine) return NULL;
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"mark", dictionary_mark, METH_VARARGS, "Mark where tokens begin and end."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_new, dictionary_new},
    {Py_tp_dealloc, dictionary_free},
    {Py_tp_methods, methods},
    {Py_tp_doc, "Words of Han characters and their frequencies."},
    {0, NULL},
};

static PyType_Spec spec = {
    "govtext.native._kernels.Dictionary", sizeof(Dictionary), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE, slots,
};

PyObject *dictionary_type(PyObject *module) { return PyType_FromModuleAndSpec(module, &spec, NULL); }
