from awsit.sandbox.emulator import explained


def throttle(reason_code, msg, retry_after=1):
    return {"reason": reason_code, "message": msg, "retry_after": retry_after}


def test_a_call_over_the_sandbox_s_own_limit_learns_the_setting():
    answer = explained(throttle)(reason_code="R", msg="Rate Exceeded: account concurrency cap 2 reached")

    assert answer["message"].startswith("Rate Exceeded: account concurrency cap 2 reached; ")
    assert "`sandbox_concurrency` in awsit.toml" in answer["message"]


def test_a_limit_of_the_function_itself_is_as_on_aws():
    answer = explained(throttle)(reason_code="R", msg="Rate Exceeded: function f", retry_after=2)

    assert answer == {"reason": "R", "message": "Rate Exceeded: function f", "retry_after": 2}
