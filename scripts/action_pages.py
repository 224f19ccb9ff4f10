"""The end of each page of docs/actions: the parameters of its type, from the model that validates them."""

from property_tables import first_paragraph, property_table, schema_tables

HEADING = "## All parameters\n"


def parameters_by_type() -> dict[str, list[str]]:
    """The lines of each type's section, by the name of the type."""
    from awsit.actions.registry import BY_TYPE
    from awsit.scenario.schema.control import CONTROL_PARAMS

    called = [
        (action.type, type(action).__doc__, [*schema_tables(action.params_model.model_json_schema())])
        for action in BY_TYPE.values()
        if action.type not in CONTROL_PARAMS
    ]
    control = [
        (name, model.__doc__, [property_table(model.model_json_schema())]) for name, model in CONTROL_PARAMS.items()
    ]
    return {name: section(doc, tables) for name, doc, tables in [*called, *control]}


def section(doc: str | None, tables: list[str]) -> list[str]:
    """What stands under `params`: a table, and one for each object in it."""
    return ["", HEADING, first_paragraph(doc) + "\n", *"\n".join(tables).rstrip("\n").split("\n")]
