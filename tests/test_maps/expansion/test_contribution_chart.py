"""Bars of scores. Oracle: widths by hand, 5.2 units for each point."""

import re

from maps.expansion.contribution_chart import Bar, ContributionChart


def test_a_site_of_which_facts_are_not_known_has_its_bar_and_an_outline() -> None:
    rows = (
        Bar(site="whole", values=(30.0, 20.0), most=50.0, said="50.00"),
        Bar(site="open", values=(30.0, 0.0), most=70.0, said="30.0–70.0"),
    )
    text = ContributionChart(names=("slope", "area"), rows=rows).svg().decode()
    assert re.findall(r">(whole|open|50\.00|30\.0–70\.0)<", text) == [
        "whole", "50.00", "open", "30.0–70.0",
    ]  # fmt: skip
    (outline,) = re.findall(r'width="([\d.]+)" height="17"', text)
    assert float(outline) == 40.0 * 5.2
