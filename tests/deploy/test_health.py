"""The probe of containers."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest
import pytest_asyncio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1._async import HealthServicer

from deploy.health import main


@pytest_asyncio.fixture
async def health(tmp_path: Path) -> AsyncIterator[tuple[str, HealthServicer]]:
    """A server that says what it is told to."""
    server, servicer = grpc.aio.server(), HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    address = f"unix:{tmp_path}/s.sock"
    server.add_insecure_port(address)
    await server.start()
    yield address, servicer
    await server.stop(None)


@pytest.mark.parametrize(("state", "code"), [("SERVING", 0), ("NOT_SERVING", 1)])
async def test_only_serving_is_well(health: tuple[str, HealthServicer], state: str, code: int) -> None:
    """Whatever else a sidecar says, the probe fails."""
    address, servicer = health
    await servicer.set("", health_pb2.HealthCheckResponse.ServingStatus.Value(state))
    assert code == await asyncio.to_thread(main, address)


def test_nobody_is_not_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where nobody listens, the probe fails and says so."""
    assert (1, "no answer: UNAVAILABLE\n") == (main(f"unix:{tmp_path}/nobody.sock"), capsys.readouterr().out)
