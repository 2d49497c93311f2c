/* The door from Python: every array is measured here before it is used, and one that does not fit is a ValueError
 * before a single pixel is touched. What the numbers in them say is looked at where it is used, which runs without
 * the interpreter's lock. */
#include "door.h"

#include <stdlib.h>
#include <string.h>

void door_close(Door *door)
{
    while (door->count)
        PyBuffer_Release(&door->held[--door->count]);
    while (door->copy_count)
        free(door->copies[--door->copy_count]);
}

static Py_buffer *refuse(const Kind *kind, const char *why)
{
    PyErr_Format(PyExc_ValueError, "%s: %s", kind->name, why);
    return NULL;
}

/* Hold an array of one kind. NULL and a ValueError when it is not one. */
Py_buffer *hold(Door *door, PyObject *object, Kind kind, int flags)
{
    Py_buffer *view = &door->held[door->count];
    if (PyObject_GetBuffer(object, view, flags | PyBUF_FORMAT) < 0) {
        if (PyErr_ExceptionMatches(PyExc_MemoryError))
            return NULL;
        PyErr_Clear();
        return refuse(&kind, flags & PyBUF_WRITABLE ? "a writable array is needed" : "an array in one piece is needed");
    }
    door->count++;
    const char *format = view->format ? view->format : "B";
    if (*format == '@' || *format == '=')
        format++;
    if (view->itemsize != kind.item || !*format || format[1] || !strchr(kind.kinds, *format))
        return refuse(&kind, "the type of its numbers is another");
    if (view->ndim != kind.dimensions)
        return refuse(&kind, "the number of its dimensions is another");
    if ((uintptr_t)view->buf % (size_t)kind.item)
        return refuse(&kind, "its numbers do not lie where the processor reads them");
    return view;
}

Py_buffer *solid(Door *door, PyObject *object, Kind kind)
{
    return hold(door, object, kind, PyBUF_C_CONTIGUOUS);
}

/* The same for one dimension; its length must be `length` unless that is -1. */
const void *row(Door *door, PyObject *object, Kind kind, Py_ssize_t length)
{
    Py_buffer *view = solid(door, object, kind);
    if (view && length >= 0 && view->shape[0] != length)
        return refuse(&kind, "its length is another");
    static const double nothing;
    return !view ? NULL : view->buf ? view->buf : &nothing;
}

/* A copy of `size` bytes, until the door is closed: what was found sound in it stays so, whoever writes to the array
 * meanwhile. NULL and a MemoryError when there is no memory. */
void *copied(Door *door, const void *array, size_t size)
{
    void *copy = malloc(size + 1);
    if (!copy)
        return PyErr_NoMemory();
    door->copies[door->copy_count++] = copy;
    return size ? memcpy(copy, array, size) : copy;
}

Py_ssize_t last_length(const Door *door)
{
    return door->held[door->count - 1].shape[0];
}

bool fits(bool sound, const char *words)
{
    if (!sound)
        PyErr_SetString(PyExc_ValueError, words);
    return sound;
}

/* The same for one that is to be written. */
void *open_row(Door *door, PyObject *object, Kind kind, Py_ssize_t length)
{
    Py_buffer *view = hold(door, object, kind, PyBUF_C_CONTIGUOUS | PyBUF_WRITABLE);
    if (view && view->shape[0] != length)
        return refuse(&kind, "its length is another");
    static double nothing;
    return !view ? NULL : view->buf ? view->buf : &nothing;
}

PyObject *refused(Door *door)
{
    door_close(door);
    return NULL;
}

static PyMethodDef METHODS[] = {
    {"areas", py_areas, METH_VARARGS, "Paint areas; see gis.paint.raster."},
    {"lines", py_lines, METH_VARARGS, "Paint lines; see gis.paint.raster."},
    {"marks", py_marks, METH_VARARGS, "Paint marks; see gis.paint.raster."},
    {"measure", py_measure, METH_VARARGS, "Measure rings; see gis.paint.measuring."},
    {"slices", py_slices, METH_VARARGS, "The table for thin lines; see gis.paint.raster."},
    {"keys", py_keys, METH_VARARGS, "In which order to paint; see gis.paint.arranging."},
    {"gather", py_gather, METH_VARARGS, "Vertices near an origin; see gis.paint.arranging."},
    {"places", py_places, METH_VARARGS, "Find places for names; see gis.paint.placing."},
    {"aside", py_aside, METH_VARARGS, "Whether a frame is waited for; see gis.paint.raster."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot SLOTS[] = {{0, NULL}};

static struct PyModuleDef MODULE = {
    PyModuleDef_HEAD_INIT, .m_name = "_raster", .m_doc = "The compiled part of gis.paint.", .m_methods = METHODS,
    .m_slots = SLOTS,
};

PyMODINIT_FUNC PyInit__raster(void)
{
    return PyModuleDef_Init(&MODULE);
}
