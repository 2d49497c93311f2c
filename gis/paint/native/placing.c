/* Places for names: each takes the first of its candidates that is free, and holds the cells it covers. */
#include "raster.h"

#include <stdlib.h>

/* One bit for each cell; a row begins with a new word. */
typedef struct {
    uint64_t *bits;
    int words;
} Cells;

static uint64_t part_of(int word, int first, int last)
{
    int low = first > word * 64 ? first - word * 64 : 0;
    int high = last < word * 64 + 63 ? last - word * 64 : 63;
    return (high - low == 63 ? ~UINT64_C(0) : ((UINT64_C(1) << (high - low + 1)) - 1)) << low;
}

static bool inside(const Wanted *wanted, const int32_t *box)
{
    return box[0] >= 0 && box[1] >= 0 && box[0] <= box[2] && box[1] <= box[3] && box[2] < wanted->width &&
           box[3] < wanted->height;
}

static bool is_free(const Cells *cells, const int32_t *box)
{
    for (int y = box[1]; y <= box[3]; y++)
        for (int word = box[0] / 64; word <= box[2] / 64; word++)
            if (cells->bits[(size_t)y * cells->words + word] & part_of(word, box[0], box[2]))
                return false;
    return true;
}

static void take(const Cells *cells, const int32_t *box)
{
    for (int y = box[1]; y <= box[3]; y++)
        for (int word = box[0] / 64; word <= box[2] / 64; word++)
            cells->bits[(size_t)y * cells->words + word] |= part_of(word, box[0], box[2]);
}

static bool has_room(const Wanted *wanted, const Cells *taken, const Cells *avoided, int64_t place)
{
    for (int32_t i = wanted->places[place]; i < wanted->places[place + 1]; i++) {
        const int32_t *box = wanted->boxes + 4 * (int64_t)i;
        if (!inside(wanted, box) || !is_free(taken, box) || (avoided && !is_free(avoided, box)))
            return false;
    }
    return true;
}

/* True when the same name stands within `apart` of this place already. `last` was the last of them. */
static bool is_near(const Wanted *wanted, const int32_t *chosen, const int64_t *before, int64_t last, double apart,
                    int64_t place)
{
    const float *here = wanted->xy + 2 * place;
    for (int64_t name = last; name >= 0; name = before[name]) {
        const float *there = wanted->xy + 2 * (int64_t)chosen[name];
        double dx = (double)here[0] - there[0], dy = (double)here[1] - there[1];
        if (dx * dx + dy * dy < apart * apart)
            return true;
    }
    return false;
}

static int32_t first_free(const Wanted *wanted, const int32_t *chosen, const int64_t *before, int64_t last,
                          const Cells *taken, const Cells *avoided, int64_t name)
{
    for (int32_t place = wanted->names[name]; place < wanted->names[name + 1]; place++)
        if (has_room(wanted, taken, avoided, place) && !is_near(wanted, chosen, before, last, wanted->apart[name], place))
            return place;
    return -1;
}

bool choose_places(const Wanted *wanted, int32_t *chosen)
{
    Cells taken = {.words = wanted->width / 64 + 1}, avoided = taken;
    size_t words = (size_t)taken.words * (size_t)wanted->height + 1;
    int64_t *before = malloc(((size_t)wanted->count + 1) * sizeof *before); /* of the same name, placed before */
    int64_t *last = malloc(((size_t)wanted->count + 1) * sizeof *last);
    taken.bits = calloc(words, sizeof *taken.bits);
    avoided.bits = calloc(words, sizeof *avoided.bits);
    bool memory = before && last && taken.bits && avoided.bits;
    for (int64_t i = 0; memory && i < wanted->avoid_count; i++)
        if (inside(wanted, wanted->avoid + 4 * i))
            take(&avoided, wanted->avoid + 4 * i);
    for (int64_t name = 0; memory && name < wanted->count; name++)
        last[name] = -1;
    for (int64_t name = 0; memory && name < wanted->count; name++) {
        int64_t *twins = last + wanted->twins[name];
        chosen[name] = first_free(wanted, chosen, before, *twins, &taken, &avoided, name);
        if (chosen[name] < 0 && wanted->avoid_count)
            chosen[name] = first_free(wanted, chosen, before, *twins, &taken, NULL, name);
        if (chosen[name] < 0)
            continue;
        for (int32_t i = wanted->places[chosen[name]]; i < wanted->places[chosen[name] + 1]; i++)
            take(&taken, wanted->boxes + 4 * (int64_t)i);
        before[name] = *twins;
        *twins = name;
    }
    free(before);
    free(last);
    free(taken.bits);
    free(avoided.bits);
    return memory;
}
