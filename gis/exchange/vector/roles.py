"""What a layer probably is to the desk, guessed from its name, its columns and its geometry."""

import re
from collections.abc import Iterable

POINT, LINE, POLYGON = "point", "line", "polygon"
_ANY = frozenset({POINT, LINE, POLYGON})
_NO_LINE = frozenset({POINT, POLYGON})

# Beginnings of words in the languages of the region, in the order in which they are tried.
_ROLES: tuple[tuple[str, frozenset[str], str], ...] = (
    (
        "hospitals",
        _NO_LINE,
        "hospital clinic puskesmas rumahsakit bệnhviện โรงพยาบาล 病院 医院 醫院 병원 health",
    ),
    ("schools", _NO_LINE, "school sekolah college universit trườnghọc โรงเรียน 学校 學校 학교"),
    ("shelters", _NO_LINE, "shelter evacuation pengungsian posko 避難 대피소"),
    ("flood", frozenset({POLYGON}), "flood banjir genangan inundat lũ น้ำท่วม 洪水 浸水 침수"),
    ("roads", frozenset({LINE}), "road street jalan highway lane rail đường ถนน 道路 도로 route"),
    (
        "river",
        frozenset({LINE, POLYGON}),
        "river sungai kali waterway stream canal drain kanal sông แม่น้ำ 河川 하천",
    ),
    ("buildings", _NO_LINE, "building bangunan structure footprint slum house nhà อาคาร 建物 建筑 건물"),
    ("bridges", _ANY, "bridge jembatan cầu สะพาน 橋梁 교량"),
    ("pumps", frozenset({POINT}), "pump pompa"),
    ("contours", frozenset({LINE}), "contour kontur elevation"),
    (
        "wards",
        frozenset({POLYGON}),
        "ward district kelurahan kecamatan desa rw zone zonal barangay suco admin municipal subdistrict "
        "phường quận ตำบล อำเภอ 町 丁目 区 區 행정 boundary dong precinct",
    ),
    ("places", frozenset({POINT}), "place town village settlement gazetteer tempat 地名 population"),
)


def role(name: str, columns: Iterable[str], shapes: frozenset[str]) -> str:
    """The first role whose words begin a word of the name, or else of a column, and whose geometry fits."""
    for words in (_words(name), frozenset().union(*map(_words, columns))):
        for what, fitting, beginnings in _ROLES:
            if shapes & fitting and any(
                word.startswith(start) for word in words for start in beginnings.split()
            ):
                return what
    return ""


def _words(text: str) -> frozenset[str]:
    """The words of "KCH_WardsMap 2": kch, wards, map, 2 and, written together, kchwardsmap2."""
    apart = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+|[^\W\d_a-zA-Z]+", text)
    return frozenset(each.casefold() for each in (*apart, re.sub(r"[\W_]+", "", text)))
