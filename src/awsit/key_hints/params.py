"""Hints for the params of actions."""

from __future__ import annotations

from awsit.key_hints.sentences import FOR_CAPTURES, FOR_CHECKS, FOR_RETRY

_MOCK_RESPONSE = {
    "call it `status`": "status_code code response_status",
    "call it `body`; what is no text is sent as JSON": "json json_body response response_body data "
    "payload reply content",
    "call it `headers`": "response_headers",
    "call it `delay_seconds`, in seconds": "delay delay_ms fixed_delay_milliseconds fixed_delay latency response_delay "
    "sleep wait wait_seconds delay_distribution",
}
"""WireMock, MockServer, nock, Karate and others have a response, a reply or an answer apart from the request."""

PARAMS_HINTS = {
    "HttpCallParams": {
        "call it `body`; what is no text is sent as JSON": "json data payload content raw body_json request_body "
        "message",
        "call it `form`": "form_data urlencoded form_params formdata fields",
        "call it `multipart`: `[{name: photo, file: photo.png}]`": "file files attachments upload",
        "call it `query`": "params query_params querystring query_string search qs parameters",
        "call it `expected_status`": "status status_code expect_status statuscode code response_code expected_code",
        "call it `timeout_seconds`, in seconds": "timeout timeout_ms",
        "call it `verify_tls`": "verify insecure ssl verify_ssl tls validate_certs strict_ssl",
        "call it `follow_redirects`": "allow_redirects redirect redirects max_redirects",
        "call it `url`; a value for many actions is a variable: `{{ vars.base_url }}/orders`": "uri endpoint path href "
        "host base_url baseurl address link",
        "call it `method`": "verb http_method request_method",
        "write `auth: {bearer: ...}`": "token bearer bearer_token access_token",
        "write `auth: {basic: {username: ..., password: ...}}`": "username password user basic basic_auth",
        "write `auth: {sigv4: {service: execute-api}}`": "sigv4 aws_auth aws aws_sigv4 iam",
        "write `headers: {Authorization: ...}`, or `auth`": "authorization api_key",
        "write it in `headers`": "content_type accept user_agent",
        "call it `client_certificate`": "cert certificate client_cert mtls",
        "the variables HTTPS_PROXY and NO_PROXY name the proxy": "proxy proxies",
        f"{FOR_CHECKS} beside `params`": "expect expected expects checks check validate tests response assertions",
        f"{FOR_CAPTURES} beside `params`": "save capture extract store",
        FOR_RETRY: "retries max_retries retry_on",
    },
    "Auth": {
        "write `auth: {basic: {username: ..., password: ...}}`": "username password user type",
        "write `auth: {bearer: ...}`": "token access_token bearer_token api_key",
        "write `auth: {sigv4: {service: execute-api}}`": "aws aws_sigv4 aws_iam iam service region",
        "write `auth: {oauth2: {token_url: ..., client_id: ..., client_secret: ...}}`": "oauth client_credentials "
        "token_url client_id client_secret",
    },
    "AwsApiParams": {
        "call it `operation`": "action method api call command",
        "write what the operation takes under a second `params`: `params: {service: sqs, operation: send_message, "
        "params: {QueueUrl: ...}}`": "parameters args arguments input request body payload kwargs",
        "call it `wait_for: {waiter: ...}`": "waiter wait",
        "call it `expect_error`": "error expected_error expect_failure raises",
        "give it as an option of `awsit run`, or in awsit.toml": "region profile endpoint_url",
    },
    "DynamoDBParams": {
        "call it `table`": "table_name tablename name",
        "call it `operation`": "action method api call command",
        "call it `set`, a mapping of attributes, or `update_expression`": "updates update attributes",
        "call it `key_condition`": "where query keys_condition",
        "call it `condition_expression` for a write, `key_condition` for a query": "condition conditions if",
        "call it `index`": "index_name",
        "call it `expect_error`": "error expected_error raises",
    },
    "SqsParams": {
        "call it `queue`": "queue_url queueurl url queue_name queuename name queue_arn arn",
        "call it `operation`": "action method api call command",
        "call it `body`; what is no text is sent as JSON": "message message_body messagebody payload data json text",
        "call it `attributes`": "message_attributes messageattributes headers",
        "call it `group_id`": "message_group_id messagegroupid group",
        "call it `deduplication_id`": "message_deduplication_id messagededuplicationid dedup_id deduplication",
        "call it `messages`": "entries batch",
        "call it `max_messages`": "max_number_of_messages maxnumberofmessages count limit",
        "call it `wait_seconds`": "wait_time_seconds waittimeseconds wait timeout",
        "call it `visibility_timeout_seconds`": "visibility_timeout visibilitytimeout",
    },
    "SnsParams": {
        "call it `topic`": "topic_arn topicarn arn target_arn",
        "call it `message`; what is no text is sent as JSON": "body payload data json text",
        "call it `attributes`": "message_attributes messageattributes headers",
        "call it `group_id`": "message_group_id messagegroupid group",
        "call it `deduplication_id`": "message_deduplication_id messagededuplicationid dedup_id deduplication",
        "leave it out: `sns` publishes": "operation action",
    },
    "EventBridgeParams": {
        "call it `bus`": "event_bus eventbus event_bus_name eventbusname bus_name",
        "call it `events`, a list": "entries event",
        "write it in `events`: `events: [{source: ..., detail_type: ..., detail: {...}}]`": "source detail_type "
        "detailtype detail resources time",
        "leave it out: `eventbridge` puts events": "operation action",
    },
    "BusEvent": {
        "call it `detail`": "body payload data message",
        "call it `detail_type`": "type detailtype kind",
        "write `bus` beside `events`": "bus event_bus eventbusname event_bus_name",
    },
    "S3Params": {
        "call it `bucket`": "bucket_name bucketname",
        "call it `key`": "object object_key path name",
        "call it `operation`": "action method api call command",
        "call it `body`; what is no text is stored as JSON": "content data payload json text",
        "call it `file`, a path": "filename source",
        "call it `content_type`": "contenttype mime_type",
        "call it `limit`": "max_keys maxkeys max_items",
    },
    "KinesisParams": {
        "call it `stream`": "stream_name streamname stream_arn streamarn name arn",
        "call it `operation`": "action method api call command",
        "call it `records`, a list": "entries record",
        "write it in `records`: `records: [{data: ..., partition_key: ...}]`": "data partition_key partitionkey body",
        "call it `since`": "from start shard_iterator_type iterator position timestamp",
        "call it `limit`": "max_records max_items count",
    },
    "StreamRecord": {
        "call it `data`; what is no text is sent as JSON": "body payload message",
        "call it `partition_key`": "partitionkey key",
    },
    "StateMachineParams": {
        "call it `state_machine`, an ARN": "state_machine_arn statemachinearn arn machine start workflow",
        "call it `operation`": "action method api call command",
        "call it `execution`, an ARN": "execution_arn executionarn",
        "call it `input`": "payload event body data params",
        "call it `expected_status`": "status expect_status",
        "call it `wait_seconds`": "timeout wait max_wait",
    },
    "LogsParams": {
        "call it `group`": "log_group loggroup log_group_name loggroupname name arn",
        "call it `pattern`": "filter filter_pattern filterpattern match",
        "call it `query`": "query_string querystring insights sql",
        "call it `since`": "start_time starttime from start after",
    },
    "LambdaInvokeParams": {
        "call it `function`": "function_name functionname name lambda arn function_arn",
        "call it `payload`": "event body input data json args params",
        "call it `invocation_type`, which is `sync` or `event`": "type async invocation",
        "call it `expect_function_error`": "expect_error error raises",
    },
    "MockParams": {
        "call it `routes`, a list": "stubs mappings mocks endpoints handlers expectations interceptors rules paths",
        "write it in `routes`: `routes: [{method: GET, path: /orders, status: 200, body: {...}}]`": "path url method "
        "status body headers match request response responses delay delay_seconds",
        "a mock is always at 127.0.0.1; its result is its `url`": "host hostname base_url address",
    },
    "MockRoute": {
        "call it `path`": "url url_path uri endpoint route pathname url_pattern url_path_pattern",
        "call it `method`": "verb http_method request_method",
        'write it in `match`: `match: {query: {page: "2"}, headers: {x-test: "1"}, body: {...}}`': "request query "
        "query_params query_parameters params body_patterns request_body predicates matcher when",
        "call it `responses`, a list: each call gets the next one": "sequence replies times scenario",
        **_MOCK_RESPONSE,
    },
    "MockResponse": _MOCK_RESPONSE,
    "ListenParams": {
        "call it `event_bus`": "bus eventbus event_bus_name bus_name",
        "call it `pattern`": "event_pattern filter_pattern detail_type source",
        "call it `topic`, an ARN": "topic_arn sns",
        "call it `filter`": "filter_policy",
        "call it `bucket`": "bucket_name s3",
        "call it `queue`": "queue_url queue_name queue_arn sqs",
        "call it `stream`": "stream_name stream_arn kinesis",
        "call it `log_group`": "group log_group_name logs",
        "call it `websocket`": "ws wss websocket_url url uri api",
        "call it `send`": "message messages payload body",
        "call it `protocols`, a list": "subprotocol subprotocols protocol",
        "call it `verify_tls`": "verify insecure ssl tls",
        "call it `ready_seconds`": "wait_seconds delay",
        "write it in `receive`": "count within_seconds",
    },
    "ReceiveParams": {
        "call it `from`, the name of a `listen` action": "tap listen source queue topic websocket",
        "call it `match`, a partial document": "matches filter where pattern expect body message",
        "call it `count`": "number times max_messages expected_count",
        "call it `within_seconds`": "timeout wait wait_seconds within",
    },
    "WaitParams": {"call it `seconds`": "time duration delay sleep ms milliseconds minutes timeout for"},
}
"""For each model of params, by the name of its class, what its users should write in place of which keys."""
