"""curl's options, and a command line read as curl reads it (https://curl.se/docs/manpage.html)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from awsit.cli.drafts.curl.words.variables import shown
from awsit.errors import UsageError

_WITH_VALUE = """
abstract-unix-socket alt-svc aws-sigv4 cacert capath E:cert cert-type ciphers K:config connect-timeout connect-to
C:continue-at b:cookie c:cookie-jar create-file-mode crlfile curves d:data data-ascii data-binary data-raw
data-urlencode delegation dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers doh-url D:dump-header ech egd-file
engine etag-compare etag-save expect100-timeout F:form form-string ftp-account ftp-alternative-to-user ftp-method
P:ftp-port ftp-ssl-ccc-mode happy-eyeballs-timeout-ms haproxy-clientip H:header h:help hostpubmd5 hostpubsha256 hsts
interface ip-tos ipfs-gateway json keepalive-cnt keepalive-time key key-type krb libcurl limit-rate local-port
login-options mail-auth mail-from mail-rcpt max-filesize max-redirs m:max-time netrc-file noproxy oauth2-bearer
o:output output-dir parallel-max parallel-max-host pass pinnedpubkey preproxy proto proto-default proto-redir x:proxy
proxy-cacert proxy-capath proxy-cert proxy-cert-type proxy-ciphers proxy-crlfile proxy-header proxy-key
proxy-key-type proxy-pass proxy-pinnedpubkey proxy-service-name proxy-tls13-ciphers proxy-tlsauthtype
proxy-tlspassword proxy-tlsuser U:proxy-user proxy1.0 pubkey Q:quote random-file r:range rate e:referer X:request
request-target resolve retry retry-delay retry-max-time sasl-authzid service-name sigalgs socks4 socks4a socks5
socks5-gssapi-service socks5-hostname Y:speed-limit y:speed-time stderr t:telnet-option tftp-blksize z:time-cond
tls-max tls13-ciphers tlsauthtype tlspassword tlsuser trace trace-ascii trace-config unix-socket upload-flags
T:upload-file url url-query u:user A:user-agent variable vlan-priority w:write-out
"""
_FLAGS = """
anyauth a:append basic ca-native cert-status compressed compressed-ssh create-dirs crlf digest q:disable disable-eprt
disable-epsv disallow-username-in-url doh-cert-status doh-insecure dump-ca-embed f:fail fail-early fail-with-body
false-start follow form-escape ftp-create-dirs ftp-pasv ftp-pret ftp-skip-pasv-ip ftp-ssl-ccc ftp-ssl-control G:get
g:globoff haproxy-protocol I:head http0.9 0:http1.0 http1.1 http2 http2-prior-knowledge http3 http3-only
ignore-content-length i:include k:insecure 4:ipv4 6:ipv6 j:junk-session-cookies l:list-only L:location
location-trusted mail-rcpt-allowfails M:manual metalink mptcp negotiate n:netrc netrc-optional ::next no-alpn
N:no-buffer no-clobber no-keepalive no-npn no-progress-meter no-sessionid ntlm ntlm-wb out-null Z:parallel
parallel-immediate path-as-is post301 post302 post303 #:progress-bar proxy-anyauth proxy-basic proxy-ca-native
proxy-digest proxy-http2 proxy-insecure proxy-negotiate proxy-ntlm proxy-ssl-allow-beast proxy-ssl-auto-client-cert
proxy-tlsv1 p:proxytunnel raw J:remote-header-name O:remote-name remote-name-all R:remote-time remove-on-error
retry-all-errors retry-connrefused sasl-ir S:show-error s:silent skip-existing socks5-basic socks5-gssapi
socks5-gssapi-nec ssl ssl-allow-beast ssl-auto-client-cert ssl-no-revoke ssl-reqd ssl-revoke-best-effort 2:sslv2
3:sslv3 styled-output suppress-connect-headers tcp-fastopen tcp-nodelay tftp-no-options tls-earlydata 1:tlsv1 tlsv1.0
tlsv1.1 tlsv1.2 tlsv1.3 tr-encoding trace-ids trace-time B:use-ascii v:verbose V:version xattr
"""
_READ = """
url request header data data-ascii data-raw data-binary data-urlencode json url-query form form-string upload-file get
head user oauth2-bearer aws-sigv4 user-agent referer cookie cookie-jar range max-time connect-timeout cacert cert
cert-type key key-type pass insecure location location-trusted post301 post302 post303 path-as-is
"""
_WITHOUT_EFFECT = """
basic compressed create-dirs create-file-mode disable dump-header expect100-timeout fail fail-early fail-with-body
globoff http1.1 include junk-session-cookies libcurl no-buffer no-clobber no-keepalive no-progress-meter no-sessionid
out-null output output-dir progress-bar raw remote-header-name remote-name remote-name-all remote-time remove-on-error
show-error silent skip-existing stderr styled-output suppress-connect-headers tcp-fastopen tcp-nodelay trace
trace-ascii trace-config trace-ids trace-time use-ascii verbose write-out xattr
"""
"""They change what curl prints, stores or waits for, and nothing of the request."""
_SIGNS_IN = "an http_call cannot sign in that way", "sign in with -u, --oauth2-bearer or --aws-sigv4"
_SHAPES = "an http_call cannot send what it asks for", "leave it out if the request can do without it"
_READS_FILE = "it takes parts of the request from a file", "write them into the command"
_IS_ANOTHER = "it is not about one request", "give it one request"
_REFUSED = {
    **dict.fromkeys(("anyauth", "digest", "negotiate", "ntlm", "ntlm-wb"), _SIGNS_IN),
    **dict.fromkeys(("continue-at", "crlf", "form-escape", "request-target", "tr-encoding"), _SHAPES),
    **dict.fromkeys(("etag-compare", "time-cond", "proto-default", "haproxy-protocol", "haproxy-clientip"), _SHAPES),
    **dict.fromkeys(("config", "netrc", "netrc-file", "netrc-optional", "variable"), _READS_FILE),
    **dict.fromkeys(("help", "manual", "metalink", "next", "version"), _IS_ANOTHER),
}


class Options(Struct):
    """The options of a command line. `values` holds those with a value, in order; a URL is the option `url`."""

    values: list[tuple[str, str]] = field(default_factory=list)
    flags: dict[str, bool] = field(default_factory=dict)

    def all(self, *names: str) -> list[str]:
        """The values of these options, in the order of the command line."""
        return [value for name, value in self.values if name in names]

    def last(self, name: str) -> str | None:
        """The value that counts of an option that is not to be repeated."""
        return next(reversed(self.all(name)), None)

    def has(self, name: str) -> bool:
        """Whether the flag is on."""
        return self.flags.get(name, False)

    @property
    def unsaid(self) -> tuple[str, ...]:
        """The options that say something about the transfer which an `http_call` cannot say."""
        used = [name for name, _ in self.values] + [name for name, is_on in self.flags.items() if is_on]
        return tuple(dict.fromkeys(f"--{name}" for name in used if name not in _UNDERSTOOD))


def _names(table: str) -> dict[str, str]:
    """Long name to letter; the letter is empty where there is none."""
    pairs = (entry.rpartition(":") for entry in table.split())
    return {name: letter for letter, _, name in pairs}


_VALUE_NAMES = _names(_WITH_VALUE)
_NAMES = _VALUE_NAMES | _names(_FLAGS)
_UNDERSTOOD = _names(_READ + _WITHOUT_EFFECT).keys()
_LETTERS = {letter: name for name, letter in _NAMES.items() if letter}


def takes_value(name: str) -> bool:
    """Whether the option is followed by a value."""
    return name in _VALUE_NAMES


def read_options(words: Sequence[str]) -> Options:
    """The options in the words behind `curl`. Raises UsageError for one that is unknown, or that would be misread."""
    options = Options()
    remaining = iter(words)
    for word in remaining:
        if word == "--":
            options.values += [("url", url) for url in remaining]
        elif word.startswith("--"):
            _read_long(options, word[2:], remaining)
        elif word.startswith("-") and word != "-":
            _read_letters(options, word[1:], remaining)
        else:
            options.values.append(("url", word))
    return options


def _read_long(options: Options, text: str, remaining: Iterator[str]) -> None:
    name, is_on = _long_name(text)
    if name in _VALUE_NAMES:
        options.values.append((name, _value(f"--{name}", remaining)))
    else:
        options.flags[name] = is_on


def _long_name(text: str) -> tuple[str, bool]:
    """The option that is named in full or by the beginning of its name; `no-` switches a flag off."""
    is_on = not text.startswith("no-") or any(name.startswith(text) for name in _NAMES)
    wanted, known = (text, _NAMES) if is_on else (text.removeprefix("no-"), _NAMES.keys() - _VALUE_NAMES.keys())
    names = [wanted] if wanted in known else [name for name in known if wanted and name.startswith(wanted)]
    if len(names) != 1:
        option = f"--{''.join(text.partition('=')[:2])}"
        raise _wrong(option, f"option '{shown(option)}' is {'ambiguous' if names else 'unknown'}")
    _check(f"--{names[0]}", names[0])
    return names[0], is_on


def _read_letters(options: Options, letters: str, remaining: Iterator[str]) -> None:
    """Several options in one word, such as `-sSLd`; what is left behind the letter of one with a value is the value."""
    for index, letter in enumerate(letters):
        name = _LETTERS.get(letter)
        if name is None:
            raise _wrong(f"-{letter}", f"option '-{letter}' is unknown")
        _check(f"-{letter}", name)
        if name in _VALUE_NAMES:
            options.values.append((name, letters[index + 1 :] or _value(f"-{letter}", remaining)))
            return
        options.flags[name] = True


def _value(option: str, remaining: Iterator[str]) -> str:
    for value in remaining:
        return value
    raise _wrong(option, f"option '{option}' requires an argument")


def _check(option: str, name: str) -> None:
    if name in _REFUSED:
        reason, hint = _REFUSED[name]
        raise UsageError(f"the curl command cannot be translated: {option}: {reason}", hint=hint)


def _wrong(option: str, message: str) -> UsageError:
    has_equals = "=" in option
    hint = "curl takes no `=` between an option and its value" if has_equals else "see `curl --help all`"
    return UsageError(f"the curl command cannot be translated: {message}", hint=hint)
