/* Thin lines through which something is seen: what their slices cover is added up in bytes first, so that the
 * ink of one feature never lies on itself. */
#include "raster.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MARGIN TAPS /* cells around the box, so that no write has to be looked at */
#define OUTSIDE (TAPS / 2) /* a middle so many pixels before the box is not seen, and MIDDLE behind it */
#define WIDE 96 /* of a box wider than this it is kept which columns of a row were touched */
#define UP 1073741824.0 /* so that places are counted from below all pictures */

/* Make ready for a box of the picture. False when there is no memory. */
bool veil_open(Cover *cover, int left, int top, int width, int height)
{
    Veil *veil = &cover->veil;
    size_t stride = (size_t)width + 2 * MARGIN, room = stride * ((size_t)height + 2 * MARGIN);
    if (!cover_rows(cover, height))
        return false;
    if (room > veil->room) {
        size_t more = room + room / 2;
        free(veil->cells);
        veil->cells = calloc(more, 1);
        veil->room = veil->cells ? more : 0;
        if (!veil->cells)
            return false;
    }
    veil->stride = stride;
    cover->left = left;
    cover->top = top;
    cover->width = width;
    cover->height = height;
    return true;
}

static inline uint8_t more(uint8_t cell, unsigned share)
{
    unsigned sum = cell + share;
    return (uint8_t)(sum < 255 ? sum : 255);
}

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Eight sums at once, each at most 255. */
static inline uint64_t more_of_eight(uint64_t cells, uint64_t shares)
{
    uint64_t sums = ((cells & EACH(0x7f)) + (shares & EACH(0x7f))) ^ ((cells ^ shares) & EACH(0x80));
    uint64_t full = ((cells & shares) | ((cells | shares) & ~sums)) & EACH(0x80);
    return sums | (full >> 7) * 255;
}

typedef struct {
    Cover *cover;
    const Slices *slices;
    double from, to;    /* along the line's main direction, in pixels */
    double slope, base; /* the middle at `along` is base + slope * along */
    double low, high;   /* where a middle must lie, across */
    bool wide;
} Walk;

/* Which pixel the middle at `along` lies in, and its place there. False when it is outside of the box. */
static inline bool middle_of(const Walk *walk, double along, int *pixel, int *place)
{
    double at = walk->base + walk->slope * along;
    if (!(at > walk->low && at < walk->high))
        return false;
    int64_t fine = (int64_t)((at + UP) * PLACES + 0.5);
    *pixel = (int)(fine / PLACES - (int64_t)UP);
    *place = (int)(fine % PLACES);
    return true;
}

/* How much of slice `number` the line has, of 256, and the middle of that. */
static inline unsigned part_of(const Walk *walk, int number, double *along)
{
    if (number >= walk->from && number + 1 <= walk->to) {
        *along = number + 0.5;
        return 256;
    }
    double from = walk->from > number ? walk->from : number, to = walk->to < number + 1 ? walk->to : number + 1;
    *along = 0.5 * (from + to);
    return to > from ? (unsigned)((to - from) * 256.0 + 0.5) : 0;
}

static inline void flat_column(const Walk *walk, int column)
{
    Cover *cover = walk->cover;
    const Slices *slices = walk->slices;
    double along;
    int pixel, place;
    unsigned part = part_of(walk, column, &along);
    if (!middle_of(walk, along, &pixel, &place))
        return;
    const uint8_t *shares = slices->shares[place];
    size_t stride = cover->veil.stride;
    int top = pixel - cover->top - MIDDLE;
    uint8_t *cell = cover->veil.cells + (size_t)(top + slices->first + MARGIN) * stride + (size_t)(column + MARGIN);
    for (int tap = slices->first; tap <= slices->last; tap++, cell += stride)
        *cell = more(*cell, (shares[tap] * part + 128) >> 8);
}

static inline void steep_row(const Walk *walk, int row)
{
    Cover *cover = walk->cover;
    double along;
    int pixel, place;
    unsigned part = part_of(walk, row, &along);
    if (!middle_of(walk, along, &pixel, &place))
        return;
    const uint8_t *shares = walk->slices->shares[place];
    size_t line = (size_t)(row - cover->top + MARGIN) * cover->veil.stride;
    uint8_t *cell = cover->veil.cells + line + (size_t)(pixel - MIDDLE + MARGIN), some[TAPS];
    uint64_t added, cells;
    if (part < 256) {
        for (int tap = 0; tap < TAPS; tap++)
            some[tap] = (uint8_t)((shares[tap] * part + 128) >> 8);
        shares = some;
    }
    memcpy(&added, shares, sizeof added);
    memcpy(&cells, cell, sizeof cells);
    cells = more_of_eight(cells, added);
    memcpy(cell, &cells, sizeof cells);
    if (walk->wide)
        cover_touch(cover, row - cover->top, pixel - MIDDLE, pixel + OUTSIDE);
}

/* Which columns of which rows a flat line from column `first` to `end` has touched, or a few more. */
static void touch_flat(const Walk *walk, int first, int end)
{
    Cover *cover = walk->cover;
    double one = walk->base + walk->slope * walk->from - cover->top;
    double other = walk->base + walk->slope * walk->to - cover->top;
    double low = one < other ? one : other, high = one < other ? other : one;
    int row = (int)within(low - OUTSIDE, 0.0, cover->height), stop = (int)within(high + OUTSIDE + 1, 0.0, cover->height);
    double per_row = fabs(walk->slope) > 1e-3 ? 1.0 / walk->slope : 0.0;
    for (; row < stop; row++) {
        int from = first, to = end;
        if (per_row != 0.0) {
            double a = (row + cover->top - OUTSIDE - walk->base) * per_row;
            double b = (row + cover->top + 1 + OUTSIDE - walk->base) * per_row;
            from = (int)within(a < b ? a : b, first, end);
            to = (int)within((a < b ? b : a) + 1, first, end);
        }
        if (from < to)
            cover_touch(cover, row, from, to - 1);
    }
}

static void thin_flat(Cover *cover, const Pen *pen, Point a, Point b)
{
    double slope = (b.y - a.y) / (b.x - a.x), bottom = (double)cover->top + cover->height;
    int first = a.x > 0 ? (int)a.x : 0, end = b.x < cover->width ? ceiled(b.x) : cover->width;
    Walk walk = {
        cover, slices_of(pen, slope), a.x, b.x, slope, a.y - slope * a.x,
        (double)cover->top - OUTSIDE, bottom + MIDDLE, cover->width > WIDE,
    };
    for (int column = first; column < end; column++)
        flat_column(&walk, column);
    if (walk.wide)
        touch_flat(&walk, first, end);
}

static void thin_steep(Cover *cover, const Pen *pen, Point a, Point b)
{
    double slope = (b.x - a.x) / (b.y - a.y), bottom = (double)cover->top + cover->height;
    int first = a.y > cover->top ? floored(a.y) : cover->top;
    int end = b.y < bottom ? ceiled(b.y) : cover->top + cover->height;
    Walk walk = {
        cover, slices_of(pen, slope), a.y, b.y, slope, a.x - slope * a.y,
        -(double)OUTSIDE, (double)cover->width + MIDDLE, cover->width > WIDE,
    };
    for (int row = first; row < end; row++)
        steep_row(&walk, row);
}

/* Add a line from a to b, with ends cut along the grid. */
void veil_line(Cover *cover, const Pen *pen, Point a, Point b)
{
    double margin = pen->width + 1.0, top = cover->top, end = top + cover->height;
    a.x -= cover->left;
    b.x -= cover->left;
    double right = cover->width + margin;
    if ((a.x < -margin && b.x < -margin) || (a.x > right && b.x > right))
        return;
    if ((a.y < top - margin && b.y < top - margin) || (a.y > end + margin && b.y > end + margin))
        return;
    if (fabs(b.x - a.x) >= fabs(b.y - a.y)) {
        if (a.x < b.x && b.x > 0 && a.x < cover->width)
            thin_flat(cover, pen, a, b);
        else if (b.x < a.x && a.x > 0 && b.x < cover->width)
            thin_flat(cover, pen, b, a);
    } else if (a.y < b.y) {
        if (b.y > top && a.y < end)
            thin_steep(cover, pen, a, b);
    } else if (a.y > top && b.y < end) {
        thin_steep(cover, pen, b, a);
    }
}

/* Which of eight bytes is the first that is not zero; one of them is not. */
static inline int first_of(uint64_t eight)
{
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return __builtin_ctzll(eight) / 8;
#else
    uint8_t bytes[8];
    int first = 0;
    memcpy(bytes, &eight, sizeof bytes);
    while (!bytes[first])
        first++;
    return first;
#endif
}

static inline uint64_t without(uint64_t eight, int byte)
{
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return eight & ~(UINT64_C(0xff) << 8 * byte);
#else
    uint8_t bytes[8];
    memcpy(bytes, &eight, sizeof bytes);
    bytes[byte] = 0;
    memcpy(&eight, bytes, sizeof bytes);
    return eight;
#endif
}

/* What lies beyond `end` belongs to the margin. */
static inline void lay_row(uint32_t *out, const uint8_t *cells, int at, int end, uint32_t colour)
{
    for (; at < end; at += 8) {
        uint64_t eight;
        memcpy(&eight, cells + at, sizeof eight);
        while (eight) {
            int x = first_of(eight);
            if (at + x >= end)
                return;
            lay(out + at + x, colour, cells[at + x]);
            eight = without(eight, x);
        }
    }
}

/* Lay the colour down where lines are, and leave all cells zero. */
void veil_paint(Cover *cover, const Surface *surface, uint32_t colour)
{
    Veil *veil = &cover->veil;
    size_t margin = (size_t)MARGIN * veil->stride;
    for (int row = 0; row < cover->height; row++) {
        uint8_t *cells = veil->cells + margin + (size_t)row * veil->stride + MARGIN;
        uint32_t *out = surface->pixels + (ptrdiff_t)(cover->top + row - surface->top) * surface->stride +
                        (cover->left - surface->left);
        int first = 0, end = cover->width;
        if (cover->width > WIDE) {
            first = cover->first[row];
            end = cover->last[row] + 1;
            cover->first[row] = INT_MAX;
            cover->last[row] = -1;
        }
        if (first >= end && cover->width > WIDE)
            continue;
        int from = first > 0 ? first : 0, to = end < cover->width ? end : cover->width;
        lay_row(out, cells, from, to, colour);
        if (cover->width > WIDE)
            memset(cells + first, 0, (size_t)(end - first));
    }
    if (cover->width > WIDE) {
        memset(veil->cells, 0, margin);
        memset(veil->cells + margin + (size_t)cover->height * veil->stride, 0, margin);
    } else {
        memset(veil->cells, 0, veil->stride * ((size_t)cover->height + 2 * MARGIN));
    }
}
