// Loaded at the start of each Node.js function of the sandbox (NODE_OPTIONS): names of AWS lead nowhere, and the error
// says why. A function that puts such a name together itself would otherwise reach real accounts from a test.
"use strict";

const dns = require("dns");
const https = require("https");
const net = require("net");
const { urlToHttpOptions } = require("url");

const DOMAINS = (process.env.AWSIT_AWS_DOMAINS || "").split(",").filter(Boolean);

function isAws(host) {
  if (typeof host !== "string") return false;
  const name = host.toLowerCase().replace(/\.$/, "");
  return DOMAINS.some((domain) => name === domain || name.endsWith("." + domain));
}

function refusal(host) {
  const reason =
    `awsit's sandbox sends nothing to AWS, and ${host} is a host of AWS: ` +
    "take its URL from an environment variable that the template sets";
  return Object.assign(new Error(reason), { code: "ENOTFOUND", syscall: "getaddrinfo", hostname: host });
}

// The host in the arguments of `socket.connect`: (options), (port, host), or what `net.connect` makes of them, a list.
function hostOf([first, second]) {
  const target = Array.isArray(first) ? first[0] : first;
  return target && typeof target === "object" ? target.host : second;
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const host = hostOf(args);
  if (!isAws(host)) return connect.apply(this, args);
  process.nextTick(() => this.destroy(refusal(host)));
  return this;
};

function refuseIn(resolver, refuse) {
  for (const name of Object.getOwnPropertyNames(resolver).filter((each) => /^(lookup|resolve)/.test(each))) {
    const original = resolver[name];
    resolver[name] = function (host, ...rest) {
      return isAws(host) ? refuse(refusal(host), rest) : original.call(this, host, ...rest);
    };
    for (const symbol of Object.getOwnPropertySymbols(original)) {
      resolver[name][symbol] = original[symbol]; // what `util.promisify` goes by
    }
  }
}

for (const resolver of [dns, dns.Resolver.prototype]) {
  refuseIn(resolver, (error, rest) => process.nextTick(rest.pop(), error));
}
for (const resolver of [dns.promises, dns.promises.Resolver.prototype]) {
  refuseIn(resolver, (error) => Promise.reject(error));
}

// The emulator replaces `https.request` by one that leads hosts of AWS to itself, for old SDKs, and loses their names:
// with the name in the Host header, its gate answers for an API of the sandbox and refuses all else.
function withHost(request) {
  return function (input, ...rest) {
    const parts = typeof input === "string" ? urlToHttpOptions(new URL(input)) : input;
    const target = parts instanceof URL ? urlToHttpOptions(parts) : parts;
    const given = typeof rest[0] === "function" ? {} : rest.shift();
    const options = { ...target, ...given };
    const host = options.hostname || options.host;
    const headers = options.headers || {};
    if (isAws(host) && !Object.keys(headers).some((name) => name.toLowerCase() === "host")) {
      options.headers = { Host: host, ...headers };
    }
    return request.call(this, options, ...rest);
  };
}

for (const name of ["request", "get"]) {
  let current = https[name];
  Object.defineProperty(https, name, {
    configurable: true,
    enumerable: true,
    get: () => current,
    set: (replacement) => {
      current = withHost(replacement);
    },
  });
}

require("module").syncBuiltinESMExports(); // `import { lookup } from "dns"` gets these functions too
