/* How far rings reach and how large they are. */
#include "raster.h"

#include <math.h>

/* Of each of `count` rings west, south, east, north, none of them a number where a coordinate is not finite or
 * there is none; and the area, from the ring's first vertex on, above zero for anticlockwise rings.
 * False when offsets run backwards or leave the array. */
bool measure_rings(const double *xy, int64_t vertices, const int64_t *rings, int64_t count, double *boxes,
                   double *areas)
{
    for (int64_t ring = 0; ring < count; ring++) {
        int64_t from = rings[ring], to = rings[ring + 1];
        if (from < 0 || to < from || to > vertices)
            return false;
        const double *first = xy + 2 * from, *end = xy + 2 * to;
        double west = HUGE_VAL, south = HUGE_VAL, east = -HUGE_VAL, north = -HUGE_VAL, twice = 0, x = 0, y = 0;
        bool sound = first < end;
        for (const double *at = first; at < end; at += 2) {
            sound = sound && fabs(at[0]) < HUGE_VAL && fabs(at[1]) < HUGE_VAL;
            west = at[0] < west ? at[0] : west;
            south = at[1] < south ? at[1] : south;
            east = at[0] > east ? at[0] : east;
            north = at[1] > north ? at[1] : north;
            double next_x = at[0] - first[0], next_y = at[1] - first[1];
            twice += x * next_y - next_x * y;
            x = next_x;
            y = next_y;
        }
        double *box = boxes + 4 * ring;
        box[0] = sound ? west : NAN;
        box[1] = sound ? south : NAN;
        box[2] = sound ? east : NAN;
        box[3] = sound ? north : NAN;
        areas[ring] = sound ? twice / 2 : NAN;
    }
    return true;
}
