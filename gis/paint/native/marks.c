/* Marks: small images, or masks in a colour, at points; placed to a fraction of a pixel. */
#include "raster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int x, y;         /* upper left pixel, in the picture */
    uint32_t variant; /* which image of the atlas */
} Place;

/* Where the mark of one point goes. False when the point has no place, or none near the surface. */
static bool place_of(Painter *painter, const Points *points, int64_t point, const Atlas *atlas, Place *place)
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
    if (kind < 0 || kind >= atlas->kinds) {
        painter->unsound = "which: there is no image of that number";
        return false;
    }
    place->variant = (uint32_t)((kind * atlas->phases + down) * atlas->phases + right);
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
    Run *runs = rows > SIZE_MAX / sizeof *runs ? NULL : malloc(rows * sizeof *runs);
    for (size_t row = 0; runs && row < rows; row++)
        runs[row] = run_of(atlas->images + row * atlas->width, atlas->width);
    return runs;
}

static inline void blend(uint32_t *row, const uint32_t *image, int from, int to)
{
    for (int i = from; i < to; i++)
        row[i] = over(row[i], image[i]);
}

#define FOUR (4 * sizeof(uint32_t))

/* For the few pixels of a sign's row: a call of memcpy takes longer than the copying. */
static inline void copy(uint32_t *row, const uint32_t *image, int count)
{
    if (count < 4) {
        for (int i = 0; i < count; i++)
            row[i] = image[i];
        return;
    }
    for (int i = 0; i < count - 4; i += 4)
        memcpy(row + i, image + i, FOUR);
    memcpy(row + count - 4, image + count - 4, FOUR);
}

static void put_whole(uint32_t *row, ptrdiff_t stride, const uint32_t *image, const Run *runs, const Atlas *atlas)
{
    for (int y = 0; y < atlas->height; y++, row += stride, image += atlas->width, runs++) {
        blend(row, image, runs->first, runs->solid);
        copy(row + runs->solid, image + runs->solid, runs->veiled - runs->solid);
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
    size_t first = (size_t)place->variant * atlas->height;
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
        size_t at = ((size_t)place->variant * atlas->height + (y - place->y)) * atlas->width + (x0 - place->x);
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

/* x / cell for the small numbers of a grid, without a division. */
static inline uint32_t cell_of(uint32_t x, uint32_t per_cell)
{
    return (uint32_t)((uint64_t)x * per_cell >> 32);
}

static inline bool grid_take(Grid *grid, const Place *place, uint32_t per_cell)
{
    uint32_t column = cell_of((uint32_t)(place->x - grid->left), per_cell);
    uint32_t row = cell_of((uint32_t)(place->y - grid->top), per_cell);
    if (column >= (uint32_t)grid->width || row >= (uint32_t)grid->height)
        return false;
    uint8_t *taken = grid->taken + (size_t)row * (size_t)grid->width + column;
    bool was_free = !*taken;
    *taken = 1;
    return was_free;
}

static void put(const Painter *painter, const Place *place, const Atlas *atlas, const Run *runs, uint32_t colour)
{
    if (runs)
        put_image(&painter->surface, place, atlas, runs);
    else
        put_mask(&painter->surface, place, atlas, colour);
}

typedef struct {
    Place place;
    uint32_t colour;
} Shown;

/* The place and colour of what is painted at a position, if it is near the surface. */
static inline bool shown_at(Painter *painter, const Points *points, const Atlas *atlas, const Colours *colours,
                            int64_t position, Shown *shown)
{
    int64_t point = feature_at(painter, points->order, points->count, position);
    double away = fmax(fabs(atlas->x), fabs(atlas->y)), size = atlas->width + atlas->height;
    if (point < 0 || !run_on(painter, points->runs, point, away + size + points->cell + 2.0) ||
        !place_of(painter, points, point, atlas, &shown->place))
        return false;
    shown->colour = colours->each ? colours->each[point] : colours->all;
    return true;
}

/* Of the marks in one cell only the topmost: they are found from the last on, and painted from the first. */
static bool put_some(Painter *painter, const Points *points, const Atlas *atlas, const Colours *colours,
                     const Run *runs)
{
    Grid grid;
    bool going = grid_open(&grid, &painter->surface, atlas, points->cell);
    int64_t cells = going ? (int64_t)grid.width * grid.height : 0, count = 0;
    Shown *some = malloc((size_t)(points->painted < cells ? points->painted : cells) * sizeof *some + 1);
    painter->no_memory = !going || !some;
    going = !painter->no_memory;
    uint32_t per_cell = (uint32_t)((UINT64_C(1) << 32) / (uint32_t)points->cell) + 1;
    for (int64_t position = points->painted - 1; position >= 0 && going; position--) {
        if (shown_at(painter, points, atlas, colours, position, some + count))
            count += grid_take(&grid, &some[count].place, per_cell);
        else if (!points->order && !painter->run_near)
            position -= position % RUN;
        going = !painter->unsound && go_on(painter, 1) && count < cells;
    }
    going = going || count == cells;
    while (count-- && going) {
        put(painter, &some[count].place, atlas, runs, some[count].colour);
        going = go_on(painter, 4);
    }
    free(grid.taken);
    free(some);
    return going;
}

static bool put_all(Painter *painter, const Points *points, const Atlas *atlas, const Colours *colours,
                    const Run *runs)
{
    Shown shown;
    for (int64_t position = 0; position < points->painted; position++) {
        if (shown_at(painter, points, atlas, colours, position, &shown))
            put(painter, &shown.place, atlas, runs, shown.colour);
        else if (!points->order && !painter->run_near)
            position = end_of_run(NULL, position);
        if (painter->unsound || !go_on(painter, 4))
            return false;
    }
    return true;
}

bool paint_marks(Painter *painter, const Points *points, const Atlas *atlas, const Colours *colours)
{
    Run *runs = atlas->images ? runs_of(atlas) : NULL;
    painter->no_memory = atlas->images && !runs;
    bool thinned = points->cell > 1 && points->painted;
    bool done = !painter->no_memory && (thinned ? put_some : put_all)(painter, points, atlas, colours, runs);
    free(runs);
    return done;
}
