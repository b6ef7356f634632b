"""The InspectionService of the contract."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import grpc

from sidecar.clock import Clock, Deadline
from sidecar.errors import BadRequest, SidecarError
from sidecar.logs import logger
from sidecar.pipeline import Pipeline
from sidecar.restoring import Restoring
from sidecar.types.requests import Caller
from sidecar.v1 import inspection_pb2 as pb
from sidecar.v1 import inspection_pb2_grpc
from sidecar.wire import decode, encode
from sidecar.wire.admission import Admission

T = TypeVar("T")
Context = grpc.aio.ServicerContext[object, object]

# Nothing is proven about the caller yet: whoever reaches the socket may speak for every tenant.
_TRUSTED = Caller()


class InspectionService(inspection_pb2_grpc.InspectionServiceServicer):
    """Decodes, runs a story, encodes. Every error leaves as the contract's, without a foreign text in it."""

    def __init__(
        self,
        *,
        pipeline: Pipeline,
        restoring: Restoring,
        admission: Admission,
        clock: Clock,
    ) -> None:
        self._pipeline = pipeline
        self._restoring = restoring
        self._admission = admission
        self._clock = clock

    async def Inspect(self, request: pb.InspectRequest, context: Context) -> pb.InspectResponse:  # noqa: N802
        """Judge one body."""

        async def story() -> pb.InspectResponse:
            arrived = self._clock.monotonic()
            deadline = Deadline(self._clock, context.time_remaining())
            asked = decode.inspection_request(request)
            async with self._admission.slot(asked.tenant):
                outcome = await self._pipeline.inspect(asked, _TRUSTED, deadline, arrived=arrived)
            return encode.inspect_response(outcome)

        return await _told(context, story, "Inspect")

    async def Restore(self, request: pb.RestoreRequest, context: Context) -> pb.RestoreResponse:  # noqa: N802
        """Restore a whole reply."""

        async def story() -> pb.RestoreResponse:
            body, restored = await self._restoring.whole(
                tenant=request.tenant,
                decision_id=request.decision_id,
                restoration=request.restoration,
                format=decode.body_format(request.format),
                body=request.body,
                caller=_TRUSTED,
            )
            return pb.RestoreResponse(body=body, restored=restored)

        return await _told(context, story, "Restore")

    async def RestoreStream(  # noqa: N802
        self, request_iterator: AsyncIterator[pb.RestoreStreamRequest], context: Context
    ) -> AsyncIterator[pb.RestoreStreamResponse]:
        """Restore a reply as it streams."""
        steps = aiter(request_iterator)
        first = await anext(steps, None)
        if first is None:
            return

        async def story() -> AsyncIterator[bytes]:
            if first.WhichOneof("step") != "open":
                message = "the first message must be open"
                raise BadRequest(message, field="open")
            return self._restoring.stream(
                tenant=first.open.tenant,
                decision_id=first.open.decision_id,
                restoration=first.open.restoration,
                format=decode.body_format(first.open.format),
                chunks=_chunks(steps),
                caller=_TRUSTED,
            )

        restored = aiter(await _told(context, story, "RestoreStream"))

        async def step() -> bytes | None:
            return await anext(restored, None)

        while (chunk := await _told(context, step, "RestoreStream")) is not None:
            if chunk:
                yield pb.RestoreStreamResponse(chunk=chunk)

    async def Report(self, request: pb.ReportRequest, context: Context) -> pb.ReportResponse:  # noqa: N802
        """Record what became of a decision."""

        async def story() -> pb.ReportResponse:
            await self._pipeline.report(decode.report(request), _TRUSTED)
            return pb.ReportResponse()

        return await _told(context, story, "Report")


async def _chunks(steps: AsyncIterator[pb.RestoreStreamRequest]) -> AsyncIterator[bytes]:
    async for step in steps:
        if step.WhichOneof("step") != "chunk":
            message = "only the first message may be open, every other is a chunk"
            raise BadRequest(message, field=step.WhichOneof("step") or "chunk")
        yield step.chunk


async def _told(context: Context, story: Callable[[], Awaitable[T]], rpc: str) -> T:
    """Run a story; what goes wrong in it ends the call as the contract says."""
    try:
        return await story()
    except SidecarError as error:
        logger().info("refused", rpc=rpc, reason=error.reason, field=error.field)
        await encode.abort(context, error)
    except Exception as error:  # noqa: BLE001 - the last fence: a foreign message may hold a caller's text
        logger().error("failed", rpc=rpc, error=type(error).__name__)
        await encode.abort(context, SidecarError("internal error"))
