/* Pairs of nodes that occur in the same units, and the dictionaries of their graph (共现词对与邻接表). */

#include "kernels.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* adjacency(names, stops, neighbours, edge, keys, columns): one dictionary a node, of its neighbours and the
   attributes of the edge to each; the two ends of an edge share one. Columns are lists, a value an edge. */
PyObject *adjacency(PyObject *module, PyObject *args) {
    PyObject *names, *keys, *columns, *rows = NULL, *out = NULL;
    Py_buffer stops, neighbours, edge;
    (void)module;
    if (!PyArg_ParseTuple(args, "O!y*y*y*O!O!", &PyList_Type, &names, &stops, &neighbours, &edge, &PyTuple_Type, &keys,
                          &PyTuple_Type, &columns))
        return NULL;
    const int32_t *stop = stops.buf, *neighbour = neighbours.buf, *number = edge.buf;
    Py_ssize_t nodes = PyList_Size(names), width = PyTuple_Size(keys), ends = neighbours.len / 4, edges = -1;
    int fine = stops.len / 4 == nodes + 1 && edge.len == neighbours.len && PyTuple_Size(columns) == width;
    for (Py_ssize_t k = 0; fine && k < width; k++) {
        PyObject *column = PyTuple_GetItem(columns, k);
        fine = PyList_Check(column) && (k == 0 || PyList_Size(column) == edges);
        edges = fine ? PyList_Size(column) : -1;
    }
    for (Py_ssize_t k = 0; fine && k < width; k++) fine = PyUnicode_CheckExact(PyTuple_GetItem(keys, k));
    for (Py_ssize_t i = 0; fine && i < nodes; i++) fine = PyUnicode_CheckExact(PyList_GetItem(names, i));
    fine = fine && width && stop[0] == 0 && stop[nodes] == ends;
    for (Py_ssize_t i = 0; fine && i < nodes; i++) fine = stop[i] <= stop[i + 1];
    for (Py_ssize_t i = 0; fine && i < ends; i++)
        fine = neighbour[i] >= 0 && neighbour[i] < nodes && number[i] >= 0 && number[i] < edges;
    if (!fine) {
        PyErr_SetString(PyExc_ValueError, "stops, neighbours, edges and columns do not fit together");
        goto done;
    }
    rows = PyList_New(edges);
    out = rows ? PyList_New(nodes) : NULL;
    for (Py_ssize_t i = 0; out && i < edges; i++) {
        PyObject *row = PyDict_New();
        for (Py_ssize_t k = 0; row && k < width; k++) {
            PyObject *value = PyList_GetItem(PyTuple_GetItem(columns, k), i);
            if (!value || PyDict_SetItem(row, PyTuple_GetItem(keys, k), value) < 0) Py_CLEAR(row);
        }
        if (!row || PyList_SetItem(rows, i, row) < 0) Py_CLEAR(out);
    }
    for (Py_ssize_t i = 0; out && i < nodes; i++) {
        PyObject *row = PyDict_New();
        for (int32_t at = stop[i]; row && at < stop[i + 1]; at++) {
            PyObject *name = PyList_GetItem(names, neighbour[at]), *shared = PyList_GetItem(rows, number[at]);
            if (!name || !shared || PyDict_SetItem(row, name, shared) < 0) Py_CLEAR(row);
        }
        if (!row || PyList_SetItem(out, i, row) < 0) Py_CLEAR(out);
    }
done:
    Py_XDECREF(rows);
    PyBuffer_Release(&stops);
    PyBuffer_Release(&neighbours);
    PyBuffer_Release(&edge);
    return out;
}

/* Rows of pair counts while they grow. */
typedef struct {
    int32_t *columns, *counts;
    Py_ssize_t used, room;
} Found;

static int append(Found *found, int32_t column, int32_t count) {
    if (found->used == found->room) {
        Py_ssize_t room = 2 * found->room + 1024;
        int32_t *columns = realloc(found->columns, room * sizeof *columns);
        if (columns) found->columns = columns;
        int32_t *counts = realloc(found->counts, room * sizeof *counts);
        if (counts) found->counts = counts;
        if (!columns || !counts) return 0;
        found->room = room;
    }
    found->columns[found->used] = column;
    found->counts[found->used++] = count;
    return 1;
}

static int by_number(const void *a, const void *b) {
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* The counts of one row with those behind it, columns rising: `count` is zero for all before and after. */
static int count_row(const int32_t *unit, int32_t units, const int32_t *first, const int32_t *node, int32_t row,
                     int32_t nodes, int32_t least, int32_t *count, int32_t *seen, Found *found) {
    int64_t most = 0;
    for (int32_t i = 0; i < units; i++) most += first[unit[i] + 1] - first[unit[i]];
    if (most > (nodes - row) / 16) { /* then looking at all takes less time than keeping those met in order */
        int fine = 1;
        for (int32_t i = 0; i < units; i++)
            for (int32_t at = first[unit[i] + 1]; at-- > first[unit[i]] && node[at] > row;) count[node[at]]++;
        for (int32_t other = row + 1; other < nodes; other++)
            if (count[other] >= least && count[other]) fine = fine && append(found, other, count[other]);
        memset(count + row, 0, (nodes - row) * sizeof *count);
        return fine;
    }
    int32_t many = 0;
    for (int32_t i = 0; i < units; i++)
        for (int32_t at = first[unit[i] + 1]; at-- > first[unit[i]] && node[at] > row;)
            if (!count[node[at]]++) seen[many++] = node[at];
    qsort(seen, many, sizeof *seen, by_number);
    int fine = 1;
    for (int32_t i = 0; i < many; i++) {
        if (count[seen[i]] >= least) fine = fine && append(found, seen[i], count[seen[i]]);
        count[seen[i]] = 0;
    }
    return fine;
}

/* Whether starts and indices are rows of a sparse matrix with so many columns, rising in each row. */
static int is_sparse(const int32_t *start, Py_ssize_t rows, const int32_t *index, Py_ssize_t size, Py_ssize_t columns) {
    if (start[0] != 0 || start[rows] != size) return 0;
    for (Py_ssize_t i = 0; i < rows; i++)
        if (start[i] > start[i + 1]) return 0;
    for (Py_ssize_t i = 0; i < rows; i++)
        for (int32_t at = start[i]; at < start[i + 1]; at++)
            if (index[at] < 0 || index[at] >= columns || (at > start[i] && index[at] <= index[at - 1])) return 0;
    return 1;
}

/* shared(starts, units, firsts, nodes, least): in how many units two nodes occur, given the units of each node and the
   nodes of each unit; starts, columns and counts of the pairs above the diagonal that reach the least count. */
PyObject *shared(PyObject *module, PyObject *args) {
    Py_buffer starts, units, firsts, nodes;
    int least;
    PyObject *out = NULL;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*y*i", &starts, &units, &firsts, &nodes, &least)) return NULL;
    const int32_t *start = starts.buf, *unit = units.buf, *first = firsts.buf, *node = nodes.buf;
    Py_ssize_t rows = starts.len / 4 - 1, columns = firsts.len / 4 - 1;
    if (rows < 0 || columns < 0 || rows > INT32_MAX - 1 || units.len / 4 > INT32_MAX ||
        !is_sparse(start, rows, unit, units.len / 4, columns) || !is_sparse(first, columns, node, nodes.len / 4, rows)) {
        PyErr_SetString(PyExc_ValueError, "two sparse matrices, one the other turned, are wanted");
        goto done;
    }
    Found found = {NULL, NULL, 0, 0};
    int32_t *count = calloc(rows + 1, sizeof *count), *seen = malloc((rows + 1) * sizeof *seen);
    int64_t *stop = calloc(rows + 1, sizeof *stop);
    int fine = count && seen && stop;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t row = 0; fine && row < rows; row++) {
        fine = count_row(unit + start[row], start[row + 1] - start[row], first, node, (int32_t)row, (int32_t)rows,
                         least, count, seen, &found);
        stop[row + 1] = found.used;
    }
    Py_END_ALLOW_THREADS
    Py_ssize_t size = found.used * sizeof(int32_t); /* of none there is no buffer */
    if (fine)
        out = Py_BuildValue("y#y#y#", (char *)stop, (Py_ssize_t)((rows + 1) * sizeof *stop),
                            size ? (char *)found.columns : "", size, size ? (char *)found.counts : "", size);
    else
        PyErr_NoMemory();
    free(count);
    free(seen);
    free(stop);
    free(found.columns);
    free(found.counts);
done:
    PyBuffer_Release(&starts);
    PyBuffer_Release(&units);
    PyBuffer_Release(&firsts);
    PyBuffer_Release(&nodes);
    return out;
}
