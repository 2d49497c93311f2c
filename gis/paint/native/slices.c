/* The table of what slices of thin lines cover; see raster.h. */
#include "raster.h"

#include <math.h>
#include <string.h>

static double cut(double value)
{
    return value > 0.0 ? (value < 1.0 ? value : 1.0) : 0.0;
}

/* The integral of `cut` from 0 on. */
static double cut_sum(double value)
{
    double inner = cut(value), above = value - 1.0;
    return 0.5 * inner * inner + (above > 0.0 ? above : 0.0);
}

/* How much of the pixel from 0 to 1 lies below a border whose middle is at `border` and which rises by twice
 * `spread` across it. */
static double below(double border, double spread)
{
    if (spread < 0.01)
        return cut(border);
    return (cut_sum(border + spread) - cut_sum(border - spread)) / (2.0 * spread);
}

static void make(double width, double rise, Slices *slices)
{
    double half = 0.5 * width * sqrt(1.0 + rise * rise);
    slices->first = MIDDLE;
    slices->last = MIDDLE;
    for (int place = 0; place < PLACES; place++) {
        slices->from[place] = MIDDLE;
        slices->to[place] = MIDDLE;
        for (uint8_t tap = 0; tap < TAPS; tap++) {
            double middle = MIDDLE - tap + (double)place / PLACES;
            double share = below(middle + half, 0.5 * rise) - below(middle - half, 0.5 * rise);
            uint8_t level = (uint8_t)(255.0 * share + 0.5);
            slices->shares[place][tap] = level;
            if (level && tap < slices->from[place])
                slices->from[place] = tap;
            if (level && tap > slices->to[place])
                slices->to[place] = tap;
        }
        if (slices->from[place] < slices->first)
            slices->first = slices->from[place];
        if (slices->to[place] > slices->last)
            slices->last = slices->to[place];
    }
}

/* For a line of that width, up to THIN_PEN_PX. */
void slices_make(double width, Slices slices[SLOPES])
{
    memset(slices, 0, SLOPES * sizeof *slices);
    for (int slope = 0; slope < SLOPES; slope++)
        make(width, (double)slope / (SLOPES - 1), &slices[slope]);
}

static bool taps(uint8_t first, uint8_t last)
{
    return first <= last && last < TAPS;
}

/* Whether this is such a table: what it says is not believed. */
bool slices_sound(const Slices slices[SLOPES])
{
    for (int slope = 0; slope < SLOPES; slope++) {
        if (!taps(slices[slope].first, slices[slope].last))
            return false;
        for (int place = 0; place < PLACES; place++)
            if (!taps(slices[slope].from[place], slices[slope].to[place]))
                return false;
    }
    return true;
}
