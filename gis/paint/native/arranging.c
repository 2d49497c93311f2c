/* What is put in order and measured comes in by this door. */
#include "door.h"

#include <string.h>

/* (n, 4) boxes in cells */
static const int32_t *boxes_of(Door *door, PyObject *object, const char *name, int64_t *count)
{
    static const int32_t nothing[4];
    Py_buffer *view = solid(door, object, (Kind){name, SIGNED, 4, 2});
    if (!view || !fits(view->shape[1] == 4, "boxes, avoid: four columns are needed"))
        return NULL;
    *count = view->shape[0];
    return copied(door, view->buf ? view->buf : nothing, (size_t)view->len);
}

static const char *unsound_offsets(const int32_t *offsets, int64_t count, int64_t most)
{
    for (int64_t i = 0; i < count; i++)
        if (offsets[i] < 0 || offsets[i] > offsets[i + 1] || offsets[i + 1] > most)
            return "names, places: offsets run backwards or leave the arrays";
    return NULL;
}

static const char *unsound_names(const Wanted *wanted)
{
    const char *unsound = unsound_offsets(wanted->places, wanted->place_count, wanted->box_count);
    unsound = unsound ? unsound : unsound_offsets(wanted->names, wanted->count, wanted->place_count);
    for (int64_t i = 0; i < wanted->count && !unsound; i++)
        if (wanted->twins[i] < 0 || wanted->twins[i] >= wanted->count)
            unsound = "twins: a number below 0, or not below the number of names";
    return unsound;
}

/* A row of whole numbers of 32 bits, as it is now. */
static int32_t *numbers_of(Door *door, PyObject *object, const char *name, Py_ssize_t length)
{
    const void *numbers = row(door, object, (Kind){name, SIGNED, 4, 1}, length);
    return numbers ? copied(door, numbers, (size_t)last_length(door) * sizeof(int32_t)) : NULL;
}

/* (width, height), boxes, places, names, twins, xy, apart, avoid, chosen */
PyObject *py_places(PyObject *self, PyObject *args)
{
    (void)self;
    PyObject *boxes, *places, *names, *twins, *xy, *apart, *avoid, *chosen;
    Door door = {.count = 0};
    Wanted wanted = {0};
    if (!PyArg_ParseTuple(args, "(ii)OOOOOOOO", &wanted.width, &wanted.height, &boxes, &places, &names, &twins, &xy,
                          &apart, &avoid, &chosen))
        return NULL;
    if (!fits(wanted.width >= 0 && wanted.width <= MOST_PIXELS && wanted.height >= 0 && wanted.height <= MOST_PIXELS,
              "grid: at most 32767 cells each way") ||
        !(wanted.boxes = boxes_of(&door, boxes, "boxes", &wanted.box_count)) ||
        !(wanted.avoid = boxes_of(&door, avoid, "avoid", &wanted.avoid_count)) ||
        !(wanted.places = numbers_of(&door, places, "places", -1)) ||
        !fits((wanted.place_count = last_length(&door) - 1) >= 0, "places: an offset more than there are entries") ||
        !(wanted.names = numbers_of(&door, names, "names", -1)) ||
        !fits((wanted.count = last_length(&door) - 1) >= 0, "names: an offset more than there are entries") ||
        !(wanted.twins = numbers_of(&door, twins, "twins", wanted.count)) ||
        !(wanted.apart = row(&door, apart, (Kind){"apart", FLOATS, 4, 1}, wanted.count)))
        return refused(&door);
    Py_buffer *middles = solid(&door, xy, (Kind){"xy", FLOATS, 4, 2});
    if (!middles || !fits(middles->shape[0] == wanted.place_count && middles->shape[1] == 2, "xy: two for each place"))
        return refused(&door);
    wanted.xy = middles->buf;
    Py_buffer *out = hold(&door, chosen, (Kind){"chosen", SIGNED, 4, 1}, PyBUF_C_CONTIGUOUS | PyBUF_WRITABLE);
    if (!out || !fits(out->shape[0] == wanted.count, "chosen: one for each name"))
        return refused(&door);
    int32_t *answer = copied(&door, out->buf, (size_t)out->len);
    if (!answer)
        return refused(&door);
    const char *unsound;
    bool memory = true;
    Py_BEGIN_ALLOW_THREADS
    unsound = unsound_names(&wanted);
    if (!unsound)
        memory = choose_places(&wanted, answer);
    if (!unsound && memory && out->len)
        memcpy(out->buf, answer, (size_t)out->len);
    Py_END_ALLOW_THREADS
    door_close(&door);
    if (unsound)
        return fits(false, unsound), NULL;
    return memory ? PyBool_FromLong(true) : PyErr_NoMemory();
}

/* xy, rings, boxes, areas */
PyObject *py_measure(PyObject *self, PyObject *args)
{
    (void)self;
    PyObject *xy, *offsets, *boxes, *areas;
    Door door = {.count = 0};
    if (!PyArg_ParseTuple(args, "OOOO", &xy, &offsets, &boxes, &areas))
        return NULL;
    const int64_t *rings;
    Py_buffer *vertices = solid(&door, xy, (Kind){"xy", DOUBLES, 8, 2});
    if (!vertices || !fits(vertices->shape[1] == 2, "xy: two columns are needed") ||
        !(rings = row(&door, offsets, (Kind){"rings", SIGNED, 8, 1}, -1)) ||
        !fits(last_length(&door) > 0, "rings: an offset more than there are rings"))
        return refused(&door);
    static const double nothing;
    Py_ssize_t count = last_length(&door) - 1;
    int flags = PyBUF_C_CONTIGUOUS | PyBUF_WRITABLE;
    Py_buffer *corners = hold(&door, boxes, (Kind){"boxes", DOUBLES, 8, 2}, flags);
    if (!corners || !fits(corners->shape[0] == count && corners->shape[1] == 4, "boxes: four for each ring"))
        return refused(&door);
    Py_buffer *sizes = hold(&door, areas, (Kind){"areas", DOUBLES, 8, 1}, flags);
    if (!sizes || !fits(sizes->shape[0] == count, "areas: one for each ring"))
        return refused(&door);
    const double *from = vertices->buf ? vertices->buf : &nothing;
    bool sound;
    Py_BEGIN_ALLOW_THREADS
    sound = measure_rings(from, vertices->shape[0], rings, count, corners->buf, sizes->buf);
    Py_END_ALLOW_THREADS
    door_close(&door);
    return fits(sound, "rings: offsets run backwards or leave the array") ? PyBool_FromLong(true) : NULL;
}

/* low, high (n, 2), huddle, keys (n,) */
PyObject *py_keys(PyObject *self, PyObject *args)
{
    (void)self;
    PyObject *low, *high, *keys;
    int huddle;
    Door door = {.count = 0};
    if (!PyArg_ParseTuple(args, "OOiO", &low, &high, &huddle, &keys))
        return NULL;
    Py_buffer *from = solid(&door, low, (Kind){"low", DOUBLES, 8, 2});
    Py_buffer *to = from ? solid(&door, high, (Kind){"high", DOUBLES, 8, 2}) : NULL;
    if (!to || !fits(from->shape[1] == 2 && to->shape[1] == 2 && from->shape[0] == to->shape[0] &&
                         from->shape[0] < MOST_OFFSET,
                     "low, high: two columns of the same length") ||
        !fits(huddle >= 0 && huddle <= 32, "huddle: 0 to 32"))
        return refused(&door);
    Py_ssize_t count = from->shape[0];
    int64_t *out = open_row(&door, keys, (Kind){"keys", SIGNED, 8, 1}, count);
    if (!out)
        return refused(&door);
    Py_BEGIN_ALLOW_THREADS
    drawing_keys(from->buf, to->buf, count, huddle, out);
    Py_END_ALLOW_THREADS
    door_close(&door);
    Py_RETURN_TRUE;
}

/* xy (m, 2), starts (k,), lengths (k,), x, y, near (n, 2) */
PyObject *py_gather(PyObject *self, PyObject *args)
{
    (void)self;
    PyObject *xy, *starts, *lengths, *near;
    double x, y;
    Door door = {.count = 0};
    const int64_t *first, *count;
    if (!PyArg_ParseTuple(args, "OOOddO", &xy, &starts, &lengths, &x, &y, &near))
        return NULL;
    Py_buffer *from = solid(&door, xy, (Kind){"xy", DOUBLES, 8, 2});
    if (!from || !fits(from->shape[1] == 2, "xy: two columns are needed") ||
        !(first = row(&door, starts, (Kind){"starts", SIGNED, 8, 1}, -1)))
        return refused(&door);
    Py_ssize_t runs = last_length(&door);
    if (!(count = row(&door, lengths, (Kind){"lengths", SIGNED, 8, 1}, runs)))
        return refused(&door);
    Py_buffer *to = hold(&door, near, (Kind){"near", FLOATS, 4, 2}, PyBUF_C_CONTIGUOUS | PyBUF_WRITABLE);
    if (!to || !fits(to->shape[1] == 2, "near: two columns are needed"))
        return refused(&door);
    bool sound;
    Py_BEGIN_ALLOW_THREADS
    sound = gather_near(&(Runs){from->buf, from->shape[0], first, count, runs}, x, y, to->buf, to->shape[0]);
    Py_END_ALLOW_THREADS
    door_close(&door);
    return fits(sound, "starts, lengths: they leave the arrays") ? PyBool_FromLong(true) : NULL;
}
