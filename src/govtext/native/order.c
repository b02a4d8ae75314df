/* The order of whole numbers (排序). */

#include "kernels.h"

#include <stdint.h>
#include <string.h>

#define BITS 11 /* of a digit: a histogram of them lies near the processor */
#define BUCKETS (1 << BITS)
#define DIGITS ((64 + BITS - 1) / BITS)
#define SIGN ((uint64_t)1 << 63)

typedef struct {
    uint64_t key;
    int64_t place;
} Item;

/* Sort by digits from the lowest on, leaving out those that all numbers share; return where the items end up. */
static Item *by_digits(Item *items, Item *other, size_t size, size_t (*starts)[BUCKETS]) {
    for (size_t i = 0; i < size; i++)
        for (int digit = 0; digit < DIGITS; digit++) starts[digit][items[i].key >> (BITS * digit) & (BUCKETS - 1)]++;
    for (int digit = 0; digit < DIGITS; digit++) {
        size_t *start = starts[digit], before = 0, most = 0;
        for (int i = 0; i < BUCKETS; i++) {
            size_t many = start[i];
            most = many > most ? many : most;
            start[i] = before;
            before += many;
        }
        if (most == size) continue;
        for (size_t i = 0; i < size; i++) other[start[items[i].key >> (BITS * digit) & (BUCKETS - 1)]++] = items[i];
        Item *last = items;
        items = other;
        other = last;
    }
    return items;
}

/* rising(numbers, order): write the places of int64 numbers by rising number, of equals the first first. */
PyObject *rising(PyObject *module, PyObject *args) {
    Py_buffer numbers, order;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*w*", &numbers, &order)) return NULL;
    size_t size = (size_t)numbers.len / 8;
    int fine = numbers.len % 8 == 0 && numbers.len == order.len;
    if (fine)
        fine = are_apart((const Py_buffer *const[]){&numbers, &order}, 2, 1);
    else
        PyErr_SetString(PyExc_ValueError, "int64 numbers and as many places are wanted");
    Item *items = fine ? PyMem_Malloc((2 * size + 1) * sizeof *items) : NULL;
    size_t(*starts)[BUCKETS] = fine ? PyMem_Calloc(DIGITS, sizeof *starts) : NULL;
    if (fine && (!items || !starts)) {
        PyErr_NoMemory();
        fine = 0;
    }
    if (fine) {
        const int64_t *number = numbers.buf;
        int64_t *place = order.buf;
        Py_BEGIN_ALLOW_THREADS
        for (size_t i = 0; i < size; i++) items[i] = (Item){(uint64_t)number[i] ^ SIGN, (int64_t)i};
        const Item *sorted = by_digits(items, items + size, size, starts);
        for (size_t i = 0; i < size; i++) place[i] = sorted[i].place;
        Py_END_ALLOW_THREADS
    }
    PyMem_Free(items);
    PyMem_Free(starts);
    PyBuffer_Release(&numbers);
    PyBuffer_Release(&order);
    if (!fine) return NULL;
    Py_RETURN_NONE;
}
