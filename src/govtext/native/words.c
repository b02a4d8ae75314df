/* What is found in a document by looking at every place of it: terms, ids of words, unknown words (逐字查找). */

#include "kernels.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LAST_POINT 0x10FFFF
#define LARGEST 0xFFFF /* code point of a character that fits into sixteen bits */
#define PACKED 4       /* characters in a key of 64 bits */

/* --- strings of a trie: tokens/trie.py says what its columns hold ------------------------------------------------ */

typedef struct {
    PyObject_HEAD
    Py_buffer number, base, parent, string, first, size, lengths, tail, kept;
} Trie;

static const int COLUMNS = 9;

static void trie_free(PyObject *object) {
    Trie *self = (Trie *)object;
    PyTypeObject *type = Py_TYPE(object);
    Py_buffer *columns = &self->number;
    for (int i = 0; i < COLUMNS; i++)
        if (columns[i].obj) PyBuffer_Release(&columns[i]);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(object);
    Py_DECREF(type);
}

/* Whether no look-up can lead out of the columns. */
static int trie_fits(const Trie *self) { /* and no one can write to them later */
    Py_ssize_t nodes = self->base.len / 4, strings = self->lengths.len / 4;
    const int32_t *number = self->number.buf, *base = self->base.buf, *string = self->string.buf;
    const int32_t *first = self->first.buf, *size = self->size.buf;
    int32_t most = 0;
    for (int i = 0; i < COLUMNS; i++)
        if (!(&self->number)[i].readonly) return 0;
    if (self->number.len / 4 != LAST_POINT + 1 || self->parent.len / 4 != nodes || self->string.len / 4 != nodes ||
        self->first.len / 4 != nodes || self->size.len / 4 != nodes || self->tail.len / 16 != strings ||
        self->kept.len / 16 != strings)
        return 0;
    for (Py_ssize_t i = 0; i <= LAST_POINT; i++) {
        if (number[i] < 0) return 0;
        if (number[i] > most) most = number[i];
    }
    for (Py_ssize_t i = 0; i < nodes; i++)
        if (base[i] < 0 || base[i] >= nodes - most || string[i] >= strings || first[i] < 0 || size[i] < 0 ||
            first[i] > strings - size[i])
            return 0;
    return nodes > most;
}

/* Trie(number, base, parent, string, first, size, lengths, tail, kept). */
static PyObject *trie_new(PyTypeObject *type, PyObject *args, PyObject *named) {
    if (named && PyDict_Size(named)) return PyErr_Format(PyExc_TypeError, "arguments are given by place");
    Trie *self = (Trie *)((allocfunc)PyType_GetSlot(type, Py_tp_alloc))(type, 0);
    if (!self) return NULL;
    int fine = PyArg_ParseTuple(args, "y*y*y*y*y*y*y*y*y*", &self->number, &self->base, &self->parent, &self->string,
                                &self->first, &self->size, &self->lengths, &self->tail, &self->kept);
    if (!fine)
        memset(&self->number, 0, COLUMNS * sizeof self->number); /* they were released already */
    else if (!trie_fits(self)) {
        PyErr_SetString(PyExc_ValueError, "the columns of a trie do not fit together");
        fine = 0;
    }
    if (!fine) {
        Py_DECREF((PyObject *)self);
        return NULL;
    }
    return (PyObject *)self;
}

/* Rows of three numbers while they grow. */
typedef struct {
    int64_t *rows;
    Py_ssize_t used, room;
} Table;

static int add_row(Table *table, int64_t a, int64_t b, int64_t c) {
    if (table->used == table->room) {
        Py_ssize_t room = 2 * table->room + 256;
        int64_t *rows = realloc(table->rows, room * 3 * sizeof *rows);
        if (!rows) return 0;
        table->rows = rows;
        table->room = room;
    }
    int64_t *row = table->rows + 3 * table->used++;
    row[0] = a, row[1] = b, row[2] = c;
    return 1;
}

/* Up to four characters of a text from a place on, sixteen bits each. */
static uint64_t key_at(const uint32_t *point, Py_ssize_t at, Py_ssize_t size) {
    uint64_t key = 0;
    for (int i = 0; i < PACKED && at + i < size; i++)
        key |= (uint64_t)(point[at + i] < LARGEST ? point[at + i] : LARGEST) << 16 * i;
    return key;
}

/* The strings that go on where a branch ends, as far as two keys tell. */
static int tailed(const Trie *self, int32_t node, const uint32_t *point, Py_ssize_t at, Py_ssize_t depth,
                  Py_ssize_t size, Table *found) {
    const int32_t *lengths = self->lengths.buf;
    const uint64_t *tail = self->tail.buf, *kept = self->kept.buf;
    Py_ssize_t strings = self->lengths.len / 4;
    uint64_t ahead = key_at(point, at + depth, size), behind = key_at(point, at + depth + PACKED, size);
    int32_t low = ((const int32_t *)self->first.buf)[node], high = low + ((const int32_t *)self->size.buf)[node];
    for (int32_t s = low; s < high; s++)
        if ((ahead & kept[s]) == tail[s] && (behind & kept[strings + s]) == tail[strings + s] &&
            !add_row(found, at, at + lengths[s], s))
            return 0;
    return 1;
}

/* find(points): start, end and number of every string in a text by their starts; of those longer than two keys behind
   their branch the caller looks at the rest. */
static PyObject *trie_find(PyObject *object, PyObject *args) {
    const Trie *self = (Trie *)object;
    Py_buffer points;
    if (!PyArg_ParseTuple(args, "y*", &points)) return NULL;
    const uint32_t *point = points.buf;
    const int32_t *number = self->number.buf, *base = self->base.buf, *parent = self->parent.buf;
    const int32_t *string = self->string.buf, *branch = self->size.buf;
    Py_ssize_t size = points.len / 4;
    Table found = {NULL, 0, 0};
    int fine = 1, in_range = 1;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t at = 0; fine && at < size; at++) {
        if (point[at] > LAST_POINT) {
            in_range = 0;
            break;
        }
        int32_t node = number[point[at]];
        for (Py_ssize_t depth = 1; fine && node; depth++) {
            if (string[node] >= 0) fine = add_row(&found, at, at + depth, string[node]);
            if (branch[node]) {
                fine = fine && tailed(self, node, point, at, depth, size, &found);
                break;
            }
            if (at + depth >= size || point[at + depth] > LAST_POINT) break;
            int32_t child = base[node] + number[point[at + depth]];
            node = parent[child] == node ? child : 0;
        }
    }
    Py_END_ALLOW_THREADS
    PyObject *out = NULL;
    if (!in_range)
        PyErr_SetString(PyExc_ValueError, "there is no such code point");
    else if (!fine)
        PyErr_NoMemory();
    else
        out = PyBytes_FromStringAndSize(found.used ? (char *)found.rows : "", found.used * 3 * sizeof *found.rows);
    free(found.rows);
    PyBuffer_Release(&points);
    return out;
}

/* --- which matches need no weighing: tokens/terms.py ------------------------------------------------------------- */

/* plain(table, mask): for each match, rising by its start, 1 if it is a term whatever stands around it, 2 if it must be
   looked at, 0 if it lies under one that needs no looking at. */
PyObject *plain(PyObject *module, PyObject *args) {
    Py_buffer table, mask;
    PyObject *out = NULL;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*", &table, &mask)) return NULL;
    const int64_t *row = table.buf;
    const char *edge = mask.buf;
    Py_ssize_t rows = table.len / 24, size = mask.len;
    int fine = 1;
    for (Py_ssize_t i = 0; fine && i < rows; i++)
        fine = row[3 * i] >= 0 && row[3 * i] < row[3 * i + 1] && row[3 * i + 1] < size && (!i || row[3 * i] >= row[3 * i - 3]);
    if (!fine) {
        PyErr_SetString(PyExc_ValueError, "the matches do not fit the mask");
        goto done;
    }
    /* Of each cluster: its first match, where it begins and ends, and whether it is plain; those not plain in a row. */
    int64_t *low = malloc((3 * rows + 1) * sizeof *low), *high = low ? low + rows : NULL, *waiting = low ? high + rows : NULL;
    int32_t *cluster = malloc((rows + 1) * sizeof *cluster);
    int32_t *rank = malloc((size + 1) * sizeof *rank), *at = malloc((size + 1) * sizeof *at); /* how many edges stand before a place; where */
    char *is_plain = malloc(rows + 1);
    out = PyBytes_FromStringAndSize(NULL, rows);
    char *verdict = out ? PyBytes_AsString(out) : NULL;
    if (!low || !cluster || !is_plain || !rank || !at || !out) {
        if (out) PyErr_NoMemory();
        Py_CLEAR(out);
        goto free;
    }
    Py_ssize_t clusters = 0, left = 0;
    for (Py_ssize_t i = 0; i < rows; i++) {
        if (!clusters || row[3 * i] >= high[clusters - 1]) {
            low[clusters] = row[3 * i], high[clusters] = row[3 * i + 1];
            clusters++;
        } else if (row[3 * i + 1] > high[clusters - 1])
            high[clusters - 1] = row[3 * i + 1];
        cluster[i] = (int32_t)(clusters - 1);
    }
    memset(is_plain, 0, rows + 1);
    int32_t edges = 0;
    for (Py_ssize_t i = 0; i < size; i++) {
        rank[i] = edges;
        if (edge[i]) at[edges++] = (int32_t)i;
    }
    rank[size] = edges;
    for (Py_ssize_t i = 0; i < rows; i++) {
        int32_t c = cluster[i];
        if (row[3 * i] == low[c] && row[3 * i + 1] == high[c] && edge[low[c]] && edge[high[c]]) is_plain[c] = 1;
    }
    for (Py_ssize_t c = 0; c < clusters; c++)
        if (!is_plain[c]) waiting[left++] = c;
    while (left) { /* what is weighed reaches at most two edges before a match and one after it */
        Py_ssize_t c = waiting[--left];
        int32_t third = rank[low[c] + 1] - 3, next = rank[high[c]] + 1;
        Py_ssize_t before = edges ? at[third > 0 ? third : 0] : 0, after = edges ? at[next < edges ? next : edges - 1] : size;
        for (Py_ssize_t other = c - 1; other >= 0 && high[other] > before; other--)
            if (is_plain[other]) is_plain[other] = 0, waiting[left++] = other;
        for (Py_ssize_t other = c + 1; other < clusters && low[other] < after; other++)
            if (is_plain[other]) is_plain[other] = 0, waiting[left++] = other;
    }
    for (Py_ssize_t i = 0; i < rows; i++) {
        int32_t c = cluster[i];
        verdict[i] = !is_plain[c] ? 2 : row[3 * i] == low[c] && row[3 * i + 1] == high[c];
    }
free:
    free(low);
    free(cluster);
    free(is_plain);
    free(rank);
    free(at);
done:
    PyBuffer_Release(&table);
    PyBuffer_Release(&mask);
    return out;
}

/* --- ids of words: tokens/vocabulary.py -------------------------------------------------------------------------- */

/* ids(points, starts, ends, numbers, first, second): the id of each stretch in a table of keys, -1 for one that it
   lacks, -2 for one that has no key. */
PyObject *ids(PyObject *module, PyObject *args) {
    Py_buffer points, starts, ends, numbers, firsts, seconds;
    PyObject *out = NULL;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*y*", &points, &starts, &ends, &numbers, &firsts, &seconds)) return NULL;
    const uint32_t *point = points.buf;
    const int32_t *start = starts.buf, *end = ends.buf, *number = numbers.buf;
    const uint64_t *first = firsts.buf, *second = seconds.buf;
    Py_ssize_t size = points.len / 4, words = starts.len / 4;
    uint64_t slots = numbers.len / 4, used = 0;
    int fine = ends.len == starts.len && slots && !(slots & (slots - 1)) && (uint64_t)firsts.len == slots * 8 &&
               (uint64_t)seconds.len == slots * 8;
    for (Py_ssize_t i = 0; fine && i < words; i++) fine = start[i] >= 0 && start[i] <= end[i] && end[i] <= size;
    if (!fine) {
        PyErr_SetString(PyExc_ValueError, "stretches of the text and a table of keys are wanted");
        goto done;
    }
    int shift = 64;
    while ((uint64_t)1 << (64 - shift) < slots) shift--;
    out = PyBytes_FromStringAndSize(NULL, words * 4);
    if (!out) goto done;
    int32_t *id = (int32_t *)PyBytes_AsString(out);
    for (Py_ssize_t i = 0; i < words; i++) {
        int32_t length = end[i] - start[i];
        id[i] = -2;
        if (!length || length > 2 * PACKED) continue;
        uint64_t key[2] = {0, 0};
        int fits = 1;
        for (int32_t k = 0; k < length; k++) {
            uint32_t p = point[start[i] + k];
            fits &= p && p <= LARGEST;
            key[k / PACKED] |= (uint64_t)p << 16 * (k % PACKED);
        }
        if (!fits) continue;
        uint64_t at = slots > 1 ? ((key[0] * GOLDEN ^ key[1]) * GOLDEN) >> shift : 0;
        for (used = 0; used < slots && number[at] >= 0; used++) {
            if (first[at] == key[0] && second[at] == key[1]) break;
            at = (at + 1) & (slots - 1);
        }
        id[i] = used < slots && number[at] >= 0 ? number[at] : -1;
    }
done:
    PyBuffer_Release(&points);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&ends);
    PyBuffer_Release(&numbers);
    PyBuffer_Release(&firsts);
    PyBuffer_Release(&seconds);
    return out;
}

/* --- unknown words: tokens/unknown.py ---------------------------------------------------------------------------- */

/* The roles of characters: for each code point a row, for each row five log-odds and three sets. */
typedef struct {
    const int16_t *row;
    const double *surname, *given, *foreign, *initial, *final;
    const char *familiar, *suffix, *stands_free;
} Roles;

/* Thresholds, in the order in which they are given. */
enum { NAME2, NAME3, PAIR, GIVEN, PLACE, FAMILIAR, THRESHOLDS };

static int length_of(const Roles *of, const double *least, int a, int b, int c) {
    if (of->foreign[a] > 0 && of->foreign[b] > 0) return 0;
    double of_word = of->initial[a] + of->final[b], name = of->surname[a] + of->given[b];
    int is_name = of->surname[a] != 0, two = is_name && name > least[NAME2];
    int three = of_word > least[PLACE] && of->suffix[c] && !(of->stands_free[a] || of->stands_free[b] || two);
    if (three || (is_name && of->given[c] > 0 && name + of->given[c] > least[NAME3])) return 3;
    if (two || of_word > least[PAIR] || of->given[a] + of->given[b] > least[GIVEN]) return 2;
    return of->surname[b] > least[FAMILIAR] && of->familiar[a] ? 2 : 1;
}

/* unknown(points, mask, first, second, plausible, row, columns, sets, thresholds): where unknown words may begin among
   the single characters of a text and how many characters each has, 0 where more of them must be seen. */
PyObject *unknown(PyObject *module, PyObject *args) {
    Py_buffer points, mask, firsts, seconds, rows, columns, sets, thresholds;
    PyObject *out = NULL;
    int plausible;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*y*iy*y*y*y*", &points, &mask, &firsts, &seconds, &plausible, &rows, &columns,
                          &sets, &thresholds))
        return NULL;
    const uint32_t *point = points.buf;
    const char *edge = mask.buf;
    const uint8_t *first = firsts.buf, *second = seconds.buf;
    const double *column = columns.buf;
    const char *set = sets.buf;
    Py_ssize_t size = points.len / 4, width = columns.len / 40;
    Roles of = {rows.buf, column, column + width, column + 2 * width, column + 3 * width, column + 4 * width,
                set, set + width, set + 2 * width};
    Table found = {NULL, 0, 0};
    int fine = mask.len == size + 1 && firsts.len == LAST_POINT + 1 && seconds.len == LAST_POINT + 1 &&
               rows.len / 2 == LAST_POINT + 1 && width && sets.len == 3 * width && thresholds.len == 8 * THRESHOLDS;
    for (Py_ssize_t at = 0; fine && at < size; at++) fine = point[at] <= LAST_POINT;
    int memory = 1;
    for (Py_ssize_t at = 0; fine && memory && at + 2 <= size; at++) {
        if (!edge[at] || !edge[at + 1] || !edge[at + 2] || first[point[at]] + second[point[at + 1]] <= plausible) continue;
        uint32_t third = at + 3 <= size && edge[at + 3] ? point[at + 2] : 0;
        int a = of.row[point[at]], b = of.row[point[at + 1]], c = of.row[third];
        fine = a >= 0 && a < width && b >= 0 && b < width && c >= 0 && c < width;
        int length = fine ? length_of(&of, thresholds.buf, a, b, c) : 1;
        if (length != 1) memory = add_row(&found, at, length, 0);
    }
    if (!fine)
        PyErr_SetString(PyExc_ValueError, "a mask of the text and tables of all characters are wanted");
    else if (memory)
        out = PyBytes_FromStringAndSize(found.used ? (char *)found.rows : "", found.used * 3 * sizeof *found.rows);
    else
        PyErr_NoMemory();
    free(found.rows);
    PyBuffer_Release(&points);
    PyBuffer_Release(&mask);
    PyBuffer_Release(&firsts);
    PyBuffer_Release(&seconds);
    PyBuffer_Release(&rows);
    PyBuffer_Release(&columns);
    PyBuffer_Release(&sets);
    PyBuffer_Release(&thresholds);
    return out;
}

static PyMethodDef methods[] = {
    {"find", trie_find, METH_VARARGS, "Find every string in a text."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_new, trie_new},
    {Py_tp_dealloc, trie_free},
    {Py_tp_methods, methods},
    {Py_tp_doc, "Strings by their first characters."},
    {0, NULL},
};

static PyType_Spec spec = {
    "govtext.native._kernels.Trie", sizeof(Trie), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE, slots,
};

PyObject *trie_type(PyObject *module) { return PyType_FromModuleAndSpec(module, &spec, NULL); }
