/* The window's thread goes first. Painters run beside it, but the system may have put both on one processor, and
 * gives each whole slices of it while another stands idle: a frame in the midst of painting took three times as
 * long. So, while a frame is waited for, whoever paints offers his processor after each short step; at other times
 * he does not, for on a busy computer that would leave it to other programs.
 */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#ifdef _WIN32
#include <windows.h>
#else
#include <sched.h>
#endif

#include "raster.h"

static volatile int waited_for; /* a wish: whoever reads it late steps aside late, nothing worse */

void step_aside(void)
{
    if (!waited_for)
        return;
#ifdef _WIN32
    SwitchToThread();
#else
    sched_yield();
#endif
}

PyObject *py_aside(PyObject *self, PyObject *args)
{
    int wanted;
    (void)self;
    if (!PyArg_ParseTuple(args, "p", &wanted))
        return NULL;
    waited_for = wanted;
    Py_RETURN_NONE;
}
