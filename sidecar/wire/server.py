"""The gRPC server: listeners, health, reflection, and a drain that loses nothing."""

import socket
import stat
from collections.abc import Sequence
from pathlib import Path

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1._async import HealthServicer
from grpc_reflection.v1alpha import reflection

from sidecar.config import TRANSPORT_BYTES, Server, Tls, is_loopback
from sidecar.errors import SettingsFault
from sidecar.v1 import inspection_pb2, inspection_pb2_grpc, status_pb2, status_pb2_grpc
from sidecar.wire.inspection_service import InspectionService
from sidecar.wire.status_service import StatusService

SERVICES = (
    inspection_pb2.DESCRIPTOR.services_by_name["InspectionService"].full_name,
    status_pb2.DESCRIPTOR.services_by_name["StatusService"].full_name,
)
LAST_PORT = 65_535
SOCKET_MODE = 0o660  # owner and group: the gateway beside us often runs as another user of the same group


class GrpcServer:
    """Listens until it is drained."""

    def __init__(
        self, *, settings: Server, inspection: InspectionService, status: StatusService, plaintext: bool
    ) -> None:
        check_addresses(settings, plaintext=plaintext)
        self._settings = settings
        self._server = grpc.aio.server(
            options=[
                ("grpc.max_receive_message_length", TRANSPORT_BYTES),
                ("grpc.max_send_message_length", TRANSPORT_BYTES),
                ("grpc.so_reuseport", 0),  # a second process on the same port is an error, not half of the traffic
            ]
        )
        inspection_pb2_grpc.add_InspectionServiceServicer_to_server(inspection, self._server)
        status_pb2_grpc.add_StatusServiceServicer_to_server(status, self._server)
        self._health = HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        if settings.reflection:
            reflection.enable_server_reflection((*SERVICES, reflection.SERVICE_NAME), self._server)
        self._sockets: list[Path] = []

    async def start(self) -> Sequence[str]:
        """Listen on every address and return them, with the port that was taken where 0 was asked for.

        Raises:
            SettingsFault: an address is taken, or cannot be listened on.
        """
        await self.serving(well=False)
        try:
            bound = [self._bind(address) for address in self._settings.listen]
            await self._server.start()
        except BaseException:
            await self.drain()
            raise
        for path in self._sockets:
            path.chmod(SOCKET_MODE)
        return bound

    async def serving(self, *, well: bool) -> None:
        """Say whether the services serve."""
        state = health_pb2.HealthCheckResponse.SERVING if well else health_pb2.HealthCheckResponse.NOT_SERVING
        for service in ("", *SERVICES):
            await self._health.set(service, state)

    async def drain(self) -> None:
        """Take nothing new, let what is in flight end within ``server.drain_seconds``, then close."""
        await self._health.enter_graceful_shutdown()
        await self._server.stop(self._settings.drain_seconds)
        for path in self._sockets:
            path.unlink(missing_ok=True)

    def _bind(self, address: str) -> str:
        if address.startswith("unix:"):
            path = Path(address.removeprefix("unix:")).absolute()
            _clear_stale(path)
            self._add(f"unix:{path}", None)
            self._sockets.append(path)
            return f"unix:{path}"
        taken = self._add(address, self._settings.tls)
        return f"{address.rpartition(':')[0]}:{taken}"

    def _add(self, address: str, tls: Tls | None) -> int:
        try:
            if tls is None:
                return self._server.add_insecure_port(address)
            return self._server.add_secure_port(address, _credentials(tls))
        except RuntimeError as error:
            message = f"server.listen: cannot listen on {address}"
            raise SettingsFault(message, field="server.listen") from error


def check_addresses(settings: Server, *, plaintext: bool) -> None:
    """Look at the addresses, before anything is started.

    Raises:
        SettingsFault: one is malformed, or would listen in the clear off loopback.
    """
    for address in settings.listen:
        if address.startswith("unix:"):
            continue
        host, _, port = address.rpartition(":")
        if not host or not port.isdecimal() or int(port) > LAST_PORT:
            message = "server.listen must hold host:port or unix:PATH"
            raise SettingsFault(message, field="server.listen")
        if settings.tls is None and not plaintext and not is_loopback(host):
            message = "server.listen off loopback needs server.tls (or unsafe.plaintext: true)"
            raise SettingsFault(message, field="server.listen")


def _credentials(tls: Tls) -> grpc.ServerCredentials:
    try:
        chain = (tls.key.read_bytes(), tls.certificate.read_bytes())
        roots = tls.client_ca.read_bytes() if tls.client_ca else None
    except OSError as error:
        message = f"server.tls: a file cannot be read: {error.strerror}"
        raise SettingsFault(message, field="server.tls") from error
    return grpc.ssl_server_credentials([chain], root_certificates=roots, require_client_auth=roots is not None)


def _clear_stale(path: Path) -> None:
    """Remove a socket that nobody listens on any more; leave everything else alone.

    Raises:
        SettingsFault: somebody listens there, or the file is no socket.
    """
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        message = "server.listen: a file that is no socket is in the way"
        raise SettingsFault(message, field="server.listen")
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            path.unlink(missing_ok=True)
            return
    message = "server.listen: another process listens on this socket"
    raise SettingsFault(message, field="server.listen")
