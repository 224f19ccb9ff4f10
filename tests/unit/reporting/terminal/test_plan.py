"""What a person reads of a forecast."""

from tests.unit.forecast.plans import call, foreseen, get
from tests.unit.reporting.conftest import plain_console, text_of

from awsit.reporting.terminal.plan import show_forecast


def shown(*actions, verbosity=0, width=100, **keys):
    console = plain_console(width)
    show_forecast(foreseen(*actions, **keys), console, verbosity)
    return text_of(console)


def test_a_step_tells_what_it_touches_and_how_often_it_may_be_tried():
    until = {"assert": [{"path": "$.item.x", "equals": 1}], "timeout_seconds": 60, "interval_seconds": 2}
    retry = {"max_attempts": 3, "interval_seconds": 1, "jitter": False}
    text = shown(get("Stored", until=until), {**call("https://a.test/x", name="Called"), "retry": retry})
    assert "Stored                         dynamodb       get_item on orders" in text
    assert "polls: at most 31 attempts, 1 m 30 s" in text
    assert "retries: at most 3 attempts, 1 m 33 s" in text


def test_numbers_have_their_quota_and_their_limit():
    text = shown(get())
    assert "events             52 to " in text
    assert " of 25,000 (0.21 to " in text
    assert " of 261,120 bytes (" in text


def test_the_cost_is_an_estimate_with_its_source_when_asked():
    assert "cost, estimated" in shown(get())
    assert "https://aws.amazon.com/step-functions/pricing/" not in shown(get())
    assert "https://aws.amazon.com/step-functions/pricing/" in shown(get(), verbosity=1)


def test_a_stack_that_was_not_read_is_said_before_the_rest():
    api = {"name": "A", "type": "aws_api", "params": {"service": "{{ context.x }}", "operation": "list"}}
    text = shown({**call("https://a.test"), "pass_to_context": {"x": "$.body"}}, api)
    assert "A: the policy lacks what it needs" in text.split("actions")[0]


def test_a_name_cannot_steer_the_terminal():
    text = shown(get(), variables={"bad": "\x1b[31mred"})
    assert "\x1b" not in text


def test_variables_are_shown_as_they_will_be():
    assert '  kind  "book"' in shown(get(), variables={"kind": "book"})


def test_several_actions_on_one_resource_are_listed_once():
    text = shown(call("{{ stack('orders').ApiUrl }}"))
    assert "cloudformation:DescribeStacks      arn:aws:cloudformation:eu-west-1:*:stack/orders/*" in text
    assert "cloudformation:ListStackResources  the same" in text


def test_a_resource_that_many_steps_use_names_the_first_of_them():
    text = shown(*(get(f"A{number}") for number in range(9)))
    assert "table  orders  (A0, A1, A2, A3, A4, A5 and 3 more)" in text
