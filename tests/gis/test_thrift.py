import numpy as np

from gis.thrift import give_back
from tests.bench.memory import held
from tests.needs import linux


@linux
def test_memory_that_is_free_again_goes_back_to_the_system():
    kept = [np.ones(4_000) for _each in range(4_000)]  # 122 MiB in pieces that no system call was made for
    del kept[:-1]
    before = held()["anon"]
    give_back()
    assert held()["anon"] < before - 60
