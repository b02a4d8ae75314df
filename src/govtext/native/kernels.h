/* What the parts of govtext.native._kernels share: the stable interface of Python 3.11 and later. */

#ifndef GOVTEXT_KERNELS_H
#define GOVTEXT_KERNELS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#define GOLDEN 0x9E3779B97F4A7C15u /* 2^64 over the golden ratio: multiplying by it spreads keys over a table */

/* Whether the last buffers, which are written, share memory with no other: what was checked must not change. Else there
   is an error. */
int are_apart(const Py_buffer *const *buffers, int many, int written);

PyObject *dictionary_type(PyObject *module);
PyObject *trie_type(PyObject *module);
PyObject *adjacency(PyObject *module, PyObject *args);
PyObject *ids(PyObject *module, PyObject *args);
PyObject *plain(PyObject *module, PyObject *args);
PyObject *shared(PyObject *module, PyObject *args);
PyObject *unknown(PyObject *module, PyObject *args);
PyObject *csv_rows(PyObject *module, PyObject *args);
PyObject *grams_type(PyObject *module);
PyObject *words_type(PyObject *module);
PyObject *stretches(PyObject *module, PyObject *args);
PyObject *shingles(PyObject *module, PyObject *args);
PyObject *recurring(PyObject *module, PyObject *args);
PyObject *bigrams(PyObject *module, PyObject *args);
PyObject *overlap(PyObject *module, PyObject *args);
PyObject *forward_backward(PyObject *module, PyObject *args);
PyObject *shortest_paths(PyObject *module, PyObject *args);
PyObject *move_to_communities(PyObject *module, PyObject *args);
PyObject *repulsion(PyObject *module, PyObject *args);
PyObject *rising(PyObject *module, PyObject *args);

#endif
