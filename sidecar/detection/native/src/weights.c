/* Reads a network's weights from Python's arrays, and refuses what does not fit together: nothing is trusted later. */
#include <stdlib.h>
#include <string.h>

#include "object.h"

int refuse(const char *what)
{
    PyErr_SetString(PyExc_ValueError, what);
    return -1;
}

static int is_format(const Py_buffer *view, char format)
{
    const char *given = view->format ? view->format : "B";
    if (format == 'Q') /* numpy calls 64 bits by either name */
        return (!strcmp(given, "L") || !strcmp(given, "Q")) && view->itemsize == 8;
    return given[0] == format && !given[1] && view->itemsize == 4;
}

int get_view(PyObject *array, int dimensions, char format, Py_buffer *view)
{
    if (PyObject_GetBuffer(array, view, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT))
        return -1;
    if (view->ndim == dimensions && is_format(view, format))
        return 0;
    PyBuffer_Release(view);
    return refuse("an array has the wrong type or number of dimensions");
}

/* The buffer lives as long as the object. */
static const Py_buffer *keep_view(NetworkObject *self, PyObject *array, int dimensions, char format)
{
    Py_buffer *grown = realloc(self->views, (self->view_count + 1) * sizeof *grown);
    if (!grown) {
        PyErr_NoMemory();
        return NULL;
    }
    self->views = grown;
    if (get_view(array, dimensions, format, &grown[self->view_count]))
        return NULL;
    return &grown[self->view_count++];
}

static PyObject *item(PyObject *tuple, Py_ssize_t index)
{
    return PyTuple_GetItem(tuple, index); /* raises where it is no tuple or too short */
}

static int read_affine(NetworkObject *self, Affine *affine, PyObject *weights, PyObject *bias)
{
    Py_buffer w, b;
    if (!weights || !bias || get_view(weights, 3, 'f', &w))
        return -1;
    int result = get_view(bias, 2, 'f', &b);
    if (!result) {
        const size_t outputs = (size_t)w.shape[0], pieces = (size_t)w.shape[1], inputs = (size_t)w.shape[2];
        if (!outputs || !pieces || !inputs || pieces > MOST_PIECES || b.shape[0] != w.shape[0] ||
            b.shape[1] != w.shape[1])
            result = refuse("weights and biases do not fit each other");
        else if ((result = affine_pack(affine, self->network.level, outputs, pieces, inputs, w.buf, b.buf)))
            PyErr_NoMemory();
        PyBuffer_Release(&b);
    }
    PyBuffer_Release(&w);
    return result;
}

Level best_level(size_t width)
{
    const Level best = affine_best();
    return best == AVX512 && quantized_fits(width) ? VNNI : best;
}

static int read_pair(NetworkObject *self, Affine *affine, PyObject *pair)
{
    return read_affine(self, affine, item(pair, 0), item(pair, 1));
}

static const float *keep_row(NetworkObject *self, PyObject *array, size_t width)
{
    const Py_buffer *view = array ? keep_view(self, array, 1, 'f') : NULL;
    if (view && (size_t)view->shape[0] != width) {
        refuse("a normalization is not as wide as its layer");
        return NULL;
    }
    return view ? view->buf : NULL;
}

/* (weights, bias, gain, shift) */
static int read_layer(NetworkObject *self, Layer *layer, PyObject *tuple, size_t inputs)
{
    const size_t width = self->network.width;
    if (read_pair(self, &layer->maxout, tuple))
        return -1;
    if (layer->maxout.outputs != width || layer->maxout.inputs != inputs)
        return refuse("a layer is not as wide as those around it");
    layer->gain = keep_row(self, item(tuple, 2), width);
    layer->shift = layer->gain ? keep_row(self, item(tuple, 3), width) : NULL;
    return layer->shift ? 0 : -1;
}

/* The layer's arrays have been checked. */
static int read_quantized(NetworkObject *self, Layer *layer, PyObject *weights, PyObject *bias)
{
    const Affine *maxout = &layer->maxout;
    const size_t width = self->network.width;
    Py_buffer w, b;
    if (get_view(weights, 3, 'f', &w))
        return -1;
    int result = get_view(bias, 2, 'f', &b);
    if (!result) {
        result = quantized_pack(&layer->quantized, maxout->outputs, maxout->pieces, maxout->inputs / width, width,
                                w.buf, b.buf);
        if (result)
            PyErr_NoMemory();
        PyBuffer_Release(&b);
    }
    PyBuffer_Release(&w);
    return result;
}

/* ((seed, rows), ...) */
static int read_tables(NetworkObject *self, PyObject *tables)
{
    Network *network = &self->network;
    const Py_ssize_t count = PyTuple_Size(tables);
    if (count < 0)
        return -1;
    if (count == 0 || count >= MOST_FEATURES)
        return refuse("there are too many features, or none");
    for (Py_ssize_t f = 0; f < count; f++) {
        unsigned int seed;
        PyObject *rows;
        if (!PyArg_ParseTuple(item(tables, f), "IO;a table is (seed, rows)", &seed, &rows))
            return -1;
        const Py_buffer *view = keep_view(self, rows, 2, 'f');
        if (!view)
            return -1;
        const size_t width = (size_t)view->shape[1];
        if (view->shape[0] < 1 || view->shape[0] > INT32_MAX || !width || (f && width != network->width))
            return refuse("the tables have no rows, or rows of different widths");
        network->width = width;
        network->tables[f] = (Table){view->buf, (uint32_t)view->shape[0], seed};
    }
    network->features = (size_t)count;
    if (network->level > best_level(network->width))
        network->level = best_level(network->width);
    return 0;
}

/* None, or (keys, places, vectors) */
static int read_vectors(NetworkObject *self, PyObject *vectors)
{
    Network *network = &self->network;
    if (Py_IsNone(vectors))
        return 0;
    PyObject *arrays[3];
    if (!PyArg_ParseTuple(vectors, "OOO;vectors are (keys, places, vectors)", &arrays[0], &arrays[1], &arrays[2]))
        return -1;
    const Py_buffer *view = keep_view(self, arrays[0], 1, 'Q');
    if (!view)
        return -1;
    network->keys = view->buf;
    network->key_count = (size_t)view->shape[0];
    if (!(view = keep_view(self, arrays[1], 1, 'i')))
        return -1;
    network->places = view->buf;
    if ((size_t)view->shape[0] != network->key_count)
        return refuse("there are not as many keys as places");
    if (!(view = keep_view(self, arrays[2], 2, 'f')))
        return -1;
    network->vectors = view->buf;
    if ((size_t)view->shape[1] != network->width)
        return refuse("the vectors are not as wide as the tables");
    for (size_t k = 0; k < network->key_count; k++)
        if (network->places[k] >= view->shape[0])
            return refuse("a key has no vector");
    return 0;
}

static int read_encoder(NetworkObject *self, PyObject *embed, PyObject *layers, Py_ssize_t window)
{
    Network *network = &self->network;
    const size_t parts = network->features + (network->keys != NULL);
    if (read_layer(self, &network->embed, embed, parts * network->width))
        return -1;
    const Py_ssize_t depth = PyTuple_Size(layers);
    if (depth < 0)
        return -1;
    if (depth < 1 || depth > MOST_LAYERS || window < 1 || window > 8)
        return refuse("the encoder is too deep or wide, or has no layers");
    network->window = (size_t)window;
    for (network->depth = 0; network->depth < (size_t)depth; network->depth++) {
        Layer *layer = &network->layers[network->depth];
        PyObject *tuple = item(layers, (Py_ssize_t)network->depth);
        if (read_layer(self, layer, tuple, (2 * network->window + 1) * network->width) ||
            (network->level == VNNI && read_quantized(self, layer, item(tuple, 0), item(tuple, 1))))
            return -1;
    }
    return 0;
}

static int read_state(NetworkObject *self, PyObject *project, PyObject *closed, PyObject *slots)
{
    Network *network = &self->network;
    if (read_pair(self, &network->project, project) || read_pair(self, &network->closed, closed))
        return -1;
    network->hidden = network->closed.outputs;
    network->pieces = network->closed.pieces;
    if (network->project.pieces != 1 || network->project.inputs != network->width ||
        network->closed.inputs != network->project.outputs)
        return refuse("the hidden layer does not fit the encoder");
    for (Py_ssize_t slot = 0; slot < SLOTS; slot++) {
        PyObject *pair = item(slots, slot);
        Affine *affine = &network->slots[slot];
        if (!pair || read_pair(self, affine, pair))
            return -1;
        if (affine->pieces != 1 || affine->inputs != network->project.outputs ||
            affine->outputs != network->hidden * network->pieces)
            return refuse("a slot does not fit the hidden layer");
    }
    return 0;
}

/* moves: ((kind, label), ...) */
static int read_moves(NetworkObject *self, PyObject *scores, PyObject *moves, PyObject *open_scores)
{
    Network *network = &self->network;
    if (read_pair(self, &network->closed_scores, scores) || read_pair(self, &network->open_scores, open_scores))
        return -1;
    const Py_ssize_t count = PyTuple_Size(moves), labels = PyTuple_Size(self->labels);
    if (count < 0 || labels < 1)
        return PyErr_Occurred() ? -1 : refuse("there are no labels");
    if (network->closed_scores.pieces != 1 || network->closed_scores.inputs != network->hidden ||
        network->closed_scores.outputs != (size_t)count || network->open_scores.pieces != 1 ||
        network->open_scores.inputs != network->hidden || network->open_scores.outputs != 2 * (size_t)labels ||
        PyBytes_Size(self->on_first) != labels)
        return refuse("the moves do not fit their scores");
    network->labels = (size_t)labels;
    network->on_first = (const uint8_t *)PyBytes_AsString(self->on_first);
    if (!(self->moves = malloc((size_t)count * sizeof *self->moves))) {
        PyErr_NoMemory();
        return -1;
    }
    network->moves = self->moves;
    int out = 0;
    for (Py_ssize_t m = 0; m < count; m++) {
        int kind, label;
        if (!PyArg_ParseTuple(item(moves, m), "ii;a move is (kind, label)", &kind, &label))
            return -1;
        if (kind < BEGIN || kind > OUT || label < 0 || label >= labels)
            return refuse("a move is of no known kind, or has no label");
        self->moves[m] = (Move){(Kind)kind, label};
        out |= kind == OUT;
    }
    return out ? 0 : refuse("there is no move for a token outside of entities");
}

/* The width is not known yet: quantized layers are dropped where they turn out not to fit it. */
static int read_level(NetworkObject *self, const char *name)
{
    const Level best = best_level(QUANT_LANES);
    self->network.level = best;
    for (Level level = BASE; name && level <= best; level++)
        if (!strcmp(name, LEVEL_NAMES[level])) {
            self->network.level = level;
            return 0;
        }
    return name ? refuse("this processor has no such instructions") : 0;
}

int read_parts(NetworkObject *self, const Parts *parts)
{
    if (read_level(self, parts->level) || read_tables(self, parts->tables) || read_vectors(self, parts->vectors) ||
        read_encoder(self, parts->embed, parts->layers, parts->window) ||
        read_state(self, parts->project, parts->closed, parts->slots))
        return -1;
    return read_moves(self, parts->scores, parts->moves, parts->open_scores);
}
