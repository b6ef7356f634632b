/* The Python object around a network, and how its weights are read from arrays. */
#ifndef SIDECAR_OBJECT_H
#define SIDECAR_OBJECT_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "network.h"

enum { MOST_IDLE = 8 };

typedef struct {
    PyObject_HEAD
    Network network;
    Py_buffer *views; /* arrays that the network reads where they are */
    size_t view_count;
    Move *moves;
    PyObject *labels, *on_first;
    Workspace *idle[MOST_IDLE]; /* guarded by the GIL; a pass takes one out, so that several may run at once */
    size_t idle_count;
} NetworkObject;

/* Everything that a network is made of, as Python hands it over: see _network.pyi. References are borrowed. */
typedef struct {
    PyObject *tables, *vectors, *embed, *layers, *project, *closed, *slots, *scores, *open_scores, *moves;
    Py_ssize_t window;
    const char *level;
} Parts;

/* The other type of the module. */
extern PyType_Spec reader_spec;

/* Whether an object is a network. */
int network_check(PyObject *object);

/* Find the spans of documents without the GIL. */
Outcome network_pass(NetworkObject *self, const Document *documents, size_t count, Spans *spans);

/* Raise a ValueError. Returns -1. */
int refuse(const char *what);

/* The best level that this processor has for rows of this width. */
Level best_level(size_t width);

/* Get hold of an array of that many dimensions: 'f' are floats, 'i' and 'Q' integers of 32 and 64 bits. Returns 0, or
 * -1 with an exception. */
int get_view(PyObject *array, int dimensions, char format, Py_buffer *view);

/* Check, pack and keep all parts. Returns 0, or -1 with an exception. */
int read_parts(NetworkObject *self, const Parts *parts);

#endif
