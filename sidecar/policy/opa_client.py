"""Asks a running OPA, over a Unix socket or HTTP(S), and takes nothing but HTTP 200 with whole JSON for an answer.

``opa-python-client`` is subclassed where it falls short: Unix sockets, a CA file, no redirects, no retry of its own
(it sleeps 0.9 seconds over an evaluation error), and nothing of an error's body in our errors: OPA quotes the input
there. How long to wait is the caller's to say, by cancellation: a dropped connection makes OPA stop evaluating.
"""

import json
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from opa_client.opa_async import AsyncOpaClient

from sidecar.errors import PolicyFault, PolicyUnavailable
from sidecar.logs import logger
from sidecar.types.json import Json

CONNECTIONS = 64  # questions in flight beyond that wait for a connection, within their own time
KEEPALIVE_SECONDS = 30.0
ANSWER_BYTES = 8 << 20  # a decision is a few KB; a server that never ends must not fill our memory
HTTP_OK = 200
SCHEMES = ("http", "https")


class OpaClient(AsyncOpaClient):  # type: ignore[misc]  # the library has no types
    """One session with one OPA. Made and closed inside the loop that uses it."""

    def __init__(
        self, root: str, *, socket: Path | None = None, ca_file: Path | None = None, token: str | None = None
    ) -> None:
        super().__init__(retries=0, token=token, ssl=root.startswith("https:"))
        self.root_url = f"{root}/v1"
        self._socket = socket
        self._ca_file = ca_file

    @classmethod
    async def on_socket(cls, socket: Path) -> "OpaClient":
        """Return a client of the OPA that listens, or will listen, on a Unix socket."""
        client = cls("http://opa", socket=socket)
        await client._init_session()
        return client

    @classmethod
    async def at_url(cls, url: str, *, ca_file: Path | None = None, token: str | None = None) -> "OpaClient":
        """Return a client of the OPA at a URL; nothing is asked of it yet.

        Raises:
            PolicyFault: the URL or the CA file will not do.
        """
        client = cls(checked_url(url), ca_file=ca_file, token=token)
        await client._init_session()
        return client

    async def _init_session(self) -> None:
        self._session = aiohttp.ClientSession(
            headers=self.headers,
            connector=self._connect(),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None),
        )

    def _connect(self) -> aiohttp.BaseConnector:
        if self._socket is not None:
            return aiohttp.UnixConnector(str(self._socket), limit=CONNECTIONS, keepalive_timeout=KEEPALIVE_SECONDS)
        try:
            context = ssl.create_default_context(cafile=self._ca_file) if self.ssl else True
        except OSError as error:  # ssl's own errors are among them
            message = "the CA file cannot be read"
            raise PolicyFault(message, field="policy.opa.url") from error
        return aiohttp.TCPConnector(ssl=context, limit=CONNECTIONS, keepalive_timeout=KEEPALIVE_SECONDS)

    async def query(self, path: str, document: Json = None, **parameters: str) -> object:
        """Return the whole body of OPA's answer about ``data.<path>``, given an input.

        Asks a second time only where a kept connection turned out to be closed: evaluation changes nothing, so that is
        safe.

        Raises:
            PolicyUnavailable: it is not HTTP 200 with whole JSON.
        """
        question = json.dumps({} if document is None else {"input": document}, allow_nan=False).encode()
        try:
            try:
                body = await self._post(path, question, parameters)
            except aiohttp.ClientConnectorError:
                raise  # nobody listens: asking again at once is idle
            except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
                body = await self._post(path, question, parameters)
            return json.loads(body)
        except (aiohttp.ClientError, OSError) as error:
            message = "OPA gave no answer"
            raise PolicyUnavailable(message) from error
        except (ValueError, RecursionError):
            message = "OPA's answer is not whole JSON"
            raise PolicyUnavailable(message) from None

    async def _post(self, path: str, question: bytes, parameters: Mapping[str, str]) -> bytes:
        asking = self._request(
            "POST",
            f"{self.root_url}/data/{path}",
            data=question,
            headers={"Content-Type": "application/json"},
            params={"strict-builtin-errors": "true", **parameters},
            allow_redirects=False,
        )
        async with asking as response:
            body = bytearray()
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > ANSWER_BYTES:
                    message = f"OPA's answer is larger than {ANSWER_BYTES} bytes"
                    raise PolicyUnavailable(message)
            if response.status != HTTP_OK:
                logger().error("opa gave no decision", status=response.status, detail=_where(bytes(body)))
                message = f"OPA answered with HTTP status {response.status}"
                raise PolicyUnavailable(message)
            return bytes(body)


def checked_url(url: str) -> str:
    """Return a URL without a closing slash.

    Raises:
        PolicyFault: it is not one of a server, or holds credentials, a query or a fragment.
    """
    try:
        parts = urlsplit(url)
        fine = parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0  # .port raises where it is none
        fine = fine and parts.username is None and not parts.query and not parts.fragment
    except ValueError:
        fine = False
    if not fine:
        message = "policy.opa.url is http(s)://host[:port][/path], without credentials, query or fragment"
        raise PolicyFault(message, field="policy.opa.url")
    return url.rstrip("/")


def _where(body: bytes) -> str:
    """Tell where in the policies an evaluation failed, and no more: what OPA says of it may quote the input."""
    try:
        errors: list[dict[str, Any]] = json.loads(body)["errors"]
        places = {f"{error['location']['file']}:{error['location']['row']:d}" for error in errors}
    except (ValueError, TypeError, KeyError, RecursionError):
        return ""
    return ", ".join(sorted(places))[:500]
