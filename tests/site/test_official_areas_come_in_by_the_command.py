"""`import-lookup`, `import-postcodes` and `import-boundaries` keep what official files say."""

import json
from pathlib import Path

import pytest

from doorstep.apps.places.models import AreaLink, Boundary, Postcode, SourceFile
from doorstep.apps.places.verify import verify_places
from doorstep.apps.record.models import Leaf
from doorstep.engine.need import NeedError, NeedFileError
from doorstep.site.areas import import_boundaries, import_look_up, import_postcodes

pytestmark = pytest.mark.django_db
LOOK_UP = "LSOA21CD,LSOA21NM,WD24CD,WD24NM\n" + "".join(
    f"E0100000{n},North {n},E05000001,North\n" for n in (1, 2)
)
POSTCODES = (
    "pcds,doterm,lsoa21\n"
    "ZA1 1AA,,E01000001\nZA1 1AB,200512,E01000002\nZA1 1AC,,E99999999\nBT1 1AA,,95GG01S1\n"
)
WARDS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"WD24CD": "E05000001", "WD24NM": "North"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[-1.5, 53.0], [-1.4, 53.0], [-1.4, 53.1], [-1.5, 53.0]]],
            },
        }
    ],
}


@pytest.fixture
def files(tmp_path) -> Path:
    (tmp_path / "look_up.csv").write_text(LOOK_UP)
    (tmp_path / "postcodes.csv").write_text(POSTCODES)
    (tmp_path / "wards.geojson").write_text(json.dumps(WARDS))
    return tmp_path


def read_all(files: Path) -> list[str]:
    return [
        import_look_up(files / "look_up.csv", "LSOA 2021", "ward 2024"),
        import_postcodes(files / "postcodes.csv", "LSOA 2021", 2026),
        import_boundaries(files / "wards.geojson", "ward 2024"),
    ]


def test_each_file_is_kept_with_its_source_licence_year_and_checksum(files):
    told = read_all(files)
    assert told[0].startswith("LSOA 2021 to ward 2024: 2 rows kept of “Look-up")
    assert "1 live, 1 without an area, 1 ended. Left out: 1 of Northern Ireland." in told[1]
    assert AreaLink.objects.get(small__code="E01000002").larger.name == "North"
    assert [(one.key, one.ended) for one in Postcode.objects.order_by("key")] == [
        ("ZA11AA", ""),
        ("ZA11AB", "200512"),
        ("ZA11AC", ""),
    ]
    assert Boundary.objects.get().area.name == "North"
    for file in SourceFile.objects.all():
        assert "Open Government Licence" in file.licence
        assert len(file.sha256) == 64
        assert file.year in {2024, 2026}
    assert not list(verify_places())


def test_read_again_nothing_changes(files):
    read_all(files)
    leaves = Leaf.objects.count()
    assert all("nothing changed" in told for told in read_all(files))
    assert Leaf.objects.count() == leaves


@pytest.mark.parametrize(
    ("file", "change", "why"),
    [
        ("look_up.csv", ("E01000002,", "E0100,"), "look_up.csv:3: "),
        ("look_up.csv", ("WD24CD", "WARD"), "look_up.csv:1: there are no codes of ward 2024"),
        ("postcodes.csv", ("200512", "2005"), "postcodes.csv:3: '2005' is no month"),
        ("postcodes.csv", ("ZA1 1AC", "ZA1"), "postcodes.csv:4: 'ZA1' is not a postcode"),
        ("wards.geojson", ("53.1", "5300"), "wards.geojson:1: "),
    ],
)
def test_a_bad_row_is_refused_with_its_number_and_nothing_is_kept(files, file, change, why):
    path = files / file
    path.write_text(path.read_text().replace(*change))
    with pytest.raises(NeedFileError, match=why):
        read_all(files)
    assert not SourceFile.objects.filter(file=file).exists()


def test_a_kind_of_area_without_its_year_is_refused(files):
    with pytest.raises(NeedError, match="write it like LSOA 2021"):
        import_boundaries(files / "wards.geojson", "wards")
