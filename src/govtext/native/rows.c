/* Columns of cells as the rows of a table (CSV 行). */

#include "kernels.h"

#include <stdint.h>
#include <string.h>

/* UTF-8 that grows; `text` is NULL where memory has ended. */
typedef struct {
    char *text;
    size_t size, room;
} Written;

/* A cell as code points; `points` has room for more than the last one needed. */
typedef struct {
    Py_UCS4 *points;
    Py_ssize_t room;
} Cell;

static int make_room(Written *out, size_t more) {
    if (out->room - out->size >= more) return 1;
    size_t room = 2 * out->room > out->size + more ? 2 * out->room : out->size + more;
    int fits = more <= (size_t)PY_SSIZE_T_MAX / 2 && room <= (size_t)PY_SSIZE_T_MAX;
    char *text = fits ? PyMem_Realloc(out->text, room) : NULL;
    if (!text) {
        PyErr_NoMemory();
        return 0;
    }
    out->text = text;
    out->room = room;
    return 1;
}

/* Write one character; there must be room for four bytes. */
static inline void put(Written *out, Py_UCS4 c) {
    char *to = out->text + out->size;
    if (c < 0x80) {
        to[0] = (char)c;
        out->size += 1;
    } else if (c < 0x800) {
        to[0] = (char)(0xC0 | c >> 6);
        to[1] = (char)(0x80 | (c & 0x3F));
        out->size += 2;
    } else if (c < 0x10000) {
        to[0] = (char)(0xE0 | c >> 12);
        to[1] = (char)(0x80 | (c >> 6 & 0x3F));
        to[2] = (char)(0x80 | (c & 0x3F));
        out->size += 3;
    } else {
        to[0] = (char)(0xF0 | c >> 18);
        to[1] = (char)(0x80 | (c >> 12 & 0x3F));
        to[2] = (char)(0x80 | (c >> 6 & 0x3F));
        to[3] = (char)(0x80 | (c & 0x3F));
        out->size += 4;
    }
}

static int is_among(Py_UCS4 c, const Cell *some, Py_ssize_t size) {
    for (Py_ssize_t i = 0; i < size; i++)
        if (some->points[i] == c) return 1;
    return 0;
}

/* Read a string; its length, or -1 with an error. */
static Py_ssize_t read_into(Cell *cell, PyObject *text) {
    Py_ssize_t size = PyUnicode_GetLength(text);
    if (size < 0) return -1;
    if (size > cell->room) {
        Py_ssize_t room = 2 * size;
        Py_UCS4 *points = size > PY_SSIZE_T_MAX / 8 ? NULL : PyMem_Realloc(cell->points, (size_t)room * sizeof *points);
        if (!points) {
            PyErr_NoMemory();
            return -1;
        }
        cell->points = points;
        cell->room = room;
    }
    return size && !PyUnicode_AsUCS4(text, cell->points, cell->room, 0) ? -1 : size;
}

/* Write a text cell, quoted where it must be. 1, or 0 with an error, or -1 for one that is left to Python: how a lone
   surrogate fails, and whether a carriage return alone is quoted, is for its version to say. */
static int put_text(Written *out, Cell *cell, PyObject *text, const Cell *risky, Py_ssize_t risks) {
    Py_ssize_t size = read_into(cell, text);
    if (size < 0 || !make_room(out, 8 * (size_t)size + 4)) return 0;
    int quoted = 0;
    for (Py_ssize_t i = 0; i < size; i++) {
        Py_UCS4 c = cell->points[i];
        if (c == '"' || c == ',' || c == '\n') quoted = 1;
        if (c == '\r' || (c >= 0xD800 && c < 0xE000)) return -1;
    }
    Py_ssize_t first = 0;
    while (first < size && cell->points[first] == '\'') first++;
    if (quoted) put(out, '"');
    if (first < size && is_among(cell->points[first], risky, risks)) put(out, '\'');
    for (Py_ssize_t i = 0; i < size; i++) {
        if (cell->points[i] == '"') put(out, '"');
        put(out, cell->points[i]);
    }
    if (quoted) put(out, '"');
    return 1;
}

static int put_ascii(Written *out, const char *text) {
    size_t size = strlen(text);
    if (!make_room(out, size)) return 0;
    memcpy(out->text + out->size, text, size);
    out->size += size;
    return 1;
}

static int put_integer(Written *out, int64_t value) {
    char digits[24], *at = digits + sizeof digits - 1;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    *at = 0;
    do *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0) *--at = '-';
    return put_ascii(out, at);
}

static int put_real(Written *out, double value) {
    char *text = PyOS_double_to_string(value, 'g', 6, 0, NULL);
    int done = text && put_ascii(out, text);
    if (!text) PyErr_NoMemory();
    PyMem_Free(text);
    return done;
}

/* Write a cell of a kind that is not known here as another function and then str() makes it. */
static int put_other(Written *out, Cell *cell, PyObject *value, PyObject *plain, const Cell *risky, Py_ssize_t risks) {
    PyObject *made = PyObject_CallFunctionObjArgs(plain, value, NULL);
    PyObject *text = made ? PyObject_Str(made) : NULL;
    /* Only what was a string to begin with may be run as a formula. */
    int done = text ? put_text(out, cell, text, risky, PyUnicode_Check(value) ? risks : 0) : 0;
    Py_XDECREF(made);
    Py_XDECREF(text);
    return done;
}

static int put_cell(Written *out, Cell *cell, PyObject *value, PyObject *plain, const Cell *risky, Py_ssize_t risks) {
    if (value == Py_None) return 1;
    if (value == Py_True || value == Py_False) return put_ascii(out, value == Py_True ? "true" : "false");
    if (PyUnicode_CheckExact(value)) return put_text(out, cell, value, risky, risks);
    if (PyLong_CheckExact(value)) {
        int beyond;
        long long number = PyLong_AsLongLongAndOverflow(value, &beyond);
        if (!beyond) return put_integer(out, number);
    }
    if (PyFloat_CheckExact(value)) return put_real(out, PyFloat_AsDouble(value));
    return put_other(out, cell, value, plain, risky, risks);
}

/* csv_rows(columns, risky, plain): the rows as UTF-8; None where a cell is left to Python.

   A text that begins, after apostrophes, with one of the risky characters gets one more. `plain` makes text or a number
   of cells that are neither. The interpreter's lock is held: all that is read are its objects. */
PyObject *csv_rows(PyObject *module, PyObject *args) {
    PyObject *columns, *guard, *plain;
    (void)module;
    if (!PyArg_ParseTuple(args, "O!UO", &PyTuple_Type, &columns, &guard, &plain)) return NULL;
    Py_ssize_t wide = PyTuple_Size(columns), rows = 0;
    for (Py_ssize_t i = 0; i < wide; i++) {
        PyObject *column = PyTuple_GetItem(columns, i);
        if (!PyList_Check(column)) return PyErr_Format(PyExc_ValueError, "column %zd is no list", i);
        if (i && PyList_Size(column) != rows) return PyErr_Format(PyExc_ValueError, "column %zd has another length", i);
        rows = PyList_Size(column);
    }
    Written out = {NULL, 0, 0};
    Cell cell = {NULL, 0}, risky = {NULL, 0};
    Py_ssize_t risks = read_into(&risky, guard);
    int done = risks >= 0 && make_room(&out, 1 << 12);
    for (Py_ssize_t row = 0; done > 0 && row < rows; row++) {
        size_t begun = out.size;
        for (Py_ssize_t i = 0; done > 0 && i < wide; i++) {
            PyObject *value = PyList_GetItem(PyTuple_GetItem(columns, i), row); /* fails where `plain` shortened it */
            Py_XINCREF(value); /* or changed it */
            done = value ? put_cell(&out, &cell, value, plain, &risky, risks) : 0;
            Py_XDECREF(value);
            if (done > 0) done = make_room(&out, 4);
            if (done > 0 && wide == 1 && out.size == begun) put(&out, '"'), put(&out, '"'); /* no empty line */
            if (done > 0) put(&out, i + 1 < wide ? ',' : '\n');
        }
    }
    PyObject *found = NULL;
    if (done > 0) found = PyBytes_FromStringAndSize(out.text, (Py_ssize_t)out.size);
    if (done < 0) {
        found = Py_None;
        Py_INCREF(found);
    }
    PyMem_Free(out.text);
    PyMem_Free(cell.points);
    PyMem_Free(risky.points);
    return found;
}
