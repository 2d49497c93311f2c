/* What the doors from Python share: arrays of others, measured and held. */
#ifndef KENTONGAN_DOOR_H
#define KENTONGAN_DOOR_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include "raster.h"

#define MOST_PIXELS 32767   /* of a surface's width and height */
#define MOST_OFFSET (1 << 28)
#define MOST_KINDS 65536     /* of marks in an atlas */
#define MOST_SIDE 1024      /* of a mark, of a tile */
#define WIDEST_PX 1000.0
#define MOST_ARRAYS 16

/* The memory of others that is held while painting, and copies of it. */
typedef struct {
    Py_buffer held[MOST_ARRAYS];
    void *copies[MOST_ARRAYS];
    int count, copy_count;
} Door;

typedef struct {
    const char *name, *kinds; /* the format letters that fit */
    Py_ssize_t item;
    int dimensions;
} Kind;

#define FLOATS "f"
#define DOUBLES "d"
#define SIGNED "ilq"
#define UNSIGNED "ILQ"
#define BYTES "B?"

void door_close(Door *door);
Py_buffer *hold(Door *door, PyObject *object, Kind kind, int flags);
Py_buffer *solid(Door *door, PyObject *object, Kind kind);
const void *row(Door *door, PyObject *object, Kind kind, Py_ssize_t length);
void *open_row(Door *door, PyObject *object, Kind kind, Py_ssize_t length);
void *copied(Door *door, const void *array, size_t size);
Py_ssize_t last_length(const Door *door);
bool fits(bool sound, const char *words);
PyObject *refused(Door *door);

/* painting.c */
PyObject *py_areas(PyObject *self, PyObject *args);
PyObject *py_lines(PyObject *self, PyObject *args);
PyObject *py_slices(PyObject *self, PyObject *args);
PyObject *py_marks(PyObject *self, PyObject *args);

/* arranging.c */
PyObject *py_places(PyObject *self, PyObject *args);
PyObject *py_measure(PyObject *self, PyObject *args);
PyObject *py_keys(PyObject *self, PyObject *args);
PyObject *py_gather(PyObject *self, PyObject *args);

/* aside.c */
PyObject *py_aside(PyObject *self, PyObject *args);

#endif
