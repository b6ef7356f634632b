"""A gateway of thirty lines, and the model behind it: what a real one does with the sidecar's answer."""

import json
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import ClientSession, web

from deploy.demo.cases import Case
from sidecar.integrations.client import SidecarClient
from sidecar.v1 import inspection_pb2 as pb


class Upstream:
    """A model on loopback that repeats what it was told. It keeps every body it received, so that the demo can look."""

    def __init__(self) -> None:
        self.received: list[bytes] = []

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        app = web.Application(client_max_size=32 << 20)
        app.router.add_post("/{target:.*}", self._answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        self.received.append(body)
        said = json.dumps(json.loads(body)["messages"][-1]["content"], ensure_ascii=False)
        message = {"role": "assistant", "content": f"You said: {said}"}
        reply = {"id": "1", "object": "chat.completion", "choices": [{"index": 0, "message": message}]}
        return web.json_response(reply)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request that went through the gateway, or did not."""

    case: Case
    answer: pb.InspectResponse
    reply: bytes = field(default=b"")
    """What the client gets: the model's reply with its values back, or the refusal."""


class Gateway:
    """Asks the sidecar about every request, and forwards what it is told to. Any error: nothing is forwarded."""

    def __init__(self, sidecar: SidecarClient, upstream: str) -> None:
        self._sidecar = sidecar
        self._upstream = upstream

    async def handle(self, case: Case, number: int) -> Exchange:
        """Take one request from its client to the model and back."""
        answer = await self._sidecar.inspect(
            pb.InspectRequest(
                request_id=f"demo-{number}",
                tenant=case.tenant,
                subject="clerk-17",
                session_id=case.session,
                target=pb.Target(model=case.model, provider=case.provider, region=case.region),
                format=case.format,
                body=case.body,
                attributes={"purpose": "support"},
            )
        )
        if answer.action not in (pb.ACTION_ALLOW, pb.ACTION_REDACT, pb.ACTION_REROUTE):
            return Exchange(case, answer, answer.refusal.body)
        async with (
            ClientSession() as http,
            http.post(f"{self._upstream}/{answer.target.model}", data=answer.body) as said,
        ):
            status, reply = said.status, await said.read()
        await self._sidecar.report(
            pb.ReportRequest(
                tenant=case.tenant,
                decision_id=answer.decision_id,
                forwarded=True,
                target=answer.target,
                http_status=status,
            )
        )
        restored = await self._sidecar.restore(
            pb.RestoreRequest(
                tenant=case.tenant,
                decision_id=answer.decision_id,
                restoration=answer.restoration,
                format=pb.FORMAT_OPENAI_CHAT,
                body=reply,
            )
        )
        return Exchange(case, answer, restored.body)


def content_of(reply: bytes) -> str:
    """Return what a reply says."""
    document: dict[str, Any] = json.loads(reply)
    choices = document.get("choices") or []
    return str(choices[0]["message"]["content"]) if choices else str(document.get("error", {}).get("message", ""))
