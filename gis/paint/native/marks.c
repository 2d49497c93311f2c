/* Marks: small images, or masks in a colour, at points; placed to a fraction of a pixel. */
#include "raster.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    int x, y;       /* upper left pixel, in the picture */
    size_t variant; /* which image of the atlas */
} Place;

/* Where the mark of one point goes. False when the point has no place, or none near the surface. */
static bool place_of(const Painter *painter, const Points *points, int64_t point, const Atlas *atlas, Place *place)
{
    const Affine *to = &painter->affine;
    const Surface *surface = &painter->surface;
    double x = points->xy[2 * point] * to->sx + to->dx - atlas->x;
    double y = points->xy[2 * point + 1] * to->sy + to->dy - atlas->y;
    int margin = points->cell + 1; /* a point that hides another may itself lie just outside */
    if (!(x > surface->left - atlas->width - margin && x < surface->left + surface->width + margin &&
          y > surface->top - atlas->height - margin && y < surface->top + surface->height + margin))
        return false;
    place->x = floored(x);
    place->y = floored(y);
    int right = (int)((x - place->x) * atlas->phases + 0.5), down = (int)((y - place->y) * atlas->phases + 0.5);
    if (right == atlas->phases)
        right = 0, place->x++;
    if (down == atlas->phases)
        down = 0, place->y++;
    int kind = points->which ? points->which[point] : 0;
    if (kind < 0 || kind >= atlas->kinds)
        return false;
    place->variant = ((size_t)kind * atlas->phases + down) * atlas->phases + right;
    return true;
}

/* Of one row of an image: ink from `first` to `end`, and in it a run that hides what is below. */
typedef struct {
    int first, solid, veiled, end;
} Run;

static Run run_of(const uint32_t *row, int width)
{
    Run run = {0, 0, 0, width};
    while (run.first < width && !row[run.first])
        run.first++;
    while (run.end > run.first && !row[run.end - 1])
        run.end--;
    run.solid = run.first;
    while (run.solid < run.end && row[run.solid] >> 24 != 255)
        run.solid++;
    run.veiled = run.solid;
    while (run.veiled < run.end && row[run.veiled] >> 24 == 255)
        run.veiled++;
    return run;
}

/* Of every row of every image. NULL when there is no memory. */
static Run *runs_of(const Atlas *atlas)
{
    size_t rows = (size_t)atlas->kinds * atlas->phases * atlas->phases * atlas->height;
    Run *runs = malloc(rows * sizeof *runs);
    for (size_t row = 0; runs && row < rows; row++)
        runs[row] = run_of(atlas->images + row * atlas->width, atlas->width);
    return runs;
}

static inline void blend(uint32_t *row, const uint32_t *image, int from, int to)
{
    for (int i = from; i < to; i++)
        row[i] = over(row[i], image[i]);
}

static void put_whole(uint32_t *row, ptrdiff_t stride, const uint32_t *image, const Run *runs, const Atlas *atlas)
{
    for (int y = 0; y < atlas->height; y++, row += stride, image += atlas->width, runs++) {
        blend(row, image, runs->first, runs->solid);
        memcpy(row + runs->solid, image + runs->solid, (size_t)(runs->veiled - runs->solid) * sizeof *row);
        blend(row, image, runs->veiled, runs->end);
    }
}

static void put_image(const Surface *surface, const Place *place, const Atlas *atlas, const Run *runs)
{
    int right = surface->left + surface->width, bottom = surface->top + surface->height;
    int x0 = place->x > surface->left ? place->x : surface->left;
    int y0 = place->y > surface->top ? place->y : surface->top;
    int x1 = place->x + atlas->width < right ? place->x + atlas->width : right;
    int y1 = place->y + atlas->height < bottom ? place->y + atlas->height : bottom;
    size_t first = place->variant * atlas->height;
    if (x0 == place->x && y0 == place->y && x1 - x0 == atlas->width && y1 - y0 == atlas->height) {
        uint32_t *row = surface->pixels + (ptrdiff_t)(y0 - surface->top) * surface->stride + (x0 - surface->left);
        put_whole(row, surface->stride, atlas->images + first * atlas->width, runs + first, atlas);
        return;
    }
    for (int y = y0; y < y1; y++) {
        const uint32_t *image = atlas->images + (first + (y - place->y)) * atlas->width + (x0 - place->x);
        blend(surface->pixels + (ptrdiff_t)(y - surface->top) * surface->stride + (x0 - surface->left), image, 0,
              x1 - x0);
    }
}

static void put_mask(const Surface *surface, const Place *place, const Atlas *atlas, uint32_t colour)
{
    int x0 = place->x > surface->left ? place->x : surface->left;
    int y0 = place->y > surface->top ? place->y : surface->top;
    int x1 = place->x + atlas->width, y1 = place->y + atlas->height;
    x1 = x1 < surface->left + surface->width ? x1 : surface->left + surface->width;
    y1 = y1 < surface->top + surface->height ? y1 : surface->top + surface->height;
    for (int y = y0; y < y1; y++) {
        size_t at = (place->variant * atlas->height + (y - place->y)) * atlas->width + (x0 - place->x);
        const uint8_t *mask = atlas->masks + at;
        uint32_t *row = surface->pixels + (ptrdiff_t)(y - surface->top) * surface->stride + (x0 - surface->left);
        for (int i = 0; i < x1 - x0; i++)
            if (mask[i])
                lay(row + i, colour, mask[i]);
    }
}

/* Cells of the picture around the surface, each marked once a mark has it. */
typedef struct {
    uint8_t *taken;
    int left, top, cell; /* the picture's pixel where the first cell begins */
    int width, height;
} Grid;

/* The last pixel not after `at` where a cell begins: the same cells for every part of a picture. */
static int cell_start(int at, int cell)
{
    int rest = at % cell;
    return at - (rest < 0 ? rest + cell : rest);
}

static bool grid_open(Grid *grid, const Surface *surface, const Atlas *atlas, int cell)
{
    int margin = cell + 2;
    grid->cell = cell;
    grid->left = cell_start(surface->left - atlas->width - margin, cell);
    grid->top = cell_start(surface->top - atlas->height - margin, cell);
    grid->width = (surface->left + surface->width + margin - grid->left) / cell + 1;
    grid->height = (surface->top + surface->height + margin - grid->top) / cell + 1;
    grid->taken = calloc((size_t)grid->width * (size_t)grid->height, 1);
    return grid->taken;
}

static bool grid_take(Grid *grid, const Place *place)
{
    uint32_t column = (uint32_t)(place->x - grid->left) / (uint32_t)grid->cell;
    uint32_t row = (uint32_t)(place->y - grid->top) / (uint32_t)grid->cell;
    if (column >= (uint32_t)grid->width || row >= (uint32_t)grid->height)
        return false;
    uint8_t *taken = grid->taken + (size_t)row * (size_t)grid->width + column;
    bool was_free = !*taken;
    *taken = 1;
    return was_free;
}

static int64_t point_at(const Points *points, int64_t position)
{
    int64_t point = points->order ? points->order[position] : position;
    return point >= 0 && point < points->count ? point : -1;
}

/* One bit per position: is it painted? From the last on, so that of a cell's marks the topmost stays. */
static bool thin_out(Painter *painter, const Points *points, const Atlas *atlas, uint8_t *shown)
{
    Grid grid;
    Place place;
    if (!grid_open(&grid, &painter->surface, atlas, points->cell)) {
        painter->no_memory = true;
        return false;
    }
    bool going = true;
    for (int64_t position = points->painted - 1; position >= 0 && going; position--) {
        int64_t point = point_at(points, position);
        if (point >= 0 && place_of(painter, points, point, atlas, &place) && grid_take(&grid, &place))
            shown[position >> 3] |= (uint8_t)(1 << (position & 7));
        going = go_on(painter, 1);
    }
    free(grid.taken);
    return going;
}

static bool put_all(Painter *painter, const Points *points, const Atlas *atlas, const Colours *colours,
                    const uint8_t *shown, const Run *runs)
{
    Place place;
    for (int64_t position = 0; position < points->painted; position++) {
        if (!go_on(painter, 4))
            return false;
        if (shown && !(shown[position >> 3] >> (position & 7) & 1))
            continue;
        int64_t point = point_at(points, position);
        if (point < 0 || !place_of(painter, points, point, atlas, &place))
            continue;
        if (atlas->images)
            put_image(&painter->surface, &place, atlas, runs);
        else
            put_mask(&painter->surface, &place, atlas, colours->each ? colours->each[point] : colours->all);
    }
    return true;
}

bool paint_marks(Painter *painter, const Points *points, const Atlas *atlas, const Colours *colours)
{
    bool thinned = points->cell > 1 && points->painted;
    uint8_t *shown = thinned ? calloc((size_t)(points->painted / 8 + 1), 1) : NULL;
    Run *runs = atlas->images ? runs_of(atlas) : NULL;
    painter->no_memory = (thinned && !shown) || (atlas->images && !runs);
    bool done = !painter->no_memory && (!shown || thin_out(painter, points, atlas, shown)) &&
                put_all(painter, points, atlas, colours, shown, runs);
    free(shown);
    free(runs);
    return done;
}
