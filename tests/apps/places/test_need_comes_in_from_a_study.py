"""A study's scores become a place's figures: with their source, once, on its own boundaries."""

from pathlib import Path

import pytest

from doorstep.apps.places.models import NeedFigure
from doorstep.apps.record.models import Leaf
from doorstep.apps.refused import Refused
from doorstep.engine.need import NeedError
from doorstep.engine.need.command import shipped_or
from doorstep.engine.need.study import run_study
from doorstep.site.operations import import_need
from tests.apps.places.conftest import opened

pytestmark = pytest.mark.django_db
STUDY = Path("millbrook")


def test_source_licence_year_and_checksum_travel_with_every_figure() -> None:
    opened("millbrook-east")
    assert import_need(STUDY, "millbrook-east", "E02990001").startswith(
        "IMD 2025 of Millbrook East"
    )
    study = run_study(shipped_or(STUDY))
    figures = NeedFigure.objects.order_by("measure")
    assert [one.measure for one in figures] == ["community_need", "deprivation"]
    for figure, name in zip(figures, ("CNI 2023", "IMD 2025"), strict=True):
        score = study.scores[name]
        assert figure.value == round(100 * score.at("E02990001"))
        assert (figure.year, figure.boundary_year) == (int(name[-4:]), 2021)
        assert score.source.sha256 in figure.source
        assert figure.source.startswith("Made up, in the layout of")
        assert figure.licence == "Free to copy"


def test_the_same_file_again_changes_nothing() -> None:
    opened("millbrook-east")
    import_need(STUDY, "millbrook-east", "E02990001")
    leaves = Leaf.objects.count()
    assert import_need(STUDY, "millbrook-east", "E02990001").count(", as before") == 2
    assert NeedFigure.objects.count() == 2
    assert Leaf.objects.count() == leaves


def test_another_area_s_figures_never_replace_them() -> None:
    opened("millbrook-east")
    import_need(STUDY, "millbrook-east", "E02990001")
    with pytest.raises(Refused, match="never overwritten"):
        import_need(STUDY, "millbrook-east", "E02990002")
    assert NeedFigure.objects.count() == 2


def test_a_place_on_other_boundaries_and_an_unknown_area_are_refused() -> None:
    opened("millbrook-old", boundary_year=2011)
    opened("millbrook-east")
    with pytest.raises(NeedError, match="MSOA 2011 areas, and the others are on MSOA 2021"):
        import_need(STUDY, "millbrook-old", "E02990001")
    with pytest.raises(NeedError, match="nothing for 1 of 1 areas"):
        import_need(STUDY, "millbrook-east", "E02000001")
    with pytest.raises(Refused, match="no place"):
        import_need(STUDY, "atlantis", "E02990001")
    assert not NeedFigure.objects.exists()
