/* Words with weights: the longest at each place of a text (带权词语). */

#include "kernels.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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
