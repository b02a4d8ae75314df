/* The module govtext.native._kernels. */

#include "kernels.h"

static int fill(PyObject *module) {
    PyObject *type = dictionary_type(module);
    int done = type ? PyModule_AddType(module, (PyTypeObject *)type) : -1;
    Py_XDECREF(type);
    return done;
}

static PyMethodDef functions[] = {
    {"csv_rows", csv_rows, METH_VARARGS, "Return columns of cells as rows of CSV."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, fill},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "govtext.native._kernels", "Inner loops of govtext.", 0, functions, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__kernels(void) { return PyModuleDef_Init(&definition); }
