/* In which order features are painted, and their vertices brought together in it. */
#include "raster.h"

#include <math.h>

#define TIERS 6
#define SQUARES 65535.0 /* of a grid, each way */

typedef struct {
    double x, y;
} Middle;

static inline Middle middle_of(const double *low, const double *high, int64_t at)
{
    return (Middle){(low[2 * at] + high[2 * at]) / 2, (low[2 * at + 1] + high[2 * at + 1]) / 2};
}

static inline double size_of(const double *low, const double *high, int64_t at)
{
    double wide = high[2 * at] - low[2 * at], tall = high[2 * at + 1] - low[2 * at + 1];
    return wide > tall ? wide : tall;
}

/* A zero bit between all bits of a number of 16. */
static inline uint64_t spaced(uint64_t v)
{
    v = (v | v << 8) & 0x00FF00FF;
    v = (v | v << 4) & 0x0F0F0F0F;
    v = (v | v << 2) & 0x33333333;
    return (v | v << 1) & 0x55555555;
}

static inline uint64_t square_of(double at, double from, double span)
{
    return (uint64_t)within((at - from) / span * SQUARES, 0.0, SQUARES);
}

/* The key of each of `count` boxes: its tier of size, each four times as wide as the next, above the Morton code of
 * its middle, of which the last `huddle` bits are left out. */
void drawing_keys(const double *low, const double *high, int64_t count, int huddle, int64_t *keys)
{
    double whole = 1e-12, west = HUGE_VAL, south = HUGE_VAL, east = -HUGE_VAL, north = -HUGE_VAL;
    for (int64_t i = 0; i < count; i++) {
        Middle at = middle_of(low, high, i);
        double size = size_of(low, high, i);
        whole = size > whole ? size : whole;
        west = at.x < west ? at.x : west;
        south = at.y < south ? at.y : south;
        east = at.x > east ? at.x : east;
        north = at.y > north ? at.y : north;
    }
    double span = east - west > north - south ? east - west : north - south, tiers[TIERS];
    span = span > 1e-12 ? span : 1e-12;
    for (int tier = 0; tier < TIERS; tier++)
        tiers[tier] = (tier ? tiers[tier - 1] : whole) / 4;
    for (int64_t i = 0; i < count; i++) {
        Middle at = middle_of(low, high, i);
        double size = size_of(low, high, i);
        uint64_t tier = 0;
        while (tier < TIERS && size <= tiers[tier])
            tier++;
        uint64_t code = spaced(square_of(at.x, west, span)) | spaced(square_of(at.y, south, span)) << 1;
        keys[i] = (int64_t)((tier << 32 | code) >> huddle);
    }
}

/* The vertices of some runs, one after the other, as seen from (x, y): subtracted in 64 bits, kept in 32. False when
 * a run leaves its array, or all do not fill the room there is. */
bool gather_near(const Runs *runs, double x, double y, float *near, int64_t room)
{
    int64_t filled = 0;
    for (int64_t run = 0; run < runs->count; run++) {
        int64_t first = runs->starts[run], length = runs->lengths[run];
        if (first < 0 || length < 0 || first > runs->vertices || length > runs->vertices - first || length > room - filled)
            return false;
        const double *from = runs->xy + 2 * first;
        float *to = near + 2 * filled;
        for (int64_t i = 0; i < length; i++) {
            to[2 * i] = (float)(from[2 * i] - x);
            to[2 * i + 1] = (float)(from[2 * i + 1] - y);
        }
        filled += length;
    }
    return filled == room;
}
