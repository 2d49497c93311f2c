/* Lines: one pen, a colour for each or one for all. */
#include "raster.h"

static bool paint_line(Painter *painter, const Shapes *shapes, int64_t feature, uint32_t colour,
                       const Pen *pen)
{
    double reach = reach_of(pen);
    Box box;
    if (!go_on(painter, 16))
        return false;
    if (!colour || !box_on(painter, shapes, feature, reach, &box))
        return true;
    if (!gather(painter, shapes, feature, false))
        return false;
    Box around = {box.x0 - reach, box.y0 - reach, box.x1 + reach, box.y1 + reach};
    if (!lay_down(painter, around, &(Ink){colour, NULL}, stroke_lines, pen))
        return false;
    return go_on(painter, painter->rings ? painter->ends[painter->rings - 1] : 0);
}

bool paint_lines(Painter *painter, const Shapes *shapes, const Colours *colours, const Pen *pen)
{
    for (int64_t position = 0; position < shapes->painted; position++) {
        int64_t feature = feature_at(shapes, position);
        uint32_t colour = feature >= 0 && colours->each ? colours->each[feature] : colours->all;
        if (feature >= 0 && !paint_line(painter, shapes, feature, colour, pen))
            return false;
    }
    return true;
}
