/* Inner loops over networks: shortest paths, moves between communities, and forces between points (网络).

   A network is given as its rows: int32 starts[nodes + 1], int32 others[edges], as scipy's csr arrays are. */

#include "kernels.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define AT_ONCE 256 /* sources between two looks at whether the user has interrupted */
#define MOST_PASSES 10000 /* real networks need some ten */
#define EXACT 9007199254740992.0 /* up to it the order in which whole numbers are added makes no difference */

static void release(Py_buffer *buffers, int many) {
    for (int i = 0; i < many; i++) PyBuffer_Release(buffers + i);
}

static int wrong(const char *what) {
    PyErr_SetString(PyExc_ValueError, what);
    return 0;
}

/* Whether buffers are the rows of a network; how many nodes it has, or -1. */
static Py_ssize_t nodes_of(const Py_buffer *starts, const Py_buffer *others) {
    Py_ssize_t size = starts->len / 4 - 1, edges = others->len / 4;
    const int32_t *start = starts->buf, *other = others->buf;
    int fine = size >= 0 && size < INT32_MAX && starts->len % 4 == 0 && others->len % 4 == 0;
    fine = fine && start[0] == 0 && start[size] == edges;
    for (Py_ssize_t i = 0; fine && i < size; i++) fine = start[i] <= start[i + 1];
    for (Py_ssize_t i = 0; fine && i < edges; i++) fine = other[i] >= 0 && other[i] < size;
    if (!fine) wrong("the rows of a network are starts from 0 to all edges, and nodes");
    return fine ? size : -1;
}

typedef struct {
    const int32_t *start, *other;
    const double *weight;
    int32_t *level, *queue; /* how far each node is, and the nodes by that */
    int32_t *next, *after;  /* one level further: the neighbours of the nodes of the queue, and where those of each begin */
    double *paths, *share;
} Search;

/* Add the paths anew in the order of the rows, as the twin adds: so many that the order makes a difference. Each edge
   stands in the rows of both of its ends. */
static void again(Search *s, int32_t found) {
    for (int32_t i = 1; i < found; i++) {
        int32_t node = s->queue[i];
        s->paths[node] = 0;
        for (int32_t e = s->start[node]; e < s->start[node + 1]; e++)
            if (s->level[s->other[e]] == s->level[node] - 1) s->paths[node] += s->paths[s->other[e]];
    }
}

/* Find how many shortest paths lead from a source to each node; return how many nodes there are.

   Without a branch, which would be guessed wrong at every other edge: what is found is written to the end of the queue
   and of the further neighbours, and the ends move where it belongs there. */
static int32_t search(Search *s, int32_t size, int32_t source) {
    int32_t found = 1, further = 0;
    double most = 1;
    memset(s->level, 0xFF, (size_t)size * sizeof *s->level); /* -1 */
    memset(s->paths, 0, (size_t)size * sizeof *s->paths);
    s->level[source] = 0;
    s->paths[source] = 1;
    s->queue[0] = source;
    for (int32_t at = 0; at < found; at++) {
        int32_t node = s->queue[at], first = further, below = s->level[node] + 1;
        double paths = s->paths[node];
        const int32_t *stop = s->other + s->start[node + 1];
        s->after[at] = first;
        for (const int32_t *to = s->other + s->start[node]; to < stop; to++) {
            int32_t other = *to, level = s->level[other], is_new = -(level < 0);
            level ^= (level ^ below) & is_new;
            s->level[other] = level;
            s->queue[found] = other;
            found -= is_new;
            s->next[further] = other;
            further += !(level ^ below);
        }
        for (int32_t i = first; i < further; i++) s->paths[s->next[i]] += paths;
        most = paths > most ? paths : most;
    }
    s->after[found] = further;
    if (most >= EXACT) again(s, found);
    return found;
}

/* Add what the paths from a source depend on each node; return the sum of the distances to all. */
static double depend(Search *s, int32_t found, double of_source, double *between) {
    double away = 0;
    for (int32_t i = found - 1; i > 0; i--) {
        int32_t node = s->queue[i];
        double sum = 0;
        for (int32_t at = s->after[i]; at < s->after[i + 1]; at++) sum += s->share[s->next[at]];
        sum *= s->paths[node];
        between[node] += sum * of_source;
        s->share[node] = (s->weight[node] + sum) / s->paths[node];
        away += s->level[node] * s->weight[node];
    }
    return away;
}

/* shortest_paths(starts, others, weights, between, away): add to between what all paths depend on each node, and write
   the sum of the distances from each. A node counts as often as its weight, as source and as target (Brandes 2001). */
PyObject *shortest_paths(PyObject *module, PyObject *args) {
    Py_buffer b[5];
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*w*w*", b, b + 1, b + 2, b + 3, b + 4)) return NULL;
    Py_ssize_t size = nodes_of(b, b + 1);
    int fine = size >= 0;
    for (int i = 2; fine && i < 5; i++)
        if (b[i].len != size * (Py_ssize_t)sizeof(double)) fine = wrong("one number for each node is wanted");
    fine = fine && are_apart((const Py_buffer *const[]){b, b + 1, b + 2, b + 3, b + 4}, 5, 2);
    Search s = {0};
    int32_t *whole = fine ? PyMem_Malloc((3 * (size_t)size + 3) * sizeof *whole) : NULL;
    s.next = fine ? PyMem_Malloc((size_t)b[1].len + sizeof *s.next) : NULL; /* the ends of both are written beyond, too */
    double *real = fine ? PyMem_Malloc((2 * (size_t)size + 1) * sizeof *real) : NULL;
    if (fine && (!whole || !s.next || !real)) {
        PyErr_NoMemory();
        fine = 0;
    }
    if (fine) {
        double *between = b[3].buf, *away = b[4].buf;
        s.start = b[0].buf, s.other = b[1].buf, s.weight = b[2].buf;
        s.level = whole, s.queue = whole + size, s.after = whole + 2 * size + 1;
        s.paths = real, s.share = real + size;
        for (int32_t source = 0; fine && source < size;) { /* of a large network one may grow tired */
            int32_t stop = size - source < AT_ONCE ? (int32_t)size : source + AT_ONCE;
            Py_BEGIN_ALLOW_THREADS
            for (; source < stop; source++)
                away[source] = depend(&s, search(&s, (int32_t)size, source), s.weight[source], between);
            Py_END_ALLOW_THREADS
            fine = PyErr_CheckSignals() == 0;
        }
    }
    PyMem_Free(whole);
    PyMem_Free(s.next);
    PyMem_Free(real);
    release(b, 5);
    if (!fine) return NULL;
    Py_RETURN_NONE;
}

typedef struct {
    const int32_t *start, *other;
    const double *weight, *degree;
    double half, square, resolution; /* of all weight; twice its square */
    int32_t *home, *met;
    double *total, *to; /* of each community: its degrees, and the weight of the edges to it */
    char *seen;
} Parts;

/* Move a node to the community of a neighbour that modularity gains most by, the first met of several; 1 if it moves. */
static int moved(Parts *p, int32_t node) {
    int32_t own = p->home[node], best = own, many = 0;
    double degree = p->degree[node], most = 0;
    for (int32_t e = p->start[node]; e < p->start[node + 1]; e++) {
        if (p->other[e] == node) continue;
        int32_t group = p->home[p->other[e]];
        if (!p->seen[group]) {
            p->seen[group] = 1;
            p->to[group] = 0;
            p->met[many++] = group;
        }
        p->to[group] += p->weight[e];
    }
    if (!p->seen[own]) {
        p->seen[own] = 1;
        p->to[own] = 0;
        p->met[many++] = own;
    }
    p->total[own] -= degree;
    double cost = -p->to[own] / p->half + p->resolution * (p->total[own] * degree) / p->square;
    for (int32_t i = 0; i < many; i++) {
        int32_t group = p->met[i];
        double gain = cost + p->to[group] / p->half - p->resolution * (p->total[group] * degree) / p->square;
        if (gain > most) best = group, most = gain;
        p->seen[group] = 0;
    }
    p->total[best] += degree;
    p->home[node] = best;
    return best != own;
}

/* move_to_communities(starts, others, weights, degrees, order, home, half, square, resolution): one level of the Louvain
   method (Blondel et al. 2008); each node of int32 order in turn, until none moves, or for ever so many passes: with
   weights below zero two nodes may follow each other. home is written. */
PyObject *move_to_communities(PyObject *module, PyObject *args) {
    Py_buffer b[6];
    Parts p = {0};
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*w*ddd", b, b + 1, b + 2, b + 3, b + 4, b + 5, &p.half, &p.square, &p.resolution))
        return NULL;
    Py_ssize_t size = nodes_of(b, b + 1), many = b[4].len / 4;
    int fine = size >= 0;
    if (fine && (b[2].len != b[1].len * 2 || b[3].len != size * 8 || b[5].len != size * 4 || b[4].len % 4))
        fine = wrong("a weight for each edge, a degree and a home for each node are wanted");
    fine = fine && are_apart((const Py_buffer *const[]){b, b + 1, b + 2, b + 3, b + 4, b + 5}, 6, 1);
    const int32_t *order = b[4].buf;
    for (Py_ssize_t i = 0; fine && i < many; i++)
        if (order[i] < 0 || order[i] >= size) fine = wrong("no such node");
    double *real = fine ? PyMem_Malloc((2 * (size_t)size + 1) * sizeof *real) : NULL;
    p.met = fine ? PyMem_Malloc(((size_t)size + 1) * sizeof *p.met) : NULL;
    p.seen = fine ? PyMem_Calloc((size_t)size + 1, 1) : NULL;
    if (fine && (!real || !p.met || !p.seen)) {
        PyErr_NoMemory();
        fine = 0;
    }
    if (fine) {
        p.start = b[0].buf, p.other = b[1].buf, p.weight = b[2].buf, p.degree = b[3].buf, p.home = b[5].buf;
        p.total = real, p.to = real + size;
        memcpy(p.total, p.degree, (size_t)size * sizeof *real);
        for (int32_t node = 0; node < size; node++) p.home[node] = node;
        Py_ssize_t moves = 1;
        for (int pass = 0; fine && moves && pass < MOST_PASSES; pass++) {
            moves = 0;
            Py_BEGIN_ALLOW_THREADS
            for (Py_ssize_t i = 0; i < many; i++) moves += moved(&p, order[i]);
            Py_END_ALLOW_THREADS
            fine = PyErr_CheckSignals() == 0;
        }
    }
    PyMem_Free(real);
    PyMem_Free(p.met);
    PyMem_Free(p.seen);
    release(b, 6);
    if (!fine) return NULL;
    Py_RETURN_NONE;
}

/* repulsion(x, y, mass, across, down): write the force on each point that all others repel with, by their masses over
   their distance. Each is the sum over the others in their order: of a pair the later adds last to the earlier. */
PyObject *repulsion(PyObject *module, PyObject *args) {
    Py_buffer b[5];
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*w*w*", b, b + 1, b + 2, b + 3, b + 4)) return NULL;
    int fine = b[0].len % (Py_ssize_t)sizeof(double) == 0;
    for (int i = 1; i < 5; i++) fine = fine && b[i].len == b[0].len;
    if (!fine)
        wrong("as many numbers in each column are wanted");
    else if ((fine = are_apart((const Py_buffer *const[]){b, b + 1, b + 2, b + 3, b + 4}, 5, 2))) {
        Py_ssize_t size = b[0].len / (Py_ssize_t)sizeof(double);
        const double *x = b[0].buf, *y = b[1].buf, *mass = b[2].buf;
        double *across = b[3].buf, *down = b[4].buf;
        Py_BEGIN_ALLOW_THREADS
        for (Py_ssize_t i = 0; i < size; i++) {
            double sum_x = 0, sum_y = 0;
            for (Py_ssize_t j = 0; j < i; j++) {
                double dx = x[i] - x[j], dy = y[i] - y[j];
                double factor = mass[i] * mass[j] / (dx * dx + dy * dy);
                double fx = dx * factor, fy = dy * factor;
                sum_x += fx, sum_y += fy;
                across[j] -= fx, down[j] -= fy;
            }
            across[i] = sum_x, down[i] = sum_y;
        }
        Py_END_ALLOW_THREADS
    }
    release(b, 5);
    if (!fine) return NULL;
    Py_RETURN_NONE;
}
