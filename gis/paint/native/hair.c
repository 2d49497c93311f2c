/* Thin lines straight onto the pixels: for colours that hide what is below, and where nobody can see that the
 * ink of one feature lies on itself at a corner.
 *
 * Where a line goes on in the same direction, one segment ends with the last slice whose middle it reaches and
 * the next begins with the one after: along the line no slice is laid twice, and none is left out. */
#include "raster.h"

#include <math.h>

#define OUTSIDE (TAPS / 2) /* a middle so many pixels outside of the surface is not seen */
#define UP 1073741824.0 /* so that places are counted from below all pictures */

/* Whether all vertices at hand lie on the surface, and so far from its sides that no slice reaches beyond them. */
static bool all_inside(const Painter *painter)
{
    const Surface *surface = &painter->surface;
    double left = surface->left + TAPS, right = surface->left + surface->width - TAPS;
    double top = surface->top + TAPS, bottom = surface->top + surface->height - TAPS;
    int64_t count = painter->rings ? painter->ends[painter->rings - 1] : 0;
    bool inside = true;
    for (int64_t i = 0; i < count; i++) {
        Point at = painter->points[i];
        inside &= at.x > left && at.x < right && at.y > top && at.y < bottom;
    }
    return inside;
}

/* Make ready for the lines at hand, in one colour, at `share` (of 256) of it. */
void hair_open(Painter *painter, uint32_t colour, unsigned share)
{
    const Surface *surface = &painter->surface;
    Cover *cover = &painter->cover;
    Inks *inks = &painter->inks;
    if (!inks->made || inks->colour != colour) {
        for (uint32_t cover_of = 0; cover_of < 256; cover_of++)
            inks->of[cover_of] = scaled(spread(colour), cover_of);
        inks->colour = colour;
        inks->made = true;
    }
    painter->thin = share;
    painter->inside = all_inside(painter);
    cover->left = surface->left;
    cover->top = surface->top;
    cover->width = surface->width;
    cover->height = surface->height;
}

/* A run of slices: `along` the line's main direction they are counted, `across` it lies its middle. */
typedef struct {
    const Slices *slices;
    const uint64_t *inks;
    uint32_t *pixels;             /* of the surface, whose first is at `first` along and `low` across */
    ptrdiff_t step, tap;          /* from slice to slice, and from pixel to pixel of one */
    double slope, base;           /* the middle at `along` is base + slope * along */
    int first, low, high;         /* pixels across, the last not included */
} Hair;

/* Lay `part` (of 256) of one slice down, whose middle is that of the line at `along`. `inside` promises that none
 * of it lies beside the surface. */
static inline void slice(const Hair *hair, int number, double along, unsigned part, bool inside)
{
    double at = hair->base + hair->slope * along;
    if (!inside && !(at > hair->low - OUTSIDE && at < hair->high + OUTSIDE))
        return;
    uint64_t fine = (uint64_t)((at + UP) * PLACES + 0.5);
    unsigned place = (unsigned)(fine % PLACES);
    int pixel = (int)(fine / PLACES) - (int)UP - MIDDLE;
    const uint8_t *shares = hair->slices->shares[place];
    int from = hair->slices->from[place], to = hair->slices->to[place];
    if (!inside && pixel + from < hair->low)
        from = hair->low - pixel;
    if (!inside && pixel + to >= hair->high)
        to = hair->high - 1 - pixel;
    if (!inside && from > to)
        return;
    uint32_t *out = hair->pixels + (number - hair->first) * hair->step + (pixel + from - hair->low) * hair->tap;
    for (int tap = from; tap <= to; tap++, out += hair->tap)
        lay_lanes(out, hair->inks[part == 256 ? shares[tap] : shares[tap] * part >> 8]);
}

/* The share of a slice that lies between two places. */
static inline void piece(const Hair *hair, int number, double from, double to, unsigned share, bool inside)
{
    from = from > number ? from : number;
    to = to < number + 1 ? to : number + 1;
    if (to > from)
        slice(hair, number, 0.5 * (from + to), (unsigned)((to - from) * share + 0.5), inside);
}

static inline void slices(const Hair *hair, int first, int end, unsigned share, bool inside)
{
    for (int number = first; number < end; number++)
        slice(hair, number, number + 0.5, share, inside);
}

/* A part of a line: from where to where, along, and at which of the two ends it goes on. */
typedef struct {
    double from, to;
    bool goes_on_from, goes_on_to;
} Part;

/* All slices of a part, as far as they lie between `first` and `end`; where the line goes on only whole ones. */
static inline void walk(const Hair *hair, Part part, int first, int end, unsigned share, bool inside)
{
    double from = part.from, to = part.to;
    if (!inside) {
        from = within(from, first - 1.0, end + 1.0);
        to = within(to, first - 1.0, end + 1.0);
    }
    int begin = part.goes_on_from ? ceiled(from - 0.5) : floored(from);
    int stop = part.goes_on_to ? ceiled(to - 0.5) : ceiled(to);
    if (part.goes_on_from)
        from = begin;
    if (part.goes_on_to)
        to = stop;
    if (!inside) {
        begin = begin > first ? begin : first;
        stop = stop < end ? stop : end;
    }
    if (begin < stop && (from > begin || to < begin + 1)) {
        piece(hair, begin, from, to, share, inside);
        begin++;
    }
    if (begin < stop && to < stop) {
        stop--;
        piece(hair, stop, from, to, share, inside);
    }
    if (share == 256)
        slices(hair, begin, stop, 256, inside);
    else
        slices(hair, begin, stop, share, inside);
}

/* A flat line is walked column by column, a steep one row by row; `a` comes first that way. */
static inline void flat(const Painter *painter, const Pen *pen, Point a, Point b, bool on_from, bool on_to, bool inside)
{
    const Surface *surface = &painter->surface;
    double slope = (b.y - a.y) / (b.x - a.x);
    Hair hair = {slices_of(pen, slope), painter->inks.of, surface->pixels, 1, surface->stride, slope, a.y - slope * a.x,
                 surface->left, surface->top, surface->top + surface->height};
    walk(&hair, (Part){a.x, b.x, on_from, on_to}, surface->left, surface->left + surface->width, painter->thin, inside);
}

static inline void steep(const Painter *painter, const Pen *pen, Point a, Point b, bool on_from, bool on_to, bool inside)
{
    const Surface *surface = &painter->surface;
    double slope = (b.x - a.x) / (b.y - a.y);
    Hair hair = {slices_of(pen, slope), painter->inks.of, surface->pixels, surface->stride, 1, slope, a.x - slope * a.y,
                 surface->top, surface->left, surface->left + surface->width};
    walk(&hair, (Part){a.y, b.y, on_from, on_to}, surface->top, surface->top + surface->height, painter->thin, inside);
}

static inline void line(const Painter *painter, const Pen *pen, Point a, Point b, bool on_from, bool on_to, bool inside)
{
    if (fabs(b.x - a.x) >= fabs(b.y - a.y)) {
        if (a.x < b.x)
            flat(painter, pen, a, b, on_from, on_to, inside);
        else if (b.x < a.x)
            flat(painter, pen, b, a, on_to, on_from, inside);
    } else if (a.y < b.y) {
        steep(painter, pen, a, b, on_from, on_to, inside);
    } else {
        steep(painter, pen, b, a, on_to, on_from, inside);
    }
}

static bool beside(double a, double b, double low, double high)
{
    return (a < low && b < low) || (a > high && b > high);
}

/* A line from a to b. Where it goes on in the same of the four directions, beyond an end, that is said. */
void hair_line(const Painter *painter, const Pen *pen, Point a, Point b, bool goes_on_from, bool goes_on_to)
{
    const Surface *surface = &painter->surface;
    if (painter->inside) {
        line(painter, pen, a, b, goes_on_from, goes_on_to, true);
        return;
    }
    double reach = pen->width + 1.0, left = surface->left - reach, top = surface->top - reach;
    if (beside(a.x, b.x, left, surface->left + surface->width + reach) ||
        beside(a.y, b.y, top, surface->top + surface->height + reach))
        return;
    line(painter, pen, a, b, goes_on_from, goes_on_to, false);
}
