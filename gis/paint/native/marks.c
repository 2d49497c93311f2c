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

#define PACK 4 /* pixels that are laid over others at a time */

/* The images of an atlas in rows of whole packs, and of each channel what is left of the pixel below. */
typedef struct {
    uint32_t *images, *rests;
    int stride; /* pixels from row to row */
} Stamps;

static bool stamps_open(Stamps *stamps, const Atlas *atlas)
{
    size_t rows = (size_t)atlas->kinds * atlas->phases * atlas->phases * atlas->height;
    stamps->stride = (atlas->width + PACK - 1) / PACK * PACK;
    if (rows > SIZE_MAX / 8 / (size_t)stamps->stride)
        return false;
    stamps->images = calloc(rows * stamps->stride * 2, sizeof *stamps->images);
    if (!stamps->images)
        return false;
    stamps->rests = stamps->images + rows * stamps->stride;
    for (size_t row = 0; row < rows; row++) {
        uint32_t *image = stamps->images + row * stamps->stride, *rest = stamps->rests + row * stamps->stride;
        memcpy(image, atlas->images + row * atlas->width, (size_t)atlas->width * sizeof *image);
        for (int x = 0; x < stamps->stride; x++)
            rest[x] = (255 - (image[x] >> 24)) * UINT32_C(0x01010101);
    }
    return true;
}

/* Byte by byte what `over` does by lanes, so that the compiler may take many at once. */
static inline void lay_packs(uint8_t *restrict out, const uint8_t *restrict image, const uint8_t *restrict rest, int pixels)
{
    for (int i = 0; i < 4 * pixels; i++) {
        uint16_t left = (uint16_t)(out[i] * rest[i]);
        out[i] = (uint8_t)(image[i] + ((uint16_t)(left + (left >> 8) + 128) >> 8));
    }
}

static void put_image(const Surface *surface, const Place *place, const Atlas *atlas, const Stamps *stamps)
{
    int right = surface->left + surface->width, bottom = surface->top + surface->height;
    int x0 = place->x > surface->left ? place->x : surface->left;
    int y0 = place->y > surface->top ? place->y : surface->top;
    int x1 = place->x + atlas->width < right ? place->x + atlas->width : right;
    int y1 = place->y + atlas->height < bottom ? place->y + atlas->height : bottom;
    bool packs = x0 == place->x && x0 + stamps->stride <= right;
    for (int y = y0; y < y1; y++) {
        uint32_t *row = surface->pixels + (ptrdiff_t)(y - surface->top) * surface->stride + (x0 - surface->left);
        size_t at = ((size_t)place->variant * atlas->height + (y - place->y)) * stamps->stride;
        const uint32_t *image = stamps->images + at, *rest = stamps->rests + at;
        if (packs)
            lay_packs((uint8_t *)row, (const uint8_t *)image, (const uint8_t *)rest, stamps->stride);
        else
            for (int x = x0; x < x1; x++)
                row[x - x0] = over(row[x - x0], image[x - place->x]);
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

static void put(const Painter *painter, const Place *place, const Atlas *atlas, const Stamps *stamps, uint32_t colour)
{
    if (stamps->images)
        put_image(&painter->surface, place, atlas, stamps);
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
                     const Stamps *stamps)
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
        put(painter, &some[count].place, atlas, stamps, some[count].colour);
        going = go_on(painter, 4);
    }
    free(grid.taken);
    free(some);
    return going;
}

static bool put_all(Painter *painter, const Points *points, const Atlas *atlas, const Colours *colours,
                    const Stamps *stamps)
{
    Shown shown;
    for (int64_t position = 0; position < points->painted; position++) {
        if (shown_at(painter, points, atlas, colours, position, &shown))
            put(painter, &shown.place, atlas, stamps, shown.colour);
        else if (!points->order && !painter->run_near)
            position = end_of_run(NULL, position);
        if (painter->unsound || !go_on(painter, 4))
            return false;
    }
    return true;
}

bool paint_marks(Painter *painter, const Points *points, const Atlas *atlas, const Colours *colours)
{
    Stamps stamps = {0};
    painter->no_memory = atlas->images && !stamps_open(&stamps, atlas);
    bool thinned = points->cell > 1 && points->painted;
    bool done = !painter->no_memory && (thinned ? put_some : put_all)(painter, points, atlas, colours, &stamps);
    free(stamps.images);
    return done;
}
