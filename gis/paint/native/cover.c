/* Coverage: exact areas of edges, accumulated as differences along the rows, then laid down as colour. */
#include "raster.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Room to note which columns of so many rows were touched. False when there is no memory. */
bool cover_rows(Cover *cover, int height)
{
    if (height <= cover->row_room)
        return true;
    free(cover->first);
    free(cover->last);
    cover->first = malloc((size_t)height * sizeof *cover->first);
    cover->last = malloc((size_t)height * sizeof *cover->last);
    cover->row_room = cover->first && cover->last ? height : 0;
    for (int row = 0; row < cover->row_room; row++) {
        cover->first[row] = INT_MAX;
        cover->last[row] = -1;
    }
    return cover->row_room;
}

/* Make ready for a box of the picture; its size must be positive. False when there is no memory. */
bool cover_open(Cover *cover, int left, int top, int width, int height)
{
    size_t stride = (size_t)width + 2; /* an edge on the right border touches two columns more */
    size_t room = stride * (size_t)height;
    if (room > cover->room) {
        size_t more = room + room / 2;
        free(cover->cells);
        cover->cells = calloc(more, sizeof *cover->cells);
        cover->room = cover->cells ? more : 0;
        if (!cover->cells)
            return false;
    }
    if (!cover_rows(cover, height))
        return false;
    cover->left = left;
    cover->top = top;
    cover->width = width;
    cover->height = height;
    cover->stride = stride;
    return true;
}

void cover_close(Cover *cover)
{
    free(cover->cells);
    free(cover->first);
    free(cover->last);
    free(cover->veil.cells);
}

/* The share `area` of one row whose edge runs from xa to xb, 0 <= xa <= xb <= width. */
static inline void row_edge(Cover *cover, int row, float xa, float xb, float area)
{
    float *cells = cover->cells + (size_t)row * cover->stride;
    int i = (int)xa;
    if (xb <= (float)(i + 1)) {
        float right = area * (0.5f * (xa + xb) - (float)i);
        cells[i] += area - right;
        cells[i + 1] += right;
        cover_touch(cover, row, i, i + 1);
        return;
    }
    int end = ceiled(xb); /* i + 2 or more */
    float per_column = area / (xb - xa);
    float head = (float)(i + 1) - xa, tail = xb - (float)(end - 1);
    float before = 0.5f * per_column * head * head; /* what column i has of the area right of the edge */
    cells[i] += before;
    float sum = before, reached = per_column * (head + 0.5f);
    for (int k = i + 1; k < end - 1; k++) {
        cells[k] += reached - sum;
        sum = reached;
        reached += per_column;
    }
    float last = area - 0.5f * per_column * tail * tail;
    cells[end - 1] += last - sum;
    cells[end] += area - last;
    cover_touch(cover, row, i, end);
}

typedef struct {
    double x, y, slope; /* x grows by `slope` for each row down */
    float way;          /* 1 down, -1 up */
} Edge;

static inline double edge_x(const Edge *edge, double y, double width)
{
    return within(edge->x + (y - edge->y) * edge->slope, 0.0, width);
}

/* The part of an edge between two heights, where it is inside of the box's sides. */
static void edge_rows(Cover *cover, const Edge *edge, double from, double to)
{
    double end = cover->top + cover->height, width = cover->width;
    if (!(from < to) || to <= cover->top || from >= end)
        return;
    int row = from > cover->top ? floored(from) : cover->top;
    int stop = to < end ? ceiled(to) : cover->top + cover->height;
    double y = from > row ? from : row;
    double x = edge_x(edge, y, width);
    for (; row < stop; row++) {
        double next_y = to < row + 1 ? to : row + 1;
        double next_x = edge_x(edge, next_y, width);
        float a = (float)x, b = (float)next_x;
        row_edge(cover, row - cover->top, a < b ? a : b, a < b ? b : a, (float)(next_y - y) * edge->way);
        y = next_y;
        x = next_x;
    }
}

/* What lies left of the box turns its whole rows. */
static void wall_rows(Cover *cover, double from, double to, float way)
{
    double end = cover->top + cover->height;
    if (!(from < to) || to <= cover->top || from >= end)
        return;
    int row = from > cover->top ? floored(from) : cover->top;
    int stop = to < end ? ceiled(to) : cover->top + cover->height;
    double y = from > row ? from : row;
    for (; row < stop; row++) {
        double next_y = to < row + 1 ? to : row + 1;
        cover->cells[(size_t)(row - cover->top) * cover->stride] += (float)(next_y - y) * way;
        cover_touch(cover, row - cover->top, 0, 0);
        y = next_y;
    }
}

/* Turn an edge so that it runs down; which way it ran before: 1 down, -1 up. */
static inline float turned_down(Point *a, Point *b)
{
    if (a->y <= b->y)
        return 1.0f;
    Point swap = *a;
    *a = *b;
    *b = swap;
    return -1.0f;
}

/* Add one edge of a closed outline; any two finite points. */
void cover_edge(Cover *cover, Point a, Point b)
{
    if (a.y == b.y)
        return;
    float way = turned_down(&a, &b);
    if (b.y <= cover->top || a.y >= (double)cover->top + cover->height)
        return;
    double width = cover->width;
    a.x -= cover->left;
    b.x -= cover->left;
    if (a.x >= width && b.x >= width)
        return;
    if (a.x <= 0 && b.x <= 0) {
        wall_rows(cover, a.y, b.y, way);
        return;
    }
    Edge edge = {a.x, a.y, (b.x - a.x) / (b.y - a.y), way};
    double from = a.y, to = b.y;
    if (a.x < 0) {
        from = within(a.y - a.x / edge.slope, a.y, b.y);
        wall_rows(cover, a.y, from, way);
    } else if (a.x > width) {
        from = within(a.y + (width - a.x) / edge.slope, a.y, b.y);
    }
    if (b.x < 0) {
        to = within(a.y - a.x / edge.slope, a.y, b.y);
        wall_rows(cover, to, b.y, way);
    } else if (b.x > width) {
        to = within(a.y + (width - a.x) / edge.slope, a.y, b.y);
    }
    edge_rows(cover, &edge, from, to);
}

/* The same, but a pixel is all covered or not at all, as its centre is: for what has a line around it. */
void cover_edge_by_centres(Cover *cover, Point a, Point b)
{
    float way = turned_down(&a, &b);
    double top = cover->top, bottom = top + cover->height, width = cover->width;
    int row = ceiled(within(a.y - 0.5, top, bottom)), stop = ceiled(within(b.y - 0.5, top, bottom));
    if (row >= stop)
        return;
    double slope = (b.x - a.x) / (b.y - a.y), base = a.x - cover->left - 0.5 + (0.5 - a.y) * slope;
    float *cells = cover->cells + (size_t)(row - cover->top) * cover->stride;
    for (; row < stop; row++, cells += cover->stride) {
        int first = ceiled(within(base + row * slope, 0.0, width));
        cells[first] += way;
        cover_touch(cover, row - cover->top, first, first);
    }
}

static inline uint32_t level(float sum)
{
    float whole = fabsf(sum) * 255.0f + 0.5f;
    return whole < 255.0f ? (uint32_t)whole : 255;
}

static inline void span(uint32_t *out, int count, uint32_t colour, uint32_t cover)
{
    if (cover == 255 && colour >> 24 == 255) {
        for (int i = 0; i < count; i++)
            out[i] = colour;
        return;
    }
    uint32_t ink = cover == 255 ? colour : faded(colour, cover);
    uint32_t rest = 255 - (ink >> 24);
    for (int i = 0; i < count; i++)
        out[i] = ink + faded(out[i], rest);
}

static int wrapped(int64_t value, int period)
{
    int64_t rest = value % period;
    return (int)(rest < 0 ? rest + period : rest);
}

static void tiled_span(uint32_t *out, int count, const Ink *ink, uint32_t cover, int x, int y)
{
    const Tile *tile = ink->tile;
    const uint8_t *row = tile->cover + (size_t)wrapped((int64_t)y - tile->y, tile->height) * tile->width;
    int column = wrapped((int64_t)x - tile->x, tile->width);
    for (int i = 0; i < count; i++) {
        uint32_t share = row[column] * cover;
        lay(out + i, ink->colour, (share + (share >> 8) + 128) >> 8);
        if (++column == tile->width)
            column = 0;
    }
}

static inline void lay_run(uint32_t *out, int count, const Ink *ink, uint32_t shade, int x, int y)
{
    if (!shade)
        return;
    if (ink->tile)
        tiled_span(out, count, ink, shade, x, y);
    else if (count == 1)
        lay(out, ink->colour, shade);
    else
        span(out, count, ink->colour, shade);
}

#define AT_ONCE 8 /* cells */

/* The end of the run of cells from `at` on that change nothing. */
static inline int run_end(const float *cells, int at, int end)
{
    uint64_t some[AT_ONCE / 2];
    for (; at + AT_ONCE <= end; at += AT_ONCE) {
        memcpy(some, cells + at, sizeof some);
        if (some[0] | some[1] | some[2] | some[3])
            break;
    }
    while (at < end && cells[at] == 0.0f)
        at++;
    return at;
}

/* Lay the colour down where it is covered (more than once counts once) and leave all cells zero. */
void cover_paint(Cover *cover, const Surface *surface, const Ink *ink)
{
    int width = cover->width;
    for (int row = 0; row < cover->height; row++) {
        int from = cover->first[row], touched = cover->last[row] + 1;
        if (touched <= 0)
            continue;
        cover->first[row] = INT_MAX;
        cover->last[row] = -1;
        float *cells = cover->cells + (size_t)row * cover->stride;
        int x = cover->left, y = cover->top + row;
        uint32_t *out = surface->pixels + (ptrdiff_t)(y - surface->top) * surface->stride + (x - surface->left);
        int end = touched < width ? touched : width, at = from;
        float sum = 0.0f;
        while (at < end) {
            sum += cells[at];
            cells[at] = 0.0f;
            int next = run_end(cells, at + 1, end);
            lay_run(out + at, next - at, ink, level(sum), x + at, y);
            at = next;
        }
        if (at < width)
            lay_run(out + at, width - at, ink, level(sum), x + at, y);
        for (at = width; at < touched; at++)
            cells[at] = 0.0f;
    }
}
