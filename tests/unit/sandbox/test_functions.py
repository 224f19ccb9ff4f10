"""What a Node.js function of the sandbox loads when it starts, in a real Node.js."""

import os
import shutil
import subprocess

import pytest

from awsit.sandbox.functions import ENVIRONMENT

AWAY = "a.execute-api.eu-west-1.amazonaws.com"
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="needs Node.js")


def run(code):
    """The last line that this code writes in a Node.js that starts as the functions of the sandbox do."""
    command = [str(NODE), "--input-type=module", "--eval", code]
    done = subprocess.run(
        command,
        env={"PATH": os.environ["PATH"], **ENVIRONMENT},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return (done.stdout + done.stderr).strip()


@needs_node
def test_names_of_aws_lead_nowhere_in_node_and_the_error_says_why():
    code = f"""
    import dns, {{ lookup }} from "dns"; import http from "http"; import https from "https"; import net from "net";
    import {{ lookup as promised }} from "dns/promises";
    const away = "{AWAY}";
    const calls = {{
      lookup: (done) => lookup(away, done),
      options: (done) => lookup(away, {{ all: true }}, done),
      resolve4: (done) => dns.resolve4(away + ".", done),
      resolver: (done) => new dns.Resolver().resolve4(away, done),
      promises: (done) => new dns.promises.Resolver().resolve(away).catch(done),
      promised: (done) => promised(away).catch(done),
      net: (done) => net.connect(443, away).on("error", done),
      http: (done) => http.get("http://" + away).on("error", done),
      https: (done) => https.get({{ hostname: away.toUpperCase() }}).on("error", done),
      fetch: (done) => fetch("https://" + away).catch((error) => done(error.cause)),
    }};
    for (const [name, call] of Object.entries(calls))
      call((error) => console.log(name, error.code, error.message.toLowerCase().includes(away + " is a host of aws")
        || error.message.includes(away + ". is a host of AWS")));
    """

    lines = run(code).splitlines()

    names = ("lookup", "options", "resolve4", "resolver", "promises", "promised", "net", "http", "https", "fetch")
    assert sorted(lines) == sorted(f"{name} ENOTFOUND true" for name in names)


@needs_node
def test_other_names_are_reached_as_ever_in_node():
    code = """
    import http from "http"; import { lookup } from "dns"; import { promisify } from "util";
    const server = http.createServer((_, response) => response.end("hello")).listen(0, "127.0.0.1", async () => {
      const { port } = server.address();
      console.log(await (await fetch(`http://127.0.0.1:${port}/`)).text());
      lookup("127.0.0.1", (_, address) => { console.log(address); server.close(); });
      console.log(JSON.stringify(await promisify(lookup)("127.0.0.1")));
    });
    """

    assert run(code).splitlines() == ["hello", "127.0.0.1", '{"address":"127.0.0.1","family":4}']


@needs_node
def test_a_request_that_the_emulator_leads_to_itself_keeps_its_host():
    """The emulator replaces `https.request` like this; the options of a call have no name but in the Host header."""
    code = f"""
    import https from "https";
    https.request = (options, done) => done(options.headers);
    const seen = (headers) => console.log(JSON.stringify(headers));
    https.request("https://{AWAY}/p", seen);
    https.request(new URL("https://{AWAY}/p"), {{ headers: {{ a: "b" }} }}, seen);
    https.request({{ hostname: "{AWAY}", headers: {{ host: "own" }} }}, seen);
    https.request("https://shop.example/", seen);
    """

    assert run(code).splitlines() == [
        f'{{"Host":"{AWAY}"}}',
        f'{{"Host":"{AWAY}","a":"b"}}',
        '{"host":"own"}',
        "undefined",
    ]
