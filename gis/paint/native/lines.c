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
    call(painter, box);
    if (!gather(painter, shapes, feature, false))
        return false;
    Box around = {box.x0 - reach, box.y0 - reach, box.x1 + reach, box.y1 + reach};
    unsigned share = pen->slices && colour >> 24 == 255 ? 256 : 0;
    if (!draw(painter, around, colour, share, stroke_lines, pen))
        return false;
    return go_on(painter, painter->rings ? painter->ends[painter->rings - 1] : 0);
}

bool paint_lines(Painter *painter, const Shapes *shapes, const Colours *colours, const Pen *pen)
{
    double reach = reach_of(pen);
    for (int64_t position = 0; position < shapes->painted; position++) {
        int64_t feature = feature_at(painter, shapes->order, shapes->count, position);
        if (feature < 0)
            return false;
        if (!run_on(painter, shapes->runs, feature, reach))
            position = end_of_run(shapes->order, position);
        else if (!paint_line(painter, shapes, feature, colours->each ? colours->each[feature] : colours->all, pen))
            return false;
    }
    return true;
}
