"""Where signed bundles come from: a file, a folder or an HTTP(S) server; asked again and again for what is new."""

import ssl
from http import HTTPStatus
from pathlib import Path
from typing import NoReturn, Protocol
from urllib.parse import urlsplit

import aiohttp

from sidecar.errors import PolicyFault, SettingsFault
from sidecar.policy.archive import MAX_FILES, MAX_PACKED, MAX_UNPACKED, pack

SECONDS = 30.0  # for one answer, its body included
_CHUNK = 1 << 16


class BundleSource(Protocol):
    """What can be asked for a bundle."""

    @property
    def name(self) -> str:
        """What status and logs call it; without anything secret."""
        ...

    async def poll(self) -> bytes | None:
        """Return an archive, or None where it is still the one that :meth:`taken` was told of.

        Raises:
            PolicyFault: there is none, or it cannot be had.
        """
        ...

    def taken(self) -> None:
        """Remember that what :meth:`poll` returned last need not be returned again."""
        ...


class DiskSource:
    """An archive, or a folder that holds what an archive would."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offered: bytes | None = None
        self._taken: bytes | None = None

    @property
    def name(self) -> str:
        """The path."""
        return str(self._path)

    async def poll(self) -> bytes | None:
        """Return the archive; see :class:`BundleSource`."""
        try:
            content = _packed(self._path) if self._path.is_dir() else _read(self._path)
        except OSError as error:
            message = f"the bundle cannot be read: {error.strerror}"
            raise PolicyFault(message, field="policy.bundle.source") from error
        except ValueError as error:
            message = "the bundle's folder holds a file whose name is too long"
            raise PolicyFault(message, field="policy.bundle.source") from error
        self._offered = content
        return None if content == self._taken else content

    def taken(self) -> None:
        """See :class:`BundleSource`."""
        self._taken = self._offered


class HttpSource:
    """A server that sends archives, and is told which one we have (ETag)."""

    def __init__(self, url: str, *, token: Path | None = None, ca_file: Path | None = None) -> None:
        """Prepare. ``token`` is a file with a bearer token, read at each request, so that it can be rotated."""
        self._url = url
        self._token = token
        self._ca_file = ca_file
        self._offered = ""
        self._taken = ""

    @property
    def name(self) -> str:
        """The address, without user, password or query."""
        parts = urlsplit(self._url)
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"

    async def poll(self) -> bytes | None:
        """Ask; see :class:`BundleSource`. A redirect is not followed: the token is for this server alone."""
        try:
            tls = ssl.create_default_context(cafile=str(self._ca_file) if self._ca_file else None)
            connector = aiohttp.TCPConnector(ssl=tls)
            limit = aiohttp.ClientTimeout(total=SECONDS)
            async with (
                aiohttp.ClientSession(connector=connector, timeout=limit, auto_decompress=False) as session,
                session.get(self._url, headers=self._headers(), allow_redirects=False) as answer,
            ):
                if answer.status == HTTPStatus.NOT_MODIFIED and self._taken:
                    return None
                if answer.status != HTTPStatus.OK:
                    _refuse(f"answered with status {answer.status}")
                content = await _body(answer)
                self._offered = answer.headers.get("ETag", "")
                return content
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            _refuse(f"cannot be reached ({type(error).__name__})")

    def taken(self) -> None:
        """See :class:`BundleSource`."""
        self._taken = self._offered

    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "application/gzip, application/octet-stream"}
        if self._taken:
            headers["If-None-Match"] = self._taken
        if self._token is not None:
            try:
                headers["Authorization"] = f"Bearer {self._token.read_text('ascii').strip()}"
            except (OSError, UnicodeError) as error:
                message = "policy.bundle.token cannot be read"
                raise SettingsFault(message, field="policy.bundle.token") from error
        return headers


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > MAX_PACKED:
            _refuse(f"sends more than {MAX_PACKED} bytes")
    return bytes(content)


def _refuse(what: str) -> NoReturn:
    message = f"the bundle's server {what}"
    raise PolicyFault(message, field="policy.bundle.source")


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(MAX_PACKED + 1)
    if len(content) > MAX_PACKED:
        message = f"the bundle has more than {MAX_PACKED} bytes"
        raise PolicyFault(message, field="policy.bundle")
    return content


def _packed(folder: Path) -> bytes:
    files: dict[str, bytes] = {}
    size = 0
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        size += path.stat().st_size
        if size > MAX_UNPACKED or len(files) >= MAX_FILES:
            message = "the bundle's folder holds too much"
            raise PolicyFault(message, field="policy.bundle")
        files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return pack(files)
