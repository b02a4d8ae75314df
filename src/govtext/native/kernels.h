/* What the parts of govtext.native._kernels share: the stable interface of Python 3.11 and later. */

#ifndef GOVTEXT_KERNELS_H
#define GOVTEXT_KERNELS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

PyObject *dictionary_type(PyObject *module);
PyObject *shortest_paths(PyObject *module, PyObject *args);
PyObject *move_to_communities(PyObject *module, PyObject *args);
PyObject *repulsion(PyObject *module, PyObject *args);
PyObject *rising(PyObject *module, PyObject *args);

#endif
