"""The StatusService of the contract."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from sidecar.types.status import Status
from sidecar.v1 import status_pb2, status_pb2_grpc
from sidecar.wire import encode

if TYPE_CHECKING:
    import grpc


class StatusService(status_pb2_grpc.StatusServiceServicer):
    """Says what is enforced right now."""

    def __init__(self, *, status: Callable[[], Status]) -> None:
        self._status = status

    async def GetStatus(  # noqa: N802
        self,
        request: status_pb2.GetStatusRequest,  # noqa: ARG002 - it has nothing to say
        context: "grpc.aio.ServicerContext[object, object]",  # noqa: ARG002 - theirs
    ) -> status_pb2.GetStatusResponse:
        """Return the operator's view."""
        return encode.status_response(self._status())
