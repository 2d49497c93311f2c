"""How much is tried: a bounded set that is the same in every run, or the long one under `make torture`."""

import os
from typing import Any

from hypothesis import HealthCheck, Phase, settings

TORTURE = bool(os.environ.get("TORTURE"))
FEWER = int(os.environ.get("EXAMPLES", "0"))  # no more than so many, while one works on them
MUTANT = bool(os.environ.get("MUTANT"))  # a mutant is on trial: the first failure is all that is asked for


def tried(bounded: int, long: int, **more: Any) -> settings:
    """Settings of a property: so many examples here, so many in the long form (with its own seed)."""
    phases = (Phase.explicit, Phase.generate) if MUTANT else tuple(Phase)
    examples = long if TORTURE else bounded
    return settings(
        max_examples=min(examples, FEWER or examples),
        derandomize=not TORTURE,
        database=None,
        deadline=None,
        phases=phases,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
        **more,
    )
