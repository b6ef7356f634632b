"""A small client: what a gateway written in Python needs, and the command line's ``--address``."""

from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status

from sidecar.config import TRANSPORT_BYTES
from sidecar.v1 import inspection_pb2 as pb
from sidecar.v1 import inspection_pb2_grpc, status_pb2, status_pb2_grpc

DEFAULT_SECONDS = 30.0


class SidecarRefusedError(Exception):
    """The sidecar did not judge the request: do not forward it.

    ``code`` is gRPC's word, ``reason`` and ``field`` are those of ErrorInfo.
    """

    def __init__(self, code: str, message: str, *, reason: str = "", field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.field = field


class SidecarClient:
    """One channel to one sidecar: ``async with SidecarClient("127.0.0.1:50551") as client: ...``."""

    def __init__(self, address: str, *, credentials: grpc.ChannelCredentials | None = None) -> None:
        self._address = address
        self._credentials = credentials

    async def __aenter__(self) -> Self:
        """Open the channel."""
        options = [
            ("grpc.max_receive_message_length", TRANSPORT_BYTES),
            ("grpc.max_send_message_length", TRANSPORT_BYTES),
        ]
        if self._credentials is None:
            self._channel = grpc.aio.insecure_channel(self._address, options=options)
        else:
            self._channel = grpc.aio.secure_channel(self._address, self._credentials, options=options)
        self._inspection = inspection_pb2_grpc.InspectionServiceStub(self._channel)
        self._status = status_pb2_grpc.StatusServiceStub(self._channel)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the channel."""
        await self._channel.close()

    async def inspect(self, request: pb.InspectRequest, *, seconds: float = DEFAULT_SECONDS) -> pb.InspectResponse:
        """Ask for a decision.

        Raises:
            SidecarRefusedError: it was not judged; do not forward.
        """
        try:
            return await self._inspection.Inspect(request, timeout=seconds)
        except grpc.aio.AioRpcError as error:
            raise _refused(error) from error

    async def report(self, request: pb.ReportRequest, *, seconds: float = DEFAULT_SECONDS) -> None:
        """Tell what became of a decision.

        Raises:
            SidecarRefusedError: it was not recorded.
        """
        try:
            await self._inspection.Report(request, timeout=seconds)
        except grpc.aio.AioRpcError as error:
            raise _refused(error) from error

    async def restore(self, request: pb.RestoreRequest, *, seconds: float = DEFAULT_SECONDS) -> pb.RestoreResponse:
        """Put the values back into a whole reply.

        Raises:
            SidecarRefusedError: the restoration does not hold; the reply may go on as it is, it holds pseudonyms only.
        """
        try:
            return await self._inspection.Restore(request, timeout=seconds)
        except grpc.aio.AioRpcError as error:
            raise _refused(error) from error

    async def restore_stream(
        self, opening: pb.RestoreStreamRequest.Open, chunks: AsyncIterator[bytes]
    ) -> AsyncIterator[bytes]:
        """Put the values back into a reply as it streams.

        Raises:
            SidecarRefusedError: the restoration does not hold; raised before the first chunk.
        """

        async def steps() -> AsyncIterator[pb.RestoreStreamRequest]:
            yield pb.RestoreStreamRequest(open=opening)
            async for chunk in chunks:
                yield pb.RestoreStreamRequest(chunk=chunk)

        try:
            async for step in self._inspection.RestoreStream(steps()):
                yield step.chunk
        except grpc.aio.AioRpcError as error:
            raise _refused(error) from error

    async def status(self, *, seconds: float = DEFAULT_SECONDS) -> status_pb2.GetStatusResponse:
        """Ask what is enforced right now.

        Raises:
            SidecarRefusedError: no answer.
        """
        try:
            return await self._status.GetStatus(status_pb2.GetStatusRequest(), timeout=seconds)
        except grpc.aio.AioRpcError as error:
            raise _refused(error) from error


def _refused(error: grpc.aio.AioRpcError) -> SidecarRefusedError:
    reason, field = "", ""
    status = rpc_status.from_call(error)  # type: ignore[arg-type]  # an AioRpcError has what it reads
    for detail in status.details if status else ():
        info = error_details_pb2.ErrorInfo()
        if detail.Is(info.DESCRIPTOR):
            detail.Unpack(info)
            reason, field = info.reason, info.metadata.get("field", "")
    return SidecarRefusedError(error.code().name, error.details() or "", reason=reason, field=field)
