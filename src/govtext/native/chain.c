/* A chain of labels, passed both ways (标签链). */

#include "kernels.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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
PyObject *forward_backward(PyObject *module, PyObject *args) {
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
