"""What a change would change of a matrix."""

from dataclasses import replace

from sidecar.app.mapping import Row, changed, opened

ROW = Row("m", "p", "allow", "", "", "", "as it is", "")


def test_changed() -> None:
    """Rows that are judged otherwise, that are new or gone; other ways to open a target are no change."""
    other, gone, new = replace(ROW, provider="q"), replace(ROW, provider="r"), replace(ROW, provider="s")
    closed = replace(ROW, verdict="block", against="origin.stance", with_data="", unlock="x")
    before, after = [ROW, other, gone], [closed, replace(other, unlock="y"), new]
    assert [(ROW, closed), (gone, None), (None, new)] == changed(before, after)
    assert [] == changed(before, before)


def test_opened() -> None:
    """Only what was closed, or not there, and is open now counts."""
    closed = replace(ROW, verdict="block")
    assert opened([(closed, ROW)])
    assert opened([(None, ROW)])
    assert not opened([(ROW, closed), (ROW, replace(ROW, verdict="redact")), (ROW, None), (None, closed)])
