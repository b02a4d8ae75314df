/* What texts have in common: runs of characters, and bigrams (文本的重合). */

#include "kernels.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* --- shingles ----------------------------------------------------------------------------------------------------- */

/* shingles(points, size, hashes): a hash of each run of `size` characters, as `compare.shingles` defines it. */
PyObject *shingles(PyObject *module, PyObject *args) {
    Py_buffer points, hashes;
    Py_ssize_t size;
    int done = 0;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*nw*", &points, &size, &hashes)) return NULL;
    Py_ssize_t length = points.len / 4, count = length - size + 1;
    if (points.len % 4 || size < 1 || count < 1 || hashes.len != count * 8)
        PyErr_SetString(PyExc_ValueError, "a hash for each run of characters is wanted");
    else if (are_apart((const Py_buffer *const[]){&points, &hashes}, 2, 1)) {
        const uint32_t *point = points.buf;
        uint64_t *hash = hashes.buf, rolling = 0, highest = 1;
        done = 1;
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t i = 1; i < size; i++) highest *= GOLDEN;
        for (Py_ssize_t i = 0; i < length; i++) {
            if (i >= size) rolling -= point[i - size] * highest;
            rolling = rolling * GOLDEN + point[i];
            if (i < size - 1) continue;
            uint64_t mixed = (rolling ^ rolling >> 29) * 0xBF58476D1CE4E5B9u;
            hash[i - size + 1] = mixed ^ mixed >> 32;
        }
        Py_END_ALLOW_THREADS
    }
    PyBuffer_Release(&points);
    PyBuffer_Release(&hashes);
    if (!done) return NULL;
    Py_RETURN_NONE;
}

/* recurring(hashes, mask): set a 1 for each hash that stands twice or more, and for a few others.

   What two bits of a table tell of a hash is cheap, and spares the rest the sorting. */
PyObject *recurring(PyObject *module, PyObject *args) {
    Py_buffer hashes, mask;
    int done = 0;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*w*", &hashes, &mask)) return NULL;
    Py_ssize_t count = hashes.len / 8;
    if (hashes.len % 8 || mask.len != count)
        PyErr_SetString(PyExc_ValueError, "a mark for each hash is wanted");
    else if (are_apart((const Py_buffer *const[]){&hashes, &mask}, 2, 1)) {
        int bits = 10;
        while (bits < 34 && (Py_ssize_t)1 << bits < 8 * count) bits++;
        uint64_t *once = PyMem_Calloc((size_t)1 << (bits - 6), sizeof *once);
        uint64_t *again = PyMem_Calloc((size_t)1 << (bits - 6), sizeof *again);
        done = once && again;
        if (done) {
            const uint64_t *hash = hashes.buf;
            char *marks = mask.buf;
            Py_BEGIN_ALLOW_THREADS
            for (Py_ssize_t i = 0; i < count; i++) {
                uint64_t at = hash[i] >> (64 - bits), bit = (uint64_t)1 << (at & 63);
                if (once[at >> 6] & bit) again[at >> 6] |= bit;
                once[at >> 6] |= bit;
            }
            for (Py_ssize_t i = 0; i < count; i++) {
                uint64_t at = hash[i] >> (64 - bits);
                marks[i] = (char)(again[at >> 6] >> (at & 63) & 1);
            }
            Py_END_ALLOW_THREADS
        } else
            PyErr_NoMemory();
        PyMem_Free(once);
        PyMem_Free(again);
    }
    PyBuffer_Release(&hashes);
    PyBuffer_Release(&mask);
    if (!done) return NULL;
    Py_RETURN_NONE;
}

/* --- bigrams ------------------------------------------------------------------------------------------------------ */

#define CODES 0x110000u
#define DIGIT_BITS 11 /* of a pass of the sort; a bigram has at most 42 bits */
#define PASSES 4

/* What it takes to number the bigrams of texts; `size` is one more than there can be. */
typedef struct {
    uint64_t *keys, *sorted, *table; /* distinct bigrams; room to sort them; all by their hash */
    int32_t *slots, *numbers, *order, *spare, *rows, *column, *starts;
    int bits;
    int32_t distinct;
} Bigrams;

static int bigrams_room(Bigrams *of, size_t size) {
    memset(of, 0, sizeof *of);
    of->bits = 4;
    while ((size_t)1 << of->bits < 2 * size) of->bits++;
    size_t slots = (size_t)1 << of->bits;
    return (of->keys = PyMem_Malloc(size * 8)) && (of->sorted = PyMem_Malloc(size * 8)) &&
           (of->table = PyMem_Malloc(slots * 8)) && (of->slots = PyMem_Calloc(slots, 4)) &&
           (of->numbers = PyMem_Malloc(size * 4)) && (of->order = PyMem_Malloc(size * 4)) &&
           (of->spare = PyMem_Malloc(size * 4)) && (of->rows = PyMem_Malloc(size * 4)) &&
           (of->column = PyMem_Malloc(size * 4)) && (of->starts = PyMem_Calloc(size + 1, 4));
}

static void bigrams_free(Bigrams *of) {
    void *all[] = {of->keys, of->sorted, of->table, of->slots, of->numbers,
                   of->order, of->spare, of->rows, of->column, of->starts};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) PyMem_Free(all[i]);
}

/* Number each bigram by its first place; return how many there are, -1 where the texts are not as many as said. */
static int64_t number_bigrams(Bigrams *of, const uint32_t *point, Py_ssize_t size, Py_ssize_t texts) {
    int64_t count = 0;
    int32_t row = 0;
    for (Py_ssize_t i = 0; i < size; i++) {
        if (point[i] >= CODES || row >= texts) return -1;
        if (!point[i]) {
            row++;
            continue;
        }
        if (i + 1 == size || !point[i + 1]) continue;
        uint64_t key = (uint64_t)point[i] * CODES + point[i + 1];
        uint64_t mask = ((uint64_t)1 << of->bits) - 1, at = (key * GOLDEN) >> (64 - of->bits);
        while (of->slots[at] && of->table[at] != key) at = (at + 1) & mask;
        if (!of->slots[at]) { /* 0 is free, so that numbers are one less */
            of->table[at] = of->keys[of->distinct] = key;
            of->slots[at] = ++of->distinct;
        }
        of->rows[count] = row;
        of->numbers[count++] = of->slots[at] - 1;
    }
    return row == texts ? count : -1;
}

/* Make the numbers those of the rising bigrams. */
static void rank_bigrams(Bigrams *of, int64_t count) {
    int32_t distinct = of->distinct;
    for (int32_t i = 0; i < distinct; i++) of->order[i] = i;
    for (int pass = 0; pass < PASSES; pass++) {
        int shift = pass * DIGIT_BITS;
        int32_t places[(1 << DIGIT_BITS) + 1] = {0}, mask = (1 << DIGIT_BITS) - 1;
        for (int32_t i = 0; i < distinct; i++) places[(int32_t)(of->keys[i] >> shift & mask) + 1]++;
        for (int32_t i = 0; i < mask; i++) places[i + 1] += places[i];
        for (int32_t i = 0; i < distinct; i++) {
            int32_t at = places[of->keys[i] >> shift & mask]++;
            of->sorted[at] = of->keys[i];
            of->spare[at] = of->order[i];
        }
        uint64_t *keys = of->keys;
        int32_t *order = of->order;
        of->keys = of->sorted, of->sorted = keys;
        of->order = of->spare, of->spare = order;
    }
    for (int32_t i = 0; i < distinct; i++) of->spare[of->order[i]] = i;
    for (int64_t i = 0; i < count; i++) of->numbers[i] = of->spare[of->numbers[i]];
}

/* Fill in, for each text, its bigrams, rising and each once. */
static void place_bigrams(Bigrams *of, int64_t count, Py_ssize_t texts, int64_t *starts, int32_t *columns) {
    int32_t *first = of->starts, *row = of->column; /* by bigram: where its texts begin; the texts */
    for (int64_t i = 0; i < count; i++) first[of->numbers[i] + 1]++;
    for (int32_t i = 0; i < of->distinct; i++) first[i + 1] += first[i];
    for (int64_t i = 0; i < count; i++) row[first[of->numbers[i]]++] = of->rows[i];
    /* Now each begins where it ended: one back. */
    for (Py_ssize_t i = 0; i <= texts; i++) starts[i] = 0;
    for (int32_t i = 0; i < of->distinct; i++)
        for (int32_t at = i ? first[i - 1] : 0; at < first[i]; at++)
            if (at == (i ? first[i - 1] : 0) || row[at] != row[at - 1]) starts[row[at] + 1]++;
    for (Py_ssize_t i = 0; i < texts; i++) starts[i + 1] += starts[i];
    for (int32_t i = 0; i < of->distinct; i++)
        for (int32_t at = i ? first[i - 1] : 0; at < first[i]; at++)
            if (at == (i ? first[i - 1] : 0) || row[at] != row[at - 1]) columns[starts[row[at]]++] = i;
    for (Py_ssize_t i = texts; i > 0; i--) starts[i] = starts[i - 1];
    starts[0] = 0;
}

/* bigrams(points, starts, columns): number the bigrams of texts that end with 0 each; return how many there are.

   `columns`: int32, as long as the points; the bigrams of text i, rising and each once, stand from starts[i] to
   starts[i + 1] in it. */
PyObject *bigrams(PyObject *module, PyObject *args) {
    Py_buffer points, starts, columns;
    int64_t found = -1;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*w*w*", &points, &starts, &columns)) return NULL;
    Py_ssize_t size = points.len / 4, texts = starts.len / 8 - 1;
    if (points.len % 4 || starts.len % 8 || texts < 0 || size > INT32_MAX / 2 || columns.len != points.len)
        PyErr_SetString(PyExc_ValueError, "as many texts as ends, and a column for each character, are wanted");
    else if (are_apart((const Py_buffer *const[]){&points, &starts, &columns}, 3, 2)) {
        Bigrams of;
        if (bigrams_room(&of, (size_t)size + 1)) {
            int64_t count;
            Py_BEGIN_ALLOW_THREADS
            count = number_bigrams(&of, points.buf, size, texts);
            if (count >= 0) {
                rank_bigrams(&of, count);
                place_bigrams(&of, count, texts, starts.buf, columns.buf);
                found = of.distinct;
            }
            Py_END_ALLOW_THREADS
            if (count < 0) PyErr_SetString(PyExc_ValueError, "code points, and as many texts as ends, are wanted");
        } else
            PyErr_NoMemory();
        bigrams_free(&of);
    }
    PyBuffer_Release(&points);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&columns);
    return found < 0 ? NULL : PyLong_FromLongLong(found);
}

/* --- what texts have in common ------------------------------------------------------------------------------------ */

/* Whether rows lie in order within columns below `size`; how often each column stands is added to `times`. */
static int count_columns(const int64_t *starts, Py_ssize_t rows, const int32_t *columns, Py_ssize_t length,
                         Py_ssize_t size, int32_t *times) {
    if (starts[0] < 0 || starts[rows] > length) return 0;
    for (Py_ssize_t i = 0; i < rows; i++)
        if (starts[i] > starts[i + 1]) return 0;
    for (int64_t at = starts[0]; at < starts[rows]; at++) {
        if (columns[at] < 0 || columns[at] >= size) return 0;
        times[columns[at]]++;
    }
    return 1;
}

typedef struct {
    Py_buffer starts_a, starts_b, columns, by_frequency, total_a, total_b, shared;
} Overlaps;

/* Fill in the sums; false where the columns do not fit. `first` has room for the columns and one more. */
static int add_overlaps(Overlaps *of, Py_ssize_t size, int32_t *times, int32_t *first, int32_t *rows, double *weight) {
    const int64_t *a = of->starts_a.buf, *b = of->starts_b.buf;
    const int32_t *columns = of->columns.buf;
    const double *by_frequency = of->by_frequency.buf;
    double *total_a = of->total_a.buf, *total_b = of->total_b.buf, *shared = of->shared.buf;
    Py_ssize_t many_a = of->total_a.len / 8, many_b = of->total_b.len / 8, length = of->columns.len / 4;
    Py_ssize_t most = of->by_frequency.len / 8;
    memset(times, 0, (size_t)size * sizeof *times);
    if (!count_columns(b, many_b, columns, length, size, times)) return 0;
    first[0] = 0;
    for (Py_ssize_t i = 0; i < size; i++) first[i + 1] = first[i] + times[i];
    for (Py_ssize_t j = 0; j < many_b; j++)
        for (int64_t at = b[j]; at < b[j + 1]; at++) rows[first[columns[at] + 1] - times[columns[at]]--] = (int32_t)j;
    memset(times, 0, (size_t)size * sizeof *times);
    if (!count_columns(b, many_b, columns, length, size, times)) return 0;
    if (!count_columns(a, many_a, columns, length, size, times)) return 0;
    for (Py_ssize_t i = 0; i < size; i++) {
        if (times[i] >= most) return 0;
        weight[i] = by_frequency[times[i]];
    }
    for (Py_ssize_t j = 0; j < many_b; j++) {
        total_b[j] = 0;
        for (int64_t at = b[j]; at < b[j + 1]; at++) total_b[j] += weight[columns[at]];
    }
    memset(shared, 0, (size_t)of->shared.len);
    for (Py_ssize_t i = 0; i < many_a; i++) {
        double *row = shared + i * many_b;
        total_a[i] = 0;
        for (int64_t at = a[i]; at < a[i + 1]; at++) {
            int32_t column = columns[at];
            total_a[i] += weight[column];
            for (int32_t k = first[column]; k < first[column + 1]; k++) row[rows[k]] += weight[column];
        }
    }
    return 1;
}

/* overlap(starts_a, starts_b, columns, size, by_frequency, total_a, total_b, shared): see `compare.figures.overlap`.

   Sums are added up in the order of the columns of a row. */
PyObject *overlap(PyObject *module, PyObject *args) {
    Overlaps of;
    Py_ssize_t size;
    int done = 0;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*ny*w*w*w*", &of.starts_a, &of.starts_b, &of.columns, &size, &of.by_frequency,
                          &of.total_a, &of.total_b, &of.shared))
        return NULL;
    Py_ssize_t a = of.total_a.len / 8, b = of.total_b.len / 8, length = of.columns.len / 4;
    int fine = of.total_a.len % 8 == 0 && of.total_b.len % 8 == 0 && of.starts_a.len == (a + 1) * 8 &&
               of.starts_b.len == (b + 1) * 8 && of.columns.len % 4 == 0 && length < INT32_MAX / 2 && b < INT32_MAX &&
               size >= 0 && size < INT32_MAX && (!b || a <= PY_SSIZE_T_MAX / 8 / b) && of.shared.len == a * b * 8;
    int told = fine && !are_apart((const Py_buffer *const[]){&of.starts_a, &of.starts_b, &of.columns, &of.by_frequency, &of.total_a, &of.total_b, &of.shared}, 7, 3);
    fine = fine && !told;
    if (fine) {
        int32_t *times = PyMem_Malloc(((size_t)size + 1) * sizeof *times);
        int32_t *first = PyMem_Malloc(((size_t)size + 1) * sizeof *first);
        int32_t *rows = PyMem_Malloc(((size_t)length + 1) * sizeof *rows);
        double *weight = PyMem_Malloc(((size_t)size + 1) * sizeof *weight);
        if (times && first && rows && weight) {
            Py_BEGIN_ALLOW_THREADS
            fine = done = add_overlaps(&of, size, times, first, rows, weight);
            Py_END_ALLOW_THREADS
        } else
            PyErr_NoMemory();
        PyMem_Free(times);
        PyMem_Free(first);
        PyMem_Free(rows);
        PyMem_Free(weight);
    }
    if (!fine) PyErr_SetString(PyExc_ValueError, "rows of columns, a weight for each frequency and room are wanted");
    PyBuffer_Release(&of.starts_a);
    PyBuffer_Release(&of.starts_b);
    PyBuffer_Release(&of.columns);
    PyBuffer_Release(&of.by_frequency);
    PyBuffer_Release(&of.total_a);
    PyBuffer_Release(&of.total_b);
    PyBuffer_Release(&of.shared);
    if (!done) return NULL;
    Py_RETURN_NONE;
}
