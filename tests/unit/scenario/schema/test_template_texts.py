"""The templates of a document, found once."""

from awsit.scenario.schema.template_texts import every_text, forget, rendered_references, rendered_texts

DOCUMENT = {
    "name": "orders",
    "description": "with {{ suite.described }}",
    "variables": {"token": "{{ env.TOKEN }}"},
    "actions": [{"params": {"{{ vars.key }}": "{{ env.TOKEN }}", "note": "{plain}"}}],
}


def test_parts_that_are_rendered_have_each_template_once_keys_too() -> None:
    assert sorted(rendered_texts(DOCUMENT)) == ["{{ env.TOKEN }}", "{{ vars.key }}"]
    assert rendered_references(DOCUMENT).env == {"TOKEN"}
    assert rendered_references(DOCUMENT).suite == frozenset()


def test_a_description_has_templates_too() -> None:
    assert "with {{ suite.described }}" in every_text(DOCUMENT)
    assert every_text(["{{ vars.key }}"]) == ["{{ vars.key }}"]


def test_a_document_that_was_changed_is_looked_through_again_when_it_is_checked() -> None:
    document = {"actions": ["{{ vars.first }}"]}
    assert rendered_references(document).vars == {"first"}
    document["actions"].append("{{ vars.second }}")
    forget()
    assert rendered_references(document).vars == {"first", "second"}
