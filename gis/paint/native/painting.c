/* What is painted comes in by this door. */
#include "door.h"

#include <math.h>

static bool bounded(double value)
{
    return fabs(value) < HUGE_VAL;
}

static bool near_enough(int place)
{
    return place > -MOST_OFFSET && place < MOST_OFFSET;
}

/* (pixels, left, top, sx, sy, dx, dy, stop) */
static bool take_ground(Door *door, PyObject *ground, Painter *painter)
{
    PyObject *pixels, *stop;
    Surface *surface = &painter->surface;
    Affine *affine = &painter->affine;
    if (!PyArg_ParseTuple(ground, "OiiddddO", &pixels, &surface->left, &surface->top, &affine->sx, &affine->sy,
                          &affine->dx, &affine->dy, &stop))
        return false;
    Py_buffer *view = hold(door, pixels, (Kind){"pixels", UNSIGNED, 4, 2}, PyBUF_STRIDES | PyBUF_WRITABLE);
    if (!view)
        return false;
    Py_ssize_t height = view->shape[0], width = view->shape[1];
    if (!fits(height <= MOST_PIXELS && width <= MOST_PIXELS, "pixels: at most 32767 each way") ||
        !fits(width < 2 || view->strides[1] == 4, "pixels: those of a row must follow each other") ||
        !fits(height < 2 || (view->strides[0] % 4 == 0 && view->strides[0] >= 4 * width), "pixels: rows overlap") ||
        !fits(near_enough(surface->left) && near_enough(surface->top), "left, top: too far out") ||
        !fits(bounded(affine->sx) && bounded(affine->sy) && bounded(affine->dx) && bounded(affine->dy),
              "affine: its numbers must be finite"))
        return false;
    surface->pixels = view->buf;
    surface->stride = height < 2 ? width : view->strides[0] / 4;
    surface->width = (int)width;
    surface->height = (int)height;
    if (stop == Py_None)
        return true;
    painter->stop = row(door, stop, (Kind){"stop", BYTES, 1, 1}, 1);
    return painter->stop;
}

/* None, or the box around each RUN of so many */
static bool take_runs(Door *door, PyObject *boxes, int64_t count, const float **runs)
{
    if (boxes == Py_None)
        return true;
    Py_buffer *view = solid(door, boxes, (Kind){"runs", FLOATS, 4, 2});
    if (!view || !fits(view->shape[0] == (count + RUN - 1) / RUN && view->shape[1] == 4, "runs: a box for each 128"))
        return false;
    *runs = view->buf;
    return true;
}

/* (xy, rings, parts, boxes, areas, runs) and order, which may be None */
static bool take_shapes(Door *door, PyObject *arrays, PyObject *order, Shapes *shapes)
{
    PyObject *xy, *rings, *parts, *boxes, *areas, *runs;
    if (!PyArg_ParseTuple(arrays, "OOOOOO", &xy, &rings, &parts, &boxes, &areas, &runs))
        return false;
    Py_buffer *view = solid(door, xy, (Kind){"xy", FLOATS, 4, 2});
    if (!view || !fits(view->shape[1] == 2, "xy: two columns are needed"))
        return false;
    shapes->xy = view->buf;
    shapes->vertices = view->shape[0];
    if (!(shapes->rings = row(door, rings, (Kind){"rings", SIGNED, 4, 1}, -1)))
        return false;
    shapes->ring_count = last_length(door) - 1;
    if (!(shapes->parts = row(door, parts, (Kind){"parts", SIGNED, 4, 1}, -1)))
        return false;
    shapes->count = last_length(door) - 1;
    if (!fits(shapes->ring_count >= 0 && shapes->count >= 0, "rings, parts: an offset more than there are entries"))
        return false;
    view = solid(door, boxes, (Kind){"boxes", FLOATS, 4, 2});
    if (!view || !fits(view->shape[0] == shapes->count && view->shape[1] == 4, "boxes: four for each feature"))
        return false;
    shapes->boxes = view->buf;
    if (!(shapes->areas = row(door, areas, (Kind){"areas", FLOATS, 4, 1}, shapes->count)))
        return false;
    if (!take_runs(door, runs, shapes->count, &shapes->runs))
        return false;
    shapes->painted = shapes->count;
    if (order == Py_None)
        return true;
    shapes->order = row(door, order, (Kind){"order", SIGNED, 8, 1}, -1);
    shapes->painted = shapes->order ? last_length(door) : 0;
    return shapes->order;
}

/* One number for all, or an array of one for each. */
static bool take_colours(Door *door, PyObject *object, const char *name, int64_t count, Colours *colours)
{
    if (!PyLong_Check(object)) {
        colours->each = row(door, object, (Kind){name, UNSIGNED, 4, 1}, count);
        return colours->each;
    }
    unsigned long long colour = PyLong_AsUnsignedLongLong(object);
    if (PyErr_Occurred()) {
        PyErr_Clear();
        colour = UINT64_MAX;
    }
    colours->all = (uint32_t)colour;
    if (colour > UINT32_MAX)
        PyErr_Format(PyExc_ValueError, "%s: not a colour of 32 bits", name);
    return colour <= UINT32_MAX;
}

/* (width, cap, join, mitre_limit, dash, dash_offset, slices); the dash is None or an array of doubles */
static bool take_pen(Door *door, PyObject *numbers, Pen *pen)
{
    PyObject *dash, *slices;
    if (!PyArg_ParseTuple(numbers, "diidOdO", &pen->width, &pen->cap, &pen->join, &pen->mitre_limit, &dash,
                          &pen->dash_offset, &slices) ||
        !fits(pen->width > 0 && pen->width <= WIDEST_PX, "pen: wider than 0 and at most 1000 pixels") ||
        !fits(pen->cap >= CAP_BUTT && pen->cap <= CAP_SQUARE, "pen: no such cap") ||
        !fits(pen->join >= JOIN_ROUND && pen->join <= JOIN_BEVEL, "pen: no such join") ||
        !fits(pen->mitre_limit >= 1 && pen->mitre_limit <= 100, "pen: a mitre limit of 1 to 100") ||
        !fits(fabs(pen->dash_offset) <= 1e9, "pen: the dashes begin too far out"))
        return false;
    if (slices != Py_None) {
        const void *table = row(door, slices, (Kind){"slices", BYTES, 1, 1}, SLOPES * sizeof(Slices));
        pen->slices = table ? copied(door, table, SLOPES * sizeof(Slices)) : NULL;
        if (!pen->slices || !fits(slices_sound(pen->slices), "slices: no such table") ||
            !fits(pen->width <= THIN_PEN_PX, "slices: only for pens up to 2.6 pixels"))
            return false;
    }
    if (dash == Py_None)
        return true;
    const double *lengths = row(door, dash, (Kind){"dash", "d", 8, 1}, -1);
    if (!lengths)
        return false;
    Py_ssize_t count = last_length(door);
    if (!fits(count > 0 && count <= MOST_DASHES && count % 2 == 0, "dash: lines and gaps in turn, at most 32"))
        return false;
    pen->dashes = (int)count;
    for (int i = 0; i < pen->dashes; i++) {
        pen->dash[i] = lengths[i];
        if (!fits(pen->dash[i] >= 0 && pen->dash[i] <= 1e6, "dash: no length below 0 or over a million pixels"))
            return false;
        pen->dash_period += pen->dash[i];
    }
    return fits(pen->dash_period >= 1, "dash: the pattern must be a pixel long or longer");
}

/* None, or (cover, x, y) */
static bool take_tile(Door *door, PyObject *hatch, Tile *tile)
{
    PyObject *cover;
    if (hatch == Py_None)
        return true;
    if (!PyArg_ParseTuple(hatch, "Oii", &cover, &tile->x, &tile->y))
        return false;
    Py_buffer *view = solid(door, cover, (Kind){"hatch", "B", 1, 2});
    if (!view || !fits(view->shape[0] > 0 && view->shape[0] <= MOST_SIDE && view->shape[1] > 0 &&
                           view->shape[1] <= MOST_SIDE,
                       "hatch: 1 to 1024 pixels each way"))
        return false;
    tile->cover = view->buf;
    tile->height = (int)view->shape[0];
    tile->width = (int)view->shape[1];
    return true;
}

/* (images or masks, x, y): kinds, phases, phases, height, width */
static bool take_atlas(Door *door, PyObject *numbers, bool masks, Atlas *atlas)
{
    PyObject *images;
    if (!PyArg_ParseTuple(numbers, "Odd", &images, &atlas->x, &atlas->y) ||
        !fits(fabs(atlas->x) <= MOST_SIDE && fabs(atlas->y) <= MOST_SIDE, "atlas: the point lies too far out"))
        return false;
    Kind kind = {"atlas", masks ? "B" : UNSIGNED, masks ? 1 : 4, 5};
    Py_buffer *view = solid(door, images, kind);
    if (!view)
        return false;
    const Py_ssize_t *shape = view->shape;
    if (!fits(shape[0] > 0 && shape[0] <= MOST_KINDS && shape[1] == shape[2] && shape[1] > 0 && shape[1] <= 16,
              "atlas: one image to 65,536, each in 1 to 16 phases both ways") ||
        !fits(shape[3] > 0 && shape[3] <= MOST_SIDE && shape[4] > 0 && shape[4] <= MOST_SIDE,
              "atlas: images of 1 to 1024 pixels each way"))
        return false;
    *(masks ? (const void **)&atlas->masks : (const void **)&atlas->images) = view->buf;
    atlas->kinds = (int)shape[0];
    atlas->phases = (int)shape[1];
    atlas->height = (int)shape[3];
    atlas->width = (int)shape[4];
    return true;
}

/* xy; order and which may be None */
static bool take_points(Door *door, PyObject *xy, PyObject *order, PyObject *which, Points *points)
{
    Py_buffer *view = solid(door, xy, (Kind){"xy", FLOATS, 4, 2});
    if (!view || !fits(view->shape[1] == 2, "xy: two columns are needed") ||
        !fits(points->cell >= 0 && points->cell <= 64, "cell: 0 to 64 pixels"))
        return false;
    points->xy = view->buf;
    points->count = points->painted = view->shape[0];
    if (order != Py_None) {
        if (!(points->order = row(door, order, (Kind){"order", SIGNED, 8, 1}, -1)))
            return false;
        points->painted = last_length(door);
    }
    if (which != Py_None)
        points->which = row(door, which, (Kind){"which", SIGNED, 4, 1}, points->count);
    return which == Py_None || points->which;
}

/* True when all was painted, False when painting was stopped; or an exception. */
static PyObject *outcome(Painter *painter, Door *door)
{
    bool stopped = painter->stopped, no_memory = painter->no_memory;
    const char *unsound = painter->unsound;
    painter_close(painter);
    door_close(door);
    if (unsound)
        return fits(false, unsound), NULL;
    if (no_memory)
        return PyErr_NoMemory();
    return PyBool_FromLong(!stopped);
}

PyObject *py_areas(PyObject *self, PyObject *args)
{
    (void)self;
    PyObject *ground, *arrays, *order, *fill, *outline, *numbers, *hatch;
    Door door = {.count = 0};
    Painter painter = {0};
    Shapes shapes = {0};
    Pen pen = {0};
    Tile tile = {0};
    AreaLook look = {0};
    if (!PyArg_ParseTuple(args, "O!O!OOOO!Od", &PyTuple_Type, &ground, &PyTuple_Type, &arrays, &order, &fill, &outline,
                          &PyTuple_Type, &numbers, &hatch, &look.outlined_px))
        return NULL;
    if (!take_ground(&door, ground, &painter) || !take_shapes(&door, arrays, order, &shapes) ||
        !take_colours(&door, fill, "fill", shapes.count, &look.fill) ||
        !take_colours(&door, outline, "outline", shapes.count, &look.outline) || !take_pen(&door, numbers, &pen) ||
        !take_tile(&door, hatch, &tile) || !fits(look.outlined_px >= 0, "outlined_px: 0 or more"))
        return refused(&door);
    look.pen = &pen;
    look.tile = tile.cover ? &tile : NULL;
    Py_BEGIN_ALLOW_THREADS
    paint_areas(&painter, &shapes, &look);
    Py_END_ALLOW_THREADS
    return outcome(&painter, &door);
}

PyObject *py_lines(PyObject *self, PyObject *args)
{
    (void)self;
    PyObject *ground, *arrays, *order, *colour, *numbers;
    Door door = {.count = 0};
    Painter painter = {0};
    Shapes shapes = {0};
    Pen pen = {0};
    Colours colours = {0};
    if (!PyArg_ParseTuple(args, "O!O!OOO!", &PyTuple_Type, &ground, &PyTuple_Type, &arrays, &order, &colour,
                          &PyTuple_Type, &numbers))
        return NULL;
    if (!take_ground(&door, ground, &painter) || !take_shapes(&door, arrays, order, &shapes) ||
        !take_colours(&door, colour, "colour", shapes.count, &colours) || !take_pen(&door, numbers, &pen))
        return refused(&door);
    Py_BEGIN_ALLOW_THREADS
    paint_lines(&painter, &shapes, &colours, &pen);
    Py_END_ALLOW_THREADS
    return outcome(&painter, &door);
}

/* The table for thin lines of a width, as bytes. */
PyObject *py_slices(PyObject *self, PyObject *args)
{
    (void)self;
    double width;
    if (!PyArg_ParseTuple(args, "d", &width) || !fits(width > 0 && width <= THIN_PEN_PX, "width: up to 2.6 pixels"))
        return NULL;
    Slices slices[SLOPES];
    slices_make(width, slices);
    return PyBytes_FromStringAndSize((const char *)slices, sizeof slices);
}

/* ground, xy, runs, order, which, cell, atlas, colour; images have their own colours, and colour is then None */
PyObject *py_marks(PyObject *self, PyObject *args)
{
    (void)self;
    PyObject *ground, *xy, *runs, *order, *which, *numbers, *colour;
    Door door = {.count = 0};
    Painter painter = {0};
    Points points = {0};
    Atlas atlas = {0};
    Colours colours = {0};
    if (!PyArg_ParseTuple(args, "O!OOOOiO!O", &PyTuple_Type, &ground, &xy, &runs, &order, &which, &points.cell,
                          &PyTuple_Type, &numbers, &colour))
        return NULL;
    bool masks = colour != Py_None;
    if (!take_ground(&door, ground, &painter) || !take_points(&door, xy, order, which, &points) ||
        !take_runs(&door, runs, points.count, &points.runs) ||
        !take_atlas(&door, numbers, masks, &atlas) ||
        (masks && !take_colours(&door, colour, "colour", points.count, &colours)))
        return refused(&door);
    Py_BEGIN_ALLOW_THREADS
    paint_marks(&painter, &points, &atlas, &colours);
    Py_END_ALLOW_THREADS
    return outcome(&painter, &door);
}
