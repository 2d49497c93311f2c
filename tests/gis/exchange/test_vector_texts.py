"""Names in the letters that they were written in, whether the file says so or not."""

import struct

import pytest

from gis.errors import UserError
from gis.exchange.vector.encoding import guess
from gis.progress import Progress

WGS84 = 4326
PLACES = {
    "cp949": ["강동구", "송파구", "강남구", "영등포구"],
    "cp950": ["臺北市", "高雄市", "中正區", "信義區", "宜蘭縣"],
    "gb18030": ["北京市", "朝阳区", "浦东新区", "徐汇区", "广州市"],
    "cp932": ["東京都", "千代田区", "ひたちなか市", "マキノ町"],
    "euc_jp": ["東京都", "千代田区", "ひたちなか市", "マキノ町"],
    "cp874": ["กรุงเทพมหานคร", "เชียงใหม่", "นนทบุรี"],
    "cp1251": ["Владивосток", "Ленинградская область", "Москва"],
    "koi8-r": ["Владивосток", "Ленинградская область", "Москва"],
    "cp1252": ["São Paulo", "Liquiçá", "Lautém", "Münster"],
    "utf-8": ["서울", "東京", "Đà Nẵng", "São Paulo"],
}


def read(reader, path, **more):
    return reader.read(path, crs=WGS84, progress=Progress(), **more)


def shapefile(path, texts, language_driver=0):
    """Points with one field of text, in the bytes given."""
    width = max(map(len, texts))
    head = struct.pack("<4BIHH", 3, 124, 1, 1, len(texts), 65, 1 + width) + bytes(17)
    head += bytes([language_driver]) + bytes(2)
    field = b"NAME".ljust(11, b"\0") + b"C" + bytes(4) + bytes([width, 0]) + bytes(14)
    rows = b"".join(b" " + text.ljust(width) for text in texts)
    path.with_suffix(".dbf").write_bytes(head + field + b"\r" + rows + b"\x1a")
    bounds = struct.pack("<2i8d", 1000, 1, 106, -7, 108, -6, 0, 0, 0, 0)

    def start(size):
        return struct.pack(">7I", 9994, 0, 0, 0, 0, 0, size // 2) + bounds

    shapes = [struct.pack(">2i", i + 1, 10) + struct.pack("<i2d", 1, 107, -6.5) for i in range(len(texts))]
    path.write_bytes(start(100 + 28 * len(texts)) + b"".join(shapes))
    index = b"".join(struct.pack(">2i", 50 + 14 * i, 10) for i in range(len(texts)))
    path.with_suffix(".shx").write_bytes(start(100 + 8 * len(texts)) + index)
    return path


@pytest.mark.parametrize("page", PLACES)
def test_the_code_page_is_found_from_a_few_names(page):
    assert guess(each.encode(page) for each in PLACES[page]) == page


def test_plain_letters_need_no_code_page():
    assert guess([b"Jalan Merdeka", b"", b"RW 05"]) == "ascii"


def test_a_name_cut_in_the_middle_of_a_letter_is_still_utf8():
    whole = ["서울특별시 강남구", "부산광역시 해운대구", "대구광역시 수성구"] * 5
    assert guess([*(each.encode() for each in whole), "인천광역시".encode()[:-1]]) == "utf-8"


@pytest.mark.parametrize("page", PLACES)
def test_a_shapefile_that_does_not_say_its_code_page_shows_the_right_names(reader, tmp_path, page):
    path = shapefile(tmp_path / "places.shp", [each.encode(page) for each in PLACES[page]])
    found = read(reader, path)
    assert found.features[0].columns["NAME"].tolist() == PLACES[page]
    assert found.encoding == page
    told = [each for each in found.problems if page in each]
    assert bool(told) == (page != "utf-8")


@pytest.mark.parametrize(
    ("note", "page"),
    [("949", "cp949"), ("Big5", "big5"), ("EUC-KR", "euc_kr"), ("ANSI 1251", "cp1251"), ("UTF-8", "utf-8")],
)
def test_a_cpg_note_is_believed(reader, tmp_path, note, page):
    names = ["서울"] if "kr" in page or "949" in page else ["北門"] if page == "big5" else ["Ял"]
    path = shapefile(tmp_path / "places.shp", [each.encode(page) for each in names])
    path.with_suffix(".cpg").write_text(note + "\r\n")
    found = read(reader, path)
    assert found.features[0].columns["NAME"].tolist() == names
    assert len(found.problems) == 1, "only that the CRS is not said"


def test_the_language_driver_is_believed(reader, tmp_path):
    path = shapefile(tmp_path / "places.shp", ["ЯЛ".encode("cp866")], language_driver=0x65)
    assert read(reader, path).features[0].columns["NAME"].tolist() == ["ЯЛ"]


def test_a_note_that_is_wrong_is_not_believed(reader, tmp_path):
    path = shapefile(tmp_path / "places.shp", [each.encode("cp949") for each in PLACES["cp949"]])
    path.with_suffix(".cpg").write_text("UTF-8")
    found = read(reader, path)
    assert found.features[0].columns["NAME"].tolist() == PLACES["cp949"]
    assert any("which they are not" in each for each in found.problems)


def test_a_person_knows_better(reader, tmp_path):
    path = shapefile(tmp_path / "places.shp", ["ñandú".encode("cp850")])
    assert read(reader, path, encoding="cp850").features[0].columns["NAME"].tolist() == ["ñandú"]


@pytest.mark.parametrize("wish", ["klingon", "rot13", "", "utf\0"])
def test_an_encoding_that_does_not_exist_is_refused_and_an_empty_one_is_none(reader, tmp_path, wish):
    path = shapefile(tmp_path / "places.shp", [b"Monas"])
    if not wish:
        assert read(reader, path, encoding=wish).encoding == "ascii"
        return
    with pytest.raises(UserError, match="encoding"):
        read(reader, path, encoding=wish)


def test_korean_names_of_a_real_shapefile_without_a_note(reader, realdata):
    folder = realdata / "gis/seoul-maps/kostat/2013/shp/original"
    found = read(reader, folder / "seoul_municipalities.shp")
    columns = found.features[0].columns
    assert dict(zip(columns["name_eng"], columns["name"], strict=True))["Gangnam-gu"] == "강남구"
    assert found.encoding == "cp949"
    west, south = found.features[0].xy.min(axis=0)
    assert (round(west, 2), round(south, 2)) == (126.77, 37.43)


def test_the_same_names_with_a_note(reader, realdata):
    found = read(reader, realdata / "gis/seoul-maps/kostat/2013/shp/seoul_municipalities.shp")
    assert "강남구" in found.features[0].columns["name"]
    assert found.encoding == "utf-8"


@pytest.mark.parametrize("page", ["cp949", "cp932", "cp1252", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_of_points_in_any_code_page_with_any_delimiter(reader, tmp_path, page, delimiter):
    names = PLACES["utf-8" if page.startswith("utf") else page]
    path = tmp_path / "places.csv"
    rows = [delimiter.join(("name", "lon", "lat")), *(delimiter.join((n, "106.8", "-6.2")) for n in names)]
    path.write_bytes("\r\n".join(rows).encode(page))
    found = read(reader, path).features[0]
    assert found.columns["name"].tolist() == names
    assert found.xy.tolist() == [[106.8, -6.2]] * len(names)


@pytest.mark.parametrize("page", ["utf-16", "cp949"])
def test_geojson_that_is_not_utf8_shows_the_right_names(reader, tmp_path, page):
    path = tmp_path / "places.geojson"
    features = ",".join(
        f'{{"type":"Feature","properties":{{"name":"{each}"}},'
        '"geometry":{"type":"Point","coordinates":[127,37]}}'
        for each in PLACES["cp949"]
    )
    path.write_bytes(f'{{"type":"FeatureCollection","features":[{features}]}}'.encode(page))
    assert read(reader, path).features[0].columns["name"].tolist() == PLACES["cp949"]
