/* sidecar.detection.native._network.Reader: texts to names. It asks Python for the tokens of a chunk it does not know. */
#include <stdlib.h>
#include <string.h>

#include "chunks.h"
#include "lexicon.h"
#include "object.h"

/* What follows a token's attributes where Python gives its tokens. */
enum { TOLD_IS_SPACE, TOLD_LENGTH, TOLD_SPACED, TOLD };

/* A token in the lexicon: the attributes that the network reads, then its place in its chunk and whether it is blank. */
#define PACKED(start, length, blank) ((uint64_t)(start) << 33 | (uint64_t)(length) << 1 | (blank))
#define START_OF(packed) ((size_t)((packed) >> 33))
#define LENGTH_OF(packed) ((size_t)((packed) >> 1 & 0xffffffffU))
#define IS_BLANK(packed) ((packed)&1)

typedef struct {
    PyObject_HEAD
    NetworkObject *network;
    PyObject *tokenize;
    Py_buffer joins;
    Hash key;
    Lexicon *lexicon;
} ReaderObject;

typedef struct {
    size_t start, end;
} Place;

/* The tokens of all texts, one after the other: rows as the network reads them, and where they stand. */
typedef struct {
    uint64_t *rows;
    Place *places;
    size_t count, room;
} Tokens;

static size_t attributes_of(const ReaderObject *self)
{
    return network_columns(&self->network->network) - FLAGS;
}

static void reader_dealloc(PyObject *object)
{
    ReaderObject *self = (ReaderObject *)object;
    PyTypeObject *type = Py_TYPE(object);
    lexicon_free(self->lexicon);
    if (self->joins.obj)
        PyBuffer_Release(&self->joins);
    Py_XDECREF((PyObject *)self->network);
    Py_XDECREF(self->tokenize);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(object);
    Py_DECREF(type);
}

static PyObject *reader_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"network", "tokenize", "joins", "key", NULL};
    PyObject *network, *tokenize, *joins;
    unsigned long long low, high;
    if (!PyArg_ParseTupleAndKeywords(arguments, keywords, "OOO(KK):Reader", names, &network, &tokenize, &joins, &low,
                                     &high))
        return NULL;
    ReaderObject *self = (ReaderObject *)((allocfunc)PyType_GetSlot(type, Py_tp_alloc))(type, 0);
    if (!self)
        return NULL;
    self->tokenize = Py_NewRef(tokenize);
    self->key = (Hash){low, high};
    if (!network_check(network))
        PyErr_SetString(PyExc_TypeError, "a reader reads with a network");
    else {
        self->network = (NetworkObject *)Py_NewRef(network);
        if (!get_view(joins, 1, 'Q', &self->joins) && !(self->lexicon = lexicon_new(attributes_of(self) + 1)))
            PyErr_NoMemory();
    }
    if (self->lexicon)
        return (PyObject *)self;
    Py_DECREF(self);
    return NULL;
}

static int make_room(Tokens *tokens, size_t more, size_t columns)
{
    if (tokens->count + more <= tokens->room)
        return 0;
    const size_t room = 2 * (tokens->count + more) + 64;
    uint64_t *rows = realloc(tokens->rows, room * columns * sizeof *rows);
    if (rows)
        tokens->rows = rows;
    Place *places = rows ? realloc(tokens->places, room * sizeof *places) : NULL;
    if (!places) {
        PyErr_NoMemory();
        return -1;
    }
    tokens->places = places;
    tokens->room = room;
    return 0;
}

static int append(const ReaderObject *self, Tokens *tokens, const uint64_t *known, size_t count, size_t point)
{
    const size_t attributes = attributes_of(self), columns = attributes + FLAGS;
    if (make_room(tokens, count, columns))
        return -1;
    for (size_t t = 0; t < count; t++, known += attributes + 1, tokens->count++) {
        uint64_t *row = tokens->rows + tokens->count * columns;
        const uint64_t packed = known[attributes];
        memcpy(row, known, attributes * sizeof *row);
        memset(row + attributes, 0, FLAGS * sizeof *row);
        row[attributes + IS_SPACE] = IS_BLANK(packed);
        const size_t start = point + START_OF(packed);
        tokens->places[tokens->count] = (Place){start, start + LENGTH_OF(packed)};
    }
    return 0;
}

/* Take the tokens of a chunk as Python tells them, and see that they are all of it. */
static int take(ReaderObject *self, const Py_buffer *told, const Chunk *chunk, Hash hash, Tokens *tokens)
{
    const size_t attributes = attributes_of(self), count = (size_t)told->shape[0];
    uint64_t *packed = malloc((count + 1) * (attributes + 1) * sizeof *packed), *token = packed;
    if (!packed) {
        PyErr_NoMemory();
        return -1;
    }
    const uint64_t *row = told->buf;
    size_t point = 0;
    for (size_t t = 0; t < count && point <= chunk->points; t++, row += attributes + TOLD, token += attributes + 1) {
        const uint64_t *rest = row + attributes;
        const size_t length = rest[TOLD_LENGTH] <= chunk->points ? (size_t)rest[TOLD_LENGTH] : chunk->points + 1;
        memcpy(token, row, attributes * sizeof *row);
        token[attributes] = PACKED(point, length, rest[TOLD_IS_SPACE] != 0);
        point += length + (rest[TOLD_SPACED] != 0);
    }
    int result = -1;
    if (!count || point != chunk->points)
        refuse("the tokens of a text are not the whole text");
    else {
        lexicon_put(self->lexicon, hash, packed, count);
        result = append(self, tokens, packed, count, chunk->point);
    }
    free(packed);
    return result;
}

static int ask(ReaderObject *self, const Chunk *chunk, Hash hash, Tokens *tokens)
{
    PyObject *text = PyUnicode_FromStringAndSize(chunk->bytes, (Py_ssize_t)chunk->size);
    PyObject *array = text ? PyObject_CallFunctionObjArgs(self->tokenize, text, NULL) : NULL;
    Py_XDECREF(text);
    Py_buffer told;
    int result = -1;
    if (array && !get_view(array, 2, 'Q', &told)) {
        if ((size_t)told.shape[1] == attributes_of(self) + TOLD)
            result = take(self, &told, chunk, hash, tokens);
        else
            refuse("a token has not as many attributes as the network reads");
        PyBuffer_Release(&told);
    }
    Py_XDECREF(array);
    return result;
}

/* Append the tokens of a text. */
static int tokenize(ReaderObject *self, PyObject *text, Tokens *tokens)
{
    const Joins joins = {self->joins.buf, (size_t)self->joins.shape[0]};
    Py_ssize_t size;
    const char *bytes = PyUnicode_AsUTF8AndSize(text, &size);
    Cursor cursor = {bytes, (size_t)size, 0, 0};
    Chunk chunk;
    while (bytes && next_chunk(&cursor, &joins, &chunk)) {
        const Hash hash = siphash(self->key, chunk.bytes, chunk.size);
        size_t count;
        const uint64_t *known = lexicon_find(self->lexicon, hash, &count);
        if (known ? append(self, tokens, known, count, chunk.point) : ask(self, &chunk, hash, tokens))
            return -1;
    }
    return bytes ? 0 : -1;
}

/* One list of (start, end, label) for each text; `firsts` are the numbers of the texts' first tokens. */
static PyObject *answer(const ReaderObject *self, const Tokens *tokens, const Spans *spans, const size_t *firsts,
                        size_t count)
{
    PyObject *lists = PyList_New((Py_ssize_t)count);
    size_t next = 0;
    for (size_t t = 0; lists && t < count; t++) {
        PyObject *list = PyList_New(0);
        if (!list || PyList_SetItem(lists, (Py_ssize_t)t, list))
            Py_CLEAR(lists);
        for (; lists && next < spans->count && spans->spans[next].document == t; next++) {
            const Span *span = &spans->spans[next];
            const Place *places = tokens->places + firsts[t];
            PyObject *tuple =
                Py_BuildValue("(nnO)", (Py_ssize_t)places[span->start].start, (Py_ssize_t)places[span->end - 1].end,
                              PyTuple_GetItem(self->network->labels, span->label));
            if (!tuple || PyList_Append(list, tuple))
                Py_CLEAR(lists);
            Py_XDECREF(tuple);
        }
    }
    return lists;
}

static PyObject *reader_names(PyObject *object, PyObject *texts)
{
    ReaderObject *self = (ReaderObject *)object;
    if (!PyList_Check(texts))
        return PyErr_Format(PyExc_TypeError, "texts come in a list");
    PyObject *kept = PyList_AsTuple(texts); /* Python code runs while they are read */
    const size_t count = kept ? (size_t)PyTuple_Size(kept) : 0;
    const size_t columns = network_columns(&self->network->network);
    size_t *firsts = calloc(count + 1, sizeof *firsts);
    Document *documents = calloc(count + 1, sizeof *documents);
    Tokens tokens = {0};
    Spans spans = {0};
    PyObject *lists = NULL;
    if (!firsts || !documents)
        PyErr_NoMemory();
    for (size_t t = 0; !PyErr_Occurred() && t < count; t++) {
        tokenize(self, PyTuple_GetItem(kept, (Py_ssize_t)t), &tokens);
        firsts[t + 1] = tokens.count;
    }
    if (!PyErr_Occurred()) {
        for (size_t t = 0; t < count; t++) /* where the rows are is known when they are all there */
            documents[t] = (Document){tokens.rows + firsts[t] * columns, firsts[t + 1] - firsts[t]};
        if (network_pass(self->network, documents, count, &spans) == DONE)
            lists = answer(self, &tokens, &spans, firsts, count);
        else
            PyErr_NoMemory();
    }
    Py_XDECREF(kept);
    free(firsts);
    free(documents);
    free(tokens.rows);
    free(tokens.places);
    free(spans.spans);
    return lists;
}

static PyObject *reader_rows(PyObject *object, PyObject *text)
{
    ReaderObject *self = (ReaderObject *)object;
    Tokens tokens = {0};
    PyObject *rows = NULL;
    if (!tokenize(self, text, &tokens))
        rows = PyBytes_FromStringAndSize((const char *)tokens.rows, (Py_ssize_t)(tokens.count * sizeof *tokens.rows *
                                                                                 (attributes_of(self) + FLAGS)));
    free(tokens.rows);
    free(tokens.places);
    return rows;
}

static PyMethodDef reader_methods[] = {
    {"names", reader_names, METH_O, "Return the names in each text of a list, at code points."},
    {"rows", reader_rows, METH_O, "Return the tokens of a text as the network reads them."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot reader_slots[] = {
    {Py_tp_doc, "Reads names in texts, and keeps what tokens they are made of."},
    {Py_tp_new, reader_new},
    {Py_tp_dealloc, reader_dealloc},
    {Py_tp_methods, reader_methods},
    {0, NULL},
};

PyType_Spec reader_spec = {
    .name = "sidecar.detection.native._network.Reader",
    .basicsize = sizeof(ReaderObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = reader_slots,
};
