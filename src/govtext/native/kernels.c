/* The module govtext.native._kernels. */

#include "kernels.h"

static int fill(PyObject *module) {
    PyObject *type = dictionary_type(module);
    int done = type ? PyModule_AddType(module, (PyTypeObject *)type) : -1;
    Py_XDECREF(type);
    return done;
}

static PyMethodDef methods[] = {
    {"shortest_paths", shortest_paths, METH_VARARGS, "Betweenness, and the sum of the distances from each node."},
    {"move_to_communities", move_to_communities, METH_VARARGS, "One level of the Louvain method."},
    {"rising", rising, METH_VARARGS, "The order of whole numbers."},
    {"repulsion", repulsion, METH_VARARGS, "The forces with which points repel one another."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, fill},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "govtext.native._kernels", "Inner loops of govtext.", 0, methods, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__kernels(void) { return PyModuleDef_Init(&definition); }
