/* Pens: the coverage of lines of any width, with caps, joins and dashes. Pieces that lie over each other all
 * turn the same way, so that the sum, cut off at one, is their union. */
#include "raster.h"

#include <math.h>
#include <stdlib.h>

#define FLATNESS_PX 0.04 /* how far an arc may be from its chords */
#define MOST_CHORDS 64
#define HAIRLINE_PX 1.2 /* corners of thinner lines cannot be seen */
#define LONG_PX 1e9 /* a dash pattern is counted from anew after so much line */

/* How far from the line itself a pen's ink can lie. */
double reach_of(const Pen *pen)
{
    double half = 0.5 * pen->width;
    double farthest = pen->join == JOIN_MITRE && pen->mitre_limit > 1.5 ? pen->mitre_limit : 1.5;
    return half * farthest + 1.0;
}

static Point plus(Point a, Point b, double times)
{
    return (Point){a.x + times * b.x, a.y + times * b.y};
}

static Point left_of(Point way)
{
    return (Point){-way.y, way.x};
}

static bool far_from_box(const Cover *cover, Point at, double reach)
{
    return at.x < cover->left - reach || at.x > (double)cover->left + cover->width + reach ||
           at.y < cover->top - reach || at.y > (double)cover->top + cover->height + reach;
}

/* Both ends on the same outer side of the box: nothing in between can be seen. */
static bool passes_box(const Cover *cover, Point a, Point b, double reach)
{
    double left = cover->left - reach, right = (double)cover->left + cover->width + reach;
    double top = cover->top - reach, bottom = (double)cover->top + cover->height + reach;
    return (a.x < left && b.x < left) || (a.x > right && b.x > right) || (a.y < top && b.y < top) ||
           (a.y > bottom && b.y > bottom);
}

static void edge(Cover *cover, Point a, Point b, bool turned)
{
    if (turned)
        cover_edge(cover, b, a);
    else
        cover_edge(cover, a, b);
}

/* The straight piece from a to b, `half` pixels to each side of `way`. */
static void beam(Cover *cover, Point a, Point b, Point way, double half)
{
    Point side = left_of(way);
    Point a0 = plus(a, side, half), b0 = plus(b, side, half);
    Point a1 = plus(a, side, -half), b1 = plus(b, side, -half);
    cover_edge(cover, a0, b0);
    cover_edge(cover, b0, b1);
    cover_edge(cover, b1, a1);
    cover_edge(cover, a1, a0);
}

/* A fan around `at` from direction `from` to `to` (unit), by the turn `angle`, which has its sign. */
static void fan(Cover *cover, Point at, Point from, Point to, double angle, double half)
{
    double step = 2.0 * acos(1.0 - FLATNESS_PX / (half > 1.0 ? half : 1.0));
    int chords = (int)within(ceil(fabs(angle) / step), 1.0, MOST_CHORDS);
    double cosine = cos(angle / chords), sine = sin(angle / chords);
    bool turned = angle > 0;
    Point way = from, here = plus(at, from, half);
    edge(cover, at, here, turned);
    for (int chord = 1; chord < chords; chord++) {
        way = (Point){way.x * cosine - way.y * sine, way.x * sine + way.y * cosine};
        Point next = plus(at, way, half);
        edge(cover, here, next, turned);
        here = next;
    }
    Point last = plus(at, to, half);
    edge(cover, here, last, turned);
    edge(cover, last, at, turned);
}

/* Fill the outer side of the corner where direction `in` becomes `out`. */
static void join(Cover *cover, const Pen *pen, Point at, Point in, Point out)
{
    double half = 0.5 * pen->width;
    double cross = in.x * out.y - in.y * out.x, dot = in.x * out.x + in.y * out.y;
    if ((fabs(cross) * half < 0.02 && dot > 0) || far_from_box(cover, at, reach_of(pen)))
        return;
    double side = cross > 0 ? -1.0 : 1.0; /* left of the line where it turns right */
    Point from = left_of(in), to = left_of(out);
    from = (Point){side * from.x, side * from.y};
    to = (Point){side * to.x, side * to.y};
    bool turned = cross > 0;
    if (pen->join == JOIN_ROUND) {
        double angle = fabs(atan2(cross, dot));
        fan(cover, at, from, to, turned ? angle : -angle, half);
        return;
    }
    Point a = plus(at, from, half), b = plus(at, to, half);
    edge(cover, at, a, turned);
    if (pen->join == JOIN_MITRE && 2.0 < pen->mitre_limit * pen->mitre_limit * (1.0 + dot)) {
        double stretch = half / (1.0 + dot);
        Point tip = {at.x + (from.x + to.x) * stretch, at.y + (from.y + to.y) * stretch};
        edge(cover, a, tip, turned);
        edge(cover, tip, b, turned);
    } else {
        edge(cover, a, b, turned);
    }
    edge(cover, b, at, turned);
}

/* The end of a line that goes out in the direction `way`. */
static void cap(Cover *cover, const Pen *pen, Point at, Point way)
{
    double half = 0.5 * pen->width;
    if (pen->cap == CAP_SQUARE) {
        beam(cover, at, plus(at, way, half), way, half);
    } else if (pen->cap == CAP_ROUND) {
        Point side = left_of(way), other = {-side.x, -side.y};
        fan(cover, at, side, other, -3.14159265358979323846, half);
    }
}

static bool direction(Point a, Point b, Point *way)
{
    double dx = b.x - a.x, dy = b.y - a.y, length = sqrt(dx * dx + dy * dy);
    if (!(length > 1e-9))
        return false;
    *way = (Point){dx / length, dy / length};
    return true;
}

static void thick(Cover *cover, const Pen *pen, const Point *points, int64_t count, bool closed)
{
    double half = 0.5 * pen->width, reach = reach_of(pen);
    Point first = {1.0, 0.0}, before = first, way;
    bool begun = false;
    for (int64_t i = 1; i < count; i++) {
        if (!direction(points[i - 1], points[i], &way))
            continue;
        if (!passes_box(cover, points[i - 1], points[i], reach))
            beam(cover, points[i - 1], points[i], way, half);
        if (begun)
            join(cover, pen, points[i - 1], before, way);
        else
            first = way;
        before = way;
        begun = true;
    }
    if (closed && begun) {
        join(cover, pen, points[0], before, first);
    } else if (count > 1 && !closed) {
        Point back = {-first.x, -first.y};
        cap(cover, pen, points[0], back);
        cap(cover, pen, points[count - 1], before);
    }
}

/* How much farther a thin segment goes at the corner to the next, to fill its outer side. */
static double corner(Point in, Point out, double half)
{
    double cross = fabs(in.x * out.y - in.y * out.x), dot = in.x * out.x + in.y * out.y;
    return cross < 1.0 + dot ? half * cross / (1.0 + dot) : half;
}

/* Which of four ways a segment mainly goes; 0 for a point. */
static int way_of(Point a, Point b)
{
    double dx = b.x - a.x, dy = b.y - a.y;
    if (fabs(dx) >= fabs(dy))
        return dx > 0 ? 1 : dx < 0 ? 2 : 0;
    return dy > 0 ? 3 : 4;
}

/* A pen of one to some pixels: segments that overlap at corners, each as long as its cap or the corner wants. */
static void thin(Painter *painter, const Pen *pen, const Point *points, int64_t count, bool closed)
{
    static const double longer[] = {0.0, 0.3926990816987, 0.5}; /* a half disc has the area of this much line */
    double half = 0.5 * pen->width, cap = closed ? 0.0 : longer[pen->cap] * pen->width;
    bool corners = pen->width > HAIRLINE_PX;
    Point out = {0.0, 0.0}, next_out = {0.0, 0.0};
    int way = 0, before = 0, next = count > 1 ? way_of(points[0], points[1]) : 0;
    if (count > 1 && (corners || cap > 0))
        direction(points[0], points[1], &next_out);
    if (closed && count > 2)
        way = way_of(points[count - 2], points[count - 1]);
    for (int64_t i = 1; i < count; i++) {
        Point a = points[i - 1], b = points[i];
        bool last = i + 1 == count;
        Point after = !last ? points[i + 1] : closed ? points[1] : b;
        before = way;
        way = next;
        next = way_of(b, after);
        out = next_out;
        if ((corners || cap > 0) && (!last || closed))
            direction(b, after, &next_out);
        if (i == 1)
            a = plus(a, out, -cap);
        if (last && !closed)
            b = plus(b, out, cap);
        else if (corners && (way != next || !painter->thin))
            b = plus(b, out, corner(out, next_out, half));
        if (painter->thin)
            hair_line(painter, pen, a, b, way && way == before, way && way == next);
        else
            veil_line(&painter->cover, pen, a, b);
    }
}

static void unbroken(Painter *painter, const Pen *pen, const Point *points, int64_t count, bool closed)
{
    if (pen->slices)
        thin(painter, pen, points, count, closed);
    else
        thick(&painter->cover, pen, points, count, closed);
}

/* How much of the way from a to b (0 to 1) can be seen, `reach` pixels around the box included. */
static bool seen_part(const Cover *cover, Point a, Point b, double reach, double *from, double *to)
{
    double low[] = {cover->left - reach, cover->top - reach};
    double high[] = {(double)cover->left + cover->width + reach, (double)cover->top + cover->height + reach};
    double at[] = {a.x, a.y}, step[] = {b.x - a.x, b.y - a.y};
    *from = 0.0;
    *to = 1.0;
    for (int axis = 0; axis < 2; axis++) {
        if (step[axis] == 0.0) {
            if (at[axis] < low[axis] || at[axis] > high[axis])
                return false;
            continue;
        }
        double one = (low[axis] - at[axis]) / step[axis], two = (high[axis] - at[axis]) / step[axis];
        *from = fmax(*from, fmin(one, two));
        *to = fmin(*to, fmax(one, two));
    }
    return *from <= *to;
}

typedef struct {
    Painter *painter;
    const Pen *pen;
    int64_t held; /* points of the dash that is being drawn */
} Dashing;

static void dash_ends(Dashing *dashing)
{
    if (dashing->held > 1)
        unbroken(dashing->painter, dashing->pen, dashing->painter->dash, dashing->held, false);
    dashing->held = 0;
}

/* The line of the pattern that begins at `on` and ends at `off`, as far as it lies on the segment. */
static void dash_on(Dashing *dashing, Point a, Point b, double begun, double length, double on, double off)
{
    Point *dash = dashing->painter->dash;
    double from = within((on - begun) / length, 0.0, 1.0), to = within((off - begun) / length, 0.0, 1.0);
    Point step = {b.x - a.x, b.y - a.y};
    if (on >= begun || !dashing->held) {
        dash_ends(dashing);
        dash[dashing->held++] = plus(a, step, from);
    }
    dash[dashing->held++] = plus(a, step, to);
    if (off <= begun + length)
        dash_ends(dashing);
}

/* One segment of a dashed line; `begun` is how long the line was before it. */
static void dash_segment(Dashing *dashing, Point a, Point b, double begun, double length)
{
    const Pen *pen = dashing->pen;
    double from, to;
    if (!seen_part(&dashing->painter->cover, a, b, reach_of(pen) + 1.0, &from, &to)) {
        dash_ends(dashing);
        return;
    }
    if (from > 0)
        dash_ends(dashing);
    double seen = begun + from * length, unseen = begun + to * length;
    double turn = floor((seen + pen->dash_offset) / pen->dash_period);
    double on = turn * pen->dash_period - pen->dash_offset;
    for (int next = 0; on < unseen;) {
        double off = on + pen->dash[next];
        if (off > on && off >= seen && off > begun && on < begun + length)
            dash_on(dashing, a, b, begun, length, on, off);
        on = off + pen->dash[next + 1];
        next += 2;
        if (next >= pen->dashes) { /* from the start of the line, not from what can be seen of it */
            next = 0;
            turn += 1.0;
            on = turn * pen->dash_period - pen->dash_offset;
        }
    }
    if (to < 1)
        dash_ends(dashing);
}

/* Every dash of one line; positions are counted from its start, wherever the box lies. */
static void dashed(Painter *painter, const Pen *pen, const Point *points, int64_t count)
{
    Dashing dashing = {painter, pen, 0};
    double begun = 0.0;
    for (int64_t i = 1; i < count; i++) {
        double dx = points[i].x - points[i - 1].x, dy = points[i].y - points[i - 1].y;
        double length = sqrt(dx * dx + dy * dy);
        if (!(length > 1e-9))
            continue;
        if (begun > LONG_PX) {
            dash_ends(&dashing);
            begun = fmod(begun, pen->dash_period);
        }
        dash_segment(&dashing, points[i - 1], points[i], begun, length);
        begun += length;
    }
    dash_ends(&dashing);
}

/* Add the strokes along all that was gathered. False when there is no memory. */
static bool stroke(Painter *painter, const Pen *pen, bool closed)
{
    int64_t begin = 0;
    if (pen->dashes && painter->dash_room < painter->point_room + 2) {
        free(painter->dash);
        painter->dash_room = painter->point_room + 2;
        painter->dash = malloc((size_t)painter->dash_room * sizeof *painter->dash);
        if (!painter->dash) {
            painter->dash_room = 0;
            painter->no_memory = true;
            return false;
        }
    }
    for (int64_t ring = 0; ring < painter->rings; ring++) {
        int64_t end = painter->ends[ring];
        if (pen->dashes)
            dashed(painter, pen, painter->points + begin, end - begin);
        else
            unbroken(painter, pen, painter->points + begin, end - begin, closed);
        begin = end;
    }
    return true;
}

bool stroke_rings(Painter *painter, const Pen *pen)
{
    return stroke(painter, pen, true);
}

bool stroke_lines(Painter *painter, const Pen *pen)
{
    return stroke(painter, pen, false);
}
