/* Areas: filled, hatched, outlined; the smallest as patches of the right amount of ink. */
#include "raster.h"

#include <math.h>

#define HIDING_PX 0.9 /* an outline so wide hides whether the edge below it is smooth */

typedef void (*AddEdge)(Cover *cover, Point a, Point b);

static inline bool fill_by(Painter *painter, AddEdge add)
{
    int64_t begin = 0;
    for (int64_t ring = 0; ring < painter->rings; ring++) {
        int64_t end = painter->ends[ring];
        for (int64_t i = begin; i + 1 < end; i++)
            add(&painter->cover, painter->points[i], painter->points[i + 1]);
        begin = end;
    }
    return true;
}

static bool fill_rings(Painter *painter, const Pen *pen)
{
    (void)pen;
    return fill_by(painter, cover_edge);
}

static bool fill_below_outline(Painter *painter, const Pen *pen)
{
    (void)pen;
    return fill_by(painter, cover_edge_by_centres);
}

/* A box of less than two pixels, at a share of the colour. */
static void patch(const Surface *surface, Box box, uint32_t colour, double share)
{
    double right = (double)surface->left + surface->width, bottom = (double)surface->top + surface->height;
    int x0 = floored(within(box.x0, surface->left, right)), x1 = ceiled(within(box.x1, surface->left, right));
    int y0 = floored(within(box.y0, surface->top, bottom)), y1 = ceiled(within(box.y1, surface->top, bottom));
    for (int y = y0; y < y1; y++) {
        double high = (box.y1 < y + 1 ? box.y1 : y + 1) - (box.y0 > y ? box.y0 : y);
        uint32_t *row = surface->pixels + (ptrdiff_t)(y - surface->top) * surface->stride;
        for (int x = x0; x < x1; x++) {
            double wide = (box.x1 < x + 1 ? box.x1 : x + 1) - (box.x0 > x ? box.x0 : x);
            uint32_t cover = (uint32_t)within(wide * high * share + 0.5, 0.0, 255.0);
            if (cover)
                lay(row + (x - surface->left), colour, cover);
        }
    }
}

/* How much of its outline, of 255, a feature of that size shows around it: all from `full_px` on. */
static double shown_of(double size, double full_px)
{
    double gained = full_px > TINY_PX ? within((size - TINY_PX) / (full_px - TINY_PX), 0.0, 1.0) : 1.0;
    return FAINTEST + (255.0 - FAINTEST) * gained;
}

/* The colour of what is too small for an outline beside a fill: all of it lies below the outline. */
static uint32_t mixed(uint32_t fill, uint32_t outline)
{
    return fill ? over(fill, outline) : outline;
}

static bool paint_area(Painter *painter, const Shapes *shapes, int64_t feature, const AreaLook *look)
{
    double reach = reach_of(look->pen);
    Box box;
    if (!go_on(painter, 16))
        return false;
    if (!box_on(painter, shapes, feature, reach, &box))
        return true;
    uint32_t fill = look->fill.each ? look->fill.each[feature] : look->fill.all;
    uint32_t outline = look->outline.each ? look->outline.each[feature] : look->outline.all;
    double width = box.x1 - box.x0, height = box.y1 - box.y0, size = width > height ? width : height;
    bool blended = size < SMALL_PX && size < look->outlined_px && fill && !look->tile;
    double shown = shown_of(size, look->outlined_px);
    if (size < TINY_PX) {
        double area = fabs((double)shapes->areas[feature] * painter->affine.sx * painter->affine.sy);
        double share = area > 0 ? within(area / (width * height), 0.0, 1.0) : 0.0;
        patch(&painter->surface, box, mixed(fill, outline), 255.0 * share);
        return true;
    }
    unsigned share = outline >> 24 == 255 && look->pen->slices ? (unsigned)(shown * 256.0 / 255.0) : 0;
    if (blended) {
        fill = mixed(fill, outline);
        outline = 0;
    } else if (!share) {
        outline = faded(outline, (uint32_t)shown);
    }
    call(painter, box);
    if (!gather(painter, shapes, feature, true))
        return false;
    bool crisp = outline && share == 256 && look->pen->width >= HIDING_PX && !look->pen->dashes;
    if (fill && !lay_down(painter, box, &(Ink){fill, look->tile}, crisp ? fill_below_outline : fill_rings, NULL))
        return false;
    Box around = {box.x0 - reach, box.y0 - reach, box.x1 + reach, box.y1 + reach};
    if (outline && !draw(painter, around, outline, share, stroke_rings, look->pen))
        return false;
    return go_on(painter, painter->rings ? painter->ends[painter->rings - 1] : 0);
}

bool paint_areas(Painter *painter, const Shapes *shapes, const AreaLook *look)
{
    double reach = reach_of(look->pen);
    for (int64_t position = 0; position < shapes->painted; position++) {
        int64_t feature = feature_at(painter, shapes->order, shapes->count, position);
        if (feature < 0)
            return false;
        if (!run_on(painter, shapes->runs, feature, reach))
            position = end_of_run(shapes->order, position);
        else if (!paint_area(painter, shapes, feature, look))
            return false;
    }
    return true;
}
