/* What the painter's parts share: the surface, coverage, pens, and how a colour is laid over another.
 *
 * Picture coordinates are pixels in doubles, x to the right, y down. A surface may be a part of the picture
 * (a band, a tile): every position is computed in coordinates of the whole picture, so that the parts of a
 * picture, painted apart, are bit for bit the picture.
 */
#ifndef KENTONGAN_RASTER_H
#define KENTONGAN_RASTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FAR_PX 1e12 /* farther out a coordinate is pulled in: the arithmetic stays finite */
#define THIN_PX 1.0 /* a vertex nearer than this (|dx| + |dy|) to the one before says nothing new */
#define THIN_LINE_PX 1.5 /* the same of lines */
#define TINY_PX 1.5 /* a feature below this in both directions is one patch of ink */
#define SMALL_PX 3.0 /* one below this has the colour of its outline: more of it is line than not */
#define FAINTEST 128 /* how much of an outline, of 255, is shown around what is hardly larger */
#define THIN_PEN_PX 2.6
#define MOST_DASHES 32
#define RUN 128 /* features, or points, in a row whose common box is known */
#define LOOK_AFTER 16384 /* so much work, in vertices, between two looks at the stop flag */

typedef struct {
    uint32_t *pixels; /* premultiplied ARGB */
    ptrdiff_t stride; /* pixels from one row to the next */
    int left, top;    /* which pixel of the picture the first one is */
    int width, height;
} Surface;

typedef struct {
    double sx, sy, dx, dy; /* pixel = map * s + d */
} Affine;

/* Features whose arrays are as long as said here; what the offsets in them say is not believed. */
typedef struct {
    const float *xy;
    const int32_t *rings, *parts;
    const float *boxes, *areas;
    const float *runs; /* the box around each RUN of them, or NULL */
    int64_t vertices, ring_count, count;
    const int64_t *order; /* NULL: all, in their sequence */
    int64_t painted;      /* how many are to be painted */
} Shapes;

typedef struct {
    const uint32_t *each; /* one per feature, or NULL */
    uint32_t all;
} Colours;

typedef struct {
    const uint8_t *cover; /* NULL: no hatch */
    int width, height;
    int x, y; /* the pixel of the picture on which the tile's first one lies */
} Tile;

enum Cap { CAP_BUTT, CAP_ROUND, CAP_SQUARE };
enum Join { JOIN_ROUND, JOIN_MITRE, JOIN_BEVEL };

/* What a thin line covers of the pixels beside it, slice by slice: a flat one column by column, a steep one row
 * by row. Within a slice it is a band whose middle lies somewhere in a pixel and whose borders rise with the
 * slope; the table knows it for PLACES middles and SLOPES slopes, to less than one step of 64 of a pixel. */
#define TAPS 8 /* pixels across that a slice can reach */
#define MIDDLE (TAPS / 2 - 1) /* of these the one its middle lies in */
#define PLACES 64
#define SLOPES 33

typedef struct {
    uint8_t shares[PLACES][TAPS];
    uint8_t from[PLACES], to[PLACES]; /* the taps that have a share */
    uint8_t first, last;              /* the taps that any of them has */
} Slices;

typedef struct {
    double width, mitre_limit;
    int cap, join;
    const Slices *slices;     /* SLOPES of them; NULL: too wide for that */
    double dash[MOST_DASHES]; /* line, gap, line, gap ... in pixels */
    int dashes;               /* 0: unbroken */
    double dash_offset, dash_period;
} Pen;

typedef struct {
    double x, y;
} Point;

/* Coverage of thin lines in the same box, one byte a pixel. */
typedef struct {
    uint8_t *cells; /* all zero between two boxes */
    size_t room, stride;
} Veil;

/* One colour at every coverage, in lanes. */
typedef struct {
    uint64_t of[256];
    uint32_t colour;
    bool made;
} Inks;

/* Area covered of each pixel in a box, as differences along the rows: a running sum gives the coverage. */
typedef struct {
    float *cells; /* all zero between two boxes */
    size_t room;
    int *first, *last; /* touched columns of each row */
    int row_room;
    int left, top, width, height; /* the box, in pixels of the picture */
    size_t stride;
    Veil veil;
} Cover;

/* One act of painting: buffers that grow and are used again, and when to give up. */
typedef struct {
    Surface surface;
    Affine affine;
    Cover cover;
    Inks inks;     /* of thin lines that go straight onto the pixels */
    unsigned thin; /* of 256, how much of that ink; 0: they go through the veil */
    bool inside;   /* nothing of them lies beside the surface */
    Point *points; /* the vertices of the feature at hand, in pixels */
    int64_t point_room;
    int64_t *ends; /* where each of its rings ends in `points` */
    int64_t ring_room, rings;
    Point *dash; /* the stroke of a dashed line at hand */
    int64_t dash_room;
    int64_t run; /* the one that was looked at last, and whether it is near the surface */
    bool run_near;
    const volatile uint8_t *stop;
    int64_t until_look;
    bool stopped, no_memory;
    const char *unsound; /* what is wrong with the numbers, once something was found to be */
} Painter;

typedef struct {
    double x0, y0, x1, y1;
} Box;

typedef struct {
    uint32_t colour;
    const Tile *tile;
} Ink;

/* cover.c */
bool cover_rows(Cover *cover, int height);
bool cover_open(Cover *cover, int left, int top, int width, int height);
void cover_edge(Cover *cover, Point a, Point b);
void cover_edge_by_centres(Cover *cover, Point a, Point b);
void cover_paint(Cover *cover, const Surface *surface, const Ink *ink);
void cover_close(Cover *cover);

/* slices.c */
void slices_make(double width, Slices slices[SLOPES]);
bool slices_sound(const Slices slices[SLOPES]);

/* veil.c */
bool veil_open(Cover *cover, int left, int top, int width, int height);
void veil_line(Cover *cover, const Pen *pen, Point a, Point b);
void veil_paint(Cover *cover, const Surface *surface, uint32_t colour);

/* hair.c */
void hair_open(Painter *painter, uint32_t colour, unsigned share);
void hair_line(const Painter *painter, const Pen *pen, Point a, Point b, bool goes_on_from, bool goes_on_to);

/* feature.c */
int64_t feature_at(Painter *painter, const int64_t *order, int64_t count, int64_t position);
bool run_on(Painter *painter, const float *runs, int64_t feature, double reach);
bool box_on(const Painter *painter, const Shapes *shapes, int64_t feature, double reach, Box *box);
void call(const Painter *painter, Box box);
bool gather(Painter *painter, const Shapes *shapes, int64_t feature, bool closed);
typedef bool (*Trace)(Painter *painter, const Pen *pen);
bool lay_down(Painter *painter, Box box, const Ink *ink, Trace trace, const Pen *pen);
bool draw(Painter *painter, Box around, uint32_t colour, unsigned share, Trace trace, const Pen *pen);
void painter_close(Painter *painter);

/* stroke.c */
double reach_of(const Pen *pen);
bool stroke_rings(Painter *painter, const Pen *pen);
bool stroke_lines(Painter *painter, const Pen *pen);

/* areas.c, lines.c, marks.c: each false when memory ran out or painting was stopped */
typedef struct {
    Colours fill, outline;
    const Pen *pen;
    const Tile *tile;
    double outlined_px; /* outlines fade in between TINY_PX and this size of a feature */
} AreaLook;
bool paint_areas(Painter *painter, const Shapes *shapes, const AreaLook *look);
bool paint_lines(Painter *painter, const Shapes *shapes, const Colours *colours, const Pen *pen);

typedef struct {
    const float *xy;
    const float *runs; /* the box around each RUN of them, or NULL */
    const int64_t *order;
    int64_t count, painted;
    const int32_t *which; /* the image of each point, or NULL: the first */
    int cell;             /* of the points in one cell of so many pixels only the last is painted; 0: all */
} Points;

/* `kinds` images, each `phases` x `phases` times, moved by fractions of a pixel; one of the two is given. */
typedef struct {
    const uint32_t *images;
    const uint8_t *masks;
    int kinds, phases, width, height;
    double x, y; /* the place of the point on the image */
} Atlas;
bool paint_marks(Painter *painter, const Points *points, const Atlas *atlas, const Colours *colours);

/* placing.c: names that look for places. Boxes are west, north, east, south in cells, all four inside. */
typedef struct {
    int width, height;     /* of the grid, in cells */
    const int32_t *boxes;  /* what the places cover */
    const int32_t *places; /* offsets into `boxes` */
    const int32_t *names;  /* offsets into `places`: of each name its candidates, the best first */
    const int32_t *twins;  /* names of the same number are the same */
    const float *xy;       /* the middle of each place */
    const float *apart;    /* of each name: it is not placed within this distance of the same name */
    const int32_t *avoid;  /* boxes that are covered only where nothing else is free */
    int64_t box_count, place_count, count, avoid_count;
} Wanted;
bool choose_places(const Wanted *wanted, int32_t *chosen); /* false when memory ran out; -1 is no place */

/* measure.c, order.c */
typedef struct {
    const double *xy;
    int64_t vertices;
    const int64_t *starts, *lengths;
    int64_t count;
} Runs;
void drawing_keys(const double *low, const double *high, int64_t count, int huddle, int64_t *keys);
bool gather_near(const Runs *runs, double x, double y, float *near, int64_t room);
bool measure_rings(const double *xy, int64_t vertices, const int64_t *rings, int64_t count, double *boxes,
                   double *areas);
static inline void cover_touch(Cover *cover, int row, int first, int last)
{
    if (first < cover->first[row])
        cover->first[row] = first;
    if (last > cover->last[row])
        cover->last[row] = last;
}

/* aside.c: while a frame is waited for, let others have this processor first */
void step_aside(void);

/* Count `work` (about the vertices handled). False once somebody has asked to stop. */
static inline bool go_on(Painter *painter, int64_t work)
{
    painter->until_look -= work;
    if (painter->until_look > 0)
        return true;
    painter->until_look = LOOK_AFTER;
    step_aside();
    painter->stopped = painter->stop && *painter->stop;
    return !painter->stopped;
}

/* The last position of the run that a position is in, where all are painted as they are; else that position. */
static inline int64_t end_of_run(const int64_t *order, int64_t position)
{
    return order ? position : position + RUN - 1 - position % RUN;
}

/* `colour` at `cover` of 255, each channel rounded to nearest */
static inline uint32_t faded(uint32_t colour, uint32_t cover)
{
    uint32_t rb = (colour & 0xff00ff) * cover;
    uint32_t ag = ((colour >> 8) & 0xff00ff) * cover;
    rb = ((rb + ((rb >> 8) & 0xff00ff) + 0x800080) >> 8) & 0xff00ff;
    ag = (ag + ((ag >> 8) & 0xff00ff) + 0x800080) & 0xff00ff00;
    return rb | ag;
}

/* The four channels in lanes of 16 bits, so that one product serves them all; and back. */
#define LANES UINT64_C(0x00ff00ff00ff00ff)

static inline uint64_t spread(uint32_t colour)
{
    return (colour & 0xff00ff) | (uint64_t)(colour >> 8 & 0xff00ff) << 32;
}

static inline uint32_t packed(uint64_t lanes)
{
    return (uint32_t)lanes | (uint32_t)(lanes >> 24 & 0xff00ff00);
}

static inline uint64_t scaled(uint64_t lanes, uint32_t cover)
{
    lanes *= cover;
    return (lanes + (lanes >> 8 & LANES) + UINT64_C(0x0080008000800080)) >> 8 & LANES;
}

static inline uint32_t over(uint32_t below, uint32_t above)
{
    return above + packed(scaled(spread(below), 255 - (above >> 24)));
}

static inline void lay_lanes(uint32_t *pixel, uint64_t ink)
{
    *pixel = packed(ink + scaled(spread(*pixel), 255 - (uint32_t)(ink >> 48)));
}

static inline void lay(uint32_t *pixel, uint32_t colour, uint32_t cover)
{
    if (cover >= 255 && colour >> 24 == 255) {
        *pixel = colour;
        return;
    }
    lay_lanes(pixel, cover >= 255 ? spread(colour) : scaled(spread(colour), cover));
}

/* What slices of lines of one slope, -1 to 1, cover. */
static inline const Slices *slices_of(const Pen *pen, double slope)
{
    return &pen->slices[(int)((slope < 0 ? -slope : slope) * (SLOPES - 1) + 0.5)];
}

static inline double within(double value, double low, double high)
{
    return value > low ? (value < high ? value : high) : low; /* low for NaN */
}

/* The greatest whole number that is not greater; `value` must fit. */
static inline int floored(double value)
{
    int whole = (int)value;
    return whole - (whole > value);
}

static inline int ceiled(double value)
{
    int whole = (int)value;
    return whole + (whole < value);
}

#endif
