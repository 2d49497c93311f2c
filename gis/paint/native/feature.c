/* One feature: from arrays whose offsets are not believed to pixels, and from coverage to ink. */
#include "raster.h"

#include <math.h>
#include <stdlib.h>

#define LINE_PX 16 /* pixels that the processor fetches at a time */
#define CALLED_PX 128
#if defined(__GNUC__)
#define PREFETCH(address) __builtin_prefetch((address), 1)
#else
#define PREFETCH(address) ((void)(address))
#endif
#define MOST_CELLS 262144 /* coverage kept at a time: what stays in the processor's cache */

/* Which feature, or point, is painted at this position of the order (NULL: all as they are). -1 when there is none
 * of that number. */
int64_t feature_at(Painter *painter, const int64_t *order, int64_t count, int64_t position)
{
    int64_t feature = order ? order[position] : position;
    if (feature >= 0 && feature < count)
        return feature;
    painter->unsound = "order: there is none of that number";
    return -1;
}

/* Whether the four sides of a box, in pixels, are on the surface or at most `reach` pixels beside it. */
static bool sides_on(const Painter *painter, const float *sides, double reach, Box *box)
{
    const Affine *to = &painter->affine;
    const Surface *surface = &painter->surface;
    double xa = sides[0] * to->sx + to->dx, xb = sides[2] * to->sx + to->dx;
    double ya = sides[1] * to->sy + to->dy, yb = sides[3] * to->sy + to->dy;
    if (!(fabs(xa) < HUGE_VAL && fabs(xb) < HUGE_VAL && fabs(ya) < HUGE_VAL && fabs(yb) < HUGE_VAL))
        return false;
    *box = (Box){xa < xb ? xa : xb, ya < yb ? ya : yb, xa < xb ? xb : xa, ya < yb ? yb : ya};
    return box->x1 > surface->left - reach && box->x0 < surface->left + surface->width + reach &&
           box->y1 > surface->top - reach && box->y0 < surface->top + surface->height + reach;
}

/* False when nothing of the run that a feature belongs to is near the surface. */
bool run_on(Painter *painter, const float *runs, int64_t feature, double reach)
{
    if (!runs) {
        painter->run_near = true;
        return true;
    }
    int64_t run = feature / RUN + 1; /* 0: none was looked at */
    if (run != painter->run) {
        Box box;
        painter->run = run;
        painter->run_near = sides_on(painter, runs + 4 * (run - 1), reach, &box);
    }
    return painter->run_near;
}

/* The feature's box in pixels. False when nothing of it, `reach` pixels around it included, is on the surface. */
bool box_on(const Painter *painter, const Shapes *shapes, int64_t feature, double reach, Box *box)
{
    return sides_on(painter, shapes->boxes + 4 * feature, reach, box);
}

static bool grow(void **memory, int64_t *room, int64_t wanted, size_t size)
{
    if (wanted <= *room)
        return true;
    int64_t more = wanted + wanted / 2;
    void *grown = (uint64_t)more > SIZE_MAX / size ? NULL : realloc(*memory, (size_t)more * size);
    if (!grown)
        return false;
    *memory = grown;
    *room = more;
    return true;
}

/* The vertices of one ring that say something new, from `points` on; how many. A vertex without a place is
 * left out; the last one is kept, and a closed ring ends where it began. */
static int64_t ring_points(const Affine *to, const float *xy, int64_t count, bool closed, Point *points)
{
    int64_t kept = 0;
    for (int64_t i = 0; i < count; i++) {
        double x = xy[2 * i] * to->sx + to->dx, y = xy[2 * i + 1] * to->sy + to->dy;
        if (!(fabs(x) < FAR_PX && fabs(y) < FAR_PX)) {
            if (!(fabs(x) < HUGE_VAL && fabs(y) < HUGE_VAL))
                continue;
            x = within(x, -FAR_PX, FAR_PX);
            y = within(y, -FAR_PX, FAR_PX);
        }
        if (kept && fabs(x - points[kept - 1].x) + fabs(y - points[kept - 1].y) < (closed ? THIN_PX : THIN_LINE_PX)) {
            if (i < count - 1)
                continue;
            if (kept > 1)
                kept--;
        }
        points[kept++] = (Point){x, y};
    }
    if (closed && kept && (points[0].x != points[kept - 1].x || points[0].y != points[kept - 1].y)) {
        points[kept] = points[0];
        kept++;
    }
    return kept;
}

static bool unsound(Painter *painter)
{
    painter->unsound = "rings, parts: offsets run backwards or leave the arrays";
    return false;
}

/* Bring a feature's vertices into `painter->points`, ring by ring. False when there is no memory, or its offsets
 * run backwards or leave their arrays. */
bool gather(Painter *painter, const Shapes *shapes, int64_t feature, bool closed)
{
    int64_t first = shapes->parts[feature], last = shapes->parts[feature + 1], kept = 0;
    painter->rings = 0;
    if (first < 0 || last < first || last > shapes->ring_count)
        return unsound(painter);
    if (!grow((void **)&painter->ends, &painter->ring_room, last - first, sizeof *painter->ends))
        goto no_memory;
    for (int64_t ring = first; ring < last; ring++) {
        int64_t begin = shapes->rings[ring], end = shapes->rings[ring + 1];
        if (begin < 0 || end < begin || end > shapes->vertices)
            return unsound(painter);
        int64_t wanted = kept + end - begin + 1;
        if (!grow((void **)&painter->points, &painter->point_room, wanted, sizeof *painter->points))
            goto no_memory;
        kept += ring_points(&painter->affine, shapes->xy + 2 * begin, end - begin, closed,
                            painter->points + kept);
        painter->ends[painter->rings++] = kept;
    }
    return true;
no_memory:
    painter->no_memory = true;
    return false;
}

/* Have the pixels of a small box come nearer while the feature is made ready: most of the time of painting is
 * waiting for them. */
void call(const Painter *painter, Box box)
{
    const Surface *surface = &painter->surface;
    double right = (double)surface->left + surface->width, bottom = (double)surface->top + surface->height;
    if (box.x1 - box.x0 > CALLED_PX || box.y1 - box.y0 > CALLED_PX)
        return;
    int x0 = floored(within(box.x0, surface->left, right)) - surface->left;
    int x1 = ceiled(within(box.x1, surface->left, right)) - surface->left;
    int y0 = floored(within(box.y0, surface->top, bottom)) - surface->top;
    int y1 = ceiled(within(box.y1, surface->top, bottom)) - surface->top;
    const uint32_t *row = surface->pixels + (ptrdiff_t)y0 * surface->stride;
    for (; y0 < y1; y0++, row += surface->stride)
        for (int x = x0; x < x1; x += LINE_PX)
            PREFETCH(row + x);
}

/* Trace the feature at hand over its box and lay the ink down, some rows at a time; with a pen (NULL: none)
 * its lines. False when memory ran out. */
bool lay_down(Painter *painter, Box box, const Ink *ink, Trace trace, const Pen *pen)
{
    const Surface *surface = &painter->surface;
    Cover *cover = &painter->cover;
    double right = (double)surface->left + surface->width, bottom = (double)surface->top + surface->height;
    int left = floored(within(box.x0, surface->left, right)), top = floored(within(box.y0, surface->top, bottom));
    int width = ceiled(within(box.x1, surface->left, right)) - left;
    int end = ceiled(within(box.y1, surface->top, bottom));
    if (width <= 0)
        return true;
    bool thin = pen && pen->slices;
    int rows = MOST_CELLS / (width + 2);
    for (; top < end; top += rows) {
        if (rows > end - top)
            rows = end - top;
        if (thin ? !veil_open(cover, left, top, width, rows) : !cover_open(cover, left, top, width, rows)) {
            painter->no_memory = true;
            return false;
        }
        if (!trace(painter, pen))
            return false;
        if (thin)
            veil_paint(cover, surface, ink->colour);
        else
            cover_paint(cover, surface, ink);
    }
    return true;
}

/* Draw the lines of the feature at hand: `share` (of 256) of the colour straight onto the pixels, or, where that
 * is 0, so that no ink lies on itself. */
bool draw(Painter *painter, Box around, uint32_t colour, unsigned share, Trace trace, const Pen *pen)
{
    painter->thin = share;
    if (!share)
        return lay_down(painter, around, &(Ink){colour, NULL}, trace, pen);
    hair_open(painter, colour, share);
    return trace(painter, pen);
}

void painter_close(Painter *painter)
{
    cover_close(&painter->cover);
    free(painter->points);
    free(painter->ends);
    free(painter->dash);
}
