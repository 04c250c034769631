"""A form says what each box is for, what went wrong, and where; screen readers hear it joined."""

from xml.etree import ElementTree

import pytest
from django import forms

from doorstep.apps.places.models import Place
from doorstep.site.components.forms import error_summary, field, fields


class Question(forms.Form):
    street = forms.CharField(label="Your street", help_text="For example Mill Lane.")
    outcome = forms.ChoiceField(
        label="What happened?",
        choices=[("done", "It was finished"), ("stopped", "It was stopped")],
        widget=forms.RadioSelect,
        help_text="As far as you know.",
    )
    note = forms.CharField(label="Anything <else>", required=False, widget=forms.Textarea)
    lives_here = forms.BooleanField(label="I live here")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        super().clean()
        if self.data.get("note") == "nonsense":
            raise forms.ValidationError("Please say it again.")


def parsed(html: str) -> ElementTree.Element:
    for attribute in ("required", "checked", "novalidate", "selected"):
        html = html.replace(f" {attribute} ", f' {attribute}="" ')
        html = html.replace(f" {attribute}>", f' {attribute}="">')
    for tag in ("input",):
        parts = html.split(f"<{tag} ")
        html = parts[0] + "".join(
            f"<{tag} " + part.replace(">", "/>", 1) if part else "" for part in parts[1:]
        )
    return ElementTree.fromstring(f"<div>{html}</div>")


def test_a_box_has_its_label_and_hint_joined_to_it():
    tree = parsed(field(Question()["street"]))
    label, box, hint = tree.find(".//label"), tree.find(".//input"), tree.find(".//p")
    assert label.get("for") == box.get("id")
    assert box.get("aria-describedby") == hint.get("id")
    assert hint.text == "For example Mill Lane."
    assert box.get("aria-invalid") is None


def test_a_mistake_stands_beside_its_box_and_is_joined_to_it():
    tree = parsed(field(Question({})["street"]))
    box = tree.find(".//input")
    assert box.get("aria-invalid") == "true"
    described = box.get("aria-describedby").split()
    assert {p.get("id") for p in tree.findall(".//p")} == set(described)
    assert "This field is required." in "".join(tree.find(".//p[@class='error']").itertext())


def test_choices_are_a_group_with_its_question():
    tree = parsed(field(Question()["outcome"]))
    group = tree.find("fieldset")
    assert group.find("legend").text == "What happened?"
    assert group.get("aria-describedby") == group.find("p").get("id")
    assert len(group.findall(".//input")) == 2


def test_what_may_stay_empty_says_so_and_words_are_escaped():
    html = field(Question()["note"])
    assert "Anything &lt;else&gt;" in html
    assert "(you can leave this empty)" in html
    assert "(you can leave this empty)" not in field(Question()["street"])
    assert "(you can leave this empty)" not in field(Question()["lives_here"])


@pytest.mark.django_db
def test_a_list_begins_with_a_word_and_not_with_dashes():
    class Whose(forms.Form):
        place = forms.ModelChoiceField(Place.objects.none())
        other = forms.ModelChoiceField(Place.objects.none(), empty_label="None of them")

    first = [parsed(field(one)).find(".//option").text for one in Whose()]
    assert first == ["Choose", "None of them"]


def test_label_and_hint_can_be_ours_on_a_form_that_is_not():
    html = field(Question()["street"], "Where?", "Just the name.")
    assert ">Where?</label>" in html
    assert "Just the name." in html
    assert "For example" not in html


def test_a_hidden_field_is_only_itself():
    assert field(Question()["secret"]) == '<input type="hidden" name="secret" id="id_secret">'


def test_the_summary_leads_to_each_mistake():
    form = Question({"note": "nonsense"})
    tree = parsed(error_summary(form))
    targets = [a.get("href") for a in tree.findall(".//a")]
    assert targets == ["#id_street", "#id_outcome_0", "#id_lives_here"]
    assert tree.find(".//li").text == "Please say it again."
    page = parsed(fields(form))
    ids = {e.get("id") for e in page.iter()}
    assert {target[1:] for target in targets} <= ids


@pytest.mark.parametrize("data", [None, {"street": "a", "outcome": "done", "lives_here": "on"}])
def test_nothing_wrong_says_nothing(data):
    assert error_summary(Question(data)) == ""
