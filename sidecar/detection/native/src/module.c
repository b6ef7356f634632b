/* sidecar.detection.native._network: the Python object. It lets the GIL go for a pass. */
#include <stdlib.h>
#include <string.h>

#include "object.h"

static void network_dealloc(PyObject *object)
{
    NetworkObject *self = (NetworkObject *)object;
    PyTypeObject *type = Py_TYPE(object);
    while (self->idle_count)
        workspace_free(self->idle[--self->idle_count]);
    network_free(&self->network);
    while (self->view_count)
        PyBuffer_Release(&self->views[--self->view_count]);
    free(self->views);
    free(self->moves);
    Py_XDECREF(self->labels);
    Py_XDECREF(self->on_first);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(object);
    Py_DECREF(type);
}

static PyObject *network_new(PyTypeObject *type, PyObject *arguments, PyObject *keywords)
{
    static char *names[] = {"tables", "vectors",     "embed",  "layers",   "window", "project", "closed", "slots",
                            "scores", "open_scores", "moves", "on_first", "labels", "level",   NULL};
    PyObject *on_first, *labels;
    Parts parts;
    if (!PyArg_ParseTupleAndKeywords(
            arguments, keywords, "O!OO!O!nO!O!O!O!O!O!SO!z:Network", names, &PyTuple_Type, &parts.tables,
            &parts.vectors, &PyTuple_Type, &parts.embed, &PyTuple_Type, &parts.layers, &parts.window, &PyTuple_Type,
            &parts.project, &PyTuple_Type, &parts.closed, &PyTuple_Type, &parts.slots, &PyTuple_Type, &parts.scores,
            &PyTuple_Type, &parts.open_scores, &PyTuple_Type, &parts.moves, &on_first, &PyTuple_Type, &labels,
            &parts.level))
        return NULL;
    NetworkObject *self = (NetworkObject *)((allocfunc)PyType_GetSlot(type, Py_tp_alloc))(type, 0);
    if (!self)
        return NULL;
    self->labels = Py_NewRef(labels);
    self->on_first = Py_NewRef(on_first);
    if (read_parts(self, &parts)) {
        Py_DECREF(self);
        return NULL;
    }
    return (PyObject *)self;
}

/* One list of (start, end, label) for each document. */
static PyObject *answer(const NetworkObject *self, const Spans *spans, size_t count)
{
    PyObject *lists = PyList_New((Py_ssize_t)count);
    size_t next = 0;
    for (size_t d = 0; lists && d < count; d++) {
        PyObject *list = PyList_New(0);
        if (!list || PyList_SetItem(lists, (Py_ssize_t)d, list))
            Py_CLEAR(lists);
        for (; lists && next < spans->count && spans->spans[next].document == d; next++) {
            const Span *span = &spans->spans[next];
            PyObject *tuple = Py_BuildValue("(nnO)", (Py_ssize_t)span->start, (Py_ssize_t)span->end,
                                            PyTuple_GetItem(self->labels, span->label));
            if (!tuple || PyList_Append(list, tuple))
                Py_CLEAR(lists);
            Py_XDECREF(tuple);
        }
    }
    return lists;
}

static Workspace *take_workspace(NetworkObject *self)
{
    return self->idle_count ? self->idle[--self->idle_count] : workspace_new(&self->network);
}

static void put_workspace(NetworkObject *self, Workspace *workspace)
{
    if (self->idle_count < MOST_IDLE)
        self->idle[self->idle_count++] = workspace;
    else
        workspace_free(workspace);
}

Outcome network_pass(NetworkObject *self, const Document *documents, size_t count, Spans *spans)
{
    Workspace *workspace = take_workspace(self);
    if (!workspace)
        return NO_MEMORY;
    Outcome outcome;
    Py_BEGIN_ALLOW_THREADS
    outcome = network_read(&self->network, workspace, documents, count, spans);
    Py_END_ALLOW_THREADS
    put_workspace(self, workspace);
    return outcome;
}

static int get_document(const NetworkObject *self, PyObject *array, Py_buffer *view, Document *document)
{
    if (get_view(array, 2, 'Q', view))
        return -1;
    *document = (Document){view->buf, (size_t)view->shape[0]};
    if ((size_t)view->shape[1] == network_columns(&self->network))
        return 0;
    PyBuffer_Release(view);
    return refuse("a document has not as many attributes as the network reads");
}

static PyObject *network_spans(PyObject *object, PyObject *arrays)
{
    NetworkObject *self = (NetworkObject *)object;
    if (!PyList_Check(arrays))
        return PyErr_Format(PyExc_TypeError, "documents come in a list");
    const Py_ssize_t count = PyList_Size(arrays);
    Py_buffer *views = calloc((size_t)count + 1, sizeof *views);
    Document *documents = calloc((size_t)count + 1, sizeof *documents);
    PyObject *lists = NULL;
    Spans spans = {0};
    Py_ssize_t held = 0;
    if (!views || !documents)
        PyErr_NoMemory();
    while (!PyErr_Occurred() && held < count &&
           !get_document(self, PyList_GetItem(arrays, held), &views[held], &documents[held]))
        held++;
    if (!PyErr_Occurred()) {
        const Outcome outcome = network_pass(self, documents, (size_t)count, &spans);
        if (outcome == NO_MEMORY)
            PyErr_NoMemory();
        else if (outcome == PRESET)
            refuse("a document has entities already");
        else
            lists = answer(self, &spans, (size_t)count);
    }
    while (held)
        PyBuffer_Release(&views[--held]);
    free(views);
    free(documents);
    free(spans.spans);
    return lists;
}

static PyObject *network_scores_method(PyObject *object, PyObject *arguments)
{
    NetworkObject *self = (NetworkObject *)object;
    PyObject *array;
    int exact;
    Py_buffer view;
    Document document;
    if (!PyArg_ParseTuple(arguments, "Op:scores", &array, &exact) || get_document(self, array, &view, &document))
        return NULL;
    const size_t size = document.count * self->network.closed_scores.outputs * sizeof(float);
    PyObject *scores = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size);
    Workspace *workspace = scores ? take_workspace(self) : NULL;
    if (workspace) {
        network_scores(&self->network, workspace, &document, exact, (float *)(void *)PyBytes_AsString(scores));
        put_workspace(self, workspace);
    } else if (scores) {
        PyErr_NoMemory();
        Py_CLEAR(scores);
    }
    PyBuffer_Release(&view);
    return scores;
}

static PyObject *network_margin(PyObject *object, void *closure)
{
    (void)closure;
    return PyFloat_FromDouble((double)((NetworkObject *)object)->network.margin);
}

static int network_set_margin(PyObject *object, PyObject *value, void *closure)
{
    (void)closure;
    const double margin = value ? PyFloat_AsDouble(value) : -1;
    if (PyErr_Occurred())
        return -1;
    if (!(margin >= 0))
        return refuse("a margin is a number from 0 up");
    ((NetworkObject *)object)->network.margin = (float)margin;
    return 0;
}

static PyObject *network_level(PyObject *object, void *closure)
{
    (void)closure;
    return PyUnicode_FromString(LEVEL_NAMES[((NetworkObject *)object)->network.level]);
}

int network_check(PyObject *object)
{
    destructor theirs = (destructor)PyType_GetSlot(Py_TYPE(object), Py_tp_dealloc);
    return theirs == network_dealloc; /* the type is immutable and cannot be derived from */
}

static PyObject *levels(PyObject *module, PyObject *nothing)
{
    (void)module, (void)nothing;
    const Level best = best_level(QUANT_LANES);
    PyObject *names = PyTuple_New(best + 1);
    for (Level level = BASE; names && level <= best; level++) {
        PyObject *name = PyUnicode_FromString(LEVEL_NAMES[level]);
        if (!name || PyTuple_SetItem(names, level, name))
            Py_CLEAR(names);
    }
    return names;
}

static PyMethodDef network_methods[] = {
    {"spans", network_spans, METH_O, "Return the spans of each document of a list, which are arrays of attributes."},
    {"scores", network_scores_method, METH_VARARGS,
     "Return the scores of all moves without an open entity for every token of a document, exact or as they are used."},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef network_getters[] = {
    {"level", network_level, NULL, "The instructions in use.", NULL},
    {"margin", network_margin, network_set_margin,
     "What scores that are not exact must lie apart by. None are used before it is more than 0.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot network_slots[] = {
    {Py_tp_doc, "An entity recognizer's weights, packed."},
    {Py_tp_new, network_new},
    {Py_tp_dealloc, network_dealloc},
    {Py_tp_methods, network_methods},
    {Py_tp_getset, network_getters},
    {0, NULL},
};

static PyType_Spec network_spec = {
    .name = "sidecar.detection.native._network.Network",
    .basicsize = sizeof(NetworkObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = network_slots,
};

static int add_type(PyObject *module, PyType_Spec *spec)
{
    PyObject *type = PyType_FromModuleAndSpec(module, spec, NULL);
    const int result = type ? PyModule_AddType(module, (PyTypeObject *)type) : -1;
    Py_XDECREF(type);
    return result;
}

static int execute(PyObject *module)
{
    return add_type(module, &network_spec) || add_type(module, &reader_spec) ? -1 : 0;
}

static PyMethodDef module_methods[] = {
    {"levels", levels, METH_NOARGS, "Name the sets of instructions this processor has, the best one last."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, execute},
    {0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_network", NULL, 0, module_methods, module_slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__network(void)
{
    return PyModuleDef_Init(&module);
}
