"""Words beside the record can be erased; the record stays whole and says that they were."""

import pytest

from doorstep.apps.record.actions import erase_words, keep_words, write_leaf
from doorstep.apps.record.actors import Actor
from doorstep.apps.record.models import Leaf, Wording
from doorstep.apps.record.queries import commitments_in, words_for
from doorstep.apps.record.verify import verify_record
from doorstep.apps.refused import Refused

pytestmark = pytest.mark.django_db
CLERK = Actor("system", "test")


def test_erased_words_are_nowhere_and_the_record_is_sound():
    words = keep_words("Somebody’s name")
    write_leaf("garden.named", {"name": words.commitment})
    erase_words(words, actor=CLERK, reason="She asked")
    kept = Wording.objects.get(pk=words.pk)
    assert (kept.text, bytes(kept.salt)) == ("", b"")
    assert not any(b"Somebody" in bytes(leaf.body) for leaf in Leaf.objects.all())
    assert list(verify_record()) == []


def test_they_are_erased_once():
    words = keep_words("Somebody’s name")
    erase_words(words, actor=CLERK, reason="She asked")
    with pytest.raises(Refused, match="erased already"):
        erase_words(words, actor=CLERK, reason="She asked")


@pytest.mark.parametrize("text", ["", "x" * 10_001, "null\x00byte"])
def test_words_that_cannot_be_kept_are_refused(text):
    with pytest.raises(Refused, match="between 1 and 10,000"):
        keep_words(text)


def test_words_are_found_wherever_they_stand_and_asking_does_not_grow_with_them(
    django_assert_num_queries,
):
    first, second = keep_words("One"), keep_words("Two")
    bodies = [{"a": [{"b": first.commitment}]}, {"c": second.commitment, "d": "words:no", "e": 5}]
    assert commitments_in(bodies) == {first.commitment, second.commitment}
    with django_assert_num_queries(1):  # the words, and which of them rooms hide now
        words = words_for(bodies)
        assert [words(one.commitment) for one in (first, second)] == ["One", "Two"]
    assert words("words:" + "0" * 64) == "(words erased)"
    with django_assert_num_queries(0):
        words_for([{"a": 1}])
