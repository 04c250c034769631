"""One file names the inputs; the answer says who is in line, why others are not, and the shares."""

import json
from collections.abc import Callable
from datetime import date
from importlib.resources import files
from pathlib import Path
from shutil import copytree

import pytest

from doorstep.engine.need import NeedError
from doorstep.engine.need.command import answer_study, check_file
from doorstep.engine.need.study import Study, run_study
from doorstep.engine.need.study_report import place_text, study_text, study_values

from .conftest import Real
from .test_official_files_are_read_or_refused import file7_2019

MILLBROOK = Path(str(files("doorstep.engine.need").joinpath("data", "millbrook")))


@pytest.fixture(scope="module")
def millbrook() -> Study:
    return run_study(MILLBROOK / "study.toml")


def test_the_made_up_borough_is_answered(millbrook: Study) -> None:
    assert [millbrook.name_of(code) for code in millbrook.selection.codes] == [
        "Millbrook East", "Millbrook West", "Millbrook Wharf",
    ]  # fmt: skip
    assert sum(share.pence for share in millbrook.shares) == 420_000_000
    assert min(share.pence for share in millbrook.shares) >= 100_000_000
    text = study_text(millbrook)
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "3 of 12 areas (MSOA 2021) are first in line" in text
    assert "Station Quarter: It is 1 place below the line on IMD 2025" in text
    # No publisher is named under figures that nobody published.
    assert "Made up, in the layout of: English Indices" in text
    assert "Ministry" not in text


def test_a_place_hears_its_whole_reasoning(millbrook: Study) -> None:
    missed = place_text(millbrook, "E02990004")
    assert missed.startswith(
        "Alder Hill (E02990004) is not first in line for long-term investment."
    )
    assert "2 places below the line on CNI 2023: number 6 of 12" in " ".join(missed.split())
    first = " ".join(place_text(millbrook, "E02990001").split())
    assert "number 1 of the 3 places that do" in first
    assert "1 place is held at the least or the most it may get" in first
    assert "at least 5,000 people; at most 15,000" in first
    with pytest.raises(NeedError, match=r"nothing for 1 of 1 areas .* E02000001"):
        place_text(millbrook, "E02000001")


def test_rules_are_laid_side_by_side(millbrook: Study) -> None:
    assert set(millbrook.compared) == {"equal", "per_head", "need_weighted", "steps"}
    assert millbrook.compared["equal"] == (140_000_000,) * 3
    for outcome in millbrook.compared.values():
        assert sum(outcome) == 420_000_000  # type: ignore[arg-type]


def test_everything_is_there_as_json(millbrook: Study, capsys: pytest.CaptureFixture[str]) -> None:
    answer_study(Path("millbrook"), place=None, as_json=True)
    values = json.loads(capsys.readouterr().out)
    assert values == json.loads(json.dumps(study_values(millbrook)))
    assert [one["code"] for one in values["shares"]] == millbrook.selection.codes
    assert all(len(one["sha256"]) == 64 for one in values["sources"])
    assert values["near_misses"][0]["reasons"][0]["params"]["places"] == 1


def test_england_whole_from_official_files(real: Real, tmp_path: Path) -> None:
    """The rules of 2023 on the files of 2019 and 2023: carried to 2021, with the loss said."""
    (tmp_path / "File_7.csv").write_bytes(file7_2019(real))
    shared = real.folder
    (tmp_path / "study.toml").write_text(f"""
[study]
name = "England"
programme = "cwf"
on = 2023-10-01
small_areas = "LSOA 2021"
[[index]]
name = "IMD 2019"
file = "File_7.csv"
[[index]]
name = "CNI 2023"
file = "{shared}/cni2023_england_lsoa21.csv.gz"
[residents]
file = "{shared}/population_census2021_lsoa21.csv.gz"
column = "census2021_residents"
year = 2021
[look_up]
file = "{shared}/lookup_lsoa21_msoa21_lad22_rgn22.csv.gz"
[changes]
file = "{shared}/lookup_lsoa11_lsoa21_ltla22.csv.gz"
""")
    study = run_study(tmp_path / "study.toml")
    assert len(study.selection.areas) == 6_856
    assert study.programme.population_most == 20_000
    assert 200 < len(study.selection.codes) < 686
    assert "1,945 of 33,755 areas (5.8%) are not exact" in study.lost[0]
    assert "Carried from older boundaries" in study_text(study)
    assert study.shares == ()
    # Without the list of changes two years would meet, and that is refused.
    text = (tmp_path / "study.toml").read_text().split("[changes]")[0]
    (tmp_path / "study.toml").write_text(text)
    with pytest.raises(NeedError, match="on LSOA 2011 areas, and the others are on LSOA 2021"):
        run_study(tmp_path / "study.toml")


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str, str], Path]:
    """The made-up study with one thing replaced in study.toml."""

    def change(old: str, new: str) -> Path:
        folder = tmp_path / "copy"
        copytree(MILLBROOK, folder)
        text = (folder / "study.toml").read_text()
        assert old in text
        (folder / "study.toml").write_text(text.replace(old, new))
        return folder / "study.toml"

    return change


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("[study]", "[stduy]", "nobody knows what"),
        ("[study]", "[study", "study.toml: "),
        ("pot_pounds = 4_200_000", f"pot_pounds = {'9' * 5_000}", "study.toml: Exceeds the limit"),
        ("small_areas", "areas", "study: nobody knows what 'areas' means"),
        ("on = 2026-11-28", "on = 2026", "on is a day"),
        ("on = 2026-11-28", "on = 2025-11-28", "no rules of 'alderdale' that hold on 2025-11-28"),
        ('programme = "alderdale"', 'programme = "elsewhere"', "no rules of 'elsewhere'"),
        ('rules = "rules.toml"', 'rules = "gone.toml"', "gone.toml cannot be read"),
        ('rules = "rules.toml"', "", "There are: cwf, left-behind"),
        ('"LSOA 2021"', '"LSOA"', "write it like LSOA 2021"),
        ('name = "CNI 2023"', 'name = "CNI 2019"', "this is CNI 2023, and CNI 2019 was asked for"),
        ('file = "cni_made_up.csv"', 'file = "gone.csv"', r"gone\.csv:0: cannot be opened"),
        ('[[index]]\nname = "CNI 2023"\nfile = "cni_made_up.csv"\npartial = true\n', "",
         "needs CNI 2023: add an"),
        ("partial = true", "partial = 1", "partial is true or false"),
        ("partial = true", "partial = false", "there are 60 areas, and IMD 2025 has 33,755"),
        ("made_up = true", "made_up = 1", "made_up is true or false"),
        ('index = "IMD 2025"', 'index = "CNI 2023"', "no index here that counts residents"),
        ('index = "IMD 2025"', 'file = "cni_made_up.csv"\nyear = "x"', "year is a whole number"),
        ('[look_up]\nfile = "look_up_made_up.csv"', "", r"\[look_up\] is missing"),
        ('to = "council 2024"', 'to = "council 2019"', "no codes of council 2019"),
        ("pot_pounds = 4_200_000", "pot_pounds = -1", "pot_pounds is a whole number of zero or"),
        ("pot_pounds = 4_200_000", "pot_pounds = 2.5", "pot_pounds is a whole number"),
        ("pot_pounds = 4_200_000", "pot_pounds = 2_000_000", "3 places at £1,000,000 each need"),
        ("pot_pounds = 4_200_000", "pot_pounds = 8_000_000", "take only £7,500,000 of £8,000,000"),
        ('rule = "need_weighted"', 'rule = "lottery"', "no rule 'lottery'"),
        ("residents_from = 10_000", "residents_from = 4_500", "Steps go up by residents"),
        ('need = "IMD 2025"', 'need = "IMD 2019"', "need is one of IMD 2025, CNI 2023"),
        ("{ residents_from = 5_000, pounds = 1_000_000 }", "3", "a step has residents_from"),
    ],
)  # fmt: skip
def test_a_study_that_cannot_be_answered_says_why(
    changed: Callable[[str, str], Path], old: str, new: str, why: str
) -> None:
    with pytest.raises(NeedError, match=why):
        run_study(changed(old, new))


def test_the_rules_of_a_day_that_has_not_come_are_not_known(
    changed: Callable[[str, str], Path],
) -> None:
    study = changed("on = 2026-11-28", "on = 2126-11-28")
    with pytest.raises(NeedError, match=r"on is 2126-11-28, which has not come: .* 2026-11-28 or"):
        run_study(study, today=date(2026, 11, 28))
    with pytest.raises(NeedError, match="which has not come"):
        answer_study(study, place=None, as_json=False)
    assert run_study(MILLBROOK / "study.toml", today=date(2026, 11, 28)).on == date(2026, 11, 28)


def test_a_figure_that_lacks_a_part_of_a_place_is_named(
    changed: Callable[[str, str], Path],
) -> None:
    study = changed("on = 2026-11-28", "on = 2026-11-28 ")
    file = study.with_name("cni_made_up.csv")
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines[:5] + lines[6:]))
    with pytest.raises(NeedError, match=r"^CNI 2023: E02990001 \(MSOA 2021\) is not whole"):
        run_study(study)


def test_steps_and_own_bounds(changed: Callable[[str, str], Path]) -> None:
    path = changed('rule = "need_weighted"', 'rule = "steps"')
    path.write_text(
        path.read_text().split("steps = [")[0]
        + "floor_pounds = 0\nceiling_pounds = 4_200_000\n"
        + "steps = [{ residents_from = 0, pounds = 2 }, { residents_from = 7_000, pounds = 3 }]\n"
    )
    study = run_study(path)
    assert [share.pence for share in study.shares] == [120_000_000, 180_000_000, 120_000_000]
    assert study.on == date(2026, 11, 28)


def test_a_file_is_checked_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    path = MILLBROOK / "File_7_made_up.csv"
    check_file(path, expect="IMD 2025", partial=True, as_json=False)
    said = capsys.readouterr().out
    assert said.startswith("IMD 2025: 60 areas (LSOA 2021).\nResidents: ")
    check_file(path, expect=None, partial=True, as_json=True)
    assert json.loads(capsys.readouterr().out)["whole"] is False
