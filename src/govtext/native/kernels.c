/* The module govtext.native._kernels. */

#include "kernels.h"

int are_apart(const Py_buffer *const *buffers, int many, int written) {
    for (int i = many - written; i < many; i++)
        for (int j = 0; j < many; j++) {
            const char *one = buffers[i]->buf, *other = buffers[j]->buf;
            if (i != j && buffers[i]->len && buffers[j]->len && one < other + buffers[j]->len && other < one + buffers[i]->len) {
                PyErr_SetString(PyExc_ValueError, "a buffer that is written shares memory with another");
                return 0;
            }
        }
    return 1;
}

#ifndef SOURCES
#define SOURCES unknown
#endif
#define TEXT_OF(name) #name
#define TEXT(name) TEXT_OF(name)

static int fill(PyObject *module) {
    PyObject *(*const types[])(PyObject *) = {dictionary_type, trie_type, grams_type, words_type};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        PyObject *type = types[i](module);
        int done = type ? PyModule_AddType(module, (PyTypeObject *)type) : -1;
        Py_XDECREF(type);
        if (done < 0) return done;
    }
    return PyModule_AddStringConstant(module, "SOURCES", TEXT(SOURCES)); /* what it was compiled from */
}

static PyMethodDef functions[] = {
    {"adjacency", adjacency, METH_VARARGS, "Make the dictionaries of a graph."},
    {"ids", ids, METH_VARARGS, "Find the ids of short words."},
    {"plain", plain, METH_VARARGS, "Tell the matches that need no weighing."},
    {"shared", shared, METH_VARARGS, "Count in how many units two nodes occur."},
    {"unknown", unknown, METH_VARARGS, "Find where unknown words may begin."},
    {"csv_rows", csv_rows, METH_VARARGS, "Return columns of cells as rows of CSV."},
    {"stretches", stretches, METH_VARARGS, "Find the heaviest stretches of texts."},
    {"shingles", shingles, METH_VARARGS, "Hash each run of characters."},
    {"recurring", recurring, METH_VARARGS, "Mark the hashes that stand twice."},
    {"bigrams", bigrams, METH_VARARGS, "Number the bigrams of texts."},
    {"overlap", overlap, METH_VARARGS, "Add up what texts have in common."},
    {"forward_backward", forward_backward, METH_VARARGS, "Pass a chain both ways."},
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
    PyModuleDef_HEAD_INIT, "govtext.native._kernels", "Inner loops of govtext.", 0, functions, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__kernels(void) { return PyModuleDef_Init(&definition); }
